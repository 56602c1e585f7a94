/** What is wrong, where, and how to fix it. Every report to an operator or author consists of these. */
export interface Diagnosis {
  /** A place that the reader can look up: `requires.lti`, `routes GET /notes`, `PORT`. */
  where: string;
  message: string;
  remedy: string;
}

/** A diagnosis that keeps a plugin, or the whole composition, out of service. */
export interface Fault extends Diagnosis {
  /** The plugin's id; without an id, its package name, `ilearn.config.ts` or `environment`. */
  plugin: string;
  /** The package at fault, if two packages have the same id. */
  origin?: string;
  /** The stack of the error; for the log. */
  stack?: string | undefined;
  /** Plugins that claimed the name first; the fault no longer applies once none of them is in service. */
  against?: readonly string[];
}

/** The outcome of one check by `ilearn doctor` or `ilearn plugin check`. */
export interface Finding {
  /** Name of the check; '' if the message names it. */
  check: string;
  state: 'passed' | 'failed' | 'skipped' | 'weak';
  message: string;
  /** How to fix a failure, or how to enable a check that was skipped. */
  remedy?: string;
}

export const passed = (check: string, message: string): Finding => ({ check, state: 'passed', message });
/** It works, but should not be so in production. */
export const weak = (message: string, remedy: string): Finding => ({ check: '', state: 'weak', message, remedy });
export const failed = (check: string, message: string, remedy: string): Finding => ({ check, state: 'failed', message, remedy });

/**
 * The message and, on the next line, the remedy.
 *
 * @param lead precedes the message
 * @param indent precedes the remedy, and further lines of the message
 */
export function renderDiagnosis({ message, remedy }: Pick<Finding, 'message' | 'remedy'>, lead: string, indent: string): string {
  const text = `${lead}${message.replaceAll('\n', `\n${indent}`)}`;
  return remedy === undefined ? text : `${text}\n${indent}→ ${remedy}`;
}

export function renderFaults(faults: readonly Fault[], headline = 'The portal does not start'): string {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  const parts = faults.map((fault) => renderDiagnosis(fault, `  ${fault.plugin} › ${fault.where}\n    `, '    '));
  return `${headline}: ${count}.\n\n${parts.join('\n\n')}\n`;
}

const marks = { passed: '✓', failed: '✗', skipped: '–', weak: '!' };

export function renderFindings(findings: readonly Finding[]): string {
  const longest = Math.max(0, ...findings.map(({ check }) => check.length));
  const width = longest === 0 ? 0 : longest + 2;
  return findings
    .map((finding) => renderDiagnosis(finding, `${marks[finding.state]} ${finding.check.padEnd(width)}`, ' '.repeat(width + 2)))
    .join('\n');
}

/** The headline if only plugins that are not required are at fault. */
export const STARTS_WITHOUT = 'The portal starts without the plugins named here';

/** All faults of a composition at once; nothing was started and nothing stored. */
export class CompositionError extends Error {
  constructor(
    readonly faults: readonly Fault[],
    headline?: string,
  ) {
    super(renderFaults(faults, headline));
    this.name = 'CompositionError';
  }
}

/** What one check found: passed, failed, or why it could say nothing. */
export interface Finding {
  check: string;
  state: 'passed' | 'failed' | 'skipped';
  message: string;
  /** How to mend a failure, or how to have checked what was skipped. */
  mend?: string;
}

/** What was found about one plugin, in the order of the checks. */
export class Findings {
  readonly list: Finding[] = [];

  passed(check: string, message: string): void {
    this.list.push({ check, state: 'passed', message });
  }

  failed(check: string, message: string, mend: string): void {
    this.list.push({ check, state: 'failed', message, mend });
  }

  skipped(check: string, message: string, mend?: string): void {
    this.list.push({ check, state: 'skipped', message, ...(mend === undefined ? {} : { mend }) });
  }

  /** `message` where nothing of this check has failed. */
  passedUnlessFailed(check: string, message: string): void {
    if (!this.hasFailed(check)) this.passed(check, message);
  }

  hasFailed(check?: string): boolean {
    return this.list.some((finding) => finding.state === 'failed' && (check === undefined || finding.check === check));
  }
}

const marks = { passed: '✓', failed: '✗', skipped: '–' };

/** A line a finding, its mend below it. */
export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length)) + 2;
  return findings
    .map(({ check, state, message, mend }) => {
      const line = `${marks[state]} ${check.padEnd(width)}${message}`;
      return mend === undefined ? line : `${line}\n  ${' '.repeat(width)}→ ${mend}`;
    })
    .join('\n');
}

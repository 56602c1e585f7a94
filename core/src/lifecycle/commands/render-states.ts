import { renderDiagnosis } from '../../foundation/diagnosis.js';
import type { ReportedState } from '../process-registry.js';

/** Each plugin with its state, version, contract, causes and remedies. */
export function render(plugins: Record<string, ReportedState>): string[] {
  const width = Math.max(0, ...Object.keys(plugins).map((id) => id.length)) + 2;
  return Object.entries(plugins).flatMap(([id, { state, version, contract, phase, code, resting = [], faults = [] }]) => [
    `${id.padEnd(width)}${(version ?? '?').padEnd(10)}${`contract ${contract ?? '?'}`.padEnd(12)}${state}${phase === undefined ? restingNote(resting) : ` (${phase}: ${code})`}`,
    ...faults.flatMap((fault) => renderDiagnosis(fault, `    ${fault.where}: `, '    ').split('\n')),
  ]);
}

const restingNote = ({ length }: readonly string[]): string =>
  length === 0 ? '' : ` (${length} of its routes and handlers out of service)`;

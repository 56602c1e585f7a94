/** Something that keeps a composition from starting: who, where, what, and how to mend it. */
export interface Fault {
  plugin: string;
  where: string;
  message: string;
  mend: string;
}

export function renderFaults(faults: readonly Fault[]): string {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  const lines = faults.map(({ plugin, where, message, mend }) => `  ${plugin} › ${where}\n    ${message}\n    → ${mend}`);
  return `The portal does not start: ${count}.\n\n${lines.join('\n\n')}\n`;
}

/** All faults of a composition at once; nothing was started and nothing stored. */
export class CompositionError extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(renderFaults(faults));
    this.name = 'CompositionError';
  }
}

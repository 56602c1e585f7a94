/** Something that keeps a plugin, or the whole composition, from starting: who, where, what, and how to mend it. */
export interface Fault {
  plugin: string;
  where: string;
  message: string;
  mend: string;
  /** The package at fault, where its id does not tell which. */
  origin?: string;
  /** Plugins that took the name first: it is no fault once none of them is in service. */
  against?: readonly string[];
}

export function renderFaults(faults: readonly Fault[], headline = 'The portal does not start'): string {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  const lines = faults.map(({ plugin, where, message, mend }) => `  ${plugin} › ${where}\n    ${message}\n    → ${mend}`);
  return `${headline}: ${count}.\n\n${lines.join('\n\n')}\n`;
}

/** All faults of a composition at once; nothing was started and nothing stored. */
export class CompositionError extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(renderFaults(faults));
    this.name = 'CompositionError';
  }
}

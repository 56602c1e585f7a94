/** A fault in the files, which must be corrected before anything is imported. */
export interface Fault {
  /** `objects/aiz_intro.nl.md`. */
  file: string;
  /** From 1; null for the file as a whole. */
  line: number | null;
  message: string;
}

/** A part of a record that was left out or changed, with the reason. */
export interface Remark {
  file: string;
  message: string;
}

export const formatFault = ({ file, line, message }: Fault): string =>
  line === null ? `${file}: ${message}` : `${file}, line ${line}: ${message}`;

/** Maximum number of faults that are listed. */
const toldFaults = 300;

/** The import has faults; nothing was stored. */
export class ImportRefused extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(
      `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}; nothing was imported.\n${faults
        .slice(0, toldFaults)
        .map((fault) => `  ${formatFault(fault)}`)
        .join('\n')}${faults.length > toldFaults ? `\n  and ${faults.length - toldFaults} more` : ''}`,
    );
    this.name = 'ImportRefused';
  }
}

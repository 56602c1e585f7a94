import { fileNames } from './file-names.js';

/**
 * A fault in a package. `message` says in English what is wrong and how to fix it. The interface translates `code` and `params` (message
 * key `faults.<code>`).
 */
export interface Fault {
  /** `users.csv`, or the name of the package if the fault concerns the whole package. */
  file: string;
  /** As in a spreadsheet: the header is row 1. Null for a whole file or package. */
  row: number | null;
  column: string | null;
  code: FaultCode;
  params: FaultParams;
  message: string;
}

/** Ids of the schools that a fault prevents from being imported. */
export type RefusedSchools = 'all' | readonly string[];
export type ReportFault = (found: Fault, refused: RefusedSchools) => void;

export type FaultParams = Record<string, string | number>;

const sentences = {
  // Faults of the whole package.
  'not-found': '{path} is neither a folder nor a zip file. Give the folder with the CSV files, or the zip.',
  'zip-unreadable': 'This is not a zip file that can be read ({reason}). Make the zip again and send it whole.',
  'zip-encrypted': '{entry} is locked with a password. Make the zip without one.',
  'zip-path': 'The zip holds a file with the path "{entry}". Zip the CSV files themselves, without folders.',
  'zip-many': 'The zip holds more than {limit} files. Zip the CSV files of one package only.',
  'zip-large': 'Unpacked, the zip would be larger than {limit} MB. Split the package by school.',
  'file-large': 'The file is larger than {limit} MB. Split the package by school.',
  'rows-many': 'The file has more than {limit} rows. Split the package by school.',
  'rows-total': 'The files have more than {limit} rows together. Split the package by school.',
  'columns-many': 'The header has {found} columns; {limit} is the most. Take out those that the standard does not know.',
  'file-twice': 'The package holds this file more than once. Keep one of them.',
  'manifest-missing': 'There is no manifest.csv. Add it: it says which files are there, and whether they are bulk or delta.',
  'manifest-version': 'oneroster.version is "{value}". Write 1.2 (1.1 is read too).',
  'manifest-mode': '"{value}" is not valid here. Write bulk, delta or absent.',
  'manifest-file-missing': 'The manifest calls {name} {mode}, but the file is not in the package. Add it, or write absent.',
  'manifest-file-unnamed':
    'The file is in the package, but the manifest does not say whether it is bulk or delta. Write {property},bulk or {property},delta in manifest.csv.',
  'manifest-together':
    '{name} is {mode} and {otherName} is {otherMode}. People and their roles are read together: send both files the same way.',

  // Faults of a whole file.
  encoding: 'This row is not UTF-8. Save the file as "CSV UTF-8".',
  separator: 'The columns are separated by "{found}". Save the file with commas between the columns.',
  'quote-open':
    'A quotation mark opens on this row and never closes; the file may have been cut off. Close it, or send the file again.',
  'quote-stray':
    'There is a quotation mark inside a cell. Put the whole cell between quotation marks and double those inside it.',
  'cells-count': 'This row has {found} cells and the header has {expected}. Put cells that hold a comma between quotation marks.',
  'cells-few':
    'This row has {found} cells and the header has {expected}. Add those that are missing: an empty cell needs its comma too.',
  'cells-many':
    'More than {limit} rows have another number of cells than the header, and reading stopped here. Put cells that hold a comma between quotation marks.',
  'cut-off':
    'The file ends in this row, which has {found} cells where the header has {expected}: it was cut off. Send the whole file.',
  'header-empty': 'The file has no header. The first row names the columns.',
  'header-missing': 'The header does not name this column. Add it, spelled exactly so.',
  'header-near': 'The header names "{found}" instead of this column. Spell it exactly so.',
  'header-twice': 'The header names this column twice. Keep one of them.',

  // Faults of a cell.
  required: 'This cell is empty. Fill it in.',
  'text-long': 'This cell is longer than {limit} characters. Shorten it.',
  'text-control': 'This cell contains a control character. Remove it.',
  enum: '"{value}" is not one of the values that this column may have: {allowed}.',
  date: '"{value}" is not a date. Write it as 2026-09-01.',
  'date-time': '"{value}" is not a moment. Write it as 2026-09-01T08:00:00Z.',
  boolean: '"{value}" is neither true nor false.',
  email: '"{value}" is not an e-mail address.',
  instellingsnummer:
    '"{value}" is not an instellingsnummer: that has six digits. A spreadsheet may have dropped a zero in front.',
  twice: 'The sourcedId "{value}" is on row {first} too. Give each row its own.',

  // Faults between rows.
  reference: 'There is no row in {target} with the sourcedId "{value}". Add that row, or fix this reference.',
  ambiguous: 'Several schools know the sourcedId "{value}". Send orgs.csv along with the school that is meant.',
  circle: 'The parents of "{value}" lead back to itself. Fix parentSourcedId.',
  deep: '"{value}" has more than {limit} levels of parents above it. Fix parentSourcedId.',
  'org-no-school': 'The org "{value}" is not a school, nor part of one. Refer to an org of type school.',
  'instellingsnummer-twice': 'The instellingsnummer {value} is on row {first} too. Each school has its own.',
  'school-not-yours': 'You may not import the school {value}. Ask a portal administrator.',
  'agreement-awaited':
    'The school {school} has to accept the processing agreement before data of its people are taken. Its principal does so.',
  'date-order': 'The end ({end}) does not come after the beginning ({begin}). Fix one of them.',
  'school-year': 'A school year begins in one calendar year and ends in the next; this one runs from {begin} to {end}.',
  'class-year':
    'None of its terms belongs to a school year. Refer to an academic session of type schoolYear, or to a term in one.',
  'class-years': 'Its terms belong to several school years: {years}. A class is of one school year.',
  'class-other-school': 'The class "{value}" is of another school than this row says. Fix classSourcedId or schoolSourcedId.',
  'no-role': 'The user "{value}" has no role in this school. Add one to {target}.',
  'enrolment-role':
    'The user "{value}" is enrolled as {role} but has no such role in this school. Fix the role here or in {target}.',
  'role-not-yours':
    'This gives "{value}" the role {role}, which you may not give. Leave it out, or have a portal administrator import the package.',
  'role-not-yours-to-take':
    'This takes the role {role} from "{value}", which you may not take. Leave it as it is, or have a portal administrator import the package.',
  // Of the table of sourcedIds.
  'person-unknown': '"{value}" is nobody of this school whom its files know. Leave the column person as it is in the table.',
  'person-twice': 'This person is in the table more than once. Keep one row.',
  'person-not-yours': 'This person holds a role that you may not give. Leave their row out.',
  'key-taken': 'The sourcedId "{value}" belongs to somebody who is not in this table. Add their row too.',
  // Large removals, which need confirmation; see removals.ts.
  'removes-many':
    'This would remove {count} of the {total} people of the school {school}. If the files are whole and they have all left, import them again and allow removals.',
  'removes-roles':
    'This would remove {count} of the {total} roles in the school {school}. If the files are whole, import them again and allow removals.',
  'removes-classes':
    'This would remove {count} of the {total} classes of the school {school}. If the files are whole, import them again and allow removals.',
  'removes-enrolments':
    'This would remove {count} of the {total} places in classes of the school {school}. If the files are whole, import them again and allow removals.',
  'removes-places':
    'This would remove {count} of the {total} places in the class "{value}" of the school {school}. If the files are whole, import them again and allow removals.',
  'removes-sites':
    'This would remove {count} of the {total} sites of the school {school}. If the files are whole, import them again and allow removals.',
  'removes-sessions':
    'This would remove {count} of the {total} academic sessions that the school {school} uses. If the files are whole, import them again and allow removals.',
} as const;

export type FaultCode = keyof typeof sentences;
export const faultCodes = Object.keys(sentences) as FaultCode[];

const filled = (sentence: string, params: FaultParams): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));

/** A value shortened for a report. */
export const shown = (value: string): string => (value.length > 60 ? `${value.slice(0, 57)}…` : value);

export function fault(
  where: { file: string; row?: number | null; column?: string | null },
  code: FaultCode,
  params: FaultParams = {},
): Fault {
  return {
    file: where.file,
    row: where.row ?? null,
    column: where.column ?? null,
    code,
    params,
    message: filled(sentences[code], params),
  };
}

/** `users.csv, row 12, email: …` */
export function inWords({ file, row, column, message }: Fault): string {
  return `${[file, row === null ? null : `row ${row}`, column].filter((part) => part !== null).join(', ')}: ${message}`;
}

/** Position of a file in a report: package and manifest first, then each file after those that it refers to. */
const orderOf = (file: string): number => fileNames.findIndex((name) => file === `${name}.csv`);

/** Sorts faults so that causes come before their consequences. */
const byPlace = (a: Fault, b: Fault): number =>
  orderOf(a.file) - orderOf(b.file) ||
  a.file.localeCompare(b.file) ||
  (a.row ?? 0) - (b.row ?? 0) ||
  (a.column ?? '').localeCompare(b.column ?? '');

/** Maximum number of faults kept for one file; further ones are only counted. */
const toldOfFile = 100;

/** Collects faults. Counts all of them, but keeps only the first of each file. */
export class FaultList {
  readonly #kept: Fault[] = [];
  readonly #ofFile = new Map<string, number>();
  #count = 0;

  add(found: Fault): void {
    this.#count += 1;
    const before = this.#ofFile.get(found.file) ?? 0;
    if (before >= toldOfFile) return;
    this.#ofFile.set(found.file, before + 1);
    this.#kept.push(found);
  }

  addAll(others: FaultList): void {
    for (const found of others.#kept) this.add(found);
    this.#count += others.#count - others.#kept.length;
  }

  get count(): number {
    return this.#count;
  }

  inOrder(): Fault[] {
    return inOrder(this.#kept);
  }
}

export const inOrder = (faults: readonly Fault[]): Fault[] => [...faults].sort(byPlace);

/** A package cannot be read or imported. Contains its faults. */
export class RosterError extends Error {
  constructor(
    readonly faults: readonly Fault[],
    count = faults.length,
  ) {
    const more = count > faults.length ? `\nand ${count - faults.length} more` : '';
    super(`${count === 1 ? '1 fault' : `${count} faults`} in the package:\n${faults.map(inWords).join('\n')}${more}`);
    this.name = 'RosterError';
  }
}

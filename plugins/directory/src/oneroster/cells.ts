import type { FaultCode, FaultParams } from './faults.js';
import { shown } from './faults.js';

/** The result of reading a cell: a value, or a fault. */
export type Cell<T> = { value: T } | { code: FaultCode; params?: FaultParams };

/** How a column's cells are read. `read` gets trimmed text in Unicode form NFC, and no empty cells. */
export interface Column<T> {
  required: boolean;
  read(text: string): Cell<T>;
}

const column = <T>(read: Column<T>['read']): Column<T> => ({ required: true, read });

/** Makes a column optional: its cells may be empty, and the column may be missing. */
export const optional = <T>(of: Column<T>): Column<T | null> => ({ ...of, required: false });

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** Text of at most `limit` characters, without control characters and direction marks. */
export const text = (limit = 255): Column<string> =>
  column((value) => {
    if (value.length > limit) return { code: 'text-long', params: { limit } };
    return controlCharacter.test(value) ? { code: 'text-control' } : { value };
  });

/** A sourcedId (OneRoster 1.2 CSV binding, data type GUID): any text of at most 255 characters, compared exactly. */
export const id = (): Column<string> => text(255);

/** Maximum length in characters, enough for several hundred ids. */
const idsLimit = 10_000;

/** Ids in one cell, separated by commas. */
export const ids = (): Column<string[]> =>
  column((value) => {
    if (value.length > idsLimit) return { code: 'text-long', params: { limit: idsLimit } };
    if (controlCharacter.test(value)) return { code: 'text-control' };
    const parts = value.split(',').map((part) => part.trim());
    return { value: [...new Set(parts.filter((part) => part !== ''))] };
  });

/** One of a list of words, or a supplier's extension with the prefix `ext:` (OneRoster 1.2). */
export const oneOf = <const T extends string>(...allowed: T[]): Column<T | `ext:${string}`> =>
  column((value) => {
    const known = (allowed as string[]).includes(value) || (value.startsWith('ext:') && !controlCharacter.test(value));
    if (known) return { value: value as T };
    return { code: 'enum', params: { value: shown(value), allowed: allowed.join(', ') } };
  });

export const boolean = (): Column<boolean> =>
  column((value) => {
    if (/^true$/i.test(value)) return { value: true };
    return /^false$/i.test(value) ? { value: false } : { code: 'boolean', params: { value: shown(value) } };
  });

/** A calendar day, kept as text: `2026-09-01`. */
export const date = (): Column<string> =>
  column((value) => (isDay(value) ? { value } : { code: 'date', params: { value: shown(value) } }));

/** An ISO 8601 date and time, in UTC or with an offset, as the standard requires; also accepted without zone, and a date alone. */
export const dateTime = (): Column<string> =>
  column((value) => {
    const parts = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(value);
    const sound = parts !== null ? isDay(parts[1] as string) : isDay(value);
    return sound ? { value } : { code: 'date-time', params: { value: shown(value) } };
  });

/** Whether a text is a valid date from 1900 to 2199. */
function isDay(value: string): boolean {
  if (!/^(19|20|21)\d\d-\d{2}-\d{2}$/.test(value)) return false;
  const parsed = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value);
}

const address = /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]+\.[^\s@,;<>".]+$/;
export const isEmail = (value: string): boolean => value.length <= 254 && address.test(value);

/** Lenient reading of what servers send: anything may have any type. */

export type Fields = Record<string, unknown>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Characters of a text; longer ones are no name, id or date. */
const longest = 1_000;

/** What PostgreSQL does not store: NUL, and halves of characters (JSON may have both). */
const unstorable = /\0|\p{Surrogate}/u;

/** A text, trimmed; a number as text; null for anything else, and if nothing, too much or what cannot be stored is left. */
export function textOf(value: unknown): string | null {
  const text = typeof value === 'number' ? `${value}` : typeof value === 'string' ? value.trim() : '';
  return text === '' || text.length > longest || unstorable.test(text) ? null : text;
}

/** An id as the directory stores it: trimmed, and in Unicode normalisation form C; upper and lower case differ. */
export const idOf = (value: unknown): string | null => textOf(value)?.normalize('NFC') ?? null;

/** The sourcedId of a reference `{ href, sourcedId, type }`; its `href` is never followed. */
export const referenceOf = (value: unknown): string | null =>
  typeof value === 'object' && !Array.isArray(value) ? idOf(fieldsOf(value)['sourcedId']) : idOf(value);

/** A list; one thing that is not in a list is a list of one. */
export const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];

/** A boolean, also as the texts that OneRoster sends; null for anything else. */
export function booleanOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return text === 'true' ? true : text === 'false' ? false : null;
}

/** A calendar day, of a day or of a time that is sent instead; '' if there is none; null if it is neither. */
export function dayOf(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return '';
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(textOf(value) ?? '') ?? [];
  return day ?? null;
}

import type { ClassSummary, PersonSummary } from './exports.js';

/** Sorts in Dutch, ignoring capitals and accents, with 9A before 10A. */
const { compare } = new Intl.Collator('nl', { numeric: true, sensitivity: 'base' });

type Named = Pick<PersonSummary, 'id' | 'givenName' | 'familyName'>;

export const byFamilyName = (a: Named, b: Named): number =>
  compare(a.familyName, b.familyName) || compare(a.givenName, b.givenName) || compare(a.id, b.id);

/** Classes before groups, each by name. */
export const byClassName = (a: ClassSummary, b: ClassSummary): number =>
  compare(a.kind, b.kind) || compare(a.name, b.name) || compare(a.id, b.id);

import type { ClassSummary, PersonSummary } from './exports.js';

/** Sorts in Dutch, ignoring capitals and accents, with 9A before 10A. */
export const { compare: compareNames } = new Intl.Collator('nl', { numeric: true, sensitivity: 'base' });

type Named = Pick<PersonSummary, 'id' | 'givenName' | 'familyName'>;

export const byFamilyName = (a: Named, b: Named): number =>
  compareNames(a.familyName, b.familyName) || compareNames(a.givenName, b.givenName) || compareNames(a.id, b.id);

/** Classes before groups, each by name. */
export const byClassName = (a: ClassSummary, b: ClassSummary): number =>
  compareNames(a.kind, b.kind) || compareNames(a.name, b.name) || compareNames(a.id, b.id);

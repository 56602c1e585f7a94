import type { Cradle } from '../cradle.js';

/** A purpose to which a person may object, and whether they did. */
export interface Objectable {
  id: string;
  name: string;
  why: string;
  /** Since when the objection stands, ISO 8601; null if there is none. */
  since: string | null;
}

/** The purposes to which an objection holds at once, in words, with the person's objections that stand. */
export async function objectableTo(
  { privacy }: Pick<Cradle, 'privacy'>,
  personId: string,
  language: string,
): Promise<Objectable[]> {
  const { objections } = await privacy.choices(personId);
  const standing = new Map(
    objections.filter(({ withdrawnAt }) => withdrawnAt === null).map(({ purpose, since }) => [purpose, since.toISOString()]),
  );
  const purposes = await privacy.purposes(language);
  return purposes
    .filter(({ basis, objection }) => basis === 'legitimate-interests' && objection)
    .map(({ id, name, why }) => ({ id, name, why, since: standing.get(id) ?? null }));
}

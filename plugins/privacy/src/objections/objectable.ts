import type { PortalPurpose } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

/** A purpose to which a person may object, and whether they did. */
export interface Objectable {
  id: string;
  name: string;
  why: string;
  /** Since when the objection stands, ISO 8601; null if there is none. */
  since: string | null;
}

/** Whether an objection to the purpose holds at once: about tasks in the public interest the controller decides (GDPR art. 21(1)). */
export const holdsAtOnce = ({ basis, objection }: PortalPurpose): boolean => basis === 'legitimate-interests' && objection;

/** The purposes to which an objection holds at once, in words, with the person's objections that stand. */
export async function objectableTo(
  { privacy }: Pick<Dependencies, 'privacy'>,
  personId: string,
  language: string,
): Promise<Objectable[]> {
  const { objections } = await privacy.choices(personId);
  const standing = new Map(
    objections.filter(({ withdrawnAt }) => withdrawnAt === null).map(({ purpose, since }) => [purpose, since.toISOString()]),
  );
  const purposes = await privacy.purposes(language);
  return purposes.filter(holdsAtOnce).map(({ id, name, why }) => ({ id, name, why, since: standing.get(id) ?? null }));
}

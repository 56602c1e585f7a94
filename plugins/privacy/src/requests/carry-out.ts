import type { PortalPurpose, RestrictionGround } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { holdsAtOnce } from '../objections/objectable.js';
import type { RequestRow } from './rows.js';

/** Something that the portal did because a request was granted; `detail` is the ground of the restriction, or the id of the purpose. */
export interface CarriedOut {
  action: 'restricted' | 'objected';
  detail: string;
}

/**
 * The purposes to which the portal objects when the request is granted: the one that it is about, or all. Empty if it is about a purpose
 * that the kernel does not filter, such as learning: then people restrict or erase.
 */
export const objectsTo = (
  { kind, purpose }: Pick<RequestRow, 'kind' | 'purpose'>,
  purposes: readonly PortalPurpose[],
): PortalPurpose[] =>
  kind === 'objection' ? purposes.filter((each) => holdsAtOnce(each) && (purpose === null || each.id === purpose)) : [];

/**
 * Does what is granted: restricts the person's data (GDPR art. 18), or records the objection (art. 21). Other kinds are carried out by
 * people.
 *
 * @param ground of a restriction
 */
export async function carryOut(
  { privacy }: Pick<Dependencies, 'privacy'>,
  row: Pick<RequestRow, 'kind' | 'purpose' | 'person_id'>,
  ground: RestrictionGround | undefined,
): Promise<CarriedOut[]> {
  const { kind, person_id: person } = row;
  if (person === null) return [];
  if (kind === 'restriction' && ground !== undefined) {
    await privacy.restrict(person, ground);
    return [{ action: 'restricted', detail: ground }];
  }
  if (kind !== 'objection') return [];
  const purposes = objectsTo(row, await privacy.purposes());
  for (const { id } of purposes) await privacy.object(person, id);
  return purposes.map(({ id }) => ({ action: 'objected', detail: id }));
}

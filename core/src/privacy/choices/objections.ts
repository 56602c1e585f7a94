import { currentFrame } from '../../context/frame.js';
import type { Objections } from '../../contract/privacy.js';
import type { Choice } from '../../foundation/purpose-choices.js';
import { checkedId } from '../person-id.js';

const tables = { objection: 'objections', consent: 'consents' } as const;

/**
 * The service `objections` of one plugin.
 *
 * @param choiceOf what decides whether data of a purpose may be used; null if nothing does
 */
export function objectionsOf(pluginId: string, choiceOf: (purpose: string) => Choice | null): Objections {
  const usable = async (personIds: readonly string[], purpose: string): Promise<string[]> => {
    const choice = choiceOf(purpose);
    if (choice === null || personIds.length === 0) return [...personIds];
    const { rows } = await currentFrame(pluginId).unit.kernel<{ id: string }>(
      `select person_id as id from kernel.${tables[choice]} where purpose = $1 and withdrawn_at is null and person_id = any ($2::uuid[])`,
      [purpose, personIds.map(checkedId)],
    );
    const decided = new Set(rows.map(({ id }) => id));
    return personIds.filter((id) => decided.has(id.toLowerCase()) === (choice === 'consent'));
  };
  return Object.freeze({
    usable,
    mayUse: async (personId: string, purpose: string) => (await usable([personId], purpose)).length > 0,
  });
}

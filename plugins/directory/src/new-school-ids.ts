import type { Knex } from 'knex';
import { derivedId } from './ids.js';

/**
 * The ids of schools that are added under these numbers, by number. An id derives from the number unless another school has it: one that had the number
 * before, which it no longer has.
 */
export async function newSchoolIds(knex: Knex, numbers: readonly string[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  let open = [...new Set(numbers)];
  for (let turn = 0; open.length > 0; turn += 1) {
    const idOf = (number: string) => derivedId('school', number, ...(turn === 0 ? [] : [String(turn)]));
    const taken = new Set<string>(
      await knex('schools')
        .whereRaw('id = any(?::uuid[])', [open.map(idOf)])
        .pluck('id'),
    );
    for (const number of open) if (!taken.has(idOf(number))) ids.set(number, idOf(number));
    open = open.filter((number) => !ids.has(number));
  }
  return ids;
}

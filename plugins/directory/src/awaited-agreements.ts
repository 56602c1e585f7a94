import { conflict } from '@ilearn/core';
import type { Dependencies } from './dependencies.js';

type Services = Pick<Dependencies, 'knex' | 'contributions'>;

/** Those of these schools that have to accept the processing agreement first; none where no plugin has agreements. */
export async function awaiting(
  { knex, contributions }: Services,
  schools: readonly string[],
): Promise<{ id: string; name: string }[]> {
  if (schools.length === 0 || contributions.of('agreements').length === 0) return [];
  return knex('schools')
    .whereRaw('id = any(?::uuid[])', [[...schools]])
    .where({ awaits_agreement: true })
    .orderBy(['name', 'id'])
    .select('id', 'name');
}

/** @throws Problem 409 `directory/agreement-awaited` if data of people of one of these schools must not be taken yet */
export async function refuseAwaiting(services: Services, schools: readonly string[]): Promise<void> {
  const [found] = await awaiting(services, schools);
  if (found !== undefined) throw awaited(found);
}

export const awaited = ({ name }: { name: string }) =>
  conflict('directory/agreement-awaited', `${name} has to accept the processing agreement before data of its people are taken.`);

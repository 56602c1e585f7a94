import type { Knex } from 'knex';
import type { ChangesToPublish } from '../changes-to-publish.js';
import type { Dependencies } from '../dependencies.js';
import { registerSchools } from '../tenants.js';
import { applyChanges, confirmSchools } from './apply.js';
import type { Changes } from './changes.js';
import { handOver } from './hand-over.js';
import { changesToPublish } from './published.js';
import type { State } from './state.js';

export type StoreParts = Pick<Dependencies, 'knex' | 'access' | 'events' | 'tenants'>;

/**
 * Writes a plan in the current unit of work, publishes what changed, and stores when each school was imported.
 *
 * @param plan `state`: the directory before; `schools`: ids of those that are changed
 * @param onRows called with the number of rows after each statement
 */
export async function store(
  { knex, access, events, tenants }: StoreParts,
  { state, changes, schools }: { state: State; changes: Changes; schools: readonly string[] },
  onRows?: (count: number) => void,
): Promise<void> {
  await registerSchools({ knex, tenants }, [...schools]);
  const written = await applyChanges(knex, access, changes, onRows);
  const published = await changesToPublish(state, written);
  await handOver(knex, schools, published);
  await published.publish(events);
  await confirmSchools(knex, schools);
  await remember(knex, schools, published);
}

/** Stores when each school was imported, and how much changed. */
async function remember(knex: Knex, schools: readonly string[], published: ChangesToPublish): Promise<void> {
  const rows = schools.map((id) => ({ school_id: id, counts: published.countsOf(id) }));
  await knex.raw(
    `insert into imports (school_id, counts)
     select school_id, counts from jsonb_to_recordset(?::jsonb) as n (school_id uuid, counts jsonb)
     on conflict (school_id) do update set imported_at = now(), counts = excluded.counts`,
    [JSON.stringify(rows)],
  );
}

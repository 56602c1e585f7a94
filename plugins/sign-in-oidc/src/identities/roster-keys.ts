import { systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { RosterKeys as Exported, RosterKey } from '../exports.js';
import type { ProvenSchool } from '../schools/school-providers.js';

/** Keys by which the roster of a school knows the accounts of its people at a provider. */
export class RosterKeys implements Exported {
  readonly #knex: Dependencies['knex'];
  readonly #actAs: Dependencies['actAs'];

  constructor({ knex, actAs }: Dependencies) {
    this.#knex = knex;
    this.#actAs = actAs;
  }

  async replace(school: string, provider: string, keys: readonly RosterKey[]): Promise<void> {
    const rows = JSON.stringify(keys.map(({ person, key }) => ({ person, key })));
    // A key for two people says nothing about either.
    const wanted = `select key, min(person::text)::uuid as person_id from jsonb_to_recordset(:rows::jsonb) as k (person uuid, key text)
      group by key having count(distinct person) = 1`;
    await this.#knex.raw(
      `with wanted as (${wanted})
       delete from roster_keys r where school_id = :school and provider = :provider
         and not exists (select from wanted w where w.key = r.key and w.person_id = r.person_id)`,
      { rows, school, provider },
    );
    await this.#knex.raw(
      `insert into roster_keys (school_id, provider, key, person_id)
       select :school, :provider, key, person_id from (${wanted}) as w
       on conflict (school_id, provider, key) do update set person_id = excluded.person_id, updated_at = now()`,
      { rows, school, provider },
    );
  }

  /** People whom the rosters of these schools know by one of the keys. */
  peopleBy(
    schools: readonly ProvenSchool[],
    provider: string,
    keys: readonly string[],
  ): Promise<{ school: string; person: string }[]> {
    const asked = schools.filter(({ byRoster }) => byRoster).map(({ id }) => id);
    if (asked.length === 0 || keys.length === 0) return Promise.resolve([]);
    return this.#actAs(systemPrincipal(), async ({ knex }: Dependencies) => {
      const rows: { school_id: string; person_id: string }[] = await knex('roster_keys')
        .where({ provider })
        .whereRaw('school_id = any(?::uuid[]) and key = any(?::text[])', [asked, [...keys]])
        .limit(100)
        .select('school_id', 'person_id');
      return rows.map(({ school_id, person_id }) => ({ school: school_id, person: person_id }));
    });
  }
}

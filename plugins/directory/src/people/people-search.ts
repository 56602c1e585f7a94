import type { Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { PeopleFinding, PeoplePage, PeopleQuery } from '../exports.js';
import { folded, foldedWords } from './folded.js';
import { type PersonRow, personColumns, summaryOf } from './people-service.js';
import { onlyVisible, staffSchools } from './visibility.js';

/** `directory.peopleSearch` */
export class PeopleSearch implements PeopleFinding {
  readonly #knex: Knex;
  readonly #principal: Principal;

  constructor({ knex, principal }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
  }

  async find({ search, school, kind, left = false, page, size }: PeopleQuery): Promise<PeoplePage> {
    const words = foldedWords(search);
    const schools = staffSchools(this.#principal);
    const found = () => {
      const query = onlyVisible(this.#knex('people'), this.#principal);
      if (!left) query.where({ active: true });
      if (kind !== undefined) query.where({ kind });
      // People without a school, such as the portal's staff, are only found if the search covers all schools and includes people who left.
      if (!left || schools !== '*' || school !== undefined) {
        query.whereExists((of) => {
          of.from('memberships').whereRaw('memberships.person_id = people.id');
          if (!left) of.where('memberships.active', true);
          if (schools !== '*') of.whereIn('memberships.school_id', schools);
          if (school !== undefined) of.where('memberships.school_id', school);
        });
      }
      for (const word of words) {
        query.whereRaw(`position(? in ${folded("people.given_name || ' ' || people.family_name")}) > 0`, [word]);
      }
      return query;
    };
    const [count] = await found().count({ total: '*' });
    const rows: PersonRow[] = await found()
      .orderByRaw(`${folded('people.family_name')}, ${folded('people.given_name')}, people.id`)
      .limit(size)
      .offset((page - 1) * size)
      .select(personColumns);
    return { people: rows.map((row) => summaryOf(row, this.#principal)), total: Number(count?.['total'] ?? 0) };
  }
}

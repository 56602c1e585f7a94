import type { Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Cradle } from '../cradle.js';
import type { PersonKind, PersonSummary } from '../exports.js';
import { type PersonRow, personColumns, summaryOf } from './people-service.js';
import { onlyVisible, staffSchools } from './visibility.js';

/** Text as a searcher types it: lower case, without accents. */
const folded = (expression: string): string =>
  `regexp_replace(normalize(lower(${expression}), NFD), '[\\u0300-\\u036f]', '', 'g')`;
const foldedText = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');

export interface PeopleQuery {
  /** Words that are all in the name, in any order. */
  search: string;
  school?: string | undefined;
  kind?: PersonKind | undefined;
  /** From 1. */
  page: number;
  size: number;
}

export interface PeoplePage {
  people: PersonSummary[];
  total: number;
}

export class PeopleSearch {
  readonly #knex: Knex;
  readonly #principal: Principal;

  constructor({ knex, principal }: Cradle) {
    this.#knex = knex;
    this.#principal = principal;
  }

  /** People at work or at school now, by family name. */
  async find({ search, school, kind, page, size }: PeopleQuery): Promise<PeoplePage> {
    const words = foldedText(search)
      .split(/\s+/)
      .filter((word) => word !== '');
    const schools = staffSchools(this.#principal);
    const found = () => {
      const query = onlyVisible(this.#knex('people'), this.#principal).where({ active: true });
      if (kind !== undefined) query.where({ kind });
      query.whereExists((of) => {
        of.from('memberships').whereRaw('memberships.person_id = people.id').where('memberships.active', true);
        if (schools !== '*') of.whereIn('memberships.school_id', schools);
        if (school !== undefined) of.where('memberships.school_id', school);
      });
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

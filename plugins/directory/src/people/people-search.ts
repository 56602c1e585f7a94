import { type Position, type Principal, pageOf, type RouteRequest, type TenantScope } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { PeopleFinding, PeoplePage, PeopleQuery, PersonSummary } from '../exports.js';
import { currentYears } from '../school-years.js';
import { folded, foldedWords } from '../text-search.js';
import { type PersonRow, personColumns, summaryOf } from './people-service.js';
import { onlyVisible, staffSchools } from './visibility.js';

/** A person with the values by which the list is sorted, and the names of their classes. */
interface ListedRow extends PersonRow {
  sorted: Position;
  classes: string[];
}

/** `without`: only people who have none of these this school year. */
export type ListQuery = PeopleQuery & { without?: 'class' | undefined };

/** A person with the names of their classes of this school year. */
export interface ListedPerson extends PersonSummary {
  classes: string[];
}

const order = `${folded('people.family_name')}, ${folded('people.given_name')}, people.id`;

/** `directory.peopleSearch` */
export class PeopleSearch implements PeopleFinding {
  readonly #knex: Knex;
  readonly #principal: Principal;

  constructor({ knex, principal }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
  }

  async find(query: PeopleQuery): Promise<PeoplePage> {
    const { rows, total } = await this.#read(query, query.size, null);
    return { people: rows.map((row) => summaryOf(row, this.#principal)), total };
  }

  /** Like `find`; after the position of the request if it has one. */
  async page(
    query: ListQuery,
    request: Pick<RouteRequest, 'after' | 'next'>,
  ): Promise<{ people: ListedPerson[]; total: number; headers: Record<string, string> }> {
    const found = await this.#read(query, query.size + 1, request.after());
    const { rows, headers } = pageOf(found.rows, query.size, ({ sorted }) => sorted, request);
    const people = rows.map((row) => ({ ...summaryOf(row, this.#principal), classes: row.classes }));
    return { people, total: found.total, headers };
  }

  async #read(
    { search, school, kind, left = false, page, size, without }: ListQuery,
    limit: number,
    after: Position | null,
  ): Promise<{ rows: ListedRow[]; total: number }> {
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
      if (without === 'class') query.whereNotExists(this.#classesOf(schools));
      for (const word of words) {
        query.whereRaw(`position(? in ${folded("people.given_name || ' ' || people.family_name")}) > 0`, [word]);
      }
      return query;
    };
    const [count] = await found().count({ total: '*' });
    const listed = found()
      .orderByRaw(order)
      .limit(limit)
      .offset(after === null ? (page - 1) * size : 0)
      .select(...personColumns, this.#knex.raw(`json_build_array(${order}) as sorted`))
      .select({ classes: this.#classNames(schools) });
    if (after !== null) listed.whereRaw(`(${order}) > (?::text, ?::text, ?::uuid)`, [...after] as string[]);
    return { rows: await listed, total: Number(count?.['total'] ?? 0) };
  }

  /** Names of the classes of `people.id` in this school year, as a JSON array. */
  #classNames(schools: TenantScope): Knex.QueryBuilder {
    return this.#classesOf(schools).select(this.#knex.raw("coalesce(json_agg(classes.name order by classes.name), '[]')"));
  }

  /** Classes of `people.id` in this school year. */
  #classesOf(schools: TenantScope): Knex.QueryBuilder {
    const classes = this.#knex('class_members')
      .join('classes', 'classes.id', 'class_members.class_id')
      .join(currentYears(this.#knex).as('year'), (on) => {
        on.on('year.school_id', 'classes.school_id').on('year.name', 'classes.school_year');
      })
      .whereRaw('class_members.person_id = people.id')
      .where('classes.kind', 'class');
    return schools === '*' ? classes : classes.whereIn('classes.school_id', schools);
  }
}

import type { Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { coordinatedBy, onlyVisible, staffSchools } from '../people/visibility.js';
import { currentYears } from '../school-years.js';
import { folded, foldedWords } from '../text-search.js';

/** A person, with the classes of this school year in which they learn or teach; at least one. */
export interface FoundPerson {
  id: string;
  given_name: string;
  family_name: string;
  classes: { id: string; name: string }[];
}

export interface FoundClass {
  id: string;
  name: string;
  /** Name of its school. */
  school: string;
}

/** Finds people and classes of the schools where the caller works, by words that their names contain. Each method sends one statement. */
export class Finder {
  readonly #knex: Knex;
  readonly #principal: Principal;

  constructor({ knex, principal }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
  }

  async people(text: string, limit: number): Promise<FoundPerson[]> {
    const classes = this.#classes().where('classes.kind', 'class');
    const theirs = classes.whereIn(
      'classes.id',
      this.#knex('class_members').whereRaw('class_members.person_id = people.id').select('class_id'),
    );
    const name = "people.given_name || ' ' || people.family_name";
    return onlyVisible(this.#containing(this.#knex('people'), name, text), this.#principal)
      .where({ active: true })
      .whereExists(theirs.clone())
      .select('people.id', 'given_name', 'family_name')
      .select({
        classes: this.#knex
          .from(theirs.clone().as('theirs'))
          .select(this.#knex.raw(`json_agg(json_build_object('id', id, 'name', name) order by name, id)`)),
      })
      .orderByRaw(`${folded('people.family_name')}, ${folded('people.given_name')}, people.id`)
      .limit(limit);
  }

  async classes(text: string, limit: number): Promise<FoundClass[]> {
    return this.#containing(this.#classes(), 'classes.name', text)
      .join('schools', 'schools.id', 'classes.school_id')
      .select({ school: 'schools.name' })
      .orderBy(['classes.kind', 'classes.name', 'classes.id'])
      .limit(limit);
  }

  /** Classes of this school year, and groups that the caller made or may remove, of the schools where the caller works. */
  #classes(): Knex.QueryBuilder {
    const query = this.#knex('classes')
      .select('classes.id', 'classes.name')
      .join(currentYears(this.#knex).as('year'), (on) => {
        on.on('year.school_id', 'classes.school_id').on('year.name', 'classes.school_year');
      })
      .where('classes.active', true)
      .where((either) =>
        either
          .where('classes.kind', 'class')
          .orWhere('classes.owner_id', this.#principal.id)
          .orWhereIn('classes.school_id', coordinatedBy(this.#principal)),
      );
    const schools = staffSchools(this.#principal);
    return schools === '*' ? query : query.whereIn('classes.school_id', schools);
  }

  #containing(query: Knex.QueryBuilder, column: string, text: string): Knex.QueryBuilder {
    for (const word of foldedWords(text)) query.whereRaw(`position(? in ${folded(column)}) > 0`, [word]);
    return query;
  }
}

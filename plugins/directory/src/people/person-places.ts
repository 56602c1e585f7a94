import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { staffSchools } from './visibility.js';

/** Maximum number of roles of one person that a route sends. */
export const mostRoles = 200;

export interface PersonPlaces {
  /** False: has left, and is still kept. */
  active: boolean;
  /** Roles in schools where the caller works, by name of the school. */
  roles: { school: string; schoolName: string; role: string }[];
}

/** Where a person belongs, for the page about them. Callers check first that the person may be seen (`people.get`). */
export class PersonPlacesReader {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];

  constructor({ knex, principal }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
  }

  async of(id: string): Promise<PersonPlaces> {
    const person = await this.#knex('people').where({ id }).first('active');
    const schools = staffSchools(this.#principal);
    const roles = this.#knex('roles')
      .join('schools', 'schools.id', 'roles.school_id')
      .where('roles.person_id', id)
      .distinct({ school: 'schools.id', schoolName: 'schools.name', role: 'roles.role' })
      .orderBy(['schoolName', 'school', 'role'])
      .limit(mostRoles);
    if (schools !== '*') roles.whereIn('roles.school_id', schools);
    return { active: person?.active ?? false, roles: await roles };
  }
}

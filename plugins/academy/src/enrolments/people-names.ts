import { systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

/**
 * Names of people and schools whose ids are in rows that the caller may see: a provider does not see the directory of a school, but needs to
 * know who comes.
 */
export class PeopleNames {
  readonly #actAs: Dependencies['actAs'];

  constructor({ actAs }: Dependencies) {
    this.#actAs = actAs;
  }

  /** Two statements, whatever the numbers. */
  of(
    people: readonly string[],
    schools: readonly string[],
  ): Promise<{ people: Map<string, string>; schools: Map<string, string> }> {
    return this.#actAs(systemPrincipal(), async ({ directory }: Dependencies) => {
      const found = people.length === 0 ? [] : await directory.people.getMany([...new Set(people)]);
      const all = schools.length === 0 ? [] : await directory.schools.list();
      const wanted = new Set(schools);
      return {
        people: new Map(found.map(({ id, givenName, familyName }) => [id, `${givenName} ${familyName}`])),
        schools: new Map(all.filter(({ id }) => wanted.has(id)).map(({ id, name }) => [id, name])),
      };
    });
  }
}

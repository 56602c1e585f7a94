import { systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

export interface Names {
  person(id: string | null): string | null;
  school(id: string | null): string | null;
  provider(id: string | null): string | null;
}

/**
 * Names of people, schools and providers whose ids are in rows that the caller may see: helpers of the portal are in no school's directory.
 */
export class TicketNames {
  readonly #actAs: Dependencies['actAs'];

  constructor({ actAs }: Dependencies) {
    this.#actAs = actAs;
  }

  /** A constant number of statements, and one for each provider. */
  of(ids: {
    people?: readonly (string | null)[];
    schools?: readonly (string | null)[];
    providers?: readonly (string | null)[];
  }): Promise<Names> {
    const distinct = (list: readonly (string | null)[] = []) => [...new Set(list.flatMap((id) => id ?? []))];
    const [people, schools, providers] = [distinct(ids.people), distinct(ids.schools), distinct(ids.providers)];
    return this.#actAs(systemPrincipal(), async ({ directory }: Dependencies) => {
      const found = people.length === 0 ? [] : await directory.people.getMany(people);
      const all = await directory.schools.getMany(schools);
      const offered = [];
      for (const id of providers) offered.push(await directory.providers.get(id));
      const names = new Map([
        ...found.map(({ id, givenName, familyName }) => [id, `${givenName} ${familyName}`] as const),
        ...all.map(({ id, name }) => [id, name] as const),
        ...offered.flatMap((each) => (each === null ? [] : [[each.id, each.name] as const])),
      ]);
      const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null));
      return { person: nameOf, school: nameOf, provider: nameOf };
    });
  }
}

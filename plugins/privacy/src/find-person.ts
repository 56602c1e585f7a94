import { notFound } from '@ilearn/core';
import type { PersonSummary } from '@ilearn/plugin-directory';
import type { Cradle } from './cradle.js';

/** The name that is shown, and typed to confirm. */
export const fullName = ({ givenName, familyName }: Pick<PersonSummary, 'givenName' | 'familyName'>): string =>
  `${givenName} ${familyName}`;

/** @throws Problem 404 for a person whom the caller may not see, as for one who does not exist */
export async function findPerson({ directory }: Pick<Cradle, 'directory'>, id: string): Promise<PersonSummary> {
  const person = await directory.people.get(id);
  if (person === null) throw notFound();
  return person;
}

/** Names by id, of people whom the caller may see. */
export async function namesOf(
  { directory }: Pick<Cradle, 'directory'>,
  ids: readonly (string | null)[],
): Promise<Map<string, string>> {
  const people = await directory.people.getMany([...new Set(ids.filter((id) => id !== null))]);
  return new Map(people.map((person) => [person.id, fullName(person)]));
}

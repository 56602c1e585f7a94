import { notFound } from '@ilearn/core';
import type { PersonSummary } from '@ilearn/plugin-directory';
import type { Dependencies } from './dependencies.js';

/** The name as shown, and as typed to confirm an erasure. */
export const fullName = ({ givenName, familyName }: Pick<PersonSummary, 'givenName' | 'familyName'>): string =>
  `${givenName} ${familyName}`;

/** @throws Problem 404 if the person does not exist or the caller may not see them */
export async function findPerson({ directory }: Pick<Dependencies, 'directory'>, id: string): Promise<PersonSummary> {
  const person = await directory.people.get(id);
  if (person === null) throw notFound();
  return person;
}

/** Names by id, for those people whom the caller may see. */
export async function namesOf(
  { directory }: Pick<Dependencies, 'directory'>,
  ids: readonly (string | null)[],
): Promise<Map<string, string>> {
  const people = await directory.people.getMany([...new Set(ids.filter((id) => id !== null))]);
  return new Map(people.map((person) => [person.id, fullName(person)]));
}

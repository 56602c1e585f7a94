import type { Cradle } from './cradle.js';

/** What was read, and waits for a decision, may name the person: approved later, it would bring them back. */
export async function erase({ personId, services: { directory, runs } }: { personId: string; services: Cradle }): Promise<void> {
  const person = await directory.people.get(personId);
  if (person !== null) await runs.endWaiting(person.schools);
}

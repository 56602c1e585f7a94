import { notFound, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { type DoorKey, doorKeys } from './door-keys.js';

/** The account behind each door. */
export const accountOf: Record<DoorKey, string> = {
  pupil: 'noor.elamrani',
  teacher: 'lien.peeters',
  coordinator: 'sofie.maes',
  principal: 'jan.goossens',
  planner: 'ilse.vandenbroeck',
  administrator: 'beheer',
};

/** The page that visitors see first: the start page of their role. */
const place = '/';

/** Sessions through a door end soon, because whoever is at the door leaves without signing out. */
const sessionHours = 2;

/** Signs visitors in as people whom the demonstration made, and as nobody else. */
export class Doors {
  readonly #services: Pick<Dependencies, 'knex' | 'actAs' | 'sessions' | 'clock'>;

  constructor({ knex, actAs, sessions, clock }: Dependencies) {
    this.#services = { knex, actAs, sessions, clock };
  }

  /** Puts a person behind each of these doors. */
  async make(people: ReadonlyMap<DoorKey, string>): Promise<void> {
    await this.#services.knex('doors').insert([...people].map(([door, personId]) => ({ door, person_id: personId })));
  }

  /** Doors behind which there still is a person. */
  async open(): Promise<DoorKey[]> {
    const keys: string[] = await this.#services.knex('doors').pluck('door');
    return doorKeys.filter((key) => keys.includes(key));
  }

  /** @throws 404 if there is no such person, or not any more */
  async enter(key: DoorKey): Promise<{ place: string }> {
    const { knex, actAs, sessions, clock } = this.#services;
    const row = await knex('doors').where({ door: key }).first<{ person_id: string } | undefined>('person_id');
    if (row === undefined) throw notFound('Nobody is behind this door.');
    const person = await actAs(systemPrincipal(), ({ directory }: Dependencies) => directory.people.get(row.person_id));
    if (person === null) throw notFound('Nobody is behind this door.');
    const ageBand = await actAs(systemPrincipal(), ({ directory }: Dependencies) => directory.people.ageBandOf(row.person_id));
    await sessions.start({
      id: row.person_id,
      ageBand,
      displayName: `${person.givenName} ${person.familyName}`,
      expiresAt: new Date(clock.now().getTime() + sessionHours * 3_600_000),
    });
    return { place };
  }
}

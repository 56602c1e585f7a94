import { systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Enrolment } from '../models.js';
import { seated } from '../states.js';
import type { Catalogue } from '../trainings/catalogue.js';
import type { PeopleNames } from './people-names.js';

/** What a principal or ICT coordinator sees of the team: sign-ups that wait for approval, seats that they reserved, and who is away. */
export class Team {
  readonly #Enrolment: Dependencies['Enrolment'];
  readonly #actAs: Dependencies['actAs'];
  readonly #names: PeopleNames;
  readonly #catalogue: Catalogue;

  constructor({ Enrolment, actAs, peopleNames, catalogue }: Dependencies & { peopleNames: PeopleNames; catalogue: Catalogue }) {
    this.#Enrolment = Enrolment;
    this.#actAs = actAs;
    this.#names = peopleNames;
    this.#catalogue = catalogue;
  }

  /** Sign-ups that wait for the principal, oldest first. */
  async approvals(limit: number) {
    return this.#shown(await this.#Enrolment.query().where({ state: 'requested' }).orderBy(['created_at', 'id']).limit(limit));
  }

  /** Seats that the school reserved for events to come. */
  async reserved(limit: number) {
    const rows = await this.#Enrolment
      .query()
      .whereNotNull('reserved_by')
      .whereIn('state', ['requested', 'endorsed', 'booked'])
      .orderBy(['created_at', 'id'])
      .limit(limit);
    return this.#shown(rows);
  }

  /** Trainings that the school approved or reserved, to come and past: who is or was where. Not what people did by themselves. */
  async learning(limit: number) {
    const approved = await this.#Enrolment
      .query()
      .whereIn('state', [...seated])
      .where((either) => {
        either
          .whereNotNull('reserved_by')
          .orWhereExists(this.#Enrolment.relatedQuery('history').whereIn('action', ['endorse', 'ask']));
      })
      .orderBy('updated_at', 'desc')
      .limit(limit);
    return this.#shown(approved);
  }

  /** Colleagues for a reserved seat: people of the caller's schools whose name contains the words. */
  async colleagues(school: string, search: string) {
    const found = await this.#actAs(systemPrincipal([school]), ({ directory }: Dependencies) =>
      directory.peopleSearch.find({ search, school, kind: 'staff', page: 1, size: 20 }),
    );
    return found.people.map(({ id, givenName, familyName }) => ({ id, name: `${givenName} ${familyName}` }));
  }

  async #shown(rows: readonly Enrolment[]) {
    const events = await this.#catalogue.events(rows.map(({ event_id }) => event_id));
    const { people } = await this.#names.of(
      rows.flatMap(({ person_id }) => person_id ?? []),
      [],
    );
    return rows.flatMap((enrolment) => {
      const event = events.get(enrolment.event_id);
      const name = enrolment.person_id === null ? null : (people.get(enrolment.person_id) ?? null);
      return event === undefined ? [] : [{ enrolment, event, name }];
    });
  }
}

import { type Principal, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Enrolment, Event } from '../models.js';
import type { Catalogue } from '../trainings/catalogue.js';

export const mostOwn = 200;

export interface OwnEnrolment {
  enrolment: Enrolment;
  event: Event;
  /** Place in the queue, from 1; null if not waiting. */
  place: number | null;
}

/** A person's own sign-ups. */
export class MyLearning {
  readonly #principal: Principal;
  readonly #Enrolment: Dependencies['Enrolment'];
  readonly #actAs: Dependencies['actAs'];
  readonly #catalogue: Catalogue;

  constructor({ principal, Enrolment, actAs, catalogue }: Dependencies & { catalogue: Catalogue }) {
    this.#principal = principal;
    this.#Enrolment = Enrolment;
    this.#actAs = actAs;
    this.#catalogue = catalogue;
  }

  /** Newest first, with the events; a constant number of statements. */
  async list(): Promise<OwnEnrolment[]> {
    const rows = await this.#Enrolment
      .query()
      .where({ person_id: this.#principal.id })
      .orderBy('created_at', 'desc')
      .limit(mostOwn);
    const events = await this.#catalogue.events(rows.map(({ event_id }) => event_id));
    const places = await this.#places(rows.filter(({ state }) => state === 'waitlisted').map(({ id }) => id));
    return rows.flatMap((enrolment) => {
      const event = events.get(enrolment.event_id);
      return event === undefined ? [] : [{ enrolment, event, place: places.get(enrolment.id) ?? null }];
    });
  }

  /** Places in queues, which have people of other schools too: only the number leaves. */
  async #places(ids: readonly string[]): Promise<Map<string, number>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('enrolments as mine')
        .join('enrolments as before', 'before.event_id', 'mine.event_id')
        .whereRaw('mine.id = any(?::uuid[])', [[...ids]])
        .whereRaw(`before.state = 'waitlisted' and before.queue_no <= mine.queue_no`)
        .groupBy('mine.id')
        .select('mine.id', knex.raw('count(*)::int as place')),
    );
    return new Map((rows as { id: string; place: number }[]).map(({ id, place }) => [id, place]));
  }
}

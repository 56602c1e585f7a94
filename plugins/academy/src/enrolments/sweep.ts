import type { Dependencies } from '../dependencies.js';
import { seated, waiting } from '../states.js';
import type { Transitions } from './transitions.js';

const batch = 200;

/** Finds events in which time alone has changed something: an offer that is over, a start that came, a seat of a person who was erased. */
export class Sweep {
  readonly #knex: Dependencies['knex'];
  readonly #transitions: Transitions;

  constructor({ knex, transitions }: Dependencies & { transitions: Transitions }) {
    this.#knex = knex;
    this.#transitions = transitions;
  }

  /** Returns whether there may be more. */
  async run(): Promise<boolean> {
    const knex = this.#knex;
    const due: string[] = await knex('enrolments as e')
      .join('events as v', 'v.id', 'e.event_id')
      .whereRaw('e.state = any(?::text[])', [[...waiting]])
      .whereRaw(
        `(v.starts_at <= now() or e.offered_until <= now() or (e.state = 'waitlisted' and v.state = 'planned' and v.starts_at > now()
          and v.capacity > (select count(*) from enrolments s where s.event_id = v.id and s.state = any(?::text[]))))`,
        [[...seated]],
      )
      .distinct('v.id')
      .orderBy('v.id')
      .limit(batch)
      .pluck('v.id');
    for (const event of due) await this.#transitions.of(event, async () => {});
    return due.length === batch;
  }
}

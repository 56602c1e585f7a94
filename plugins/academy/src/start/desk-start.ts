import type { Dependencies } from '../dependencies.js';
import { seated } from '../states.js';

export interface ComingSession {
  event: string;
  title: string;
  day: string;
  starts: string;
  ends: string;
  region: string;
  taken: number;
  capacity: number;
}

const aheadDays = 30;
/** Counting further would read each sign-up of a large provider. */
const mostCounted = 1_000;

/** What asks for a provider's attention. Row-level security limits each caller to the provider's own rows. */
export class DeskStart {
  readonly #knex: Dependencies['knex'];

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  /** The next sessions, soonest first; one statement, that reads sessions in their order from today on. */
  async sessions(limit: number): Promise<ComingSession[]> {
    const knex = this.#knex;
    return (
      knex('sessions as s')
        .join('events as e', 'e.id', 's.event_id')
        .join('trainings as t', 't.id', 'e.training_id')
        .where({ 'e.state': 'planned', 's.cancelled': false })
        .where('s.ends_at', '>', knex.fn.now())
        // No session lasts longer than its day, so this only tells where in the index the first one can be.
        .whereRaw("s.starts_at > now() - interval '1 day'")
        .orderBy(['s.starts_at', 's.id'])
        .limit(limit)
        .select('e.id as event', 't.title', 's.day', 's.starts', 's.ends', 'e.region', 'e.capacity')
        .select(
          knex('enrolments as x')
            .whereRaw('x.event_id = e.id and x.state = any(?::text[])', [[...seated]])
            .select(knex.raw('count(*)::int'))
            .as('taken'),
        ) as unknown as Promise<ComingSession[]>
    );
  }

  /**
   * What waits for the planner: sign-ups that principals approved, requests for coaching; and how many people are booked for what begins
   * within {@link aheadDays} days, counted up to {@link mostCounted}; `bookedMore` if there are more.
   */
  async counts(): Promise<{ booked: number; bookedMore: boolean; approvals: number; coachings: number }> {
    const { rows } = await this.#knex.raw<{ rows: [{ booked: number; approvals: number; coachings: number }] }>(
      `select
         (select count(*)::int from (
            select 1 from enrolments x join events e on e.id = x.event_id
            where x.state = 'booked' and e.state = 'planned' and e.ends_at > now()
              and e.starts_at < now() + make_interval(days => ?) limit ?) as counted) as booked,
         (select count(*)::int from enrolments where state = 'endorsed') as approvals,
         (select count(*)::int from coachings where state = 'matching') as coachings`,
      [aheadDays, mostCounted + 1],
    );
    const [{ booked, ...waiting }] = rows;
    return { booked: Math.min(booked, mostCounted), bookedMore: booked > mostCounted, ...waiting };
  }
}

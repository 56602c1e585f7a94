import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { officersOf } from '../officers.js';
import { reminderDays } from './deadlines.js';
import type { RequestRow } from './rows.js';

/** Sorts requests that wait for the person, which have no deadline, after all others. */
const noDeadline = '9999-12-31';
const dueOrLast = `coalesce(due_on, '${noDeadline}'::date)`;

export interface RequestCounts {
  open: number;
  overdue: number;
  /** The first deadline that is not past; null if there is none. */
  nextDue: string | null;
}

type Services = Pick<Dependencies, 'knex' | 'calendar' | 'notifications' | 'actAs'>;

/** The list of requests of those who answer them, and its deadlines. */
export class RequestDesk {
  readonly #services: Services;
  readonly #knex: Knex;

  constructor({ knex, calendar, notifications, actAs }: Services) {
    this.#services = { knex, calendar, notifications, actAs };
    this.#knex = knex;
  }

  /**
   * Open requests by deadline, those that are overdue first; or closed ones, the latest first.
   *
   * @param after values of the last request before: its deadline or moment of closing, and its id
   */
  async list(
    state: 'open' | 'closed',
    limit: number,
    after: readonly unknown[] | null,
  ): Promise<(RequestRow & { sort: string })[]> {
    const found = this.#knex('requests').limit(limit);
    if (state === 'open') {
      found
        .select('*', this.#knex.raw(`${dueOrLast}::text as sort`))
        .whereNull('closed_at')
        .orderByRaw(`${dueOrLast}, id`);
      if (after !== null) found.whereRaw(`(${dueOrLast}, id) > (?::date, ?::uuid)`, [...after] as string[]);
    } else {
      found.select('*', this.#knex.raw('closed_at::text as sort')).whereNotNull('closed_at').orderByRaw('closed_at desc, id');
      if (after !== null) {
        const [at, id] = after as [string, string];
        found.whereRaw('(closed_at < ?::timestamptz or (closed_at = ?::timestamptz and id > ?::uuid))', [at, at, id]);
      }
    }
    return found;
  }

  async counts(): Promise<RequestCounts> {
    const today = await this.#services.calendar.today();
    const row = await this.#knex('requests')
      .whereNull('closed_at')
      .select(
        this.#knex.raw('count(*)::int as open'),
        this.#knex.raw('count(*) filter (where due_on < ?)::int as overdue', [today]),
        this.#knex.raw('min(due_on) filter (where due_on >= ?)::text as "nextDue"', [today]),
      )
      .first();
    return row as unknown as RequestCounts;
  }

  /** Reminds officers of deadlines, once for each of {@link reminderDays}. Runs as the portal. Returns whether there may be more. */
  async remind(): Promise<boolean> {
    const today = await this.#services.calendar.today();
    const due = reminderDays.map((days) => `due_on - ?::date <= ${days}`);
    const rank = `(${due.map((condition) => `(${condition})::int`).join(' + ')})`;
    const days = due.map(() => today);
    const rows: (RequestRow & { rank: number })[] = await this.#knex('requests')
      .select('*', this.#knex.raw(`${rank} as rank`, days))
      .whereNotNull('due_on')
      .whereRaw(`${rank} > reminders`, days)
      .orderBy(['due_on', 'id'])
      .limit(batch);
    for (const { id, school_id, rank: reminders } of rows) {
      await this.#knex('requests').where({ id }).update({ reminders });
      const to = await officersOf(this.#services, school_id);
      const place = `/beheer/privacy/verzoeken/${id}`;
      if (to.length > 0) await this.#services.notifications?.notify.send({ kind: 'privacy.request-due', to, place });
    }
    return rows.length === batch;
  }

  /** Deletes what retention has made anonymous: nothing is left to prove. Runs as the portal. Returns whether there may be more. */
  async tidy(): Promise<boolean> {
    const past = this.#knex('requests')
      .select('id')
      .whereNull('person_id')
      .whereRaw(`closed_at < now() - interval '5 years'`)
      .limit(batch);
    return (await this.#knex('requests').whereIn('id', past).delete()) === batch;
  }
}

const batch = 100;

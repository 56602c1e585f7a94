import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { Notification, Notify } from '../exports.js';
import type { Channel } from '../kinds/kind.js';
import { fits, type Kinds } from '../kinds/kinds.js';
import { notificationParams } from './params.js';

const mostPeople = 1_000;
const people = z.array(z.uuid()).max(mostPeople);

/** `notifications.notify` */
export class NotifyService implements Notify {
  readonly #knex: Knex;
  readonly #kinds: Kinds;
  readonly #live: Dependencies['live'];
  readonly #jobs: Dependencies['jobs'];

  constructor({ knex, kinds, live, jobs }: Dependencies & { kinds: Kinds }) {
    this.#knex = knex;
    this.#kinds = kinds;
    this.#live = live;
    this.#jobs = jobs;
  }

  async send({ kind, to, place, params: given = {} }: Notification): Promise<void> {
    const declared = this.#kinds.get(kind);
    if (!fits(declared.place, place)) throw new Error(`${kind}: the place "${place}" does not fit ${declared.place}`);
    const values = checked(notificationParams, given, `${kind}: params`);
    const ids = [...new Set(checked(people, to, `${kind}: to`).map((id) => id.toLowerCase()))].sort();
    if (ids.length === 0) return;
    const { rows } = await this.#knex.raw<{ rows: Sent[] }>(
      // Sorted, so that units of work that notify the same people wait for each other instead of deadlocking.
      `insert into notifications as n (person_id, kind, place, params, channel)
       select p.id, :kind, :place, :params::jsonb, coalesce(c.channel, :channel)
       from unnest(:ids::uuid[]) with ordinality as p (id, place)
       left join choices c on c.person_id = p.id and c.kind = :kind
       where coalesce(c.channel, :channel) <> 'off'
       order by p.place
       on conflict (person_id, kind, place) where read_at is null
       do update set times = n.times + 1, params = excluded.params, happened_at = now(),
         mailed_at = case when :attachment::boolean then null else n.mailed_at end
       returning person_id, channel, mailed_at`,
      { kind, place, params: JSON.stringify(values), channel: declared.channel, attachment: declared.attachment, ids },
    );
    await Promise.all(rows.map(({ person_id }) => this.#live.publish('inbox', { personId: person_id }, { kind: 'added' })));
    const mailed = rows.filter(({ channel, mailed_at }) => channel === 'now' && mailed_at === null);
    if (mailed.length > 0) await this.#jobs.enqueue('plan', { people: mailed.map(({ person_id }) => person_id) });
  }
}

interface Sent {
  person_id: string;
  channel: Channel;
  mailed_at: Date | null;
}

function checked<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${[what, ...(issue?.path ?? [])].map(String).join('.')}: ${issue?.message}`);
}

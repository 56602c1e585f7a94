import { type Jobs, systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { Kinds } from '../kinds/kinds.js';
import type { Addresses } from './addresses.js';
import { mostWanted, waitSeconds } from './attachments.js';
import type { payloads } from './payloads.js';
import { secondsOfQuiet } from './quiet-hours.js';

export type MailChannel = 'now' | 'daily' | 'weekly';

/** What was not mailed within this time is not mailed any more. */
const PENDING = { now: '2 days', daily: '3 days', weekly: '15 days' } as const;
const HOUR = 3_600;
const batch = 500;

/** Puts a person's unread notifications together in one e-mail, when they may get one. */
export class Composer {
  readonly #knex: Knex;
  readonly #kinds: Kinds;
  readonly #addresses: Addresses;
  readonly #jobs: Jobs<typeof payloads>;
  readonly #events: Dependencies['events'];
  readonly #locks: Dependencies['locks'];
  readonly #calendar: Dependencies['calendar'];
  readonly #actAs: Dependencies['actAs'];
  readonly #config: Dependencies['config'];

  constructor(cradle: Dependencies & { kinds: Kinds; addresses: Addresses }) {
    this.#knex = cradle.knex;
    this.#kinds = cradle.kinds;
    this.#addresses = cradle.addresses;
    this.#jobs = cradle.jobs;
    this.#events = cradle.events;
    this.#locks = cradle.locks;
    this.#calendar = cradle.calendar;
    this.#actAs = cradle.actAs;
    this.#config = cradle.config;
  }

  /** Has an e-mail made, after `delaySeconds`. Notifications that arrive until then are in it. */
  async plan(personId: string, channel: MailChannel, delaySeconds = this.#config.gatherSeconds): Promise<void> {
    await this.#jobs.enqueue('compose', { personId, channel }, { delaySeconds, uniqueKey: `${channel} ${personId}` });
  }

  /** Plans the digests of everybody who has something for it. */
  async planDigests(channel: 'daily' | 'weekly', after: string | undefined): Promise<void> {
    const people: string[] = await this.#pending(channel)
      .modify((query) => (after === undefined ? query : query.where('person_id', '>', after)))
      .distinct('person_id')
      .orderBy('person_id')
      .limit(batch)
      .pluck('person_id');
    await Promise.all(people.map((personId) => this.plan(personId, channel, 0)));
    if (people.length === batch) await this.#jobs.enqueue(channel, { after: people.at(-1) });
  }

  async compose(personId: string, channel: MailChannel): Promise<void> {
    await this.#locks.take(`mail ${personId}`);
    const preferences = await this.#knex('preferences').where({ person_id: personId }).first('mails', 'quiet_from', 'quiet_to');
    if (preferences?.mails === false) return;
    const address = await this.#addresses.find(personId);
    if (address === null || (await this.#addresses.hasRefused(personId, address))) return;
    const wait = Math.max(await this.#quiet(personId, preferences), await this.#secondsToRoom(personId));
    if (wait > 0) return this.plan(personId, channel, wait);

    const rows: { kind: string; place: string; times: number }[] = await this.#pending(channel)
      .where({ person_id: personId })
      .update({ mailed_at: this.#knex.fn.now() })
      .returning(['kind', 'place', 'times']);
    if (rows.length === 0) return;
    const kinds: Record<string, number> = {};
    for (const { kind, times } of rows) kinds[kind] = (kinds[kind] ?? 0) + times;
    const notifications = rows
      .filter(({ kind }) => this.#kinds.find(kind)?.attachment)
      .slice(0, mostWanted)
      .map(({ kind, place }) => ({ kind, place }));
    const awaits = [...new Set(notifications.map(({ kind }) => kind))];
    const [mail] = await this.#knex('mails')
      .insert({ person_id: personId, channel, kinds: JSON.stringify(kinds), awaits })
      .returning('id');
    if (awaits.length === 0) return void (await this.#jobs.enqueue('deliver', { mailId: mail.id }));
    await this.#events.publish('attachment-wanted', { mail: mail.id, person: personId, notifications });
    await this.#jobs.enqueue('deliver', { mailId: mail.id, unanswered: true }, { delaySeconds: waitSeconds });
  }

  #pending(channel: MailChannel): Knex.QueryBuilder {
    return this.#knex('notifications')
      .where({ channel })
      .whereNull('read_at')
      .whereNull('mailed_at')
      .whereRaw('happened_at > now() - ?::interval', [PENDING[channel]])
      .whereIn(
        'kind',
        this.#kinds.all().map(({ kind }) => kind),
      );
  }

  /** Seconds to the end of the person's quiet hours, in the time zone of their school. */
  async #quiet(
    personId: string,
    preferences: { quiet_from: string | null; quiet_to: string | null } | undefined,
  ): Promise<number> {
    const { quiet_from: from = null, quiet_to: to = null } = preferences ?? {};
    if (from === null || to === null) return 0;
    const zone = await this.#actAs(systemPrincipal(), async ({ directory, calendar }: Dependencies) => {
      const school = (await directory.people.get(personId))?.schools[0];
      return calendar.timeZone(school);
    });
    return secondsOfQuiet(this.#knex, { from, to }, zone ?? (await this.#calendar.timeZone()));
  }

  /** Seconds until the person has had less than the greatest number of e-mails in an hour. */
  async #secondsToRoom(personId: string): Promise<number> {
    const row = await this.#knex('mails')
      .where({ person_id: personId })
      .whereRaw("created_at > now() - interval '1 hour'")
      .orderBy('created_at', 'desc')
      .offset(this.#config.mailsPerHour - 1)
      .first({ seconds: this.#knex.raw(`ceil(extract(epoch from created_at - now()))::int + ${HOUR}`) });
    return row?.seconds ?? 0;
  }
}

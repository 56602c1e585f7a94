import type { Jobs } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { Kinds } from '../kinds/kinds.js';
import type { LetterKinds } from '../kinds/letter-kinds.js';
import type { payloads } from '../mail/payloads.js';

/**
 * - `waiting`: to be sent, or to be tried again
 * - `held`: there was no mail server
 * - `sent`, `failed` after the last try
 * - `bounced`: the address refuses e-mail; `refused`: the e-mail was refused
 * - `dropped`: the person no longer had an address
 */
export const mailStates = ['waiting', 'held', 'failed', 'bounced', 'refused', 'dropped', 'sent'] as const;
export type MailState = (typeof mailStates)[number];

/** States from which an e-mail can be sent again. */
const again: readonly MailState[] = ['held', 'failed', 'refused'];
export const shown = 100;
/** Greatest number that is sent again with one request. */
const mostAgain = 1_000;

/** One e-mail, without its recipient. */
export interface OutgoingMail {
  id: string;
  channel: string;
  /** Message keys of the names of the kinds in it; the kind itself if its plugin is out of service. */
  kinds: string[];
  tries: number;
  /** Code of the last answer of the mail server. */
  answer: string | null;
  createdAt: string;
  nextTryAt: string | null;
}

export class Outbox {
  readonly #knex: Knex;
  readonly #jobs: Jobs<typeof payloads>;
  readonly #settings: Dependencies['settings'];
  readonly #kinds: Kinds;

  readonly #letters: LetterKinds;

  constructor({ knex, jobs, settings, kinds, letterKinds }: Dependencies & { kinds: Kinds; letterKinds: LetterKinds }) {
    this.#letters = letterKinds;
    this.#kinds = kinds;
    this.#knex = knex;
    this.#jobs = jobs;
    this.#settings = settings;
  }

  async overview(state: MailState): Promise<{
    configured: boolean;
    counts: Record<MailState, number>;
    mails: OutgoingMail[];
    more: boolean;
    addresses: number;
  }> {
    const rows: { state: MailState; total: string }[] = await this.#knex('mails')
      .select('state', { total: this.#knex.raw('count(*)') })
      .groupBy('state');
    const counted = new Map(rows.map((row) => [row.state, Number(row.total)]));
    const [refusing] = await this.#knex('addresses').count({ total: '*' });
    const found = await this.#knex('mails')
      .where({ state })
      .select('id', 'channel', 'kinds', 'tries', 'answer', 'created_at', 'next_try_at')
      .orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id' }])
      .limit(shown + 1);
    const labels = new Map([
      ...this.#kinds.all().map(({ kind, plugin, text }) => [kind, `${plugin}:${text}.label`] as const),
      ...this.#letters.all().map(({ letter, plugin, text }) => [letter, `${plugin}:${text}.subject`] as const),
    ]);
    return {
      configured: (await this.#settings.portal()).host !== '',
      counts: Object.fromEntries(mailStates.map((each) => [each, counted.get(each) ?? 0])) as Record<MailState, number>,
      mails: found.slice(0, shown).map(({ id, channel, kinds, tries, answer, created_at, next_try_at }) => ({
        ...{ id, channel, tries, answer, kinds: Object.keys(kinds).map((kind) => labels.get(kind) ?? kind) },
        createdAt: created_at.toISOString(),
        nextTryAt: next_try_at?.toISOString() ?? null,
      })),
      more: found.length > shown,
      addresses: Number(refusing?.['total']),
    };
  }

  /** Sends again what is held, failed or was refused; returns how many. */
  async sendAgain(state: MailState): Promise<number> {
    if (!again.includes(state)) return 0;
    const ids: string[] = await this.#knex('mails').where({ state }).orderBy('created_at').limit(mostAgain).pluck('id');
    if (ids.length === 0) return 0;
    const now = this.#knex.fn.now();
    await this.#knex('mails').whereIn('id', ids).update({ state: 'waiting', tries: 0, next_try_at: null, updated_at: now });
    await Promise.all(ids.map((mailId) => this.#jobs.enqueue('deliver', { mailId })));
    return ids.length;
  }
}

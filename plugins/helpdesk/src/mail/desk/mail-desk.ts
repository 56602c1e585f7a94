import { notFound } from '@ilearn/core';
import type { Dependencies } from '../../dependencies.js';
import type { Parts } from '../../tickets/parts.js';
import { refused } from '../../tickets/problems.js';
import type { Ticketing } from '../../tickets/ticketing.js';
import type { Ruling, Withheld } from '../inbound/inbound.js';
import type { MailboxHealth, MailboxWatch } from '../inbound/watch.js';
import { mailboxOf } from '../mailbox-settings.js';
import type { Muted } from '../outbound/muted.js';

export const shown = 50;
const mostAgain = 500;
/** Received mails that wait for a helper, and mails that wait to be sent or did not arrive. */
export const receivedStates = ['held', 'quarantined'] as const;
export const sentStates = ['waiting', 'held', 'failed', 'refused', 'bounced', 'dropped', 'sent'] as const;
const again: readonly string[] = ['held', 'failed', 'refused'];

/** The mails of the helpdesk, for helpers of the portal; and the mail behind a message, for whoever reads its ticket. */
export class MailDesk {
  readonly #knex: Dependencies['knex'];
  readonly #files: Dependencies['files'];
  readonly #jobs: Dependencies['jobs'];
  readonly #settings: Dependencies['settings'];
  readonly #ticketing: Ticketing;
  readonly #parts: Parts;
  readonly #muted: Muted;
  readonly #watch: MailboxWatch;

  constructor(services: Dependencies & { ticketing: Ticketing; parts: Parts; muted: Muted; mailboxWatch: MailboxWatch }) {
    this.#knex = services.knex;
    this.#files = services.files;
    this.#jobs = services.jobs;
    this.#settings = services.settings;
    this.#ticketing = services.ticketing;
    this.#parts = services.parts;
    this.#muted = services.muted;
    this.#watch = services.mailboxWatch;
  }

  async health(): Promise<MailboxHealth & { sends: boolean; waiting: number }> {
    const [held] = await this.#knex('received_mails')
      .whereIn('state', [...receivedStates])
      .count({ total: '*' });
    const sends = (await mailboxOf(this.#settings)).smtp !== null;
    return { ...(await this.#watch.health()), sends, waiting: Number(held?.['total']) };
  }

  async received(state: (typeof receivedStates)[number], after: readonly unknown[] | null) {
    const found = this.#knex('received_mails as m')
      .leftJoin('tickets as t', 't.id', 'm.ticket_id')
      .where({ 'm.state': state })
      .select('m.id', 'm.sender', 'm.sender_name', 'm.subject', 'm.text', 'm.reason', 'm.bytes', 'm.created_at', 'm.raw_id')
      .select('t.number', 't.subject as ticket_subject')
      .orderBy([{ column: 'm.created_at', order: 'desc' }, { column: 'm.id' }])
      .limit(shown + 1);
    if (after !== null)
      found.whereRaw('(m.created_at < ? or (m.created_at = ? and m.id > ?))', [after[0], after[0], after[1]] as string[]);
    const rows = await found;
    return rows.map((row: ReceivedRow) => ({
      id: row.id,
      sender: row.sender,
      name: row.sender_name,
      subject: row.subject,
      text: row.text.slice(0, 2_000),
      reason: row.reason,
      bytes: Number(row.bytes),
      at: row.created_at.toISOString(),
      readable: row.raw_id !== null,
      ticket: row.number === null ? null : { number: Number(row.number), subject: row.ticket_subject as string },
    }));
  }

  async sent(state: (typeof sentStates)[number], after: readonly unknown[] | null) {
    const found = this.#knex('sent_mails as m')
      .leftJoin('tickets as t', 't.id', 'm.ticket_id')
      .where({ 'm.state': state })
      .select('m.id', 'm.kind', 'm.answer', 'm.tries', 'm.created_at', 'm.next_try_at', 't.number')
      .orderBy([{ column: 'm.created_at', order: 'desc' }, { column: 'm.id' }])
      .limit(shown + 1);
    if (after !== null)
      found.whereRaw('(m.created_at < ? or (m.created_at = ? and m.id > ?))', [after[0], after[0], after[1]] as string[]);
    const rows = await found;
    return rows.map((row: SentRow) => ({
      id: row.id,
      kind: row.kind,
      answer: row.answer,
      tries: row.tries,
      at: row.created_at.toISOString(),
      nextTryAt: row.next_try_at?.toISOString() ?? null,
      number: row.number === null ? null : Number(row.number),
    }));
  }

  /** Decides about a held or quarantined mail: it becomes what the helper says. */
  async rule(id: string, ruling: { to: 'ticket' } | { to: 'reply' } | { to: 'discard' }): Promise<void> {
    const mail = await this.#knex('received_mails')
      .where({ id })
      .whereIn('state', [...receivedStates])
      .forUpdate()
      .first();
    if (mail === undefined) throw notFound();
    if (ruling.to === 'discard') {
      if (mail.raw_id !== null) await this.#files.remove('raw_mails', mail.raw_id);
      const empty = { text: '', html: null, subject: '', sender: '', sender_name: '', sender_id: null, raw_id: null };
      await this.#knex('received_mails')
        .where({ id })
        .update({ state: 'discarded', ...empty, updated_at: this.#knex.fn.now() });
      return;
    }
    if (mail.raw_id === null || (ruling.to === 'reply' && mail.ticket_id === null)) throw refused('not-now');
    const stored: Ruling = ruling.to === 'reply' ? { to: 'reply', ticketId: mail.ticket_id } : { to: 'ticket' };
    await this.#knex('received_mails')
      .where({ id })
      .update({ state: 'waiting', ruling: JSON.stringify(stored) });
    await this.#jobs.enqueue('read-mail', { mailId: id });
  }

  /** Sends again what is held, failed or was refused; returns how many. */
  async sendAgain(state: (typeof sentStates)[number]): Promise<number> {
    if (!again.includes(state)) return 0;
    const ids: string[] = await this.#knex('sent_mails').where({ state }).orderBy('created_at').limit(mostAgain).pluck('id');
    if (ids.length === 0) return 0;
    await this.#knex('sent_mails')
      .whereIn('id', ids)
      .update({ state: 'waiting', tries: 0, next_try_at: null, updated_at: this.#knex.fn.now() });
    await Promise.all(ids.map((mailId) => this.#jobs.enqueue('send-mail', { mailId })));
    return ids.length;
  }

  /** The mail behind a message: its HTML, cleaned, and what it holds beside its files. */
  async mail(id: string): Promise<{ html: string | null; withheld: Withheld[]; original: boolean }> {
    const row = await this.#readable(id);
    // Only helpers may have the mail as it came: it names other recipients.
    return { html: row.html, withheld: row.withheld, original: row.raw_id !== null && row.isHelper };
  }

  /** The stored file of a mail as it came, for whoever may have it. */
  async original(id: string): Promise<string> {
    const row = await this.#readable(id);
    if (row.raw_id === null || !row.isHelper) throw notFound();
    return row.raw_id;
  }

  muted(): Promise<number> {
    return this.#muted.count();
  }

  /** A mail of a ticket that the caller may read, or one without a place for helpers of the portal. */
  async #readable(id: string): Promise<{ html: string | null; withheld: Withheld[]; raw_id: string | null; isHelper: boolean }> {
    const row = await this.#knex('received_mails')
      .where({ id })
      .first('html', 'withheld', 'raw_id', 'state', 'ticket_id', 'side_id');
    if (row === undefined) throw notFound();
    if (this.#parts.desk.portal) return { ...row, isHelper: true };
    if (row.ticket_id === null || !['ticket', 'reply'].includes(row.state)) throw notFound();
    const ticket = await this.#ticketing.find(row.ticket_id);
    const part = ticket === undefined ? null : await this.#parts.mine(ticket);
    if (part === null || (row.side_id !== null && part !== 'agent')) throw notFound();
    return { ...row, isHelper: part === 'agent' };
  }
}

interface ReceivedRow {
  id: string;
  sender: string;
  sender_name: string;
  subject: string;
  text: string;
  reason: string;
  bytes: string;
  created_at: Date;
  raw_id: string | null;
  number: string | null;
  ticket_subject: string | null;
}

interface SentRow {
  id: string;
  kind: 'answer' | 'acknowledgement' | 'too-large';
  answer: string | null;
  tries: number;
  created_at: Date;
  next_try_at: Date | null;
  number: string | null;
}

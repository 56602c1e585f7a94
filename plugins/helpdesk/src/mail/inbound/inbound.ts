import type { Upload } from '@ilearn/core';
import type { Dependencies } from '../../dependencies.js';
import type { Author } from '../../tickets/new-ticket.js';
import type { Ticketing } from '../../tickets/ticketing.js';
import { isOwn, isRobot } from '../addresses.js';
import { authenticationOf, isAutomatic } from '../headers.js';
import { mailText } from '../mail-texts.js';
import { type Mailbox, mailboxOf } from '../mailbox-settings.js';
import type { MailContent } from '../parsing/parsed.js';
import { type Decision, decide } from '../threading.js';
import { type MailTokens, tokenIn } from '../tokens.js';
import type { Place, Places } from './places.js';
import type { Reports } from './reports.js';
import type { Sender, Senders } from './senders.js';

/** An attachment that is no file of its own: it is in the mail as it came. */
export interface Withheld {
  name: string;
  type: string;
  bytes: number;
}

/** What reading a mail brought. */
export type ReadMail =
  | { mail: MailContent; uploads: Upload[]; withheld: Withheld[] }
  | { quarantined: 'too-slow' | 'too-much-memory' | 'crashed' | 'failed' };

/** What a helper decided about a mail that was held or quarantined. */
export type Ruling = { to: 'ticket' } | { to: 'reply'; ticketId: string };

interface Row {
  id: string;
  mailbox: string;
  raw_id: string | null;
  ruling: Ruling | null;
}

/**
 * Gives each mail its place: a ticket, a reply, or a place in front of a helper. In one unit of work with what it changes, so that a mail is
 * used once. The order is fixed: own mails, reports, too many from one sender, sender, thread, body.
 */
export class Inbound {
  readonly #knex: Dependencies['knex'];
  readonly #files: Dependencies['files'];
  readonly #settings: Dependencies['settings'];
  readonly #config: Dependencies['config'];
  readonly #portal: Dependencies['portal'];
  readonly #ticketing: Ticketing;
  readonly #tokens: MailTokens;
  readonly #senders: Senders;
  readonly #places: Places;
  readonly #reports: Reports;

  constructor(
    services: Dependencies & { ticketing: Ticketing; mailTokens: MailTokens; senders: Senders; places: Places; reports: Reports },
  ) {
    this.#knex = services.knex;
    this.#files = services.files;
    this.#settings = services.settings;
    this.#config = services.config;
    this.#portal = services.portal;
    this.#ticketing = services.ticketing;
    this.#tokens = services.mailTokens;
    this.#senders = services.senders;
    this.#places = services.places;
    this.#reports = services.reports;
  }

  /** The stored mail that waits, with a null `rawId` if it is not kept any more; null: it has its place. */
  async waiting(id: string): Promise<{ rawId: string | null } | null> {
    const row = await this.#knex('received_mails').where({ id, state: 'waiting' }).first('raw_id');
    return row === undefined ? null : { rawId: row.raw_id };
  }

  async settle(id: string, read: ReadMail): Promise<void> {
    const row: Row | undefined = await this.#knex('received_mails').where({ id, state: 'waiting' }).forUpdate().first();
    if (row === undefined) return;
    if ('quarantined' in read) return this.#put(row, { state: 'quarantined', reason: read.quarantined });
    const { mail } = read;
    const mailbox = await mailboxOf(this.#settings);
    const authentication = authenticationOf(mail.headers, mailbox.authenticationHost, mail.from?.address ?? '');
    const sender = await this.#senders.of(mail, authentication);
    const automatic = isAutomatic(mail.headers) || isRobot(sender.address);
    await this.#put(row, {
      ...{ sender: sender.address, sender_name: sender.name, sender_id: sender.account?.id ?? null },
      ...{ subject: mail.subject, text: mail.text, html: mail.html, automatic, authentication },
      withheld: JSON.stringify(read.withheld),
    });
    if (row.raw_id !== null && sender.account !== null) {
      await this.#knex('raw_mails').where({ id: row.raw_id }).update({ sender_id: sender.account.id });
    }
    const outcome = await this.#place(row, { ...read, sender, automatic, mailbox });
    await this.#put(row, outcome);
  }

  async #place(row: Row, found: Found): Promise<Record<string, unknown>> {
    const { mail, sender, automatic, mailbox } = found;
    if (row.ruling !== null) return this.#ruled(row, row.ruling, found);
    if (isOwn(sender.address, mailbox.own) || (await this.#isOurs(mail))) return { state: 'quarantined', reason: 'own' };
    if (mail.report !== null) return this.#reports.file(mail.report);
    if (await this.#isTooMany(sender)) return { state: 'quarantined', reason: 'too-many' };
    const signed = await this.#places.signed(mail);
    const earlier = signed === null ? await this.#places.earlier(mail, row.mailbox) : null;
    const numbered = signed === null && earlier === null ? await this.#places.numbered(mail) : null;
    const place = signed ?? earlier ?? numbered;
    const author = place === null ? null : await this.#authorIn(place, sender);
    const fact = (each: Place | null) => (each === null ? null : { ticketId: each.ticket.id, takesPart: author !== null });
    const decision = decide({
      authentication: sender.authentication,
      ...{ signed: fact(signed), earlier: fact(earlier), numbered: fact(numbered) },
    });
    return this.#carryOut(row, decision, { ...found, place, author, automatic });
  }

  async #carryOut(row: Row, decision: Decision, found: Found & { place: Place | null; author: Author | null }) {
    const { place, author, sender } = found;
    if (decision.to === 'held') {
      return { state: 'held', reason: decision.reason, ticket_id: decision.ticketId, side_id: place?.side?.id ?? null };
    }
    if (decision.to === 'reply' && place !== null && author !== null) return this.#reply(row, place, author, found);
    return this.#open(row, this.#senders.authorOf(sender), found);
  }

  /** What a helper decided. The sender is named as far as they are known; nobody becomes a helper by it. */
  async #ruled(row: Row, ruling: Ruling, found: Found): Promise<Record<string, unknown>> {
    const { address, name } = found.sender;
    const author = { personId: null, email: address === '' ? null : address, name: name === '' ? null : name };
    if (ruling.to === 'ticket') return this.#open(row, author, found);
    const ticket = await this.#ticketing.find(ruling.ticketId);
    if (ticket === undefined) return this.#open(row, author, found);
    return this.#reply(row, { ticket, side: null }, (await this.#senders.inTicket(ticket, found.sender)) ?? author, found);
  }

  async #reply(row: Row, { ticket, side }: Place, author: Author, found: Found): Promise<Record<string, unknown>> {
    const added = await this.#ticketing.addMessage(ticket.id, {
      author,
      text: this.#textOf(found.mail),
      kind: side === null ? 'public' : 'side',
      sideId: side?.id ?? null,
      channel: 'mail',
      mailId: row.id,
      files: await this.#keep(row, found),
      automatic: found.automatic,
    });
    return { state: 'reply', reason: '', ticket_id: added.ticketId, side_id: side?.id ?? null };
  }

  async #open(row: Row, author: Author, found: Found): Promise<Record<string, unknown>> {
    const { account } = found.sender;
    const [school, ...others] = author.personId === null ? [] : (account?.schools ?? []);
    const { id } = await this.#ticketing.open({
      subject: found.mail.subject === '' ? mailText(this.#portal.languages[0], 'noSubject') : found.mail.subject,
      text: this.#textOf(found.mail),
      channel: 'mail',
      author,
      schoolId: others.length === 0 ? (school ?? null) : null,
      files: await this.#keep(row, found),
      mailId: row.id,
      automatic: found.automatic,
    });
    return { state: 'ticket', reason: '', ticket_id: id, side_id: null };
  }

  /** Files are of the sender's account, so that erasing the person deletes them; the mail stands for a sender without one. */
  async #keep({ id }: Row, { uploads, sender }: Found): Promise<string[]> {
    const people = { owner_id: sender.account?.id ?? id };
    const kept: string[] = [];
    for (const upload of uploads) kept.push((await this.#files.keep('attachments', upload, { people })).id);
    return kept;
  }

  #textOf({ text }: Pick<MailContent, 'text'>): string {
    return text.trim() === '' ? mailText(this.#portal.languages[0], 'noText') : text.trimEnd();
  }

  #authorIn({ ticket, side }: Place, sender: Sender): Promise<Author | null> {
    return side === null ? this.#senders.inTicket(ticket, sender) : this.#senders.inSide(side.provider_id, sender);
  }

  /** A mail of this portal that came back. */
  async #isOurs({ messageId }: MailContent): Promise<boolean> {
    const token = messageId === null ? null : tokenIn(messageId);
    return token !== null && (await this.#tokens.verify(token)) !== null;
  }

  async #isTooMany({ address }: Sender): Promise<boolean> {
    if (address === '') return false;
    const [row] = await this.#knex('received_mails')
      .where({ sender: address })
      .whereIn('state', ['ticket', 'reply', 'held'])
      .whereRaw("created_at > now() - interval '1 hour'")
      .count({ total: '*' });
    return Number(row?.['total']) >= this.#config.mail.receivedPerHour;
  }

  async #put({ id }: Row, values: Record<string, unknown>): Promise<void> {
    await this.#knex('received_mails')
      .where({ id })
      .update({ ...values, updated_at: this.#knex.fn.now() });
  }
}

interface Found {
  mail: MailContent;
  uploads: Upload[];
  sender: Sender;
  automatic: boolean;
  mailbox: Mailbox;
}

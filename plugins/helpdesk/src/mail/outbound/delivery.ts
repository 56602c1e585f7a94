import { systemPrincipal } from '@ilearn/core';
import type { Outcome, OutgoingMessage, SmtpServer } from '@ilearn/plugin-notifications/smtp';
import type { Dependencies } from '../../dependencies.js';
import type { Attachments } from '../../tickets/attachments.js';
import type { Ticketing } from '../../tickets/ticketing.js';
import { isAddress } from '../addresses.js';
import type { MailConfig } from '../config.js';
import { mailText } from '../mail-texts.js';
import { mailboxOf } from '../mailbox-settings.js';
import { type MailTokens, tokenIn } from '../tokens.js';
import { messageIdOf, messageOf, type OutgoingContent } from './message.js';
import type { Muted } from './muted.js';

/** Seconds before each further try: a minute to twelve hours, about a day in all. */
const RETRY_SECONDS = [60, 300, 1_800, 7_200, 21_600, 43_200];
/** Many mail servers refuse more. */
const ATTACHED_BYTES = 15 * 1024 * 1024;
const mostOfThread = 500;

/** A mail that is ready to be sent. `files` are read while no unit of work is open. */
export interface Letter {
  to: string;
  from: string;
  server: SmtpServer;
  config: MailConfig;
  message: OutgoingMessage;
  files: { name: string; type: string; bytes: AsyncIterable<Uint8Array> }[];
}

/** `held`: there is no mail server. `dropped`: there is no address that takes mail, or nothing to send any more. */
export type Delivered = Outcome | { outcome: 'held' | 'dropped' | 'refused'; answer: string };

/** Mails that wait to be sent, and what became of them. */
export class MailDelivery {
  readonly #services: Dependencies & { ticketing: Ticketing; mailTokens: MailTokens; attachments: Attachments; muted: Muted };

  constructor(services: Dependencies & { ticketing: Ticketing; mailTokens: MailTokens; attachments: Attachments; muted: Muted }) {
    this.#services = services;
  }

  /** Null if it does not wait any more. */
  async letter(mailId: string): Promise<Letter | Delivered | null> {
    const { knex, settings, config, portal, directory, muted } = this.#services;
    const mail = await knex('sent_mails').where({ id: mailId, state: 'waiting' }).first();
    if (mail === undefined) return null;
    const { smtp, address: mailbox } = await mailboxOf(settings);
    if (smtp === null) return { outcome: 'held', answer: 'no mail server' };
    const to = mail.person_id === null ? mail.address : await directory.people.emailOf(mail.person_id);
    if (to === null || !isAddress(to) || (await muted.has(to))) return { outcome: 'dropped', answer: 'no address' };
    const content = await this.#contentOf(mail, mailbox);
    if (content === null) return { outcome: 'dropped', answer: 'nothing to send' };
    const files = mail.kind === 'answer' ? await this.#filesOf(mail.ticket_message_id) : [];
    if (files === null) return { outcome: 'refused', answer: 'attachments too large' };
    return {
      to,
      from: mailbox,
      server: smtp,
      config: config.mail,
      message: messageOf({ ...content, name: portalName(portal) }),
      files,
    };
  }

  async record(mailId: string, { outcome, answer }: Delivered): Promise<void> {
    const { knex, jobs, muted, ticketing, portal } = this.#services;
    const mail = await knex('sent_mails').where({ id: mailId, state: 'waiting' }).forUpdate().first();
    if (mail === undefined) return;
    const wait = outcome === 'later' ? RETRY_SECONDS[mail.tries] : undefined;
    const state = outcome !== 'later' ? outcome : wait === undefined ? 'failed' : 'waiting';
    const tried = outcome === 'held' || outcome === 'dropped' ? 0 : 1;
    const next = wait === undefined ? null : knex.raw('now() + make_interval(secs => ?)', [wait]);
    await knex('sent_mails')
      .where({ id: mailId })
      .update({ state, answer, tries: mail.tries + tried, next_try_at: next, updated_at: knex.fn.now() });
    if (wait !== undefined) await jobs.enqueue('send-mail', { mailId }, { delaySeconds: wait });
    if (outcome === 'bounced') await muted.add(mail, answer);
    if (mail.kind !== 'answer' || !['bounced', 'refused', 'failed'].includes(state)) return;
    // Whoever wrote the answer sees in the ticket that it did not leave.
    await ticketing.addMessage(mail.ticket_id, {
      author: { personId: null, email: null, name: null },
      text: mailText(portal.languages[0], 'notSent', { answer }),
      kind: 'note',
      channel: 'mail',
      automatic: true,
    });
  }

  async #contentOf(mail: SentMail, mailbox: string): Promise<Omit<OutgoingContent, 'name'> | null> {
    const { knex, portal, mailTokens, ticketing } = this.#services;
    const [language] = portal.languages;
    const host = new URL(portal.url).host;
    const common = { id: mail.id, mailbox, attachments: [], subject: mail.subject };
    if (mail.kind === 'too-large') {
      const text = mailText(language, 'tooLarge');
      const subject = mailText(language, 'tooLargeSubject');
      const footer = mailText(language, 'why', { host });
      return { ...common, subject, text, footer, token: null, number: null, automatic: true, thread: [] };
    }
    const ticket = mail.ticket_id === null ? undefined : await ticketing.find(mail.ticket_id);
    if (ticket === undefined) return null;
    const side = mail.side_id;
    const token = await mailTokens.sign(side === null ? { kind: 'ticket', id: ticket.id } : { kind: 'side', id: side });
    const thread = await this.#threadOf(mail, mailbox, token);
    const footer = mailText(language, 'footer', { host });
    const known = { ...common, token, thread, footer, number: Number(ticket.number) };
    if (mail.kind === 'acknowledgement') {
      const text = mailText(language, 'acknowledgement', { number: Number(ticket.number) });
      return { ...known, text, automatic: true };
    }
    const message = await knex('ticket_messages').where({ id: mail.ticket_message_id }).first('text');
    return message === undefined ? null : { ...known, text: message.text, automatic: false };
  }

  /** The ids of the mails of this conversation, oldest first. */
  async #threadOf({ id, ticket_id, side_id, created_at }: SentMail, mailbox: string, token: string): Promise<string[]> {
    const { knex } = this.#services;
    const newest = (table: string) =>
      knex(table)
        .where({ ticket_id, side_id })
        .where('created_at', '<', created_at)
        .orderBy('created_at', 'desc')
        .limit(mostOfThread);
    const received: { message_id: string; created_at: Date }[] = await newest('received_mails')
      .whereIn('state', ['ticket', 'reply'])
      .where({ automatic: false })
      .select('message_id', 'created_at');
    const sent: { id: string; created_at: Date }[] = await newest('sent_mails')
      .whereNot({ id })
      .whereIn('state', ['sent', 'waiting'])
      .select('id', 'created_at');
    return [
      ...received
        .filter(({ message_id }) => message_id.startsWith('<') && tokenIn(message_id) === null)
        .map((row) => ({ id: row.message_id, at: row.created_at })),
      ...sent.map((row) => ({ id: messageIdOf({ id: row.id, token, mailbox }), at: row.created_at })),
    ]
      .sort((one, other) => one.at.getTime() - other.at.getTime())
      .map((each) => each.id);
  }

  /** Null: they are too large for a mail. */
  async #filesOf(messageId: string | null): Promise<Letter['files'] | null> {
    if (messageId === null) return [];
    const found = await this.#services.attachments.of([messageId]);
    if (found.reduce((sum, { bytes }) => sum + Number(bytes), 0) > ATTACHED_BYTES) return null;
    return Promise.all(
      found.map(async ({ id, name }) => {
        const [file, bytes] = [
          await this.#services.files.find('attachments', id),
          await this.#services.files.bytes('attachments', id),
        ];
        return { name, type: file?.type ?? 'application/octet-stream', bytes };
      }),
    );
  }
}

interface SentMail {
  id: string;
  kind: 'answer' | 'acknowledgement' | 'too-large';
  ticket_id: string | null;
  side_id: string | null;
  ticket_message_id: string | null;
  subject: string;
  created_at: Date;
}

const portalName = ({ url }: Dependencies['portal']): string => `Helpdesk ${new URL(url).hostname}`;

/** Runs `fn` with the rights of the system in all tenants: a mail may go from one school to a provider. */
export const asSystem = <T>(services: Pick<Dependencies, 'actAs'>, fn: (delivery: MailDelivery) => Promise<T>): Promise<T> =>
  services.actAs(systemPrincipal(), ({ mailDelivery }: { mailDelivery: MailDelivery }) => fn(mailDelivery));

import type { Dependencies } from '../../dependencies.js';
import type { Ticket, TicketMessage } from '../../models.js';
import type { Ticketing } from '../../tickets/ticketing.js';
import { bareAddress, isAddress, isOwn, isRobot } from '../addresses.js';
import { mailboxOf } from '../mailbox-settings.js';
import type { Muted } from './muted.js';

/** People of a provider who get side conversations by mail. */
const sideRoles = ['tool-manager', 'first-line-helper'];
const mostRecipients = 50;

interface Recipient {
  personId: string | null;
  /** Empty for a person: their address is looked up when the mail is sent. */
  address: string;
}

/** Decides which mails are sent: never to the helpdesk itself, to robots, or to somebody twice. */
export class MailOutbox {
  readonly #knex: Dependencies['knex'];
  readonly #jobs: Dependencies['jobs'];
  readonly #settings: Dependencies['settings'];
  readonly #config: Dependencies['config'];
  readonly #directory: Dependencies['directory'];
  readonly #ticketing: Ticketing;
  readonly #muted: Muted;

  constructor({
    knex,
    jobs,
    settings,
    config,
    directory,
    ticketing,
    muted,
  }: Dependencies & { ticketing: Ticketing; muted: Muted }) {
    this.#knex = knex;
    this.#jobs = jobs;
    this.#settings = settings;
    this.#config = config;
    this.#directory = directory;
    this.#ticketing = ticketing;
    this.#muted = muted;
  }

  /** Sends a message of a ticket to those who take part by mail. Notes and automatic messages go to nobody. */
  async answer(ticketId: string, messageId: string): Promise<void> {
    const ticket = await this.#ticketing.find(ticketId);
    const message: TicketMessage | undefined = await this.#knex('ticket_messages').where({ id: messageId }).first();
    if (ticket === undefined || message === undefined || message.kind === 'note' || message.automatic) return;
    const wanted = message.kind === 'side' ? await this.#sideOf(message) : await this.#participants(ticket);
    const recipients = await this.#once(wanted, message);
    for (const { personId, address } of recipients) {
      const [row] = await this.#knex('sent_mails')
        .insert({
          ...{ kind: 'answer', ticket_id: ticket.id, side_id: message.side_id, ticket_message_id: message.id },
          ...{ person_id: personId, address, subject: ticket.subject },
        })
        .onConflict()
        .ignore()
        .returning('id');
      if (row !== undefined) await this.#jobs.enqueue('send-mail', { mailId: row.id });
    }
  }

  /** Tells whoever asked by mail or by the form that their question arrived. */
  async acknowledge(ticketId: string): Promise<void> {
    const ticket = await this.#ticketing.find(ticketId);
    if (ticket === undefined) return;
    const { requester_id: personId, requester_email: email } = ticket;
    const address = personId === null ? email : await this.#directory.people.emailOf(personId);
    if (address === null || !(await this.#takesAutomatic(address))) return;
    const [row] = await this.#knex('sent_mails')
      .insert({
        ...{ kind: 'acknowledgement', ticket_id: ticket.id, subject: ticket.subject },
        ...{ person_id: personId, address: personId === null ? address : '' },
      })
      .returning('id');
    await this.#jobs.enqueue('send-mail', { mailId: row.id });
  }

  /** Tells the sender of a mail that was too large. */
  async refuseLarge(address: string): Promise<void> {
    if (!(await this.#takesAutomatic(address))) return;
    const [row] = await this.#knex('sent_mails').insert({ kind: 'too-large', address }).returning('id');
    await this.#jobs.enqueue('send-mail', { mailId: row.id });
  }

  /** Whether an automatic mail may go there: not to a robot, nor to the helpdesk, nor more than so many in an hour. */
  async #takesAutomatic(address: string): Promise<boolean> {
    const { own } = await mailboxOf(this.#settings);
    if (!isAddress(address) || isRobot(address) || isOwn(address, own) || (await this.#muted.has(address))) return false;
    const person = await this.#directory.people.byEmail(address);
    const [row] = await this.#knex('sent_mails')
      .whereIn('kind', ['acknowledgement', 'too-large'])
      .where((either) => {
        either.whereRaw('lower(address) = lower(?)', [address]);
        if (person !== null) either.orWhere({ person_id: person.id });
      })
      .whereRaw("created_at > now() - interval '1 hour'")
      .count({ total: '*' });
    return Number(row?.['total']) < this.#config.mail.automaticPerHour;
  }

  /** Those without an account, those who asked for mail, and whoever asked by mail. */
  async #participants(ticket: Ticket): Promise<Recipient[]> {
    const rows: { person_id: string | null; email: string }[] = await this.#knex('ticket_participants')
      .where({ ticket_id: ticket.id, by_mail: true })
      .orderBy('created_at')
      .limit(mostRecipients)
      .select('person_id', 'email');
    const requester =
      ticket.requester_id === null
        ? [{ personId: null, address: ticket.requester_email }]
        : ticket.channel === 'mail'
          ? [{ personId: ticket.requester_id, address: '' }]
          : [];
    return [
      ...requester,
      ...rows.map(({ person_id, email }) => ({ personId: person_id, address: person_id === null ? email : '' })),
    ];
  }

  /** A provider, who answers by mail or in the portal. What the provider writes stays in the portal. */
  async #sideOf({ part, provider_id }: TicketMessage): Promise<Recipient[]> {
    if (part !== 'agent' || provider_id === null) return [];
    const people = await this.#directory.providers.peopleOf(provider_id);
    return people
      .filter(({ roles }) => roles.some((role) => sideRoles.includes(role)))
      .slice(0, mostRecipients)
      .map(({ id }) => ({ personId: id, address: '' }));
  }

  /** One mail for each address, and none for whoever wrote the message. */
  async #once(recipients: readonly Recipient[], { author_id, author_email }: TicketMessage): Promise<Recipient[]> {
    const { own } = await mailboxOf(this.#settings);
    const seen = new Set([bareAddress(author_email)]);
    if (author_id !== null) seen.add(bareAddress((await this.#directory.people.emailOf(author_id)) ?? ''));
    const kept: Recipient[] = [];
    for (const each of recipients) {
      const address = each.personId === null ? each.address : ((await this.#directory.people.emailOf(each.personId)) ?? '');
      if (seen.has(bareAddress(address)) || !isAddress(address) || isRobot(address) || isOwn(address, own)) continue;
      seen.add(bareAddress(address));
      kept.push(each);
    }
    return kept;
  }
}

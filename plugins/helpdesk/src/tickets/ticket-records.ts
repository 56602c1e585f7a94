import { notFound } from '@ilearn/core';
import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { Ticket, TicketMessage } from '../models.js';
import type { Attachments } from './attachments.js';
import type { NewMessage } from './new-ticket.js';
import type { Actor } from './states.js';

/** Rows of tickets, their messages and their history, as {@link Ticketing} stores and finds them. Changes no state. */
export class TicketRecords {
  readonly #services: Pick<Dependencies, 'Ticket' | 'TicketMessage' | 'TicketSide' | 'TicketStep'>;
  readonly #attachments: Attachments;

  constructor({ Ticket, TicketMessage, TicketSide, TicketStep }: Dependencies, attachments: Attachments) {
    this.#services = { Ticket, TicketMessage, TicketSide, TicketStep };
    this.#attachments = attachments;
  }

  /** A message with its files; counts it in the ticket. @throws Problem 404 if it is of a side conversation that the ticket has not */
  async addMessage(
    ticket: Ticket,
    message: Pick<NewMessage, 'author' | 'text' | 'kind' | 'sideId' | 'mailId' | 'files' | 'automatic'>,
    part: TicketMessage['part'],
    channel: TicketMessage['channel'],
  ): Promise<TicketMessage> {
    const { Ticket, TicketMessage, TicketSide } = this.#services;
    const { author, text, kind, sideId = null, mailId = null, files = [], automatic = false } = message;
    const side = sideId === null ? undefined : await TicketSide.query().findOne({ id: sideId, ticket_id: ticket.id });
    if (kind === 'side' && side === undefined) throw notFound();
    const { school_id, provider_id } = side ?? ticket;
    const stored = await TicketMessage.query().insertAndFetch({
      ...{ ticket_id: ticket.id, side_id: side?.id ?? null, school_id, provider_id },
      author_id: author.personId,
      author_email: author.personId === null ? (author.email ?? '') : '',
      author_name: author.personId === null ? (author.name ?? '') : '',
      ...{ part, kind, channel, mail_id: mailId, automatic, text },
    });
    await this.#attachments.attach(stored, files);
    const now = raw('now()') as never;
    if (side !== undefined) {
      await TicketSide.query().findById(side.id).patch({ updated_at: now });
      return stored;
    }
    const counted = { messages: raw('messages + 1') as never, attachments: raw('attachments + ?', [files.length]) as never };
    const last = kind === 'note' || automatic ? {} : { last_by: part, last_at: now, updated_at: now };
    await Ticket.query()
      .findById(ticket.id)
      .patch({ ...counted, ...last });
    return stored;
  }

  /** A line in the history of a ticket. */
  async note(ticket: Ticket, action: string, by: Actor, detail: string): Promise<void> {
    const { id, school_id, provider_id, state } = ticket;
    await this.#services.TicketStep.query().insert({
      ...{ ticket_id: id, school_id, provider_id, action, state, part: by.part, by_id: by.personId, detail },
    });
  }

  /** @throws Problem 404 */
  async locked(ticketId: string): Promise<Ticket> {
    const ticket = await this.#services.Ticket.query().findById(ticketId).forUpdate();
    if (ticket === undefined) throw notFound();
    return ticket;
  }

  /** The ticket, or the one with which it was merged. */
  async targetOf(ticketId: string): Promise<Ticket> {
    const ticket = await this.locked(ticketId);
    return ticket.merged_into === null ? ticket : this.targetOf(ticket.merged_into);
  }
}

import { notFound, type Principal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Ticket } from '../models.js';
import type { Conversations } from './conversations.js';
import type { Part } from './parts.js';
import { refused } from './problems.js';
import type { TicketAction } from './states.js';
import type { Ticketing } from './ticketing.js';

export interface Answer {
  text: string;
  kind: 'public' | 'note';
  /** What a helper does with the ticket in the same go. */
  next: 'ask' | 'wait' | 'solve' | 'work' | 'none';
  /** How many messages the writer had seen; null: not checked. */
  seen: number | null;
}

/** Messages and decisions of those who take part, in the portal. */
export class Answering {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'Ticket' | 'knex'>;
  readonly #conversations: Conversations;
  readonly #ticketing: Ticketing;

  constructor({
    principal,
    Ticket,
    knex,
    conversations,
    ticketing,
  }: Dependencies & { conversations: Conversations; ticketing: Ticketing }) {
    this.#principal = principal;
    this.#services = { Ticket, knex };
    this.#conversations = conversations;
    this.#ticketing = ticketing;
  }

  /**
   * Adds a message. Whoever takes part writes to all; notes are for helpers. Returns the ticket that has it.
   *
   * @throws Problem 409 `helpdesk/newer-message` if a message came that the writer had not seen
   */
  async answer(id: string, { text, kind, next, seen }: Answer, files: readonly string[]): Promise<string> {
    const { ticket, part } = await this.#conversations.get(id);
    if (kind === 'note' && part !== 'agent') throw notFound();
    if (seen !== null) await this.#isUpToDate(ticket, seen);
    const author = { personId: this.#principal.id, email: null, name: null };
    const { ticketId } = await this.#ticketing.addMessage(id, { author, text, kind, channel: 'portal', files });
    if (part === 'agent') {
      if (kind === 'public' && ticket.owner_id === null) await this.#take(ticket);
      if (next !== 'none') await this.act(ticketId, next);
    }
    await this.#services.knex('ticket_drafts').where({ ticket_id: id, author_id: this.#principal.id }).delete();
    return ticketId;
  }

  /** Carries out an action that the caller's part allows. */
  async act(id: string, action: TicketAction, reason = ''): Promise<void> {
    const { ticket, part } = await this.#conversations.get(id);
    if (action === 'create' || action === 'merge' || action === 'reply') throw refused('not-now');
    await this.#ticketing.change(ticket.id, action, { part: actorOf(part), personId: this.#principal.id }, reason);
  }

  /** Whoever answers first has it. */
  async #take(ticket: Ticket): Promise<void> {
    const { id } = this.#principal;
    if (id === null) return;
    await this.#services.Ticket.query().findById(ticket.id).patch({ owner_id: id });
    await this.#ticketing.note(ticket, 'assign', { part: 'agent', personId: id });
  }

  async #isUpToDate(ticket: Ticket, seen: number): Promise<void> {
    const row = await this.#services.Ticket.query().findById(ticket.id).forUpdate().select('messages');
    if ((row?.messages ?? 0) > seen) throw refused('newer-message');
  }
}

const actorOf = (part: Part) => (part === 'agent' ? 'agent' : 'requester');

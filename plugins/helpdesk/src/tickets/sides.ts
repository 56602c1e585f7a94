import { notFound, type Principal, Problem, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Ticket } from '../models.js';
import type { Conversations } from './conversations.js';
import type { TicketNames } from './names.js';
import type { TicketTraces } from './ticket-traces.js';
import type { Ticketing } from './ticketing.js';

const mostProviders = 100;
const email = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu;
const telephone = /(?:\+|\b0)\d[\d ./-]{6,}\d/g;
const hidden = '[…]';

/** A text without the names, addresses and telephone numbers that the portal knows of. A person reads it before it goes out. */
export function minimised(text: string, names: readonly string[]): string {
  const known = [...names].sort((one, other) => other.length - one.length).filter((name) => name.length > 1);
  const plain = text.replace(email, hidden).replace(telephone, hidden);
  return known.reduce((rest, name) => rest.replaceAll(wordOf(name), hidden), plain);
}

/** The name as whole words, in upper or lower case. */
const wordOf = (name: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'giu');

export interface NewSide {
  provider: string;
  subject: string;
  text: string;
  withTrace: boolean;
}

/** Conversations with providers about a ticket. They see what is sent to them, and nothing else of it. */
export class Sides {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'TicketSide' | 'TicketMessage' | 'actAs'>;
  readonly #conversations: Conversations;
  readonly #ticketing: Ticketing;
  readonly #traces: TicketTraces;
  readonly #names: TicketNames;

  constructor(
    services: Dependencies & {
      conversations: Conversations;
      ticketing: Ticketing;
      ticketTraces: TicketTraces;
      ticketNames: TicketNames;
    },
  ) {
    const { TicketSide, TicketMessage, actAs } = services;
    this.#principal = services.principal;
    this.#services = { TicketSide, TicketMessage, actAs };
    this.#conversations = services.conversations;
    this.#ticketing = services.ticketing;
    this.#traces = services.ticketTraces;
    this.#names = services.ticketNames;
  }

  /** What would go out: the first message without names, and the providers to whom it can go. */
  async preview(ticketId: string) {
    const ticket = await this.#conversations.handled(ticketId);
    const names = await this.#namesIn(ticket);
    const first = await this.#services.TicketMessage.query()
      .where({ ticket_id: ticketId, kind: 'public' })
      .orderBy(['created_at', 'id'])
      .first();
    const providers = await this.#services.actAs(systemPrincipal(), ({ directory }: Dependencies) =>
      directory.providers.list({ limit: mostProviders }),
    );
    return {
      subject: minimised(ticket.subject, names),
      text: minimised(first?.text ?? '', names),
      trace: (await this.#traces.of(ticketId))?.lines ?? null,
      providers: providers.map(({ id, name }) => ({ id, name })),
    };
  }

  /**
   * Sends a question to a provider. The ticket waits for it.
   *
   * @throws Problem 422 `helpdesk/name-in-text` if it names somebody who takes part in the ticket
   */
  async open(ticketId: string, { provider, subject, text, withTrace }: NewSide): Promise<string> {
    const ticket = await this.#conversations.handled(ticketId);
    const names = await this.#namesIn(ticket);
    if (minimised(subject, names) !== subject || minimised(text, names) !== text) throw nameInText();
    const known = await this.#services.actAs(systemPrincipal(), ({ directory }: Dependencies) =>
      directory.providers.get(provider),
    );
    if (known === null) throw notFound();
    const trace = withTrace ? await this.#traces.of(ticketId) : null;
    const side = await this.#services.TicketSide.query().insertAndFetch({
      ...{ ticket_id: ticketId, school_id: ticket.school_id, provider_id: provider, number: ticket.number },
      ...{ subject, by_id: this.#principal.id, lines: trace === null ? null : (JSON.stringify(trace.lines) as never) },
    });
    await this.#say(ticketId, side.id, text);
    await this.#ticketing.note(ticket, 'side', { part: 'agent', personId: this.#principal.id }, known.name);
    if (['new', 'open', 'waiting_requester'].includes(ticket.state)) {
      await this.#ticketing.change(ticketId, 'wait', { part: 'agent', personId: this.#principal.id });
    }
    return side.id;
  }

  /** A message by either side. What the helpdesk sends must name nobody who takes part in the ticket. */
  async answer(sideId: string, text: string): Promise<void> {
    const side = await this.#services.TicketSide.query().findById(sideId);
    if (side === undefined) throw notFound();
    await this.#conversations.sideOf(sideId);
    // The provider sees the side conversation, not the ticket of which it is a part.
    const ticket = await this.#ticketing.find(side.ticket_id);
    if (ticket !== undefined) {
      if (minimised(text, await this.#namesIn(ticket)) !== text) throw nameInText();
      await this.#say(side.ticket_id, sideId, text);
      return;
    }
    const personId = this.#principal.id;
    await this.#services.actAs(systemPrincipal(), ({ ticketing }: { ticketing: Ticketing }) =>
      ticketing.addMessage(side.ticket_id, {
        ...{ author: { personId, email: null, name: null }, text, kind: 'side' },
        ...{ sideId, channel: 'portal' },
      }),
    );
  }

  async #say(ticketId: string, sideId: string, text: string): Promise<void> {
    const author = { personId: this.#principal.id, email: null, name: null };
    await this.#ticketing.addMessage(ticketId, { author, text, kind: 'side', sideId, channel: 'portal' });
  }

  /** Names of those who asked or take part, whole and in parts. */
  async #namesIn(ticket: Ticket): Promise<string[]> {
    const ids = await this.#conversations.peopleIn(ticket);
    const names = await this.#names.of({ people: ids });
    const whole = [...ids.map((id) => names.person(id)), ticket.requester_name].flatMap((name) => (name ? [name] : []));
    return whole.flatMap((name) => [name, ...name.split(/\s+/).filter((part) => part.length > 2)]);
  }
}

const nameInText = () =>
  new Problem({
    type: 'helpdesk/name-in-text',
    status: 422,
    title: 'A name in the text',
    detail: 'The text has a name, an e-mail address or a telephone number. Take it out: the provider does not need it.',
  });

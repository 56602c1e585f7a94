import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { Ticket, TicketMessage } from '../models.js';
import type { Clocks } from '../service-levels/clocks.js';
import type { Attachments } from './attachments.js';
import type { NewMessage, NewTicket } from './new-ticket.js';
import type { Parts } from './parts.js';
import { refused } from './problems.js';
import { type Actor, phaseOf, type TicketAction, transitionOf, unsolved } from './states.js';
import type { Tellings } from './tellings.js';
import { TicketRecords } from './ticket-records.js';
import type { TicketTraces } from './ticket-traces.js';

/** After so many days a reply to a closed ticket opens another one. */
export const reopenDays = 14;
const longestSubject = 200;
const batch = 200;

/**
 * Opens tickets, adds messages and changes states, in the unit of work of the caller. It does not ask what the caller may do: routes and
 * mail have checked that.
 */
export class Ticketing {
  readonly #services: Pick<
    Dependencies,
    'Ticket' | 'TicketMessage' | 'TicketParticipant' | 'knex' | 'events' | 'live' | 'clock' | 'principal'
  >;
  readonly #parts: Parts;
  readonly #clocks: Clocks;
  readonly #tellings: Tellings;
  readonly #records: TicketRecords;
  readonly #traces: TicketTraces;

  constructor(
    services: Dependencies & {
      parts: Parts;
      clocks: Clocks;
      ticketTellings: Tellings;
      attachments: Attachments;
      ticketTraces: TicketTraces;
    },
  ) {
    const { Ticket, TicketMessage, TicketParticipant, knex, events, live, clock, principal } = services;
    this.#services = { Ticket, TicketMessage, TicketParticipant, knex, events, live, clock, principal };
    this.#parts = services.parts;
    this.#clocks = services.clocks;
    this.#tellings = services.ticketTellings;
    this.#records = new TicketRecords(services, services.attachments);
    this.#traces = services.ticketTraces;
  }

  /** Opens a ticket with its first message. */
  async open(asked: NewTicket): Promise<{ id: string; number: number }> {
    const { Ticket, events } = this.#services;
    const { author, channel, automatic = false } = asked;
    const ticket = await Ticket.query().insertAndFetch({
      school_id: asked.schoolId,
      provider_id: asked.providerId ?? null,
      requester_id: author.personId,
      requester_email: author.personId === null ? (author.email ?? '') : '',
      requester_name: author.personId === null ? (author.name ?? '') : '',
      line: asked.line ?? 'portal',
      state: 'new',
      subject: Array.from(asked.subject.trim()).slice(0, longestSubject).join(''),
      channel,
      tool_key: asked.toolKey ?? null,
      device: asked.device ?? '',
      outage_id: asked.outageId ?? null,
    });
    const actor: Actor = { part: automatic ? 'portal' : 'requester', personId: author.personId };
    await this.#records.note(ticket, 'create', actor, '');
    await this.#records.addMessage(ticket, { ...asked, kind: 'public' }, 'requester', channel);
    if (asked.traceCode !== undefined && asked.traceCode !== null) await this.#traces.attach(ticket, asked.traceCode);
    await this.#clocks.follow(ticket, phaseOf(ticket.state));
    await events.publish('ticket-opened', { ticketId: ticket.id, channel, automatic });
    return { id: ticket.id, number: Number(ticket.number) };
  }

  /**
   * A message by whoever asked, takes part or helps. A reply to a merged ticket lands on its target, and one to a ticket that was closed more
   * than {@link reopenDays} days ago opens another ticket. Returns the message, and the ticket that has it.
   */
  async addMessage(ticketId: string, message: NewMessage): Promise<{ id: string; ticketId: string }> {
    const ticket = await this.#records.targetOf(ticketId);
    const part = await this.#partOf(ticket, message);
    const automatic = message.automatic ?? false;
    if (!automatic && part === 'requester' && message.kind === 'public' && this.#isLongClosed(ticket)) {
      return this.#followUp(ticket, message);
    }
    const stored = await this.#records.addMessage(ticket, message, part, message.channel);
    if (!automatic) await this.#moveOn(ticket, message, part);
    if (message.kind !== 'note') {
      const { kind, sideId = null } = message;
      await this.#services.events.publish('message-added', {
        ticketId: ticket.id,
        messageId: stored.id,
        kind,
        automatic,
        sideId,
      });
    }
    if (message.kind === 'public' && !automatic) await this.#tellings.answered(ticket, part, message.author.personId);
    await this.#services.live.publish('ticket', { ticketId: ticket.id }, { kind: 'message' });
    return { id: stored.id, ticketId: ticket.id };
  }

  /**
   * The one function that changes the state of a ticket: `states.ts` has the table.
   *
   * @throws Problem 409 `helpdesk/not-now` if the action does not lead from its state, or not for this actor
   */
  async change(ticketId: string, action: TicketAction, by: Actor, reason = ''): Promise<void> {
    const { Ticket, live } = this.#services;
    const ticket = await this.#records.locked(ticketId);
    const transition = transitionOf(action, ticket.state);
    if (transition === undefined || !transition.by.includes(by.part)) throw refused('not-now');
    const now = raw('now()') as never;
    ticket.state = transition.to;
    const patch: Partial<Ticket> = { state: transition.to, updated_at: now };
    if (transition.to === 'solved') Object.assign(patch, { solved_at: now, solved_times: ticket.solved_times + 1 });
    if (transition.to === 'closed' || transition.to === 'merged') patch.closed_at = now;
    if (action === 'reopen') Object.assign(patch, { solved_at: null, closed_at: null, warned_at: null, escalated_at: null });
    await Ticket.query().findById(ticket.id).patch(patch);
    await this.#records.note(ticket, action, by, reason);
    await this.#clocks.follow(ticket, phaseOf(ticket.state));
    await this.#tellings.changed(ticket, transition, by);
    await live.publish('ticket', { ticketId: ticket.id }, { kind: 'changed' });
  }

  async find(ticketId: string): Promise<Ticket | undefined> {
    return this.#services.Ticket.query().findById(ticketId);
  }

  async byNumber(number: number): Promise<Ticket | undefined> {
    return this.#services.Ticket.query().findOne({ number: String(number) });
  }

  /** Notes in the history of a ticket what changed apart from its state. `part` says who did it. */
  async note(ticket: Ticket, what: string, by: Actor, detail = ''): Promise<void> {
    await this.#records.note(ticket, what, by, detail);
    await this.#services.live.publish('ticket', { ticketId: ticket.id }, { kind: 'changed' });
  }

  /** Lets the clocks follow a ticket whose line or priority changed. */
  async keepTime(ticket: Ticket): Promise<void> {
    await this.#clocks.follow(ticket, phaseOf(ticket.state));
  }

  /** Lets somebody take part; who does already, stays so. They are told. */
  async addParticipant(ticket: Ticket, { personId, email }: { personId: string | null; email: string | null }): Promise<void> {
    const { TicketParticipant, principal } = this.#services;
    const { id, school_id, provider_id, requester_id, requester_email } = ticket;
    if (personId === requester_id && (personId !== null || email === requester_email)) return;
    const person = personId === null ? { email: email ?? '', by_mail: true } : { person_id: personId };
    const added = await TicketParticipant.query()
      .insert({ ticket_id: id, school_id, provider_id, ...person })
      .onConflict()
      .ignore();
    if (added.id === undefined || personId === null) return;
    await this.#tellings.added(ticket, personId, { part: 'agent', personId: principal.id });
  }

  /** Links tickets to an outage, whose messages and end they share. */
  async linkToOutage(ticketIds: readonly string[], outageId: string): Promise<void> {
    const { Ticket } = this.#services;
    const linked = await Ticket.query()
      .whereIn('id', [...ticketIds])
      .where((either) => either.whereNull('outage_id').orWhereNot('outage_id', outageId))
      .whereNot('state', 'merged')
      .limit(batch);
    for (const ticket of linked) {
      await Ticket.query()
        .findById(ticket.id)
        .patch({ outage_id: outageId, updated_at: raw('now()') as never });
      await this.note(ticket, 'outage', { part: 'portal', personId: null });
    }
  }

  /** Writes the same message in every unsolved ticket of an outage; returns how many. */
  async updateAll(outageId: string, text: string): Promise<number> {
    return this.#eachOfOutage(outageId, (ticket) => this.#fromHelpdesk(ticket, text));
  }

  /** Writes the same message in every unsolved ticket of an outage, and solves it; returns how many. */
  async closeAll(outageId: string, text: string): Promise<number> {
    return this.#eachOfOutage(outageId, async (ticket) => {
      await this.#fromHelpdesk(ticket, text);
      await this.change(ticket.id, 'solve', { part: 'portal', personId: null }, 'outage');
    });
  }

  async #eachOfOutage(outageId: string, act: (ticket: Ticket) => Promise<void>): Promise<number> {
    const { Ticket } = this.#services;
    let count = 0;
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const tickets = await Ticket.query()
        .where({ outage_id: outageId })
        .whereIn('state', [...unsolved])
        .where('id', '>', after)
        .orderBy('id')
        .limit(batch);
      for (const ticket of tickets) await act(ticket);
      count += tickets.length;
      const last = tickets.at(-1);
      if (last === undefined || tickets.length < batch) return count;
      after = last.id;
    }
  }

  /** A message to all who take part that the portal writes for the helpdesk; it answers the ticket. */
  async #fromHelpdesk(ticket: Ticket, text: string): Promise<void> {
    const author = { personId: null, email: null, name: null };
    const stored = await this.#records.addMessage(ticket, { author, text, kind: 'public' }, 'agent', 'portal');
    await this.#moveOn(ticket, { kind: 'public' }, 'agent');
    const told = { ticketId: ticket.id, messageId: stored.id, kind: 'public', automatic: false, sideId: null } as const;
    await this.#services.events.publish('message-added', told);
    await this.#tellings.answered(ticket, 'agent', null);
    await this.#services.live.publish('ticket', { ticketId: ticket.id }, { kind: 'message' });
  }

  /** What a message that a person wrote changes: who must act now, and the clocks. The same for mail and for the portal. */
  async #moveOn(ticket: Ticket, { kind }: Pick<NewMessage, 'kind'>, part: TicketMessage['part']): Promise<void> {
    if (kind === 'note') return;
    const personless = { part, personId: null } as const;
    if (kind === 'side') {
      if (part === 'provider' && ticket.state === 'waiting_provider') await this.change(ticket.id, 'provider-answer', personless);
      return;
    }
    if (part === 'agent') {
      if (ticket.answered_at !== null) return;
      ticket.answered_at = this.#services.clock.now();
      await this.#services.Ticket.query().findById(ticket.id).patch({ answered_at: ticket.answered_at });
      await this.#clocks.follow(ticket, phaseOf(ticket.state));
      await this.#services.events.publish('ticket-answered', {
        ticketId: ticket.id,
        school: ticket.school_id,
        askerId: ticket.requester_id,
        minutes: Math.max(0, Math.round((ticket.answered_at.getTime() - ticket.created_at.getTime()) / 60_000)),
      });
      return;
    }
    if (ticket.state === 'waiting_requester') await this.change(ticket.id, 'reply', { part: 'requester', personId: null });
    if (ticket.state === 'solved' || ticket.state === 'closed') {
      await this.change(ticket.id, 'reopen', { part: 'requester', personId: null });
    }
  }

  async #partOf(ticket: Ticket, { kind, author, automatic }: NewMessage): Promise<TicketMessage['part']> {
    const found = await this.#parts.of(ticket, author);
    if (kind === 'side') return found === 'agent' ? 'agent' : 'provider';
    if (found === 'agent' || kind === 'note') return 'agent';
    return automatic === true && author.personId === null && author.email === null ? 'portal' : 'requester';
  }

  #isLongClosed({ state, closed_at }: Ticket): boolean {
    if (state !== 'closed' || closed_at === null) return false;
    return closed_at.getTime() < this.#services.clock.now().getTime() - reopenDays * 86_400_000;
  }

  async #followUp(closed: Ticket, message: NewMessage): Promise<{ id: string; ticketId: string }> {
    const { knex } = this.#services;
    const { id } = await this.open({
      ...{ subject: closed.subject, text: message.text, channel: message.channel, author: message.author },
      ...{ schoolId: closed.school_id, providerId: closed.provider_id, toolKey: closed.tool_key, line: closed.line },
      ...{ files: message.files ?? [], mailId: message.mailId ?? null },
    });
    const { school_id, provider_id } = closed;
    await knex('ticket_links').insert({ from_id: id, to_id: closed.id, school_id, provider_id, kind: 'follow-up' });
    const first = await this.#services.TicketMessage.query().findOne({ ticket_id: id });
    return { id: first?.id as string, ticketId: id };
  }
}

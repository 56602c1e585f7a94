import { notFound, type Principal } from '@ilearn/core';
import type { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { Ticket, TicketMessage, TicketSide } from '../models.js';
import type { Attachments } from './attachments.js';
import type { TicketNames } from './names.js';
import { handles, type Part, type Parts } from './parts.js';
import { messageOf, summaryOf } from './rows.js';
import { type details, type history, mostMessages, type side } from './shapes.js';
import { actionsOf } from './states.js';
import type { TicketTraces } from './ticket-traces.js';

const mostShown = 50;
const mostSides = 20;
const mostSteps = 200;
/** The portal adds these by itself. */
const notButtons = ['reply', 'merge', 'ask'];

/** Tickets as those who take part in them and those who handle them read them. */
export class Conversations {
  readonly #principal: Principal;
  readonly #services: Pick<
    Dependencies,
    'Ticket' | 'TicketMessage' | 'TicketSide' | 'TicketStep' | 'knex' | 'objections' | 'settings'
  >;
  readonly #parts: Parts;
  readonly #names: TicketNames;
  readonly #attachments: Attachments;
  readonly #traces: TicketTraces;

  constructor(
    services: Dependencies & { parts: Parts; ticketNames: TicketNames; attachments: Attachments; ticketTraces: TicketTraces },
  ) {
    const { Ticket, TicketMessage, TicketSide, TicketStep, knex, objections, settings } = services;
    this.#principal = services.principal;
    this.#services = { Ticket, TicketMessage, TicketSide, TicketStep, knex, objections, settings };
    this.#parts = services.parts;
    this.#names = services.ticketNames;
    this.#attachments = services.attachments;
    this.#traces = services.ticketTraces;
  }

  /** @throws 404 if the ticket is not the caller's to see */
  async get(id: string): Promise<{ ticket: Ticket; part: Part }> {
    const ticket = await this.#services.Ticket.query().findById(id);
    const part = ticket === undefined ? null : await this.#parts.mine(ticket);
    if (ticket === undefined || part === null) throw notFound();
    return { ticket, part };
  }

  /** @throws 404 unless the caller handles the ticket */
  async handled(id: string): Promise<Ticket> {
    const ticket = await this.#services.Ticket.query().findById(id);
    if (ticket === undefined || !handles(this.#parts.desk, ticket)) throw notFound();
    return ticket;
  }

  /** Whether the caller may know who asked: helpers of a provider may not, of a ticket of a school. */
  showsPeople(ticket: Ticket, part: Part): boolean {
    const { portal, schools } = this.#parts.desk;
    return part !== 'agent' || portal || ticket.school_id === null || schools.includes(ticket.school_id);
  }

  async read(id: string): Promise<z.input<typeof details>> {
    const { ticket, part } = await this.get(id);
    const rows = await this.#messages(ticket, part);
    const messages = rows.slice(0, mostMessages).reverse();
    const participants = await this.#participants(ticket.id);
    const shows = this.showsPeople(ticket, part);
    const names = await this.#names.of({
      people: [
        ticket.requester_id,
        ticket.owner_id,
        ...messages.map((row) => row.author_id),
        ...participants.map((row) => row.person_id),
      ],
      schools: [ticket.school_id],
    });
    const files = await this.#attachments.of(messages.map((row) => row.id));
    const actor = part === 'agent' ? 'agent' : 'requester';
    return {
      ...summaryOf(ticket, part, names, shows),
      part,
      actions: actionsOf(actor, ticket.state).filter((action) => !notButtons.includes(action)),
      channel: ticket.channel,
      device: ticket.device,
      outage: ticket.outage_id,
      mergedInto: ticket.merged_into,
      ownerId: ticket.owner_id,
      firstDueAt: ticket.first_due_at,
      solveDueAt: ticket.solve_due_at,
      answeredAt: ticket.answered_at,
      conversation: messages.map((row) => messageOf(row, this.#principal.id, names, files, shows)),
      earlier: rows.length > mostMessages,
      trace: await this.#traces.of(ticket.id),
      participants: shows ? participants.map((row) => ({ id: row.id, name: names.person(row.person_id) ?? row.email })) : [],
      links: await this.#links(ticket.id),
      survey: await this.#asksSurvey(ticket, part),
    };
  }

  /** Ids of whoever asked, takes part, or wrote as one of them. */
  async peopleIn(ticket: Ticket): Promise<string[]> {
    const participants = await this.#participants(ticket.id);
    return [...new Set([ticket.requester_id, ...participants.map(({ person_id }) => person_id)].flatMap((id) => id ?? []))];
  }

  async historyOf(id: string): Promise<z.input<typeof history>> {
    const ticket = await this.handled(id);
    const steps = await this.#services.TicketStep.query().where({ ticket_id: id }).orderBy('id', 'desc').limit(mostSteps);
    const shows = this.showsPeople(ticket, 'agent');
    const names = await this.#names.of({ people: steps.map((step) => step.by_id) });
    return steps.map(({ action, state, part, by_id, detail, at }) => {
      const by = shows || part !== 'requester' ? names.person(by_id) : null;
      return { action, state, part, by, detail, at };
    });
  }

  /** Side conversations of a ticket, for whoever handles it. */
  async sidesOf(id: string): Promise<z.input<typeof side>[]> {
    const ticket = await this.handled(id);
    return this.#sides(
      await this.#services.TicketSide.query().where({ ticket_id: ticket.id }).orderBy('created_at').limit(mostSides),
    );
  }

  /** Side conversations that providers of the caller have, the last first. */
  async sidesOfProviders(): Promise<z.input<typeof side>[]> {
    const { providers } = this.#parts.desk;
    if (providers.length === 0) return [];
    const rows = await this.#services.TicketSide.query()
      .whereIn('provider_id', providers)
      .orderByRaw(`(state = 'open') desc, updated_at desc, id`)
      .limit(mostShown);
    return this.#sides(rows, false);
  }

  /** A side conversation, for both of its sides; the database hides it from others. */
  async sideOf(sideId: string): Promise<z.input<typeof side>> {
    const row = await this.#services.TicketSide.query().findById(sideId);
    if (row === undefined || !handles(this.#parts.desk, row)) throw notFound();
    const [shown] = await this.#sides([row]);
    return shown as z.input<typeof side>;
  }

  async #sides(rows: readonly TicketSide[], withMessages = true): Promise<z.input<typeof side>[]> {
    const messages = withMessages
      ? await this.#services.TicketMessage.query()
          .whereIn(
            'side_id',
            rows.map((row) => row.id),
          )
          .orderBy(['created_at', 'id'])
          .limit(mostMessages)
      : [];
    const names = await this.#names.of({
      people: messages.map(({ author_id }) => author_id),
      providers: rows.map(({ provider_id }) => provider_id),
    });
    const files = await this.#attachments.of(messages.map((each) => each.id));
    return rows.map((row) => ({
      id: row.id,
      subject: row.subject,
      provider: names.provider(row.provider_id),
      state: row.state,
      updatedAt: row.updated_at,
      trace: row.lines,
      messages: messages
        .filter(({ side_id }) => side_id === row.id)
        .map((each) => messageOf(each, this.#principal.id, names, files, true)),
    }));
  }

  async #messages(ticket: Ticket, part: Part): Promise<TicketMessage[]> {
    return this.#services.TicketMessage.query()
      .where({ ticket_id: ticket.id })
      .whereIn('kind', part === 'agent' ? ['public', 'note'] : ['public'])
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(mostMessages + 1);
  }

  #participants(ticketId: string): Promise<{ id: string; person_id: string | null; email: string }[]> {
    return this.#services
      .knex('ticket_participants')
      .where({ ticket_id: ticketId })
      .orderBy('created_at')
      .limit(mostShown)
      .select('id', 'person_id', 'email') as unknown as Promise<{ id: string; person_id: string | null; email: string }[]>;
  }

  /** Linked tickets that the reader may open. */
  async #links(ticketId: string): Promise<z.input<typeof details>['links']> {
    const { rows } = await this.#services.knex.raw(
      `select l.kind, t.* from ticket_links l join tickets t on t.id = case when l.from_id = :id then l.to_id else l.from_id end
       where :id in (l.from_id, l.to_id) order by t.number limit ${mostShown}`,
      { id: ticketId },
    );
    return (rows as (Ticket & { kind: string })[])
      .filter((row) => handles(this.#parts.desk, row) || row.requester_id === this.#principal.id)
      .map((row) => ({ id: row.id, number: Number(row.number), subject: row.subject, state: row.state, kind: row.kind }));
  }

  /** Whether to ask what a solution was worth: once for each, and only whoever asked and confirmed it. */
  async #asksSurvey(ticket: Ticket, part: Part): Promise<boolean> {
    if (part !== 'requester' || ticket.state !== 'closed' || ticket.solved_times === 0) return false;
    if (!(await this.#services.settings.portal()).survey) return false;
    if (!(await this.#services.objections.mayUse(this.#principal.id as string, 'improvement'))) return false;
    const { id: ticket_id, solved_times: solution } = ticket;
    return (await this.#services.knex('ticket_surveys').where({ ticket_id, solution }).first()) === undefined;
  }
}

import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { Ticket } from '../models.js';
import type { Clocks } from '../service-levels/clocks.js';
import { isUnsolved } from './states.js';
import type { Tellings } from './tellings.js';
import type { Ticketing } from './ticketing.js';

const batch = 100;
/** A warning comes when so much time within opening hours is left. */
const warningMs = 60 * 60_000;
const portal = { part: 'portal', personId: null } as const;
/** Days after which the portal closes by itself. */
const solvedDays = 7;
const waitingDays = 21;

/** What time alone does to tickets: warnings, escalation and closing. Runs as the portal. */
export class Overdue {
  readonly #services: Pick<Dependencies, 'Ticket' | 'knex'>;
  readonly #clocks: Clocks;
  readonly #ticketing: Ticketing;
  readonly #tellings: Tellings;

  constructor(services: Dependencies & { clocks: Clocks; ticketing: Ticketing; ticketTellings: Tellings }) {
    this.#services = { Ticket: services.Ticket, knex: services.knex };
    this.#clocks = services.clocks;
    this.#ticketing = services.ticketing;
    this.#tellings = services.ticketTellings;
  }

  /** Warns of tickets whose time is nearly over, within opening hours only, once for each. Returns whether there may be more. */
  async warn(): Promise<boolean> {
    const due = await this.#services.Ticket.query()
      .whereRaw(`${isUnsolved('state')} and due_at between now() and now() + interval '4 days'`)
      .whereNull('warned_at')
      .orderBy('due_at')
      .limit(batch);
    let warned = 0;
    for (const ticket of due) {
      const { open, left } = await this.#clocks.opening(ticket, ticket.due_at as Date);
      if (!open || left > warningMs) continue;
      await this.#mark(ticket, 'warned_at');
      await this.#tellings.due(ticket, 'ticket-due');
      warned += 1;
    }
    return warned === batch;
  }

  /**
   * Escalates tickets whose time is over: those of a school's first line go on to the portal's helpdesk, and whoever has them is told. Within
   * opening hours only, once for each.
   */
  async escalate(): Promise<boolean> {
    const late = await this.#services.Ticket.query()
      .whereRaw(`${isUnsolved('state')} and due_at <= now()`)
      .whereNull('escalated_at')
      .orderBy('due_at')
      .limit(batch);
    let escalated = 0;
    for (const ticket of late) {
      if (!(await this.#clocks.opening(ticket, ticket.due_at as Date)).open) continue;
      await this.#mark(ticket, 'escalated_at');
      await this.#tellings.due(ticket, 'ticket-overdue');
      if (ticket.line === 'school') {
        await this.#services.Ticket.query().findById(ticket.id).patch({ line: 'portal', owner_id: null });
        Object.assign(ticket, { line: 'portal', owner_id: null });
        await this.#ticketing.keepTime(ticket);
        await this.#tellings.waiting(ticket, portal);
      }
      await this.#ticketing.note(ticket, 'escalate', portal, ticket.line);
      escalated += 1;
    }
    return escalated === batch;
  }

  /** Closes what was solved a week ago, and questions that nobody answered for three. */
  async close(): Promise<boolean> {
    const quiet = await this.#services.Ticket.query()
      .where((either) => {
        either
          .whereRaw(`state = 'solved' and solved_at < now() - make_interval(days => ${solvedDays})`)
          .orWhereRaw(`state = 'waiting_requester' and last_at < now() - make_interval(days => ${waitingDays})`);
      })
      .limit(batch);
    for (const ticket of quiet) await this.#ticketing.change(ticket.id, 'close', portal, 'quiet');
    return quiet.length === batch;
  }

  /** Removes what is kept for a while only: counts of the form, presence, and traces that went out, after 90 days. */
  async tidy(): Promise<void> {
    const { knex } = this.#services;
    await knex('form_throttles').whereRaw('until < now()').delete();
    await knex('ticket_presence').whereRaw(`seen_at < now() - interval '1 hour'`).delete();
    await knex('ticket_sides').whereNotNull('lines').whereRaw(`created_at < now() - interval '90 days'`).update({ lines: null });
  }

  async #mark(ticket: Ticket, column: 'warned_at' | 'escalated_at'): Promise<void> {
    await this.#services.Ticket.query()
      .findById(ticket.id)
      .patch({ [column]: raw('now()') });
  }
}

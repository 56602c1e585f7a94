import type { Dependencies } from '../dependencies.js';
import type { Ticket, TicketMessage } from '../models.js';
import type { Helpers } from './helpers.js';
import { type Actor, type Transition, unsolved } from './states.js';

const mostTold = 50;

export const placeOf = (ticketId: string): string => `/helpdesk/ticket/${ticketId}`;

/** Tells people with an account what happened to their tickets. Those without one get mail. */
export class Tellings {
  readonly #notifications: Dependencies['notifications'];
  readonly #TicketParticipant: Dependencies['TicketParticipant'];
  readonly #helpers: Helpers;

  constructor({ notifications, TicketParticipant, helpers }: Dependencies & { helpers: Helpers }) {
    this.#notifications = notifications;
    this.#TicketParticipant = TicketParticipant;
    this.#helpers = helpers;
  }

  /** A message for all who take part: the others hear of it. */
  async answered(ticket: Ticket, part: TicketMessage['part'], authorId: string | null): Promise<void> {
    const others = await this.#partners(ticket);
    await this.#send(part === 'agent' ? 'ticket-answered' : 'ticket-replied', ticket, others, authorId);
    if (part !== 'agent') await this.#send('ticket-replied', ticket, [ticket.owner_id], authorId);
  }

  async changed(ticket: Ticket, { tells, kind }: Transition, by: Actor): Promise<void> {
    if (kind === null) return;
    const people = tells.flatMap((whom) => (whom === 'owner' ? ticket.owner_id : ticket.requester_id) ?? []);
    await this.#send(kind, ticket, people, by.personId);
  }

  async assigned(ticket: Ticket, ownerId: string, by: Actor): Promise<void> {
    await this.#send('ticket-assigned', ticket, [ownerId], by.personId);
  }

  async added(ticket: Ticket, personId: string, by: Actor): Promise<void> {
    await this.#send('ticket-shared', ticket, [personId], by.personId);
  }

  /** Whoever has the ticket; while nobody does, the helpers of its line. */
  async due(ticket: Ticket, kind: 'ticket-due' | 'ticket-overdue'): Promise<void> {
    await this.#send(kind, ticket, ticket.owner_id === null ? await this.#helpers.onLine(ticket) : [ticket.owner_id], null);
  }

  /** A ticket that nobody has came to a line: its helpers hear of it, once until they look. */
  async waiting(ticket: Ticket, by: Actor): Promise<void> {
    if (ticket.owner_id !== null || unsolved.every((state) => state !== ticket.state)) return;
    await this.#send('ticket-waiting', ticket, await this.#helpers.onLine(ticket), by.personId, '/helpdesk/wachtrij');
  }

  async #partners(ticket: Ticket): Promise<(string | null)[]> {
    const rows = await this.#TicketParticipant
      .query()
      .where({ ticket_id: ticket.id })
      .whereNotNull('person_id')
      .limit(mostTold)
      .select('person_id');
    return [ticket.requester_id, ...rows.map(({ person_id }) => person_id)];
  }

  async #send(
    kind: string,
    ticket: Ticket,
    people: readonly (string | null)[],
    except: string | null,
    place = placeOf(ticket.id),
  ): Promise<void> {
    const to = [...new Set(people.flatMap((person) => (person === null || person === except ? [] : [person])))];
    if (to.length === 0) return;
    const params = { number: ticket.number };
    await this.#notifications?.notify.send({ kind: `helpdesk.${kind}`, to, place, params });
  }
}

import type { Principal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Conversations } from './conversations.js';
import type { TicketNames } from './names.js';

const freshSeconds = 60;
const mostPresent = 20;

/** Which helpers look at a ticket right now, and who writes. */
export class Presence {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'knex' | 'live'>;
  readonly #conversations: Conversations;
  readonly #names: TicketNames;

  constructor({
    principal,
    knex,
    live,
    conversations,
    ticketNames,
  }: Dependencies & { conversations: Conversations; ticketNames: TicketNames }) {
    this.#principal = principal;
    this.#services = { knex, live };
    this.#conversations = conversations;
    this.#names = ticketNames;
  }

  /** Tells that the caller is here. The others hear of it when that is new, or changes. */
  async here(ticketId: string, writing: boolean): Promise<void> {
    const { school_id, provider_id } = await this.#conversations.handled(ticketId);
    const { knex, live } = this.#services;
    const own = { ticket_id: ticketId, person_id: this.#principal.id };
    const before = await knex('ticket_presence')
      .where(own)
      .whereRaw(`seen_at > now() - make_interval(secs => ${freshSeconds})`)
      .first('writing');
    await knex('ticket_presence')
      .insert({ ...own, school_id, provider_id, writing, seen_at: knex.fn.now() })
      .onConflict(['ticket_id', 'person_id'])
      .merge(['writing', 'seen_at']);
    if (before?.writing !== writing) await live.publish('ticket', { ticketId }, { kind: 'presence' });
  }

  async gone(ticketId: string): Promise<void> {
    await this.#conversations.handled(ticketId);
    await this.#services.knex('ticket_presence').where({ ticket_id: ticketId, person_id: this.#principal.id }).delete();
    await this.#services.live.publish('ticket', { ticketId }, { kind: 'presence' });
  }

  /** The other helpers who are at the ticket. */
  async others(ticketId: string): Promise<{ name: string; writing: boolean }[]> {
    await this.#conversations.handled(ticketId);
    const rows: { person_id: string; writing: boolean }[] = await this.#services
      .knex('ticket_presence')
      .where({ ticket_id: ticketId })
      .whereNot({ person_id: this.#principal.id })
      .whereRaw(`seen_at > now() - make_interval(secs => ${freshSeconds})`)
      .orderBy('seen_at')
      .limit(mostPresent);
    const names = await this.#names.of({ people: rows.map(({ person_id }) => person_id) });
    return rows.map(({ person_id, writing }) => ({ name: names.person(person_id) ?? '', writing }));
  }
}

import { notFound, type Principal } from '@ilearn/core';
import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { Ticket } from '../models.js';
import type { Conversations } from './conversations.js';
import { deskOf, handles } from './parts.js';
import { refused } from './problems.js';
import type { Actor } from './states.js';
import type { Tellings } from './tellings.js';
import type { Ticketing } from './ticketing.js';

export interface TicketChanges {
  owner?: string | null | undefined;
  priority?: number | undefined;
  labels?: string[] | undefined;
  line?: 'school' | 'portal' | 'provider' | undefined;
  subject?: string | undefined;
}

const tenantsEqual = (one: Ticket, other: Ticket) => one.school_id === other.school_id && one.provider_id === other.provider_id;

/** What helpers do with tickets, apart from answering them. */
export class TicketDesk {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'Ticket' | 'TicketMessage' | 'knex' | 'access'>;
  readonly #conversations: Conversations;
  readonly #ticketing: Ticketing;
  readonly #tellings: Tellings;

  constructor(services: Dependencies & { conversations: Conversations; ticketing: Ticketing; ticketTellings: Tellings }) {
    const { Ticket, TicketMessage, knex, access } = services;
    this.#principal = services.principal;
    this.#services = { Ticket, TicketMessage, knex, access };
    this.#conversations = services.conversations;
    this.#ticketing = services.ticketing;
    this.#tellings = services.ticketTellings;
  }

  get #actor(): Actor {
    return { part: 'agent', personId: this.#principal.id };
  }

  /** Assigns, sorts and passes on; each change is a line of the history. */
  async update(id: string, { owner, priority, labels, line, subject }: TicketChanges): Promise<void> {
    const ticket = await this.#conversations.handled(id);
    const patch: Partial<Ticket> = {};
    if (owner !== undefined && owner !== ticket.owner_id) {
      await this.#mayOwn(ticket, owner);
      patch.owner_id = owner;
      await this.#ticketing.note(ticket, owner === null ? 'unassign' : 'assign', this.#actor, '');
      if (owner !== null) await this.#tellings.assigned(ticket, owner, this.#actor);
    }
    if (priority !== undefined && priority !== ticket.priority) {
      patch.priority = priority;
      await this.#ticketing.note(ticket, 'priority', this.#actor, String(priority));
    }
    if (labels !== undefined) {
      patch.labels = [...new Set(labels)];
      await this.#ticketing.note(ticket, 'labels', this.#actor, patch.labels.join(', '));
    }
    if (line !== undefined && line !== ticket.line) {
      if ((line === 'school' && ticket.school_id === null) || (line === 'provider' && ticket.provider_id === null))
        throw refused('not-now');
      Object.assign(patch, { line, owner_id: owner ?? null });
      await this.#ticketing.note(ticket, 'line', this.#actor, line);
    }
    if (subject !== undefined) patch.subject = subject;
    if (Object.keys(patch).length === 0) return;
    await this.#services.Ticket.query()
      .findById(id)
      .patch({ ...patch, updated_at: raw('now()') as never });
    await this.#ticketing.keepTime(Object.assign(ticket, patch));
    if (patch.line !== undefined) await this.#tellings.waiting(ticket, this.#actor);
  }

  /** Merges a ticket into the one with this number; the id of that one. */
  async mergeInto(sourceId: string, number: number): Promise<string> {
    const target = await this.#ticketing.byNumber(number);
    if (target === undefined) throw notFound();
    await this.merge(sourceId, target.id);
    return target.id;
  }

  /**
   * Moves everything of a ticket to another: messages with their files, participants, side conversations, links and the trace. Whoever asked
   * takes part in the target, whose clocks go on; it keeps the earlier times. Both have it in their history.
   *
   * @throws Problem 409 `helpdesk/other-school`, `helpdesk/merged-target`, `helpdesk/not-now`
   */
  async merge(sourceId: string, targetId: string): Promise<void> {
    const source = await this.#conversations.handled(sourceId);
    const target = await this.#conversations.handled(targetId);
    if (source.id === target.id || target.state === 'merged') throw refused('merged-target');
    if (!tenantsEqual(source, target)) throw refused('other-school');
    // Locks in the order of the ids, so that two merges do not wait for each other.
    await this.#services.Ticket.query().findByIds([source.id, target.id]).orderBy('id').forUpdate();
    await this.#ticketing.change(source.id, 'merge', this.#actor, target.number);
    const { knex } = this.#services;
    const ids = { source: source.id, target: target.id, number: source.number };
    for (const sql of moves) await knex.raw(sql, ids);
    if (source.requester_id !== null || source.requester_email !== '') {
      await this.#ticketing.addParticipant(target, { personId: source.requester_id, email: source.requester_email || null });
    }
    await this.#ticketing.note(target, 'merged-in', this.#actor, source.number);
    await this.#ticketing.keepTime((await this.#ticketing.find(target.id)) as Ticket);
  }

  /** Opens another ticket with a message and those after it by the same author; both are linked. Returns the new one. */
  async split(id: string, messageId: string, subject: string): Promise<{ id: string; number: number }> {
    const ticket = await this.#conversations.handled(id);
    const { TicketMessage, knex } = this.#services;
    const message = await TicketMessage.query().findOne({ id: messageId, ticket_id: id, kind: 'public' });
    if (message === undefined) throw notFound();
    const author = { personId: message.author_id, email: message.author_email || null, name: message.author_name || null };
    const opened = await this.#ticketing.open({
      ...{
        subject,
        text: message.text,
        channel: ticket.channel,
        author,
        schoolId: ticket.school_id,
        providerId: ticket.provider_id,
      },
      ...{ toolKey: ticket.tool_key, line: ticket.line, automatic: true },
    });
    const { school_id, provider_id, number } = ticket;
    await knex('ticket_messages').where({ ticket_id: opened.id }).update({ from_number: number, created_at: message.created_at });
    await knex('ticket_links').insert({ from_id: opened.id, to_id: id, school_id, provider_id, kind: 'split' });
    await this.#ticketing.note(ticket, 'split', this.#actor, String(opened.number));
    return opened;
  }

  /** Links two tickets that the caller handles; once. */
  async link(id: string, number: number): Promise<void> {
    const ticket = await this.#conversations.handled(id);
    const other = await this.#ticketing.byNumber(number);
    if (other === undefined) throw notFound();
    await this.#conversations.handled(other.id);
    if (other.id === id) throw refused('merged-target');
    const { school_id, provider_id } = ticket;
    await this.#services
      .knex('ticket_links')
      .insert({ from_id: id, to_id: other.id, school_id, provider_id, kind: 'related' })
      .onConflict(['from_id', 'to_id', 'kind'])
      .ignore();
    await this.#ticketing.note(ticket, 'link', this.#actor, other.number);
  }

  async #mayOwn(ticket: Ticket, owner: string | null): Promise<void> {
    if (owner === null) return;
    if (!handles(deskOf(await this.#services.access.rolesOf(owner)), ticket)) throw notFound();
  }
}

/** What a merge moves. Rows that would be there twice, such as a link between the two, are left out before. */
const moves = [
  `update ticket_messages set ticket_id = :target, from_number = coalesce(from_number, :number) where ticket_id = :source`,
  `update ticket_attachments set ticket_id = :target where ticket_id = :source`,
  `update ticket_sides set ticket_id = :target where ticket_id = :source`,
  `delete from ticket_participants s using ticket_participants t
     where s.ticket_id = :source and t.ticket_id = :target and (s.person_id = t.person_id or (s.email <> '' and lower(s.email) = lower(t.email)))`,
  `delete from ticket_participants s using tickets t
     where s.ticket_id = :source and t.id = :target and s.person_id = t.requester_id`,
  `update ticket_participants set ticket_id = :target where ticket_id = :source`,
  `delete from ticket_links where (from_id, to_id) in ((cast(:source as uuid), cast(:target as uuid)), (cast(:target as uuid), cast(:source as uuid)))`,
  `delete from ticket_links s using ticket_links t where s.from_id = :source and t.from_id = :target and s.to_id = t.to_id and s.kind = t.kind`,
  `delete from ticket_links s using ticket_links t where s.to_id = :source and t.to_id = :target and s.from_id = t.from_id and s.kind = t.kind`,
  `update ticket_links set from_id = :target where from_id = :source`,
  `update ticket_links set to_id = :target where to_id = :source`,
  `insert into ticket_links (from_id, to_id, school_id, provider_id, kind)
     select id, cast(:target as uuid), school_id, provider_id, 'merged' from tickets where id = :source`,
  `update ticket_traces s set ticket_id = :target where ticket_id = :source
     and not exists (select from ticket_traces t where t.ticket_id = :target)`,
  // The clocks of the older ticket go on.
  `update ticket_segments set ticket_id = case ticket_id when :source then cast(:target as uuid) else cast(:source as uuid) end
     where ticket_id in (:source, :target)
     and (select created_at from tickets where id = :source) < (select created_at from tickets where id = :target)`,
  `delete from ticket_drafts s using ticket_drafts t where s.ticket_id = :source and t.ticket_id = :target and s.author_id = t.author_id`,
  `update ticket_drafts set ticket_id = :target where ticket_id = :source`,
  `update tickets t set messages = t.messages + s.messages, attachments = t.attachments + s.attachments,
     answered_at = least(t.answered_at, s.answered_at), created_at = least(t.created_at, s.created_at),
     last_at = greatest(t.last_at, s.last_at), labels = (select coalesce(array_agg(distinct l), '{}') from unnest(t.labels || s.labels) l),
     outage_id = coalesce(t.outage_id, s.outage_id), updated_at = now()
     from tickets s where t.id = :target and s.id = :source`,
  `update tickets set merged_into = :target, messages = 0, attachments = 0 where id = :source`,
];

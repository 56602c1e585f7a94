import { notFound, type Principal, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Answering } from './answering.js';
import type { Conversations } from './conversations.js';
import type { TicketDesk } from './desk.js';
import { deskOf, type Parts } from './parts.js';
import { filterOf, type Queue } from './queue.js';
import type { TicketAction } from './states.js';

export const mostViews = 20;
export const mostMacros = 50;

export interface MacroInput {
  title: string;
  text: string;
  action: '' | 'ask' | 'wait' | 'solve' | 'work' | 'close';
  priority: number | null;
  labels: string[];
}

interface MacroRow extends MacroInput {
  id: string;
  tenant_id: string | null;
}

/** What helpers keep to work faster: views of the queue, macros and drafts. */
export class Shortcuts {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'knex' | 'actAs'>;
  readonly #parts: Parts;
  readonly #queue: Queue;
  readonly #desk: TicketDesk;
  readonly #answering: Answering;
  readonly #conversations: Conversations;

  constructor(
    services: Dependencies & {
      parts: Parts;
      queue: Queue;
      ticketDesk: TicketDesk;
      answering: Answering;
      conversations: Conversations;
    },
  ) {
    this.#principal = services.principal;
    this.#services = { knex: services.knex, actAs: services.actAs };
    this.#parts = services.parts;
    this.#queue = services.queue;
    this.#desk = services.ticketDesk;
    this.#answering = services.answering;
    this.#conversations = services.conversations;
  }

  /** The caller's saved views with the number of tickets that each finds; two statements. */
  async views(): Promise<{ id: string; title: string; query: string; count: number }[]> {
    const rows: { id: string; title: string; query: string }[] = await this.#services
      .knex('ticket_views')
      .where({ owner_id: this.#principal.id })
      .orderBy(['title', 'id'])
      .limit(mostViews)
      .select('id', 'title', 'query');
    const known = rows.flatMap((row) => {
      const filter = filterOf(row.query);
      return filter === null ? [] : [{ row, filter }];
    });
    const counts = await this.#queue.counts(known.map(({ filter }) => filter));
    return known.map(({ row }, at) => ({ ...row, count: counts[at] ?? 0 }));
  }

  async saveView(title: string, query: string): Promise<string> {
    const [row] = await this.#services
      .knex('ticket_views')
      .insert({ owner_id: this.#principal.id, title, query })
      .returning('id');
    return row.id;
  }

  async removeView(id: string): Promise<void> {
    const removed = await this.#services.knex('ticket_views').where({ id, owner_id: this.#principal.id }).delete();
    if (removed === 0) throw notFound();
  }

  /** Macros of the portal, and of the tenants for which the caller works. */
  async macros(): Promise<MacroRow[]> {
    return this.#services
      .knex('ticket_macros')
      .orderBy(['title', 'id'])
      .limit(mostMacros)
      .select('id', 'tenant_id', 'title', 'text', 'action', 'priority', 'labels');
  }

  /** Adds a macro for all helpers of the portal, or for those of the caller's school or provider. */
  async addMacro(macro: MacroInput): Promise<string> {
    const { portal, schools, providers } = deskOf(this.#principal.roles);
    const row = { ...macro, tenant_id: portal ? null : (schools[0] ?? providers[0] ?? null) };
    if (row.tenant_id !== null) return (await this.#services.knex('ticket_macros').insert(row).returning('id'))[0].id;
    if (!portal) throw notFound();
    return this.#services.actAs(
      systemPrincipal(),
      async ({ knex }: Dependencies) => (await knex('ticket_macros').insert(row).returning('id'))[0].id,
    );
  }

  async removeMacro(id: string): Promise<void> {
    const row = await this.#services.knex('ticket_macros').where({ id }).first('tenant_id');
    if (row === undefined) throw notFound();
    const remove = async ({ knex }: Pick<Dependencies, 'knex'>) => void (await knex('ticket_macros').where({ id }).delete());
    if (row.tenant_id !== null) return remove(this.#services);
    if (!this.#parts.desk.portal) throw notFound();
    return this.#services.actAs(systemPrincipal(), remove);
  }

  /** Applies a macro to tickets, each once and each with its history. */
  async applyMacro(id: string, ticketIds: readonly string[]): Promise<void> {
    const macro = (await this.macros()).find((each) => each.id === id);
    if (macro === undefined) throw notFound();
    for (const ticketId of [...new Set(ticketIds)].sort()) {
      const ticket = await this.#conversations.handled(ticketId);
      const labels = macro.labels.length === 0 ? undefined : [...new Set([...ticket.labels, ...macro.labels])].slice(0, 20);
      await this.#desk.update(ticketId, { priority: macro.priority ?? undefined, labels });
      if (macro.text !== '')
        await this.#answering.answer(ticketId, { text: macro.text, kind: 'public', next: 'none', seen: null }, []);
      if (macro.action !== '') await this.#answering.act(ticketId, macro.action as TicketAction);
    }
  }

  /** The caller's draft for a ticket; null: none. */
  async draft(ticketId: string): Promise<{ kind: string; text: string; seen: number } | null> {
    const row = await this.#services.knex('ticket_drafts').where({ ticket_id: ticketId, author_id: this.#principal.id }).first();
    return row === undefined ? null : { kind: row.kind, text: row.text, seen: row.seen_messages };
  }

  /** Keeps a draft, with the number of messages that its writer had seen. An empty text removes it. */
  async keepDraft(ticketId: string, draft: { kind: 'public' | 'note'; text: string; seen: number }): Promise<void> {
    const { school_id, provider_id } = await this.#conversations.handled(ticketId);
    const { knex } = this.#services;
    const own = { ticket_id: ticketId, author_id: this.#principal.id };
    if (draft.text === '') {
      await knex('ticket_drafts').where(own).delete();
      return;
    }
    await knex('ticket_drafts')
      .insert({
        ...own,
        school_id,
        provider_id,
        kind: draft.kind,
        text: draft.text,
        seen_messages: draft.seen,
        updated_at: knex.fn.now(),
      })
      .onConflict(['ticket_id', 'author_id'])
      .merge(['kind', 'text', 'seen_messages', 'updated_at']);
  }
}

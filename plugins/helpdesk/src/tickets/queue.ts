import type { Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { Ticket } from '../models.js';
import type { Desk, Parts } from './parts.js';
import { partsQuery } from './search-vector.js';
import { lines, ticketState } from './shapes.js';
import { isUnsolved } from './states.js';

/** Views that every helper has. `elsewhere`: with another line than the helper's own. */
export const views = ['mine', 'unassigned', 'late', 'waiting', 'all', 'elsewhere', 'solved', 'spam'] as const;
export type View = (typeof views)[number];

export const queueFilter = z.object({
  view: z.enum(views).default('all'),
  q: z.string().trim().max(200).default(''),
  state: ticketState.optional(),
  line: z.enum(lines).optional(),
  tool: z.string().max(100).optional(),
  label: z.string().max(40).optional(),
  priority: z.coerce.number().int().min(1).max(4).optional(),
});
export type QueueFilter = z.output<typeof queueFilter>;

/** A saved view keeps the filter as the query of an address. */
export const filterOf = (query: string): QueueFilter | null =>
  queueFilter.safeParse(Object.fromEntries(new URLSearchParams(query))).data ?? null;

/** Counts end here: more are shown as “99+”. */
export const mostCounted = 100;
/** Subjects and messages with the words that a search of the whole portal looks at. */
const mostFound = 1_000;

const mine = (knex: Knex, personId: string | null) => (rows: Knex.QueryBuilder) => {
  rows
    .where('t.requester_id', personId)
    .orWhereIn('t.id', knex('ticket_participants').where('person_id', personId).select('ticket_id'));
};

/** Lists of tickets, and searches in them, for helpers and for those who ask. */
export class Queue {
  readonly #knex: Dependencies['knex'];
  readonly #principal: Principal;
  readonly #parts: Parts;

  constructor({ knex, principal, parts }: Dependencies & { parts: Parts }) {
    this.#knex = knex;
    this.#principal = principal;
    this.#parts = parts;
  }

  /** Tickets of a view, those that are due first; `after`: due time (null: none) and id of the last one of the page before. */
  async page(filter: QueueFilter, after: readonly unknown[] | null, limit: number): Promise<Ticket[]> {
    const rows = this.#filtered(filter).orderByRaw('t.due_at, t.id').limit(limit).select('t.*');
    if (after !== null) {
      const [due, id] = after as [string | null, string];
      if (due === null) rows.whereRaw('t.due_at is null and t.id > ?::uuid', [id]);
      else rows.whereRaw('(t.due_at is null or (t.due_at, t.id) > (?::timestamptz, ?::uuid))', [due, id]);
    }
    return rows as unknown as Promise<Ticket[]>;
  }

  /** How many tickets each filter finds, up to {@link mostCounted}; one statement. */
  async counts(filters: readonly QueueFilter[]): Promise<number[]> {
    if (filters.length === 0) return [];
    const parts = filters.map((filter, at) =>
      this.#knex
        .from(this.#filtered(filter).select(this.#knex.raw('1')).limit(mostCounted).as('found'))
        .select(this.#knex.raw('?::int as at, count(*)::int as count', [at])),
    );
    const rows: { at: number; count: number }[] = await this.#knex.unionAll(parts);
    return filters.map((_, at) => rows.find((row) => row.at === at)?.count ?? 0);
  }

  /** The caller's own tickets and those in which they take part, the last changed first. */
  async own(q: string, after: readonly unknown[] | null, limit: number): Promise<(Ticket & { last_text: string })[]> {
    const rows = this.#knex('tickets as t')
      .where(mine(this.#knex, this.#principal.id))
      .orderBy([
        { column: 't.last_at', order: 'desc' },
        { column: 't.id', order: 'desc' },
      ])
      .limit(limit)
      .select('t.*', this.#knex.raw('t.last_at::text as last_text'));
    this.#search(rows, q, ['public'], false);
    if (after !== null) rows.whereRaw('(t.last_at, t.id) < (?::timestamptz, ?::uuid)', [...(after as string[])]);
    return rows as unknown as Promise<(Ticket & { last_text: string })[]>;
  }

  /** Tickets that the caller may open, by words; for the search box. */
  async find(q: string, limit: number): Promise<Ticket[]> {
    const desk = this.#parts.desk;
    const rows = this.#knex('tickets as t')
      .where((either) => {
        either.where(mine(this.#knex, this.#principal.id));
        if (isDesk(desk)) either.orWhere(this.#ofDesk(desk));
      })
      .whereNot('t.state', 'spam')
      .orderBy('t.last_at', 'desc')
      .limit(limit)
      .select('t.*');
    this.#search(rows, q, ['public'], desk.portal);
    return rows as unknown as Promise<Ticket[]>;
  }

  #filtered(filter: QueueFilter): Knex.QueryBuilder {
    const desk = this.#parts.desk;
    const rows = this.#knex('tickets as t').where(this.#ofDesk(desk));
    if (filter.q !== '') {
      this.#search(rows, filter.q, ['public', 'note'], desk.portal);
    } else if (filter.state === undefined) {
      this.#view(rows, filter.view, desk);
    }
    if (filter.state !== undefined) rows.where('t.state', filter.state);
    if (filter.line !== undefined) rows.where('t.line', filter.line);
    if (filter.tool !== undefined) rows.where('t.tool_key', filter.tool);
    if (filter.label !== undefined) rows.whereRaw('t.labels @> array[?]::text[]', [filter.label]);
    if (filter.priority !== undefined) rows.where('t.priority', filter.priority);
    return rows;
  }

  #view(rows: Knex.QueryBuilder, view: View, desk: Desk): void {
    if (view === 'solved' || view === 'spam') {
      // With the state in its text: without it, PostgreSQL would plan for a state that many tickets have, and read them all.
      rows.whereRaw(`t.state = '${view}'`);
      return;
    }
    rows.whereRaw(isUnsolved('t.state'));
    if (view === 'waiting') rows.whereIn('t.state', ['waiting_requester', 'waiting_provider']);
    if (view === 'mine') rows.where('t.owner_id', this.#principal.id);
    else if (view === 'elsewhere') rows.whereNotIn('t.line', [...ownLines(desk), 'teacher']);
    else rows.whereIn('t.line', ownLines(desk));
    if (view === 'unassigned') rows.whereNull('t.owner_id');
    if (view === 'late') rows.whereRaw('t.due_at < now()');
  }

  /** Tickets that come to a desk. The database hides those of other tenants all the same. */
  #ofDesk({ portal, schools, providers }: Desk) {
    return (rows: Knex.QueryBuilder) => {
      if (portal) rows.whereRaw('true');
      else rows.whereIn('t.school_id', schools).orWhereIn('t.provider_id', providers);
    };
  }

  /** By number, or by words in the subject and in messages of these kinds. */
  #search(rows: Knex.QueryBuilder, q: string, kinds: readonly string[], everywhere: boolean): void {
    if (q === '') return;
    const number = /^#?\s*(\d{4,12})$/.exec(q)?.[1];
    if (number !== undefined) {
      rows.where('t.number', number);
      return;
    }
    const words = partsQuery(q);
    if (words === null) {
      rows.whereRaw('false');
      return;
    }
    const found = `select w.ticket_id from ticket_words w where w.search @@ (${words.sql}) and w.kind = any(?::text[])`;
    // Of the whole portal, so many at most; of somebody's own tickets, all.
    const some = `with found as materialized (${found}) select ticket_id from found limit ${mostFound}`;
    rows.whereRaw(`t.id in (${everywhere ? some : found})`, [...words.bindings, ['subject', ...kinds]]);
  }
}

export const isDesk = ({ portal, schools, providers }: Desk): boolean => portal || schools.length > 0 || providers.length > 0;

function ownLines({ portal, schools }: Desk): string[] {
  if (portal) return ['portal'];
  return schools.length > 0 ? ['school'] : ['provider'];
}

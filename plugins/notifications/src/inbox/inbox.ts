import { notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { Kinds } from '../kinds/kinds.js';

interface Row {
  id: string;
  kind: string;
  place: string;
  params: Record<string, string | number>;
  times: number;
  happened_at: Date;
  read_at: Date | null;
}

/** A notification as its recipient sees it. `text` is the message key of the sentence, with its plugin: `myway:notified.given.text`. */
export interface Item {
  id: string;
  kind: string;
  text: string;
  params: Record<string, string | number>;
  /** How often it was sent since it was last read. */
  count: number;
  place: string;
  at: string;
  read: boolean;
}

export const pageSize = 20;

/**
 * The signed-in person's own notifications. The table belongs to no tenant, so every query here starts from {@link own}, which limits it to
 * this person. Notifications of plugins that are out of service are left out, since their texts are not there.
 */
export class Inbox {
  readonly #knex: Knex;
  readonly #kinds: Kinds;
  readonly #live: Dependencies['live'];
  readonly #personId: string | null;

  constructor({ knex, kinds, live, principal }: Dependencies & { kinds: Kinds }) {
    this.#knex = knex;
    this.#kinds = kinds;
    this.#live = live;
    this.#personId = principal.kind === 'person' ? principal.id : null;
  }

  async unread(): Promise<number> {
    const [row] = await this.#own().whereNull('read_at').count({ total: '*' });
    return Number(row?.['total']);
  }

  /** Newest first. Beyond the last page, the last page: others may have been read meanwhile. */
  async list(wish: { page: number; unread: boolean }): Promise<{ items: Item[]; total: number; page: number; pages: number }> {
    const wanted = () => this.#own().modify((query) => (wish.unread ? query.whereNull('read_at') : query));
    const [counted] = await wanted().count({ total: '*' });
    const total = Number(counted?.['total']);
    const pages = Math.ceil(total / pageSize);
    const page = Math.min(wish.page, Math.max(pages, 1));
    const rows: Row[] = await wanted()
      .select('id', 'kind', 'place', 'params', 'times', 'happened_at', 'read_at')
      .orderBy([{ column: 'happened_at', order: 'desc' }, { column: 'id' }])
      .offset((page - 1) * pageSize)
      .limit(pageSize);
    const texts = new Map(this.#kinds.all().map(({ kind, plugin, text }) => [kind, `${plugin}:${text}.text`]));
    return { items: rows.map((row) => itemOf(row, texts.get(row.kind) ?? row.kind)), total, page, pages };
  }

  /** @throws 404 if the person has no such notification */
  async mark(id: string, read: boolean): Promise<void> {
    const [row] = await this.#own().where({ id }).select('kind', 'place', 'read_at');
    if (row === undefined) throw notFound();
    if ((row.read_at !== null) === read) return;
    if (!read) {
      // A newer one of the same kind and place may be unread already.
      const newer = await this.#own().where({ kind: row.kind, place: row.place }).whereNull('read_at').first('id');
      if (newer !== undefined) return;
    }
    await this.#own()
      .where({ id })
      .update({ read_at: read ? this.#knex.fn.now() : null });
    await this.#tell();
  }

  async markAllRead(): Promise<void> {
    const marked = await this.#own().whereNull('read_at').update({ read_at: this.#knex.fn.now() });
    if (marked > 0) await this.#tell();
  }

  #own(): Knex.QueryBuilder {
    return this.#knex('notifications')
      .where({ person_id: this.#personId })
      .whereIn(
        'kind',
        this.#kinds.all().map(({ kind }) => kind),
      );
  }

  async #tell(): Promise<void> {
    if (this.#personId !== null) await this.#live.publish('inbox', { personId: this.#personId }, { kind: 'read' });
  }
}

const itemOf = ({ id, kind, place, params, times, happened_at, read_at }: Row, text: string): Item => ({
  ...{ id, kind, text, params, place },
  count: times,
  at: happened_at.toISOString(),
  read: read_at !== null,
});

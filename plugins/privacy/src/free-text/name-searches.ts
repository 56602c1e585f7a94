import { createHmac } from 'node:crypto';
import { type Mention, notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';

export interface NameToFind {
  given: string;
  family: string;
}

interface MentionRow {
  id: string;
  search_id: string;
  plugin: string;
  table_name: string;
  column_name: string;
  row_key: Record<string, string>;
}

/** Number of mentions that are shown at a time. */
export const shownMentions = 20;
const purpose = 'name of an erased person';
/** What stands in place of the name. */
export const replacement = '(naam verwijderd)';
/** After an erasure began, in seconds: its rows are gone by then, mostly. */
const delaySeconds = 300;

type Services = Pick<Dependencies, 'knex' | 'privacy' | 'secrets' | 'jobs' | 'principal' | 'directory'>;

/** Searches for the names of erased people in what others wrote. The name is kept encrypted until everything found is decided. */
export class NameSearches {
  readonly #services: Services;
  readonly #knex: Knex;

  constructor({ knex, privacy, secrets, jobs, principal, directory }: Services) {
    this.#services = { knex, privacy, secrets, jobs, principal, directory };
    this.#knex = knex;
  }

  /**
   * Starts a search in the background for the name of a person who is being erased, once; the erasure does not wait for it. Does nothing if
   * the directory has erased the name already.
   */
  async begin(personId: string): Promise<void> {
    const person = await this.#services.directory.people.get(personId);
    if (person === null) return;
    const name: NameToFind = { given: person.givenName, family: person.familyName };
    const about = createHmac('sha256', await this.#services.secrets.key(purpose))
      .update(personId)
      .digest();
    const [row] = await this.#knex('name_searches').insert({ about }).onConflict('about').ignore().returning('id');
    if (row === undefined) return;
    const id: string = row.id;
    const sealed = Buffer.from(await this.#services.secrets.seal(purpose, id, JSON.stringify(name)));
    await this.#knex('name_searches').where({ id }).update({ sealed });
    await this.#services.jobs.enqueue('search-names', { search: id }, { delaySeconds });
  }

  /** Searches the next table. Returns false when there is none left. */
  async step(id: string): Promise<boolean> {
    const search = await this.#knex('name_searches').where({ id }).forUpdate().first();
    const name = await this.#nameOf(id);
    if (search === undefined || name === null || search.next_table === null) return false;
    const { mentions, next, more } = await this.#services.privacy.findMentions(name, search.next_table);
    if (mentions.length > 0) {
      await this.#knex('name_mentions').insert(
        mentions.map(({ plugin, table, column, key }) => ({
          ...{ search_id: id, plugin, table_name: table, column_name: column },
          row_key: JSON.stringify(key),
        })),
      );
    }
    await this.#knex('name_searches')
      .where({ id })
      .update({ next_table: next, truncated: search.truncated || more });
    if (next === null) await this.#finish(id);
    return next !== null;
  }

  /** The next texts to decide about, the oldest search first, and how many are left. */
  async open(language: string) {
    const rows: MentionRow[] = await this.#knex('name_mentions')
      .join('name_searches', 'name_searches.id', 'name_mentions.search_id')
      .where({ state: 'open' })
      .orderBy(['name_searches.created_at', 'name_mentions.id'])
      .limit(shownMentions)
      .select('name_mentions.*');
    const left = await this.#knex('name_mentions').where({ state: 'open' }).count('* as n').first();
    const running = await this.#knex('name_searches').whereNotNull('next_table').count('* as n').first();
    const texts = await this.#services.privacy.readMentions(rows.map(mentionOf), language);
    const names = new Map<string, NameToFind | null>();
    for (const id of new Set(rows.map(({ search_id }) => search_id))) names.set(id, await this.#nameOf(id));
    return {
      mentions: rows.map(({ id, search_id }, index) => {
        const name = names.get(search_id);
        return {
          id,
          title: texts[index]?.title ?? null,
          text: texts[index]?.text.slice(0, 2_000) ?? null,
          name: name ? `${name.given} ${name.family}` : null,
        };
      }),
      left: Number(left?.['n'] ?? 0),
      running: Number(running?.['n'] ?? 0),
    };
  }

  /** @throws Problem 404 if it was decided already */
  async decide(id: string, decision: 'leave' | 'replace'): Promise<void> {
    const row: MentionRow | undefined = await this.#knex('name_mentions').where({ id, state: 'open' }).forUpdate().first();
    if (row === undefined) throw notFound();
    const name = await this.#nameOf(row.search_id);
    const replaced =
      decision === 'replace' && name !== null && (await this.#services.privacy.replaceMention(mentionOf(row), name, replacement));
    await this.#knex('name_mentions')
      .where({ id })
      .update({
        state: decision === 'leave' ? 'left' : replaced ? 'replaced' : 'gone',
        decided_by: this.#services.principal.kind === 'person' ? this.#services.principal.id : null,
        decided_at: this.#knex.fn.now(),
      });
    await this.#finish(row.search_id);
  }

  /** Forgets the name once nothing is left to decide. */
  async #finish(id: string): Promise<void> {
    await this.#knex('name_searches')
      .where({ id, next_table: null })
      .whereNotExists(this.#knex('name_mentions').where({ search_id: id, state: 'open' }).select(this.#knex.raw('1')))
      .update({ sealed: null, about: null });
  }

  async #nameOf(id: string): Promise<NameToFind | null> {
    const row = await this.#knex('name_searches').where({ id }).first('sealed');
    if (!row?.sealed) return null;
    const text = await this.#services.secrets.open(purpose, id, row.sealed);
    return text === null ? null : (JSON.parse(text) as NameToFind);
  }
}

const mentionOf = ({ plugin, table_name, column_name, row_key }: MentionRow): Mention => ({
  ...{ plugin, table: table_name, column: column_name },
  key: row_key,
});

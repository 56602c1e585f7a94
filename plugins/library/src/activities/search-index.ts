import { type KernelCradle, Yielder } from '@ilearn/core';
import type { Knex } from 'knex';
import { groupBy } from '../group-by.js';
import { markdownText, maxIndexed, searchable, vectorSql } from '../text.js';
import { draftPattern } from './shared-texts-migration.js';
import type { Spelling } from './spelling.js';

const chunk = 200;
/** Number of activities that are indexed in one unit of work, which takes a few seconds at most. */
export const renewedAtOnce = 500;

interface Source {
  id: string;
  school_id: string | null;
  title: string;
  description: string;
  provider: string;
  keywords: string[];
  markdown: string | null;
}

interface Named {
  activity_id: string;
  /** Whether the activity has the concept itself, not only a narrower one. */
  own: boolean;
  labels: { value: string }[];
  definition: string | null;
}

/**
 * The full text index. Weights: A title · B keywords and names of its concepts · C description, provider and names of broader concepts, so
 * that a search for a concept finds activities on narrower ones · D text and definitions.
 */
export class SearchIndex {
  readonly #knex: Knex;
  readonly #spelling: Spelling;

  constructor({ knex, spelling }: Pick<KernelCradle, 'knex'> & { spelling: Spelling }) {
    this.#knex = knex;
    this.#spelling = spelling;
  }

  async update(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += chunk) await this.#updateChunk(ids.slice(at, at + chunk));
  }

  /** Number of activities with concepts of these schemes, or with narrower ones. */
  async countOn(schemes: readonly string[]): Promise<number> {
    const { rows } = await this.#knex.raw<{ rows: [{ count: number }] }>(`select count(*)::int as count from (${onSchemes}) a`, [
      [...schemes],
    ]);
    return rows[0].count;
  }

  /**
   * Indexes the next batch of activities with concepts of these schemes, after the schemes have changed.
   *
   * @param after id of the last activity in the previous batch; null for the first batch
   * @returns the id of the last activity in this batch (null after the last batch) and the number of activities
   */
  async renew(schemes: readonly string[], after: string | null, most: number): Promise<{ last: string | null; count: number }> {
    const { rows } = await this.#knex.raw<{ rows: { id: string }[] }>(
      `select id from (${onSchemes}) a where ?::uuid is null or id > ? order by id limit ?`,
      [[...schemes], after, after, most] as unknown as string[],
    );
    const ids = rows.map(({ id }) => id);
    await this.update(ids);
    return { last: ids.length < most ? null : (ids.at(-1) as string), count: ids.length };
  }

  async #updateChunk(ids: readonly string[]): Promise<void> {
    const sources = await this.#knex('activities')
      .whereRaw('id = any(?::uuid[])', [[...ids]])
      .select<Source[]>(
        'id',
        'school_id',
        'title',
        'description',
        'provider',
        'keywords',
        // Leave out pictures in the text, which are not words and may have megabytes.
        this.#knex.raw(
          `left(regexp_replace(concat_ws(E'\\n\\n', content ->> 'markdown',
             (select string_agg(value, E'\\n\\n') from jsonb_each_text(content -> 'translations'))),
           'data:image/[A-Za-z0-9+/=;,]+', '', 'g'), ?) as markdown`,
          [maxIndexed],
        ),
      );
    const named = await this.#knex('activity_concepts as l')
      .join('concept_ancestors as a', 'a.uri', 'l.concept_uri')
      .join('newest_concepts as c', 'c.uri', 'a.ancestor')
      .whereRaw('l.activity_id = any(?::uuid[])', [[...ids]])
      .select<Named[]>('l.activity_id', this.#knex.raw('(a.uri = a.ancestor) as own'), 'c.labels', 'c.definition');
    const concepts = groupBy(named, ({ activity_id }) => activity_id);
    const rows = [];
    const yielder = new Yielder();
    for (const source of sources) {
      // A long text takes several milliseconds.
      await yielder.yield();
      rows.push({ id: source.id, shared: source.school_id === null, ...weighted(source, concepts.get(source.id) ?? []) });
    }
    await this.#knex.raw(
      `update activities set search = ${vectorSql('r.a', 'A')} || ${vectorSql('r.b', 'B')} || ${vectorSql('r.c', 'C')} || ${vectorSql('r.d', 'D')}
       from jsonb_to_recordset(?::jsonb) as r(id uuid, a text, b text, c text, d text) where activities.id = r.id`,
      [JSON.stringify(rows)],
    );
    await this.#knex.raw(
      `insert into shared_texts (activity_id, language, draft, age_from, age_to, search)
       select id, language, title ~* '${draftPattern}', age_from, age_to, search
       from activities where school_id is null and id = any(?::uuid[])
       on conflict (activity_id) do update set language = excluded.language, draft = excluded.draft, age_from = excluded.age_from,
         age_to = excluded.age_to, search = excluded.search`,
      [[...ids] as unknown as string],
    );
    await this.#spelling.learn(rows.flatMap(({ shared, a, b, c }) => (shared ? `${a} ${b} ${c}`.split(' ') : [])));
  }
}

const onSchemes = `
  select distinct l.activity_id as id
  from activity_concepts l
  join concept_ancestors up on up.uri = l.concept_uri
  join concepts c on c.uri = up.ancestor
  join scheme_versions v on v.id = c.scheme_version_id
  where v.scheme_uri = any(?::text[])`;

function weighted(source: Source, concepts: Named[]): Record<'a' | 'b' | 'c' | 'd', string> {
  const names = (own: boolean) => concepts.filter((c) => c.own === own).flatMap((c) => c.labels.map(({ value }) => value));
  const definitions = concepts.filter((c) => c.own).map((c) => c.definition ?? '');
  return {
    a: searchable(source.title),
    b: searchable([...source.keywords, ...names(true)].join(' ')),
    c: searchable([source.description, source.provider, ...names(false)].join(' ')),
    d: searchable([markdownText(source.markdown ?? ''), ...definitions].join(' ')),
  };
}

import type { KernelCradle } from '@ilearn/core';
import type { Knex } from 'knex';
import { groupBy } from '../group-by.js';
import { markdownText, searchable, vectorSql } from '../text.js';

const chunk = 200;

interface Source {
  id: string;
  title: string;
  description: string;
  provider: string;
  keywords: string[];
  markdown: string | null;
}

interface Named {
  activity_id: string;
  /** Whether the activity is on the concept itself, not on a narrower one. */
  own: boolean;
  labels: { value: string }[];
  definition: string | null;
}

/**
 * What full-text search looks into. Weights: A title · B keywords and the names of its concepts · C description, provider and
 * the names of broader concepts, so that who looks for a concept finds what is on a narrower one · D text and definitions.
 */
export class SearchIndex {
  readonly #knex: Knex;

  constructor({ knex }: Pick<KernelCradle, 'knex'>) {
    this.#knex = knex;
  }

  async update(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += chunk) await this.#updateChunk(ids.slice(at, at + chunk));
  }

  /** After a change of the curriculum. */
  async rebuild(): Promise<number> {
    const ids: string[] = await this.#knex('activities').orderBy('id').pluck('id');
    await this.update(ids);
    return ids.length;
  }

  async #updateChunk(ids: readonly string[]): Promise<void> {
    const sources = await this.#knex('activities')
      .whereRaw('id = any(?::uuid[])', [[...ids]])
      .select<Source[]>(
        'id',
        'title',
        'description',
        'provider',
        'keywords',
        this.#knex.raw(`content ->> 'markdown' as markdown`),
      );
    const named = await this.#knex('activity_concepts as l')
      .join('concept_ancestors as a', 'a.uri', 'l.concept_uri')
      .join('newest_concepts as c', 'c.uri', 'a.ancestor')
      .whereRaw('l.activity_id = any(?::uuid[])', [[...ids]])
      .select<Named[]>('l.activity_id', this.#knex.raw('(a.uri = a.ancestor) as own'), 'c.labels', 'c.definition');
    const concepts = groupBy(named, ({ activity_id }) => activity_id);
    const rows = sources.map((source) => ({ id: source.id, ...weighted(source, concepts.get(source.id) ?? []) }));
    await this.#knex.raw(
      `update activities set search = ${vectorSql('r.a', 'A')} || ${vectorSql('r.b', 'B')} || ${vectorSql('r.c', 'C')} || ${vectorSql('r.d', 'D')}
       from jsonb_to_recordset(?::jsonb) as r(id uuid, a text, b text, c text, d text) where activities.id = r.id`,
      [JSON.stringify(rows)],
    );
  }
}

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

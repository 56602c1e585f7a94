import type { Position } from '@ilearn/core';
import type { Concepts } from '../curriculum/concepts.js';
import type { ConceptFacet, Facets } from '../curriculum/facets.js';
import type { Dependencies } from '../dependencies.js';
import type { ActivitySummary } from '../exports.js';
import { afterSql, orderSql, type SortKey } from '../sort-keys.js';
import { sourcesByAccess } from './access.js';
import { type Asked, readQuestion } from './asked.js';
import { candidatesSql, conceptCountsSql, missingWordsSql, plainCountsSql, type Reader, type Sql } from './candidates.js';
import type { Compounds } from './compounds.js';
import { type ConceptCount, type CountRow, conceptFacetOf, type Facet, plainFacets } from './facet-values.js';
import type { ActivityQuery } from './filter.js';
import { mineSql, offerFor } from './offered.js';
import { activityRows, summaries } from './rows.js';
import type { Spelling } from './spelling.js';

export interface SearchResult {
  total: number;
  page: number;
  pageSize: number;
  activities: ActivitySummary[];
  facets: Facet[];
  /** The chosen concepts with their names. A concept that is in no scheme is named by its URI. */
  chosenConcepts: { uri: string; label: string; facet: string | null }[];
  /** Number of activities that the person withdrew from the library. */
  withdrawn: number;
  /** School years and stages recognised in the query. */
  levels: { text: string; ages: { from: number; to: number }[] }[];
  /** The corrected query, if the original found nothing because of typing errors. */
  corrected: string | null;
  /** If no activity has all words: the number of results without each word. */
  /** Concepts near the one that the words name: related, narrower and broader ones. */
  related: { uri: string; label: string }[];
  without: { word: string; q: string; count: number }[];
}

/** Concepts that are offered beside the results. */
export const mostRelated = 8;
/** Unknown words of one question that are divided; each takes two look-ups. */
const mostDivided = 3;

const byTitle: SortKey[] = [
  { sql: 'title', type: 'text' },
  { sql: 'id', type: 'uuid' },
];
const orders: Record<ActivityQuery['sort'], SortKey[]> = {
  relevance: [{ sql: '-rank', type: 'double precision' }, ...byTitle],
  title: byTitle,
  newest: [
    { sql: '-extract(epoch from created_at)', type: 'numeric' },
    { sql: 'id', type: 'uuid' },
  ],
};

interface FoundPage extends SearchResult {
  /** Positions of the activities in the list, and of the next one if there are more. */
  positions: Position[];
}

interface Services extends Pick<Dependencies, 'knex' | 'principal' | 'contributions'> {
  concepts: Concepts;
  facets: Facets;
  spelling: Spelling;
  compounds: Compounds;
}

/** Finds activities. Row-level security determines what is visible, so counts and facets reveal nothing about other schools. */
export class ActivitySearch {
  readonly #services: Services;

  constructor({ knex, principal, contributions, concepts, facets, spelling, compounds }: Services) {
    this.#services = { knex, principal, contributions, concepts, facets, spelling, compounds };
  }

  /**
   * @param language the reader's language; activities in it come first among equally good matches
   * @param after the position after which the page begins, instead of `page`
   */
  async find(query: ActivityQuery, language: string, after: Position | null = null): Promise<FoundPage> {
    const { principal, contributions, facets } = this.#services;
    const personId = principal.kind === 'person' ? principal.id : null;
    const reader = {
      personId,
      language,
      offer: offerFor({ contributions, principal }),
      access: sourcesByAccess({ contributions }),
    };
    const question = query.q === undefined || query.q === '' ? null : readQuestion(query.q);
    const conceptFacets = query.facets || query.concept.length > 0 ? await facets.list() : [];
    const facetOfConcept = new Map(
      query.concept.flatMap((uri) =>
        conceptFacets.flatMap(({ key, members }) => (members.has(uri) ? [[uri, key] as const] : [])).slice(0, 1),
      ),
    );
    const search: Search = { query, after, reader, conceptFacets, facetOfConcept };
    const result = await this.#search(search, question);
    if (result.total > 0 || question === null || question.words.length === 0 || query.withdrawn) return result;
    return this.#secondTry(search, question, result);
  }

  /** If no activity has all the words, searches again with typing errors corrected or compounds divided, or suggests words to leave out. */
  async #secondTry(search: Search, question: Asked, result: FoundPage): Promise<FoundPage> {
    const { knex, spelling, compounds } = this.#services;
    const { query, reader, facetOfConcept } = search;
    // A single word without results needs no second query, unless filters excluded the results.
    const alone = question.words.length === 1 && question.levels.length === 0 && isUnnarrowed(query);
    const { sql, bindings } = missingWordsSql(query, question, reader, facetOfConcept);
    const { rows } = alone
      ? { rows: [{ place: 1, known: false, without: 0 }] }
      : await knex.raw<{ rows: { place: number; known: boolean; without: number }[] }>(sql, bindings as string[]);
    const unknown = rows.filter(({ known }) => !known).map(({ place }) => question.words[place - 1] as string);
    const nearest = await spelling.nearest(unknown);
    if (nearest.size > 0) {
      const corrected = { ...question, words: question.words.map((word) => nearest.get(word) ?? word) };
      const better = await this.#search(search, corrected);
      if (better.total > 0) return { ...better, corrected: textOf(corrected) };
    }
    const divided = new Map<string, string[]>();
    for (const word of unknown.slice(0, mostDivided)) {
      const parts = await compounds.divide(word);
      if (parts !== null) divided.set(word, parts);
    }
    if (divided.size > 0) {
      const apart = { ...question, words: question.words.flatMap((word) => divided.get(word) ?? [word]) };
      const better = await this.#search(search, apart);
      if (better.total > 0) return { ...better, corrected: textOf(apart) };
    }
    const without = rows
      .filter((row) => row.without > 0)
      .map(({ place, without: count }) => {
        const words = question.words.filter((_, index) => index !== place - 1);
        return { word: question.words[place - 1] as string, q: textOf({ ...question, words }), count };
      })
      .sort((a, b) => b.count - a.count)
      .slice(0, 3);
    return { ...result, without };
  }

  async #search({ query, after, reader, conceptFacets, facetOfConcept }: Search, question: Asked | null): Promise<FoundPage> {
    const { knex, concepts } = this.#services;
    const { personId } = reader;
    const [order, begin] = [orderSql(orders[query.sort]), afterSql(orders[query.sort], after)];
    const found = await this.#run(candidatesSql(query, question, reader, facetOfConcept), {
      total: { sql: `select count(*)::int from candidates where missed = '{}'`, bindings: [] },
      positions: {
        sql: `select coalesce(json_agg(json_build_array(${order.sql})), '[]') from (
          select rank, title, id, created_at from candidates
          where missed = '{}' and ${begin.sql} order by ${order.sql} limit ? offset ?) as p`,
        bindings: [...begin.bindings, query.pageSize + 1, after === null ? (query.page - 1) * query.pageSize : 0],
      },
      withdrawn: withdrawnSql(personId),
      ...(query.facets ? { plain: rowsSql(plainCountsSql(personId)), concepts: rowsSql(conceptCountsSql) } : {}),
    });
    const labels = await concepts.labels(query.concept);
    const name = question?.words.join(' ') ?? '';
    const ids = found.positions.slice(0, query.pageSize).map((position) => position.at(-1) as string);
    return {
      total: found.total,
      page: query.page,
      pageSize: query.pageSize,
      activities: await summaries(knex, await activityRows(this.#services, ids)),
      positions: found.positions,
      facets: await this.#facets(query, found, conceptFacets),
      chosenConcepts: query.concept.map((uri) => ({
        uri,
        label: labels.get(uri) ?? uri,
        facet: facetOfConcept.get(uri) ?? null,
      })),
      withdrawn: found.withdrawn,
      levels: (question?.levels ?? []).map(({ text, ages }) => ({ text, ages })),
      corrected: null,
      related: name === '' || !query.facets || query.page > 1 ? [] : await concepts.relatedTo(name, mostRelated),
      without: [],
    };
  }

  async #facets(query: ActivityQuery, { plain, concepts }: Found, conceptFacets: ConceptFacet[]): Promise<Facet[]> {
    if (plain === undefined || concepts === undefined) return [];
    const members = new Set(conceptFacets.flatMap(({ members }) => [...members.keys()]));
    const counted = concepts.filter(({ uri }) => members.has(uri));
    const named = await this.#services
      .knex('newest_concepts')
      .whereRaw('uri = any(?::text[])', [[...new Set(counted.map(({ uri }) => uri))]])
      .select<{ uri: string; label: string; broader: string[] }[]>('uri', 'label', 'broader');
    const byUri = new Map(named.map((concept) => [concept.uri, concept]));
    const chosen = new Set(query.concept);
    return [
      ...plainFacets(query, plain),
      ...conceptFacets.flatMap((facet) => conceptFacetOf(facet, counted, byUri, chosen) ?? []),
    ];
  }

  /** Runs one statement, so that the words are matched only once. */
  async #run(candidates: Sql, answers: Record<string, Sql>): Promise<Found> {
    const columns = Object.entries(answers);
    const { rows } = await this.#services.knex.raw<{ rows: [Found] }>(
      `with ${candidates.sql} select ${columns.map(([name, { sql }]) => `(${sql}) as ${name}`).join(', ')}`,
      [...candidates.bindings, ...columns.flatMap(([, { bindings }]) => bindings)] as string[],
    );
    return rows[0];
  }
}

interface Search {
  query: ActivityQuery;
  after: Position | null;
  reader: Reader;
  conceptFacets: ConceptFacet[];
  facetOfConcept: ReadonlyMap<string, string>;
}

const isUnnarrowed = ({ kind, language, provider, audience, owner, age, duration, access, concept }: ActivityQuery): boolean =>
  [kind, language, provider, audience, owner, age, duration, access, concept].every((chosen) => chosen.length === 0);

const textOf = ({ words, levels }: Asked): string => [...words, ...levels.map(({ text }) => text)].join(' ');

interface Found {
  total: number;
  positions: Position[];
  withdrawn: number;
  plain?: CountRow[];
  concepts?: ConceptCount[];
}

const rowsSql = ({ sql, bindings }: Sql): Sql => ({
  sql: `select coalesce(json_agg(row_to_json(r)), '[]') from (${sql}) as r`,
  bindings,
});

function withdrawnSql(person: string | null): Sql {
  const mine = mineSql(person);
  return { sql: `select count(*)::int from activities a where not a.available and ${mine.sql}`, bindings: mine.bindings };
}

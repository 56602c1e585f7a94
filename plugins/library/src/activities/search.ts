import type { Position } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { ActivitySummary } from '../exports.js';
import { type Asked, readQuestion } from './asked.js';
import type { Compounds } from './compounds.js';
import type { Counted } from './counting.js';
import { type CountRow, conceptFacetOf, type Facet, plainFacets } from './facet-values.js';
import type { ActivityQuery } from './filter.js';
import { offerFor } from './offered.js';
import { countUntil, orderFor } from './orders.js';
import { matchesSql, missingWordsSql } from './question-sql.js';
import { ReaderEntries } from './reader-entries.js';
import { relatedConcepts } from './related-concepts.js';
import { activityRows, summaries } from './rows.js';
import type { SharedEntriesCache } from './shared-entries.js';
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
  /** Concepts near the one that the words name: related, narrower and broader ones. */
  related: { uri: string; label: string }[];
  /** If no activity has all words: the number of results without each word. */
  without: { word: string; q: string; count: number }[];
}

/** Concepts that are offered beside the results. */
export const mostRelated = 8;
/** Unknown words of one question that are divided; each takes two look-ups. */
const mostDivided = 3;

interface FoundPage extends SearchResult {
  /** Positions of the activities in the list, and of the next one if there are more. */
  positions: Position[];
}

interface Services extends Pick<Dependencies, 'knex' | 'principal' | 'contributions' | 'licences'> {
  sharedEntries: SharedEntriesCache;
  spelling: Spelling;
  compounds: Compounds;
}

interface Search {
  query: ActivityQuery;
  after: Position | null;
  /** The reader's language. */
  language: string;
  reader: ReaderEntries;
}

interface Missing {
  word: string;
  /** From 1. */
  place: number;
  /** Whether any activity has it. */
  known: boolean;
  /** Results without it. */
  count: number;
}

/** Finds activities. Row-level security determines what is visible, so counts and facets reveal nothing about other schools. */
export class ActivitySearch {
  readonly #services: Services;

  constructor({ knex, principal, contributions, licences, sharedEntries, spelling, compounds }: Services) {
    this.#services = { knex, principal, contributions, licences, sharedEntries, spelling, compounds };
  }

  /**
   * @param language the reader's language; activities in it come first among equally good matches
   * @param after the position after which the page begins, instead of `page`
   */
  async find(query: ActivityQuery, language: string, after: Position | null = null): Promise<FoundPage> {
    const question = query.q === undefined || query.q === '' ? null : readQuestion(query.q);
    const search: Search = { query, after, language, reader: await ReaderEntries.read(this.#services) };
    const result = await this.#search(search, question);
    if (result.total > 0 || question === null || question.words.length === 0 || query.withdrawn) return result;
    return this.#secondTry(search, question, result);
  }

  /** If no activity has all the words, searches again with typing errors corrected or compounds divided, or suggests words to leave out. */
  async #secondTry(search: Search, question: Asked, result: FoundPage): Promise<FoundPage> {
    const { spelling, compounds } = this.#services;
    const missing = await this.#missing(search, question);
    const unknown = missing.flatMap(({ known, word }) => (known ? [] : [word]));
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
    const without = missing
      .filter(({ count }) => count > 0)
      .map(({ word, place, count }) => {
        const words = question.words.filter((_, index) => index !== place - 1);
        return { word, q: textOf({ ...question, words }), count };
      })
      .sort((a, b) => b.count - a.count)
      .slice(0, 3);
    return { ...result, without };
  }

  /** Which words are in any activity, and how many results there are without each. */
  async #missing({ query, reader }: Search, question: Asked): Promise<Missing[]> {
    const { knex, principal, contributions } = this.#services;
    const conditions = reader.conditionsOf(query, facetOf(reader));
    const [only, ...others] = question.words as [string];
    // Without its only word, a question asks for everything.
    if (others.length === 0 && question.levels.length === 0) {
      const count = conditions.length === 0 ? 0 : reader.count(reader.all(), conditions).found.length;
      const known = reader.some((await this.#matches(question, '')).ids).length > 0;
      return [{ word: only, place: 1, known, count }];
    }
    const personId = principal.kind === 'person' ? principal.id : null;
    const { sql, bindings } = missingWordsSql(question, offerFor({ contributions, principal }), personId);
    const { rows } = await knex.raw<{ rows: { place: number; known: boolean; ids: string[] }[] }>(sql, bindings as string[]);
    return rows.map(({ place, known, ids }) => ({
      word: question.words[place - 1] as string,
      place,
      known,
      count: reader.count(reader.some(ids), conditions).found.length,
    }));
  }

  async #matches(question: Asked, language: string): Promise<{ ids: string[]; ranks: number[] }> {
    const { principal } = this.#services;
    const { sql, bindings } = matchesSql(question, language, principal.tenants === '*' ? null : principal.tenants);
    const { rows } = await this.#services.knex.raw<{ rows: [{ ids: string[]; ranks: number[] }] }>(
      `select coalesce(json_agg(id), '[]') as ids, coalesce(json_agg(rank), '[]') as ranks from (${sql}) as m`,
      bindings as string[],
    );
    return rows[0];
  }

  async #search({ query, after, language, reader }: Search, question: Asked | null): Promise<FoundPage> {
    const { shared, ids: valueIds } = reader;
    const isUsed = (uri: string): boolean => valueIds.find('concept', uri) !== undefined;
    const matches = question === null ? null : await this.#matches(question, language);
    const ranks = matches && new Map(matches.ids.map((id, n) => [id, matches.ranks[n] as number]));
    const entries = query.withdrawn
      ? reader.takenOut().filter(({ id }) => ranks?.has(id) ?? true)
      : matches === null
        ? reader.all()
        : reader.some(matches.ids);
    const facetOfConcept = facetOf(reader);
    const counted = reader.count(entries, reader.conditionsOf(query, facetOfConcept));
    const order = orderFor(query.sort, ranks);
    const results =
      ranks === null && query.sort !== 'newest' && !reader.hasOwn ? counted.found : counted.found.sort(order.compare);
    const from = after === null ? (query.page - 1) * query.pageSize : countUntil(results, order, after);
    const page = results.slice(from, from + query.pageSize + 1);
    const ids = page.slice(0, query.pageSize).map(({ id }) => id);
    const name = question?.words.join(' ') ?? '';
    return {
      total: results.length,
      page: query.page,
      pageSize: query.pageSize,
      activities: await summaries(this.#services, await activityRows(this.#services, ids)),
      positions: page.map(order.positionOf),
      facets: query.facets ? facetsOf(query, counted, reader) : [],
      chosenConcepts: query.concept.map((uri) => ({
        uri,
        label: shared.concepts.get(uri)?.label ?? uri,
        facet: shared.facets.find(({ members }) => members.has(uri))?.key ?? null,
      })),
      withdrawn: reader.withdrawn,
      levels: (question?.levels ?? []).map(({ text, ages }) => ({ text, ages })),
      corrected: null,
      related: name === '' || !query.facets || query.page > 1 ? [] : relatedConcepts(shared, name, mostRelated, isUsed),
      without: [],
    };
  }
}

/** The facet in which a concept is chosen: the first that has it; others narrow the search each for itself. */
const facetOf =
  ({ shared }: ReaderEntries) =>
  (uri: string): string =>
    shared.facets.find(({ members }) => members.has(uri))?.key ?? `concept:${uri}`;

function facetsOf(query: ActivityQuery, { countOf }: Counted, { ids, shared }: ReaderEntries): Facet[] {
  const plain: CountRow[] = [];
  for (const [id, { facet, value }] of ids.entries()) {
    const count = facet === 'concept' ? 0 : countOf(facet, id);
    if (count > 0) plain.push({ facet, value, count });
  }
  const chosen = new Set(query.concept);
  const ofConcepts = shared.facets.flatMap((facet) => {
    const countOfConcept = (uri: string): number => {
      const id = ids.find('concept', uri);
      return id === undefined ? 0 : countOf(facet.key, id);
    };
    return conceptFacetOf(facet, countOfConcept, shared.concepts, chosen) ?? [];
  });
  return [...plainFacets(query, plain), ...ofConcepts];
}

const textOf = ({ words, levels }: Asked): string => [...words, ...levels.map(({ text }) => text)].join(' ');

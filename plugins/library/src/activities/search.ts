import type { Cradle } from '../cradle.js';
import type { ConceptFacet } from '../curriculum/facets.js';
import type { ActivitySummary } from '../exports.js';
import { candidatesSql, conceptCountsSql, mineSql, plainCountsSql, type Sql } from './candidates.js';
import { type ConceptCount, type CountRow, conceptFacetOf, type Facet, plainFacets } from './facet-values.js';
import type { ActivityQuery } from './filter.js';
import { activityRows, summaries } from './rows.js';

export interface SearchResult {
  total: number;
  page: number;
  pageSize: number;
  activities: ActivitySummary[];
  facets: Facet[];
  /** The chosen concepts with their names, for the chips; a concept that no scheme holds is named by its URI. */
  chosenConcepts: { uri: string; label: string; facet: string | null }[];
  /** How many activities the person took out of the library. */
  withdrawn: number;
}

const orders: Record<ActivityQuery['sort'], string> = {
  relevance: 'rank desc, title, id',
  title: 'title, id',
  newest: 'created_at desc, id',
};

/** Finds activities. Row-level security decides what is seen, so that counts and facets tell nothing of another school. */
export class ActivitySearch {
  readonly #services: Pick<Cradle, 'knex' | 'principal' | 'concepts' | 'facets'>;

  constructor({ knex, principal, concepts, facets }: Cradle) {
    this.#services = { knex, principal, concepts, facets };
  }

  async find(query: ActivityQuery): Promise<SearchResult> {
    const { knex, principal, concepts, facets } = this.#services;
    const person = principal.kind === 'person' ? principal.id : null;
    const conceptFacets = query.facets || query.concept.length > 0 ? await facets.list() : [];
    const facetOfConcept = new Map(
      query.concept.flatMap((uri) =>
        conceptFacets.flatMap(({ key, members }) => (members.has(uri) ? [[uri, key] as const] : [])).slice(0, 1),
      ),
    );
    const found = await this.#run(candidatesSql(query, person, facetOfConcept), {
      total: { sql: `select count(*)::int from candidates where missed = '{}'`, bindings: [] },
      ids: {
        sql: `array(select id from candidates where missed = '{}' order by ${orders[query.sort]} limit ? offset ?)`,
        bindings: [query.pageSize, (query.page - 1) * query.pageSize],
      },
      withdrawn: withdrawnSql(person),
      ...(query.facets ? { plain: rowsSql(plainCountsSql(person)), concepts: rowsSql(conceptCountsSql) } : {}),
    });
    const labels = await concepts.labels(query.concept);
    return {
      total: found.total,
      page: query.page,
      pageSize: query.pageSize,
      activities: await summaries(knex, await activityRows(knex, found.ids)),
      facets: await this.#facets(query, found, conceptFacets),
      chosenConcepts: query.concept.map((uri) => ({
        uri,
        label: labels.get(uri) ?? uri,
        facet: facetOfConcept.get(uri) ?? null,
      })),
      withdrawn: found.withdrawn,
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

  /** One statement, so that the words are matched once. */
  async #run(candidates: Sql, answers: Record<string, Sql>): Promise<Found> {
    const columns = Object.entries(answers);
    const { rows } = await this.#services.knex.raw<{ rows: [Found] }>(
      `with ${candidates.sql} select ${columns.map(([name, { sql }]) => `(${sql}) as ${name}`).join(', ')}`,
      [...candidates.bindings, ...columns.flatMap(([, { bindings }]) => bindings)] as string[],
    );
    return rows[0];
  }
}

interface Found {
  total: number;
  ids: string[];
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

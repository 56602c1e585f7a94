import { type CursorPage, type KernelCradle, notFound, type Position, pageOf, type RouteRequest } from '@ilearn/core';
import type { Knex } from 'knex';
import { orderSql, type SortKey, sortedBy } from '../sort-keys.js';
import { maxAsked, querySql, words } from '../text.js';
import type { Label } from './model.js';

/** Maximum number of relations of one concept in a response. */
export const mostRelations = 2_000;
/** Maximum number of versions of all schemes together on a page. */
export const mostVersions = 2_000;

export interface ConceptSummary {
  uri: string;
  label: string;
  definition: string | null;
  notation: string | null;
  icon: string | null;
  scheme: string;
  deprecated: boolean;
  broader: { uri: string; label: string }[];
  /** Number of directly narrower concepts. */
  narrower: number;
}

export interface ConceptDetail extends ConceptSummary {
  labels: Label[];
  narrowerConcepts: { uri: string; label: string }[];
  related: { uri: string; label: string }[];
  /** Whether one of the lists is truncated. */
  more: boolean;
}

export interface ConceptQuery {
  q?: string | undefined;
  scheme?: string | undefined;
  /** An older version to read; requires `scheme`. */
  version?: number | undefined;
  collection?: string | undefined;
  /** Only concepts directly narrower than this one. */
  broader?: string | undefined;
  limit: number;
}

export interface SchemeSummary {
  uri: string;
  label: string;
  newest: number;
  versions: { version: number; declaredVersion: string | null; importedAt: Date; concepts: number; deprecated: number }[];
}

interface Row {
  uri: string;
  label: string;
  labels: Label[];
  definition: string | null;
  notation: string | null;
  icon: string | null;
  scheme_uri: string;
  deprecated: boolean;
  broader: string[];
  narrower: string[];
  related: string[];
  /** The values by which the list is sorted. */
  sorted: Position;
}

/** Where a page begins, and the address of the next one. */
type PageRequest = Pick<RouteRequest, 'after' | 'next'>;

/** Reads the curriculum, by default its newest versions. */
export class Concepts {
  readonly #knex: Knex;

  constructor({ knex }: Pick<KernelCradle, 'knex'>) {
    this.#knex = knex;
  }

  /** Those of these URIs that are in a scheme, including deprecated concepts. */
  async known(uris: Iterable<string>): Promise<Set<string>> {
    return new Set((await this.labels(uris)).keys());
  }

  async labels(uris: Iterable<string>): Promise<Map<string, string>> {
    const rows = await this.#knex('newest_concepts')
      .whereRaw('uri = any(?::text[])', [[...new Set(uris)]])
      .select<{ uri: string; label: string }[]>('uri', 'label');
    return new Map(rows.map(({ uri, label }) => [uri, label]));
  }

  /** URIs of the concepts in use with each of these names, by the name. @param names in lower case */
  async named(names: readonly string[]): Promise<Map<string, string[]>> {
    const rows: { name: string; uris: string[] }[] = await this.#knex('newest_concepts')
      .where('deprecated', false)
      .whereRaw('lower(label) = any(?::text[])', [[...names]])
      .groupByRaw('lower(label)')
      .select(this.#knex.raw('lower(label) as name'), this.#knex.raw('array_agg(uri order by uri) as uris'));
    return new Map(rows.map(({ name, uris }) => [name, uris]));
  }

  /** With words, the best match first; members of a collection in its order; else by label. */
  async find(query: ConceptQuery, request: PageRequest): Promise<CursorPage<ConceptSummary>> {
    const rows = this.#source(query.scheme, query.version).limit(query.limit + 1);
    const keys: SortKey[] = [];
    if (query.collection !== undefined) {
      rows
        .join('collection_members as m', 'm.concept_uri', 'c.uri')
        .where({ 'm.newest': true, 'm.collection_uri': query.collection });
    }
    if (query.broader !== undefined) rows.whereRaw('? = any(c.broader)', [query.broader]);
    if (query.q !== undefined && query.q.trim() !== '') {
      const asked = querySql(words(query.q).slice(0, maxAsked));
      if (asked === null) return { rows: [], more: false, headers: {} };
      rows.whereRaw(`c.search @@ (${asked.sql})`, asked.bindings);
      keys.push(
        { sql: 'c.deprecated', type: 'boolean' },
        { sql: `-ts_rank(c.search, (${asked.sql}), 1)`, type: 'real', bindings: asked.bindings },
      );
    } else if (query.collection !== undefined) {
      keys.push({ sql: 'm.position', type: 'integer' });
    }
    keys.push({ sql: 'c.label', type: 'text' }, { sql: 'c.uri', type: 'text' });
    const order = orderSql(keys);
    const found: Row[] = await sortedBy(rows, keys, request.after()).select(
      'c.*',
      this.#knex.raw(`json_build_array(${order.sql}) as sorted`, order.bindings),
    );
    const page = pageOf(found, query.limit, ({ sorted }) => sorted, request);
    return { ...page, rows: await this.#summaries(page.rows) };
  }

  /** @throws 404 if the concept is not in any scheme */
  async get(uri: string): Promise<ConceptDetail> {
    const row = await this.#source().where('c.uri', uri).first<Row | undefined>('c.*');
    if (row === undefined) throw notFound('No scheme contains this concept.');
    const labels = await this.labels([...row.narrower.slice(0, mostRelations), ...row.related.slice(0, mostRelations)]);
    const named = (uris: string[]) =>
      uris.flatMap((one) => (labels.has(one) ? [{ uri: one, label: labels.get(one) as string }] : []));
    const [summary] = (await this.#summaries([row])) as [ConceptSummary];
    return {
      ...summary,
      labels: row.labels.slice(0, mostRelations),
      narrowerConcepts: named(row.narrower),
      related: named(row.related),
      more: [row.labels, row.narrower, row.related, row.broader].some(({ length }) => length > mostRelations),
    };
  }

  /** A page of the versions, by scheme and newest first. A scheme whose versions do not fit goes on in the next page. */
  async schemes(limit: number, request: PageRequest): Promise<CursorPage<SchemeSummary>> {
    const keys: SortKey[] = [
      { sql: 's.uri', type: 'text' },
      { sql: '-v.version', type: 'integer' },
    ];
    const versions = this.#knex('scheme_versions as v')
      .join('schemes as s', 's.uri', 'v.scheme_uri')
      .select<(SchemeSummary['versions'][number] & { uri: string; label: string; newest: number })[]>(
        's.uri',
        's.newest',
        'v.label',
        'v.version',
        'v.declared_version as declaredVersion',
        'v.imported_at as importedAt',
        this.#knex.raw('(select count(*)::int from concepts c where c.scheme_version_id = v.id) as concepts'),
        this.#knex.raw('(select count(*)::int from concepts c where c.scheme_version_id = v.id and c.deprecated) as deprecated'),
      )
      .limit(limit + 1);
    const found = await sortedBy(versions, keys, request.after());
    const { rows, ...page } = pageOf(found, limit, ({ uri, version }) => [uri, -version], request);
    const schemes = new Map<string, SchemeSummary>();
    for (const { uri, label, newest, ...version } of rows) {
      const scheme = schemes.get(uri) ?? { uri, label, newest, versions: [] };
      scheme.versions.push(version);
      schemes.set(uri, scheme);
    }
    return { ...page, rows: [...schemes.values()] };
  }

  #source(scheme?: string, version?: number): Knex.QueryBuilder {
    if (scheme === undefined || version === undefined) {
      const newest = this.#knex('newest_concepts as c');
      return scheme === undefined ? newest : newest.where('c.scheme_uri', scheme);
    }
    const versioned = this.#knex('concepts as k')
      .join('scheme_versions as v', 'v.id', 'k.scheme_version_id')
      .where({ 'v.scheme_uri': scheme, 'v.version': version })
      .select('k.*', 'v.scheme_uri');
    return this.#knex(versioned.as('c'));
  }

  async #summaries(rows: Row[]): Promise<ConceptSummary[]> {
    const labels = await this.labels(rows.flatMap(({ broader }) => broader));
    return rows.map(({ uri, label, definition, notation, icon, scheme_uri, deprecated, broader, narrower }) => ({
      uri,
      label,
      definition,
      notation,
      icon,
      scheme: scheme_uri,
      deprecated,
      broader: broader.slice(0, mostRelations).map((one) => ({ uri: one, label: labels.get(one) ?? one })),
      narrower: narrower.length,
    }));
  }
}

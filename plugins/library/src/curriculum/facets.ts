import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';

/** A facet to narrow a search by concepts. */
export interface ConceptFacet {
  key: string;
  /** Name of the facet's first collection. */
  label: string;
  /** Collection that combines this facet with others: `lager onderwijs`. */
  group: string | null;
  /** Its concepts with their position in an ordered collection, otherwise 0. */
  members: Map<string, number>;
}

interface InUse {
  uri: string;
  label: string;
  ordered: boolean;
  /** URIs of the members, in order. */
  members: string[];
}

/** Derives the facets from the collections that the curriculum marks as in use. */
export class Facets {
  readonly #knex: Knex;
  readonly #config: Dependencies['config'];

  constructor({ knex, config }: Pick<Dependencies, 'knex' | 'config'>) {
    this.#knex = knex;
    this.#config = config;
  }

  async list(): Promise<ConceptFacet[]> {
    const inUse = await this.#collectionsInUse();
    const byUri = new Map(inUse.map((collection) => [collection.uri, collection]));
    const named = this.#config.facets.flatMap(({ key, collections }) => {
      const present = collections.filter((uri) => byUri.has(uri));
      return present.length === 0 ? [] : [{ key, collections: present }];
    });
    const taken = new Set(named.flatMap(({ collections }) => collections));
    const others = inUse.filter(({ uri }) => !taken.has(uri));
    const gathering = others.filter((collection) => gathers(collection, inUse));
    const own = others.filter((collection) => !gathering.includes(collection));
    return [...named, ...own.map(({ uri }) => ({ key: uri, collections: [uri] }))].map(({ key, collections }) => {
      const levels = collections.map((uri) => byUri.get(uri) as InUse);
      const first = levels[0] as InUse;
      const members = new Map(
        levels.flatMap(({ ordered, members }) => members.map((uri, n) => [uri, ordered ? n + 1 : 0] as const)),
      );
      return { key, label: first.label, group: gathering.find((one) => holds(one, first))?.label ?? null, members };
    });
  }

  async #collectionsInUse(): Promise<InUse[]> {
    return this.#knex('collections as k')
      .leftJoin('collection_members as m', { 'm.collection_uri': 'k.uri', 'm.scheme_version_id': 'k.scheme_version_id' })
      .where({ 'k.newest': true, 'k.deprecated': false })
      .whereRaw('? = any(k.in_use_by)', [this.#config.inUseBy])
      .groupBy('k.uri', 'k.label', 'k.ordered')
      .orderBy('k.uri')
      .select<InUse[]>(
        'k.uri',
        'k.label',
        'k.ordered',
        this.#knex.raw(
          `coalesce(array_agg(m.concept_uri order by m.position, m.concept_uri) filter (where m.concept_uri is not null), '{}') as members`,
        ),
      );
  }
}

/** Whether all members of `inner` are members of `outer`. */
const holds = (outer: InUse, inner: InUse): boolean => {
  const members = new Set(outer.members);
  return inner.members.length > 0 && inner.members.every((uri) => members.has(uri));
};

/** Whether a collection contains a smaller one completely, and all its members are also in other collections. */
function gathers(collection: InUse, all: InUse[]): boolean {
  const others = all.filter((one) => one !== collection);
  const elsewhere = new Set(others.flatMap(({ members }) => members));
  return (
    collection.members.every((uri) => elsewhere.has(uri)) &&
    others.some((one) => one.members.length < collection.members.length && holds(collection, one))
  );
}

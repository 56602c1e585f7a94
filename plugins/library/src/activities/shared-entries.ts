import { type KernelCradle, type Portal, Yielder } from '@ilearn/core';
import type { Knex } from 'knex';
import type { ConceptFacet, Facets } from '../curriculum/facets.js';
import { byTitle, type Entry, EntryMaker, type EntryRow, entryColumns, orderOf } from './entries.js';
import { ValueIds } from './value-ids.js';

export interface ConceptName {
  uri: string;
  label: string;
  broader: string[];
  narrower: string[];
  related: string[];
  deprecated: boolean;
}

/** What every school has in common: the activities of no school that are in the library, and the curriculum. */
export interface SharedEntries {
  ids: ValueIds;
  titles: readonly Entry[];
  byId: ReadonlyMap<string, Entry>;
  /** Their sources. */
  sources: readonly string[];
  ancestors: ReadonlyMap<string, readonly string[]>;
  facets: readonly ConceptFacet[];
  concepts: ReadonlyMap<string, ConceptName>;
  /** Those in use, by each of their labels in lower case. */
  conceptsByName: ReadonlyMap<string, readonly ConceptName[]>;
}

interface Kept {
  stamp: string;
  entries: Promise<SharedEntries>;
}

/** Of each portal in this process. */
const keptOf = new WeakMap<Portal, Kept>();

interface Services extends Pick<KernelCradle, 'knex' | 'portal'> {
  facets: Facets;
}

/**
 * Keeps in memory what a search counts, so that it needs no pass over the tables. It contains no activities of schools and nothing about
 * people. The stamp in the database says whether it is still right: whoever changes what is shared renews the stamp in the same transaction.
 */
export class SharedEntriesCache {
  readonly #services: Services;

  constructor({ knex, portal, facets }: Services) {
    this.#services = { knex, portal, facets };
  }

  /** Call this after changing activities of no school, or the curriculum, in the same unit of work. */
  async changed(): Promise<void> {
    const { knex } = this.#services;
    await knex('search_stamps').update({ stamp: knex.raw('gen_random_uuid()') });
  }

  /** @param stamp as read in this unit of work, before anything that it says something about */
  async at(stamp: string): Promise<SharedEntries> {
    const { portal } = this.#services;
    const kept = keptOf.get(portal);
    if (kept?.stamp === stamp) {
      // Requests that come meanwhile wait for the same; if it fails, because the first one was cut off, each reads for itself.
      const entries = await kept.entries.catch(() => null);
      if (entries !== null) return entries;
    }
    const entries = load(this.#services);
    keptOf.set(portal, { stamp, entries });
    return entries;
  }
}

async function load({ knex, facets }: Services): Promise<SharedEntries> {
  const yielder = new Yielder();
  const related: { uri: string; ancestors: string[] }[] = await knex('concept_ancestors')
    .groupBy('uri')
    .orderBy('uri')
    .select('uri', knex.raw('array_agg(ancestor order by ancestor) as ancestors'));
  const ancestors = new Map(related.map(({ uri, ancestors: above }) => [uri, above]));
  const names: (ConceptName & { names: string[] })[] = await knex('newest_concepts')
    .orderBy('uri')
    .select(
      ...['uri', 'label', 'broader', 'narrower', 'related', 'deprecated'],
      knex.raw(`array(select distinct lower(one ->> 'value') from jsonb_array_elements(labels) as one) as names`),
    );
  const rows = await sharedRows(knex, [...ancestors.keys()]);
  const ids = new ValueIds();
  const maker = new EntryMaker(ids, ancestors);
  const inOrder: { row: EntryRow; id: string; order: string }[] = [];
  for (const row of rows) {
    if (yielder.due()) await yielder.yield();
    inOrder.push({ row, id: row.id, order: orderOf(row.title) });
  }
  inOrder.sort(byTitle);
  // Made in the order in which searches pass over them, so that they lie beside each other in memory.
  const titles: Entry[] = [];
  for (const { row, order } of inOrder) {
    if (yielder.due()) await yielder.yield();
    titles.push(maker.entryOf(row, ['shared'], order));
  }
  maker.finish();
  return {
    ids,
    titles,
    byId: new Map(titles.map((entry) => [entry.id, entry])),
    sources: [...new Set(rows.map(({ source }) => source))],
    ancestors,
    facets: await facets.list(),
    concepts: new Map(names.map((name) => [name.uri, name])),
    conceptsByName: byName(names),
  };
}

function byName(concepts: readonly (ConceptName & { names: string[] })[]): Map<string, ConceptName[]> {
  const found = new Map<string, ConceptName[]>();
  for (const concept of concepts) {
    if (concept.deprecated) continue;
    for (const name of new Set([concept.label.toLowerCase(), ...concept.names])) {
      found.set(name, [...(found.get(name) ?? []), concept]);
    }
  }
  return found;
}

/** The concepts travel as numbers, because their URIs are most of the bytes. */
async function sharedRows(knex: Knex, uris: string[]): Promise<EntryRow[]> {
  const { rows } = await knex.raw<{ rows: (Omit<EntryRow, 'concepts'> & { places: number[] | null })[] }>(
    `select ${entryColumns}, c.places
     from activities a left join (
       select l.activity_id, array_agg(known.place::int) as places
       from activity_concepts l join unnest(?::text[]) with ordinality as known(uri, place) on known.uri = l.concept_uri
       where l.school_id is null group by l.activity_id
     ) c on c.activity_id = a.id
     where a.school_id is null and a.available`,
    [uris as unknown as string],
  );
  return rows.map(({ places, ...row }) => ({ ...row, concepts: (places ?? []).map((place) => uris[place - 1] as string) }));
}

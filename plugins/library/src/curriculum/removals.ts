import type { Knex } from 'knex';
import type { Scheme } from './model.js';

/** A large removal from a stored scheme. */
export interface Removal {
  uri: string;
  label: string;
  what: 'concepts' | 'collections' | 'members of collections';
  count: number;
  total: number;
}

/** Removals up to this number or share need no confirmation, because a new version of a curriculum usually removes a few concepts. */
const smallNumber = 10;
const smallShare = 0.1;

/**
 * Large removals compared with the newest stored versions. They may be a mistake: a file with a part of a scheme looks like a new version
 * of it.
 */
export async function removalsOf(knex: Knex, schemes: readonly Scheme[]): Promise<Removal[]> {
  const removals: Removal[] = [];
  for (const { uri, label, concepts, collections } of schemes) {
    const ask = (what: Removal['what'], before: readonly string[], now: ReadonlySet<string>) => {
      const count = before.filter((one) => !now.has(one)).length;
      if (count > smallNumber && count > before.length * smallShare)
        removals.push({ uri, label, what, count, total: before.length });
    };
    const stored = (table: string) =>
      knex(`${table} as t`)
        .join('scheme_versions as v', 'v.id', 't.scheme_version_id')
        .where({ 'v.scheme_uri': uri, 't.newest': true });
    const members: { collection_uri: string; concept_uri: string }[] = await stored('collection_members').select(
      't.collection_uri',
      't.concept_uri',
    );
    ask(
      'concepts',
      await stored('concepts').where('t.deprecated', false).pluck('t.uri'),
      new Set(concepts.map((concept) => concept.uri)),
    );
    ask(
      'collections',
      await stored('collections').where('t.deprecated', false).pluck('t.uri'),
      new Set(collections.map((collection) => collection.uri)),
    );
    ask(
      'members of collections',
      members.map(({ collection_uri, concept_uri }) => `${collection_uri} ${concept_uri}`),
      new Set(collections.flatMap((collection) => collection.members.map((member) => `${collection.uri} ${member}`))),
    );
  }
  return removals;
}

import { randomUUID } from 'node:crypto';
import { forbidden, type KernelCradle, type Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import { searchable, vectorSql } from '../text.js';
import type { Collection, Concept, Scheme } from './model.js';

const chunk = 500;

export interface SchemeChange {
  uri: string;
  label: string;
  version: number;
  change: 'added' | 'changed' | 'unchanged';
  concepts: number;
  collections: number;
  /** Number of concepts of the previous version that are missing in this one. They are kept and marked as deprecated. */
  deprecated: number;
}

export interface StoreOptions {
  /** Names of the files, stored with the version. */
  files: string[];
  /** Leave existing schemes unchanged. */
  onlyNew?: boolean;
  /** Called with the number of concepts and collections stored. */
  advance?: (count: number) => void;
}

/**
 * Stores every version of a scheme completely. Stored versions do not change, except for the mark that they are the newest. Requires the
 * system principal, because the curriculum is shared.
 */
export class CurriculumStore {
  readonly #knex: Knex;
  readonly #principal: Principal;

  constructor({ knex, principal }: Pick<KernelCradle, 'knex' | 'principal'>) {
    this.#knex = knex;
    this.#principal = principal;
  }

  /** Stores schemes that differ from their newest version. */
  async store(schemes: Scheme[], options: StoreOptions): Promise<SchemeChange[]> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself stores curricula.');
    const changes: SchemeChange[] = [];
    for (const scheme of schemes) changes.push(await this.#storeScheme(scheme, options));
    if (changes.some(({ change }) => change !== 'unchanged')) await this.#relateAncestors();
    return changes;
  }

  async #storeScheme(scheme: Scheme, { files, onlyNew = false, advance }: StoreOptions): Promise<SchemeChange> {
    const { uri, label } = scheme;
    const size = { concepts: scheme.concepts.length, collections: scheme.collections.length };
    const before = await this.#knex('scheme_versions as v')
      .join('schemes as s', { 's.uri': 'v.scheme_uri', 's.newest': 'v.version' })
      .where('s.uri', uri)
      .first<{ id: string; version: number; content_hash: string } | undefined>('v.id', 'v.version', 'v.content_hash');
    if (before !== undefined && (onlyNew || before.content_hash === scheme.hash)) {
      advance?.(size.concepts + size.collections);
      return { uri, label, version: before.version, change: 'unchanged', ...size, deprecated: 0 };
    }

    const version = (before?.version ?? 0) + 1;
    const id = randomUUID();
    await this.#knex('schemes').insert({ uri, newest: version }).onConflict('uri').merge();
    await this.#knex('scheme_versions').insert({
      id,
      scheme_uri: uri,
      version,
      label,
      declared_version: scheme.declaredVersion,
      content_hash: scheme.hash,
      files,
    });
    for (let at = 0; at < scheme.concepts.length; at += chunk) {
      const part = scheme.concepts.slice(at, at + chunk);
      await this.#insertConcepts(id, part);
      advance?.(part.length);
    }
    await this.#insertCollections(id, scheme.collections);
    advance?.(scheme.collections.length);
    const deprecated = before === undefined ? 0 : await this.#keepFormer(before.id, id);
    return { uri, label, version, change: before === undefined ? 'added' : 'changed', ...size, deprecated };
  }

  async #insertConcepts(versionId: string, concepts: Concept[]): Promise<void> {
    const rows = concepts.map((concept) => ({
      ...concept,
      labels_text: searchable(concept.labels.map(({ value }) => value).join(' ')),
      definition_text: searchable(concept.definition ?? ''),
    }));
    await this.#knex.raw(
      `insert into concepts (scheme_version_id, uri, label, labels, definition, notation, icon, broader, narrower, related,
         deprecated, newest, search)
       select ?::uuid, uri, label, labels, definition, notation, icon, broader, narrower, related, deprecated, true,
         ${vectorSql('labels_text', 'A')} || ${vectorSql('definition_text', 'C')}
       from jsonb_to_recordset(?::jsonb) as r(uri text, label text, labels jsonb, definition text, notation text, icon text,
         broader text[], narrower text[], related text[], deprecated boolean, labels_text text, definition_text text)`,
      [versionId, JSON.stringify(rows)],
    );
  }

  async #insertCollections(versionId: string, collections: Collection[]): Promise<void> {
    await this.#knex.raw(
      `insert into collections (scheme_version_id, uri, label, labels, ordered, in_use_by, deprecated, newest)
       select ?::uuid, uri, label, labels, ordered, "inUseBy", false, true
       from jsonb_to_recordset(?::jsonb) as r(uri text, label text, labels jsonb, ordered boolean, "inUseBy" text[])`,
      [versionId, JSON.stringify(collections)],
    );
    await this.#knex.raw(
      `insert into collection_members (scheme_version_id, collection_uri, concept_uri, position, newest)
       select ?::uuid, r.uri, m.uri, case when r.ordered then m.position else 0 end, true
       from jsonb_to_recordset(?::jsonb) as r(uri text, ordered boolean, members text[]),
         unnest(r.members) with ordinality as m(uri, position)`,
      [versionId, JSON.stringify(collections.map(({ uri, ordered, members }) => ({ uri, ordered, members })))],
    );
  }

  /**
   * Copies concepts and collections that the newest version no longer contains into it as deprecated, so that activities keep their labels.
   */
  async #keepFormer(formerId: string, versionId: string): Promise<number> {
    for (const table of ['concepts', 'collections', 'collection_members']) {
      await this.#knex(table).where({ scheme_version_id: formerId }).update({ newest: false });
    }
    const kept = await this.#knex.raw(
      `insert into concepts (scheme_version_id, uri, label, labels, definition, notation, icon, broader, narrower, related,
         deprecated, newest, search)
       select ?::uuid, uri, label, labels, definition, notation, icon, broader, narrower, related, true, true, search
       from concepts where scheme_version_id = ?
         and uri not in (select uri from concepts where scheme_version_id = ?)`,
      [versionId, formerId, versionId],
    );
    await this.#knex.raw(
      `insert into collections (scheme_version_id, uri, label, labels, ordered, in_use_by, deprecated, newest)
       select ?::uuid, uri, label, labels, ordered, '{}', true, true
       from collections where scheme_version_id = ?
         and uri not in (select uri from collections where scheme_version_id = ?)`,
      [versionId, formerId, versionId],
    );
    return kept.rowCount as number;
  }

  /** `union` removes duplicates, so the recursion also ends if there are cycles. */
  async #relateAncestors(): Promise<void> {
    await this.#knex('concept_ancestors').delete();
    await this.#knex.raw(
      `with recursive edges as (
         select n.uri, b.uri as broader from newest_concepts n, unnest(n.broader) as b(uri)
       ), up as (
         select uri, uri as ancestor from newest_concepts
         union
         select up.uri, e.broader from up join edges e on e.uri = up.ancestor
       )
       insert into concept_ancestors (uri, ancestor) select uri, ancestor from up`,
    );
  }
}

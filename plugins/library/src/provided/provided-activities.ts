import { notFound } from '@ilearn/core';
import type { ActivityService } from '../activities/activity-service.js';
import { providedSourceOf } from '../activities/offered.js';
import type { SharedEntriesCache } from '../activities/shared-entries.js';
import type { Concepts } from '../curriculum/concepts.js';
import type { Dependencies } from '../dependencies.js';
import { checkRows, conceptsIn, type Provided } from './check-rows.js';
import { type Column, columnNames, example } from './columns.js';
import { type Fault, mostRows, readTable } from './read-table.js';

/** Faults that an answer lists; all are counted. */
export const mostFaults = 200;

export interface Checked {
  /** False if there are faults, or if it was only checked. */
  sent: boolean;
  rows: number;
  faults: Fault[];
  faultCount: number;
  /** Activities that the provider sent before and that this table leaves out: they leave the library. */
  removed: number;
}

interface Services extends Pick<Dependencies, 'knex' | 'principal' | 'directory'> {
  activities: ActivityService;
  concepts: Concepts;
  sharedEntries: SharedEntriesCache;
}

/** The activities that a provider of tools sends as a table. They are links, for all schools. */
export class ProvidedActivities {
  readonly #services: Services;

  constructor({ knex, principal, directory, activities, concepts, sharedEntries }: Services) {
    this.#services = { knex, principal, directory, activities, concepts, sharedEntries };
  }

  /**
   * Checks a table, and sends it if it has no faults: the portal stores it within a minute, in place of what the provider sent before.
   *
   * @throws 404 if the caller does not work for the provider
   */
  async take(provider: string, bytes: Uint8Array, dryRun: boolean): Promise<Checked> {
    await this.#provider(provider);
    const { knex, concepts } = this.#services;
    const { rows, faults } = readTable(bytes);
    const { names, uris } = conceptsIn(rows);
    const checked = checkRows(rows, await concepts.named(names), await concepts.known(uris));
    const all = [...faults, ...checked.faults].sort((a, b) => a.row - b.row);
    const answer = { sent: false, rows: rows.length, faults: all.slice(0, mostFaults), faultCount: all.length, removed: 0 };
    if (all.length > 0) return answer;
    const keys = checked.activities.map(({ sourceId }) => sourceId);
    const [left] = await knex('activities')
      .where({ source: providedSourceOf(provider), available: true })
      .whereRaw('not (source_id = any(?::text[]))', [keys])
      .count<{ count: string }[]>({ count: '*' });
    if (!dryRun) {
      const row = { provider_id: provider, activities: JSON.stringify(checked.activities), sent_at: knex.fn.now() };
      await knex('provided_tables').insert(row).onConflict('provider_id').merge();
    }
    return { ...answer, sent: !dryRun, removed: Number(left?.count ?? 0) };
  }

  /** Stores what was sent first. Requires the system principal. Returns null if nothing waits. */
  async storeNext(): Promise<{ added: number; changed: number; removed: number } | null> {
    const { knex, directory, activities, sharedEntries } = this.#services;
    const sent = await knex('provided_tables')
      .orderBy('sent_at')
      .forUpdate()
      .first<{ provider_id: string; activities: Provided[] } | undefined>('provider_id', 'activities');
    if (sent === undefined) return null;
    const provider = sent.provider_id;
    await knex('provided_tables').where({ provider_id: provider }).delete();
    const known = await directory.providers.get(provider);
    // The provider left the portal.
    if (known === null) return { added: 0, changed: 0, removed: 0 };
    const source = providedSourceOf(provider);
    const { ids, added, changed } = await activities.upsert(
      sent.activities.map((one) => ({ ...one, source, school: null, provider: known.name, available: true })),
    );
    const removed = await knex('activities')
      .where({ source, available: true })
      .whereNull('school_id')
      .whereRaw('not (id = any(?::uuid[]))', [ids])
      .update({ available: false, updated_at: knex.fn.now() });
    if (removed > 0) await sharedEntries.changed();
    return { added, changed, removed };
  }

  /** The header and the activities in the library, to change and send again; before the first time, an example. @throws 404 */
  async table(provider: string): Promise<string[][]> {
    await this.#provider(provider);
    const { knex } = this.#services;
    const rows: Record<Column, string | number | boolean | null>[] = await knex('activities as a')
      .where({ 'a.source': providedSourceOf(provider), 'a.available': true })
      .orderBy('a.source_id')
      .limit(mostRows)
      .select({
        key: 'a.source_id',
        title: 'a.title',
        description: 'a.description',
        url: knex.raw(`a.content ->> 'url'`),
        language: 'a.language',
        minutes: 'a.minutes',
        ageFrom: 'a.age_from',
        ageTo: 'a.age_to',
        difficulty: 'a.difficulty',
        teacherOnly: knex.raw(`case when a.teacher_only then 'ja' else 'nee' end`),
        keywords: knex.raw(`array_to_string(a.keywords, '|')`),
        concepts: knex.raw(
          `(select string_agg(l.concept_uri, '|' order by l.concept_uri) from activity_concepts l where l.activity_id = a.id)`,
        ),
      });
    const shown = rows.length === 0 ? [example] : rows;
    return [columnNames, ...shown.map((row) => columnNames.map((name) => String(row[name] ?? '')))];
  }

  async #provider(id: string): Promise<void> {
    const { principal, directory } = this.#services;
    const works = principal.tenants !== '*' && principal.tenants.includes(id);
    const found = works ? await directory.providers.get(id) : null;
    if (found?.kind !== 'tool-provider') throw notFound();
  }
}

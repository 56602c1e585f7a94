import type { Activities, ActivityContent, ActivityRecord, ActivitySummary } from '../exports.js';
import { showFormulas } from '../maths/show-formulas.js';
import { activityRows, summaries } from './rows.js';
import { type UpsertServices, upsertActivities } from './upsert.js';

/** `library.activities`: what other plugins use. Sees the activities of the principal's schools and shared ones. */
export class ActivityService implements Activities {
  readonly #services: UpsertServices;

  constructor({ knex, principal, concepts, searchIndex }: UpsertServices) {
    this.#services = { knex, principal, concepts, searchIndex };
  }

  async get(id: string): Promise<ActivitySummary | null> {
    return (await this.getMany([id]))[0] ?? null;
  }

  async getMany(ids: readonly string[]): Promise<ActivitySummary[]> {
    const { knex } = this.#services;
    return summaries(knex, await activityRows(knex, ids));
  }

  async superseded(ids: readonly string[]): Promise<{ id: string; newest: string }[]> {
    return this.#services
      .knex('activities')
      .whereRaw('id = any(?::uuid[])', [[...ids]])
      .whereNotNull('superseded_by')
      .select('id', { newest: 'superseded_by' });
  }

  async contentOf(id: string): Promise<ActivityContent | null> {
    const content = await this.writtenContentOf(id);
    return content?.markdown === undefined ? content : { ...content, markdown: await showFormulas(content.markdown) };
  }

  /** As written, for editing. */
  async writtenContentOf(id: string): Promise<ActivityContent | null> {
    const { knex } = this.#services;
    const [row] = await activityRows(knex, [id]);
    if (row === undefined) return null;
    const { content } = await knex('activities').where({ id: row.id }).first<{ content: ActivityContent }>('content');
    return content;
  }

  async idsBySource(source: string, sourceIds: readonly string[]): Promise<(string | null)[]> {
    const rows = await this.#services
      .knex('activities')
      .where({ source })
      .whereRaw('source_id = any(?::text[])', [[...sourceIds]])
      .orderByRaw('school_id nulls last')
      .select<{ id: string; source_id: string }[]>('id', 'source_id');
    // Shared activities come last and thus win.
    const ids = new Map(rows.map(({ id, source_id }) => [source_id, id]));
    return sourceIds.map((sourceId) => ids.get(sourceId) ?? null);
  }

  upsert(records: readonly ActivityRecord[]): ReturnType<Activities['upsert']> {
    return upsertActivities(this.#services, records);
  }
}

import type { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { ActivityContent, ActivityRecord } from '../exports.js';
import type { ActivityService } from './activity-service.js';
import { sourceOf } from './offered.js';
import type { SharedEntriesCache } from './shared-entries.js';
import type { toolContribution } from './tool-contribution.js';

export interface CatalogueChange {
  added: number;
  changed: number;
  unchanged: number;
  /** Number of activities that were withdrawn because their tool no longer contributes them. */
  withdrawn: number;
  unknownConcepts: { sourceId: string; uri: string }[];
}

interface Services extends Pick<Dependencies, 'knex' | 'contributions'> {
  activities: ActivityService;
  sharedEntries: SharedEntriesCache;
}

/** Stores the activities that other plugins contribute. */
export class ToolCatalogue {
  readonly #services: Services;

  constructor({ knex, contributions, activities, sharedEntries }: Services) {
    this.#services = { knex, contributions, activities, sharedEntries };
  }

  /**
   * Stores the contributions of the plugins in service, and withdraws activities that their tools no longer contribute. Does not change
   * activities of other tools: they are hidden while their plugin is out of service ({@link offerFor}), and it may be in service in
   * another process.
   */
  async synchronise(): Promise<CatalogueChange> {
    const { knex, contributions, activities, sharedEntries } = this.#services;
    const tools = contributions.of('tools');
    const records = tools.flatMap(({ value }) => value.activities.map((activity) => recordOf(value, activity)));
    const { ids, ...counts } = await activities.upsert(records);
    const withdrawn = await knex('activities')
      .whereRaw('source = any(?::text[])', [tools.map(({ value }) => sourceOf(value.key))])
      .whereNull('school_id')
      .where('available', true)
      .whereRaw('not (id = any(?::uuid[]))', [ids])
      .update({ available: false, updated_at: knex.fn.now() });
    if (withdrawn > 0) await sharedEntries.changed();
    return { ...counts, withdrawn };
  }
}

type Tool = z.output<typeof toolContribution>;
type ToolActivity = Tool['activities'][number];

function recordOf({ key, provider }: Tool, activity: ToolActivity): ActivityRecord {
  const { title, description, language, minutes, ageFrom, ageTo, difficulty, teacherOnly, conceptUris, keywords } = activity;
  return {
    ...{ title, description, language, minutes, ageFrom, ageTo, difficulty, teacherOnly, conceptUris, keywords },
    source: sourceOf(key),
    sourceId: activity.key,
    school: null,
    provider,
    available: true,
    content: contentOf(activity),
  };
}

function contentOf(activity: ToolActivity): ActivityContent {
  if (activity.kind === 'link') return { kind: 'link', url: activity.url };
  if (activity.kind !== 'text') return { kind: 'lti', lti: activity.lti };
  const { [activity.language]: markdown, ...translations } = activity.markdown;
  return { kind: 'text', markdown, translations };
}

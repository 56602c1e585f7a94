import type { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { ActivityRecord } from '../exports.js';
import type { ActivityService } from './activity-service.js';
import type { toolContribution } from './tool-contribution.js';

const sourceOf = (key: string): string => `tool:${key}`;

export interface CatalogueChange {
  added: number;
  changed: number;
  unchanged: number;
  /** Activities that no plugin contributes any more. */
  withdrawn: number;
  unknownConcepts: { sourceId: string; uri: string }[];
}

interface Services extends Pick<Dependencies, 'knex' | 'contributions'> {
  activities: ActivityService;
}

/** Stores the activities that other plugins contribute. */
export class ToolCatalogue {
  readonly #services: Services;

  constructor({ knex, contributions, activities }: Services) {
    this.#services = { knex, contributions, activities };
  }

  /** Brings the library in line with the contributions. Activities that are gone are no longer found, but stay in paths. */
  async synchronise(): Promise<CatalogueChange> {
    const { knex, contributions, activities } = this.#services;
    const tools = contributions.of('tools');
    const keys = new Map<string, string>();
    for (const { plugin, value } of tools) {
      const other = keys.get(value.key);
      if (other !== undefined) {
        throw new Error(
          `The plugins "${other}" and "${plugin}" both contribute a tool with the key "${value.key}" to library.tools. Give one another key.`,
        );
      }
      keys.set(value.key, plugin);
    }
    const records = tools.flatMap(({ value }) => value.activities.map((activity) => recordOf(value, activity)));
    const { ids, ...counts } = await activities.upsert(records);
    const withdrawn = await knex('activities')
      .where('source', 'like', 'tool:%')
      .whereNull('school_id')
      .where('available', true)
      .whereRaw('not (id = any(?::uuid[]))', [ids])
      .update({ available: false, updated_at: knex.fn.now() });
    return { ...counts, withdrawn };
  }
}

type Tool = z.output<typeof toolContribution>;

function recordOf({ key, provider }: Tool, { key: activityKey, lti, ...said }: Tool['activities'][number]): ActivityRecord {
  return {
    ...said,
    source: sourceOf(key),
    sourceId: activityKey,
    school: null,
    provider,
    available: true,
    content: { kind: 'lti', lti },
  };
}

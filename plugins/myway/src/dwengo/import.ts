import type { Progress as ProgressBar } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { groupBy } from '../group-by.js';
import type { PathRow } from '../paths/model.js';
import type { PathShapes } from '../paths/shapes.js';
import { plainStep, saveSteps, straight } from '../paths/steps.js';
import type { Remark } from './fault.js';
import { source, workOf } from './objects.js';
import type { LearningPath } from './paths.js';
import type { DwengoContent } from './read.js';

export interface Tally {
  added: number;
  changed: number;
  unchanged: number;
}

export interface ImportResult {
  objects: Tally;
  paths: Tally;
  /** Concepts of records that are not in any imported scheme. */
  unknownConcepts: Remark[];
}

const batch = 50;

/** Stores the content that was read: objects in the library, paths as shared paths. Runs as the system, in one unit of work. */
export class DwengoImport {
  private readonly knex;
  private readonly library;
  private readonly pathShapes;

  constructor({ knex, library, pathShapes }: Dependencies & { pathShapes: PathShapes }) {
    this.knex = knex;
    this.library = library;
    this.pathShapes = pathShapes;
  }

  async store(content: DwengoContent, progress: ProgressBar): Promise<ImportResult> {
    const objects: Tally = { added: 0, changed: 0, unchanged: 0 };
    const paths: Tally = { added: 0, changed: 0, unchanged: 0 };
    const unknownConcepts: Remark[] = [];
    const activityIds = new Map<string, string>();
    const fileOf = new Map(content.objects.map((object) => [object.record.sourceId, object.file]));

    progress.start('Dwengo', content.objects.length + content.paths.length);
    try {
      for (let from = 0; from < content.objects.length; from += batch) {
        const part = content.objects.slice(from, from + batch);
        const stored = await this.library.activities.upsert(part.map((object) => object.record));
        for (const [index, { record }] of part.entries()) activityIds.set(record.sourceId, stored.ids[index] as string);
        objects.added += stored.added;
        objects.changed += stored.changed;
        objects.unchanged += stored.unchanged;
        for (const { sourceId, uri } of stored.unknownConcepts) {
          unknownConcepts.push({
            file: fileOf.get(sourceId) ?? sourceId,
            message: `concept <${uri}> left out: no imported scheme contains it`,
          });
        }
        progress.advance(part.length);
      }
      await this.followNewest();
      for (const path of content.paths) {
        const ids = path.objects.map((identity) => activityIds.get(workOf(identity)) as string);
        paths[await this.storePath(path, ids)] += 1;
        progress.advance();
      }
    } finally {
      progress.stop();
    }
    return { objects, paths, unknownConcepts };
  }

  /** Points steps of shared paths to the activity that replaced the separate activities for each version. */
  private async followNewest(): Promise<void> {
    const shared = () => this.knex('steps').whereIn('path_id', this.knex('paths').where({ source }).select('id'));
    const used: string[] = await shared().distinct('activity_id').pluck('activity_id');
    const superseded = await this.library.activities.superseded(used);
    await this.knex.raw(
      `update steps set activity_id = r.newest from jsonb_to_recordset(?::jsonb) as r(id uuid, newest uuid)
       where steps.activity_id = r.id and path_id in (select id from paths where source = ?)`,
      [JSON.stringify(superseded), source],
    );
  }

  private async storePath(path: LearningPath, activityIds: string[]): Promise<keyof Tally> {
    const { title, description, language } = path;
    const before: PathRow | undefined = await this.knex('paths').where({ source, source_id: path.identity }).first();
    if (before === undefined) {
      const [row] = await this.knex('paths')
        .insert({ title, description, language, sequence: 'in-order', source, source_id: path.identity })
        .returning(['id', 'school_id']);
      await saveSteps({ knex: this.knex, shapes: this.pathShapes }, row, activityIds.map(plainStep), straight('in-order'));
      return 'added';
    }

    const steps: { id: string; activity_id: string; removed_at: Date | null }[] = await this.knex('steps')
      .select('id', 'activity_id', 'removed_at')
      .where({ path_id: before.id, extra: false })
      .orderBy('position');
    const now = steps.filter((step) => step.removed_at === null).map((step) => step.activity_id);
    const sameHead = before.title === title && before.description === description && before.language === language;
    if (sameHead && now.length === activityIds.length && now.every((id, index) => id === activityIds[index])) return 'unchanged';

    await this.knex('paths')
      .where({ id: before.id })
      .update({ title, description, language, version: this.knex.raw('version + 1'), updated_at: this.knex.fn.now() });
    // A step keeps its row, and so its results, as long as its activity stays. Current steps come first, so that removed ones are reused
    // only if needed.
    const byActivity = groupBy(
      [...steps].sort((a, b) => Number(a.removed_at !== null) - Number(b.removed_at !== null)),
      (step) => step.activity_id,
    );
    const kept = activityIds.map((activityId) => ({ ...plainStep(activityId), id: byActivity.get(activityId)?.shift()?.id }));
    await saveSteps({ knex: this.knex, shapes: this.pathShapes }, before, kept, straight(before.sequence));
    return 'changed';
  }
}

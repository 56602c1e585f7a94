import { isDeepStrictEqual } from 'node:util';
import type { Progress as ProgressBar } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { groupBy } from '../group-by.js';
import type { PathRow, StepRow } from '../paths/model.js';
import type { PathShapes } from '../paths/shapes.js';
import { plainStep, type StepToSave, saveSteps } from '../paths/steps.js';
import type { BranchBlock } from '../paths/structure.js';
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
    const titleOf = new Map(content.objects.map(({ record }) => [record.sourceId, record.title]));
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
        const titles = (identity: string) => titleOf.get(workOf(identity)) ?? identity;
        paths[await this.storePath(path, ids, blocksOf(path, titles))] += 1;
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

  private async storePath(path: LearningPath, activityIds: string[], blocks: BranchBlock[]): Promise<keyof Tally> {
    const { title, description, language } = path;
    const placed = activityIds.map((activityId, index): StepToSave => {
      const place = path.places[index] ?? null;
      const at = place === null ? {} : { block: blockId(place.branch), arm: armId(place.way) };
      return { ...plainStep(activityId), ...at };
    });
    const before: PathRow | undefined = await this.knex('paths').where({ source, source_id: path.identity }).first();
    if (before === undefined) {
      const [row] = await this.knex('paths')
        .insert({
          ...{ title, description, language, source },
          sequence: 'in-order',
          source_id: path.identity,
          blocks: JSON.stringify(blocks),
        })
        .returning(['id', 'school_id']);
      await saveSteps({ knex: this.knex, shapes: this.pathShapes }, row, placed, { sequence: 'in-order', blocks });
      return 'added';
    }

    const steps: Pick<StepRow, 'id' | 'activity_id' | 'removed_at' | 'block' | 'arm'>[] = await this.knex('steps')
      .select('id', 'activity_id', 'removed_at', 'block', 'arm')
      .where({ path_id: before.id, extra: false })
      .orderBy('position');
    const now = steps.filter((step) => step.removed_at === null);
    const sameHead = before.title === title && before.description === description && before.language === language;
    const sameBlocks = isDeepStrictEqual(before.blocks, blocks);
    const isSame = (step: (typeof now)[number], at: StepToSave | undefined) =>
      step.activity_id === at?.activityId && step.block === at?.block && step.arm === at?.arm;
    if (sameHead && sameBlocks && now.length === placed.length && now.every((step, index) => isSame(step, placed[index])))
      return 'unchanged';

    await this.knex('paths')
      .where({ id: before.id })
      .update({
        title,
        description,
        language,
        blocks: JSON.stringify(blocks),
        version: this.knex.raw('version + 1'),
        updated_at: this.knex.fn.now(),
      });
    // A step keeps its row, and so its results, as long as its activity stays. Current steps come first, so that removed ones are reused
    // only if needed.
    const byActivity = groupBy(
      [...steps].sort((a, b) => Number(a.removed_at !== null) - Number(b.removed_at !== null)),
      (step) => step.activity_id,
    );
    const kept = placed.map((step) => ({ ...step, id: byActivity.get(step.activityId)?.shift()?.id }));
    await saveSteps({ knex: this.knex, shapes: this.pathShapes }, before, kept, { sequence: before.sequence, blocks });
    return 'changed';
  }
}

const blockId = (branch: number): string => `dwengo-${branch + 1}`;
const armId = (way: number): string => `way-${way + 1}`;

/** Branches in which the teacher chooses: objects of Dwengo have no score that the portal knows. Ways are called by where they lead. */
const blocksOf = ({ branches }: LearningPath, titleOf: (identity: string) => string): BranchBlock[] =>
  branches.map((ways, branch) => ({
    id: blockId(branch),
    kind: 'branch',
    title: '',
    on: 'teacher',
    step: null,
    arms: ways.map((identity, way) => ({ id: armId(way), title: titleOf(identity).slice(0, 100), from: 0, again: false })),
    tries: 3,
  }));

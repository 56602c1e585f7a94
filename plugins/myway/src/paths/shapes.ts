import type { ActivitySummary } from '@ilearn/plugin-library';
import type { Dependencies } from '../dependencies.js';
import { groupBy } from '../group-by.js';
import { areaOf } from './area.js';
import { type PathDetail, type PathRow, pathColumns, type StepDetail, type StepRow, stepColumns } from './model.js';

/** A path with its steps and their current activities, from which lists, trails and boards are built. */
export interface PathShape {
  row: PathRow;
  steps: StepDetail[];
  area: PathDetail['area'];
  /** Total of the durations that the activities state. */
  minutes: number;
}

/** Joins rows of paths and steps with their activities, with a constant number of queries. */
export class PathShapes {
  private readonly knex;
  private readonly library;

  constructor({ knex, library }: Dependencies) {
    this.knex = knex;
    this.library = library;
  }

  async ofMany(rows: readonly PathRow[]): Promise<PathShape[]> {
    if (rows.length === 0) return [];
    const steps: StepRow[] = await this.knex('steps')
      .whereIn(
        'path_id',
        rows.map((row) => row.id),
      )
      .where({ extra: false })
      .whereNull('removed_at')
      .orderBy('position')
      .select(stepColumns);
    const stepsOf = groupBy(steps, (step) => step.path_id);
    return this.withActivities(rows.map((row) => ({ row, steps: stepsOf.get(row.id) ?? [] })));
  }

  /** The paths with these ids, even if they were removed: rows and steps in one query. */
  async ofIds(ids: readonly string[]): Promise<PathShape[]> {
    if (ids.length === 0) return [];
    const found: (PathRow & { steps: StepRow[] })[] = await this.knex('paths')
      .whereIn('id', ids)
      .select(pathColumns)
      .select(
        this.knex.raw(
          `(select coalesce(json_agg(s order by s.position), '[]') from (
              select ${stepColumns.join(', ')} from steps where path_id = paths.id and not extra and removed_at is null) as s) as steps`,
        ),
      );
    return this.withActivities(found.map(({ steps, ...row }) => ({ row, steps })));
  }

  private async withActivities(paths: readonly { row: PathRow; steps: StepRow[] }[]): Promise<PathShape[]> {
    const activities = await this.activities(paths.flatMap(({ steps }) => steps.flatMap((step) => step.activity_id ?? [])));
    return paths.map(({ row, steps }) => shape(row, steps, activities));
  }

  async of(row: PathRow): Promise<PathShape> {
    const [only] = await this.ofMany([row]);
    return only as PathShape;
  }

  async activities(ids: readonly string[]): Promise<Map<string, ActivitySummary>> {
    const found = await this.library.activities.getMany([...new Set(ids)]);
    return new Map(found.map((activity) => [activity.id, activity]));
  }
}

function shape(row: PathRow, steps: StepRow[], activities: Map<string, ActivitySummary>): PathShape {
  const details = steps.map((step) => detail(step, activities.get(step.activity_id ?? '')));
  return {
    row,
    steps: details,
    area: areaOf(steps.flatMap((step) => activities.get(step.activity_id ?? '') ?? [])),
    minutes: details.reduce((sum, step) => sum + (step.minutes ?? 0), 0),
  };
}

/** A step with its current activity. */
export function detail(step: StepRow, activity: ActivitySummary | undefined): StepDetail {
  return {
    id: step.id,
    activityId: step.activity_id,
    content: step.content,
    title: step.title,
    note: step.note,
    required: step.required,
    after: step.after,
    block: step.block,
    arm: step.arm,
    shownTitle: step.title ?? activity?.title ?? step.activity_title,
    language: activity?.language ?? null,
    kind: step.content?.kind ?? activity?.kind ?? null,
    provider: activity?.provider ?? '',
    minutes: activity?.minutes ?? null,
    teacherOnly: activity?.teacherOnly ?? false,
    available: step.content !== null || (activity?.available ?? false),
    noLicence: activity?.licence?.allowed === false,
    notForPupils: (activity?.licence?.refusesPupils ?? null) !== null,
    linkBroken: activity?.linkBroken ?? false,
    area: activity?.area ?? null,
  };
}

/** The steps that those who follow the path see, including unavailable ones; pupils see none for teachers only. */
export const stepsForPupils = ({ row, steps }: PathShape): StepDetail[] =>
  row.audience === 'staff' ? steps : steps.filter((step) => !step.teacherOnly);

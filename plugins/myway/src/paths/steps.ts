import type { Knex } from 'knex';
import { unacceptable } from '../problems.js';
import type { NewStep, PathRow, StepRow } from './model.js';
import type { PathShapes } from './shapes.js';

export type StepToSave = NewStep & {
  /** Id of a current or removed step of this path. */
  id?: string | undefined;
  /** Title to keep if the library no longer shows the activity. */
  shownTitle?: string;
};

/**
 * Replaces the steps of the path by these, in this order. A step with an id is changed in place (a removed one is restored), one without is
 * added, and a step that is not in the list is marked as removed, with its results kept. A step with another activity becomes a new step,
 * because results belong to the activity.
 *
 * @throws 422 if the library does not show an activity, or an id is not a step of this path
 */
export async function saveSteps(
  { knex, shapes }: { knex: Knex; shapes: PathShapes },
  path: Pick<PathRow, 'id' | 'school_id'>,
  steps: readonly StepToSave[],
  pointerTo: (position: number) => string = (position) => `/steps/${position}`,
): Promise<void> {
  const before: StepRow[] = await knex('steps').where({ path_id: path.id, extra: false });
  const known = new Map(before.map((row) => [row.id, row]));
  const activities = await shapes.activities(steps.map((step) => step.activityId));
  const used = new Set<string>();

  const rows = steps.map((step, position) => {
    const named = step.id === undefined ? undefined : known.get(step.id);
    if (step.id !== undefined && (named === undefined || used.has(step.id))) {
      throw unacceptable('step-unknown', `${pointerTo(position)}/id`, 'This is not a step of the path, or it is listed twice.');
    }
    const old = named?.activity_id === step.activityId ? named : undefined;
    if (old !== undefined) used.add(old.id);
    const activityTitle = activities.get(step.activityId)?.title ?? old?.activity_title ?? step.shownTitle;
    if (activityTitle === undefined) {
      throw unacceptable('activity-unknown', pointerTo(position), 'The library has no such activity.');
    }
    return {
      ...(old === undefined ? {} : { id: old.id }),
      path_id: path.id,
      school_id: path.school_id,
      position,
      activity_id: step.activityId,
      activity_title: activityTitle,
      title: step.title,
      note: step.note,
      required: step.required,
      removed_at: null,
    };
  });

  const gone = before.filter((row) => row.removed_at === null && !used.has(row.id)).map((row) => row.id);
  if (gone.length > 0) await knex('steps').whereIn('id', gone).update({ removed_at: knex.fn.now() });
  const added = rows.filter((row) => row.id === undefined);
  const changed = rows.filter((row) => row.id !== undefined);
  if (added.length > 0) await knex('steps').insert(added);
  if (changed.length > 0) await knex('steps').insert(changed).onConflict('id').merge();
}

export const plainStep = (activityId: string): NewStep => ({ activityId, title: null, note: '', required: true });

import { randomUUID } from 'node:crypto';
import { Problem } from '@ilearn/core';
import type { ActivitySummary } from '@ilearn/plugin-library';
import type { Knex } from 'knex';
import { unacceptable } from '../problems.js';
import { checkPath, type PathFault } from './check-path.js';
import type { PathRow, Sequence, StepFields, StepRow } from './model.js';
import type { PathShapes } from './shapes.js';
import type { Block } from './structure.js';

export type StepToSave = StepFields & {
  /** Id of a current or removed step of this path. */
  id?: string | undefined;
  /** What `after` and branches call a step without an id. */
  ref?: string | undefined;
  /** Id of a step in the shared copy of a path, which may be new. */
  newId?: string;
  /** Title to keep if the library no longer shows the activity. */
  shownTitle?: string;
};

export interface Structure {
  sequence: Sequence;
  blocks: readonly Block[];
}

/**
 * Replaces the steps of the path by these, in this order. A step with an id is changed in place (a removed one is restored), one without is
 * added, and a step that is not in the list is marked as removed, with its results kept. A step with another activity, or another kind of
 * content, becomes a new step, because results belong to what was done.
 *
 * @returns the blocks to store with the path, which name its steps by their ids; and the ids of steps by what the request calls them
 * @throws 422 if the library does not show an activity, an id is not a step of this path, or the path has an error ({@link checkPath})
 */
export async function saveSteps(
  { knex, shapes }: { knex: Knex; shapes: PathShapes },
  path: Pick<PathRow, 'id' | 'school_id'>,
  steps: readonly StepToSave[],
  { sequence, blocks }: Structure,
  pointerTo: (position: number) => string = (position) => `/steps/${position}`,
): Promise<{ blocks: Block[]; idOf: ReadonlyMap<string, string> }> {
  const before: StepRow[] = await knex('steps').where({ path_id: path.id, extra: false });
  const known = new Map(before.map((row) => [row.id, row]));
  const activities = await shapes.activities(steps.flatMap((step) => step.activityId ?? []));
  const used = new Set<string>();
  /** Ids by what the request calls a step. */
  const idOf = new Map<string, string>();

  const rows = steps.map((step, position) => {
    const named = known.get(step.id ?? step.newId ?? '');
    if (step.id !== undefined && (named === undefined || used.has(step.id))) {
      throw unacceptable('step-unknown', `${pointerTo(position)}/id`, 'This is not a step of the path, or it is listed twice.');
    }
    const old = named !== undefined && isSame(named, step) ? named : undefined;
    if (old !== undefined) used.add(old.id);
    const id = old?.id ?? (named === undefined ? step.newId : undefined) ?? randomUUID();
    for (const name of [step.ref, step.id]) if (name !== undefined) idOf.set(name, id);
    return {
      id,
      path_id: path.id,
      school_id: path.school_id,
      position,
      activity_id: step.activityId,
      activity_title: titleToKeep(step, activities, old, pointerTo(position)),
      content: step.content === null ? null : JSON.stringify(step.content),
      title: step.title,
      note: step.note,
      required: step.required,
      block: step.block,
      arm: step.arm,
      after: step.after,
      removed_at: null,
    };
  });

  const written = rows.map((row, position) => {
    const step = steps[position] as StepToSave;
    const activity = activities.get(step.activityId ?? '');
    return {
      key: step.ref ?? step.id ?? row.id,
      ...step,
      kind: step.content?.kind ?? activity?.kind ?? null,
      available: step.content !== null || (activity?.available ?? false),
      teacherOnly: activity?.teacherOnly ?? false,
    };
  });
  const names = new Map(written.flatMap(({ key, id }) => (id === undefined ? [] : [[id, key]])));
  const renamed = {
    sequence,
    blocks: blocks.map((block) =>
      block.kind === 'branch' ? { ...block, step: names.get(block.step ?? '') ?? block.step } : block,
    ),
    steps: written.map((step) => ({ ...step, after: step.after.map((name) => names.get(name) ?? name) })),
  };
  refuse(
    checkPath(renamed).filter(({ isError }) => isError),
    renamed,
    pointerTo,
  );

  const stored = rows.map((row) => ({
    ...row,
    after: JSON.stringify([...new Set(row.after.map((name) => idOf.get(name) ?? name))]),
  }));
  const gone = before.filter((row) => row.removed_at === null && !used.has(row.id)).map((row) => row.id);
  if (gone.length > 0) await knex('steps').whereIn('id', gone).update({ removed_at: knex.fn.now() });
  const added = stored.filter((row) => !used.has(row.id));
  const changed = stored.filter((row) => used.has(row.id));
  if (added.length > 0) await knex('steps').insert(added);
  if (changed.length > 0) await knex('steps').insert(changed).onConflict('id').merge();
  return {
    blocks: blocks.map((block) =>
      block.kind === 'branch' ? { ...block, step: idOf.get(block.step ?? '') ?? block.step } : block,
    ),
    idOf,
  };
}

/** Whether a stored step and one to save are the same thing to do. */
const isSame = (row: StepRow, step: StepToSave): boolean =>
  row.activity_id === step.activityId && row.content?.kind === step.content?.kind;

function titleToKeep(
  { activityId, content, title, shownTitle }: StepToSave,
  activities: ReadonlyMap<string, ActivitySummary>,
  old: StepRow | undefined,
  pointer: string,
): string {
  if ((activityId === null) === (content === null)) {
    throw unacceptable('step-content', pointer, 'A step has either an activity of the library or content of its own.');
  }
  if (content !== null) {
    if (title === null) throw unacceptable('step-content', `${pointer}/title`, 'A step with content of its own has a title.');
    return title;
  }
  const found = activities.get(activityId ?? '')?.title ?? old?.activity_title ?? shownTitle;
  if (found === undefined) throw unacceptable('activity-unknown', pointer, 'The library has no such activity.');
  return found;
}

function refuse(
  faults: readonly PathFault[],
  { steps, blocks }: { steps: readonly { key: string }[]; blocks: readonly Block[] },
  pointerTo: (position: number) => string,
): void {
  if (faults.length === 0) return;
  throw new Problem({
    type: 'myway/path-structure',
    status: 422,
    title: 'Not accepted',
    detail: 'The order, blocks or conditions of the path contradict each other.',
    errors: faults.map(({ step, block, message }) => ({
      in: 'body',
      pointer:
        step === undefined
          ? `/blocks/${blocks.findIndex(({ id }) => id === block)}`
          : pointerTo(steps.findIndex(({ key }) => key === step)),
      message,
    })),
  });
}

export const plainStep = (activityId: string): StepToSave => ({
  activityId,
  content: null,
  title: null,
  note: '',
  required: true,
  after: [],
  block: null,
  arm: null,
});

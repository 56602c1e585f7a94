import type { Activities, ActivitySummary } from '@ilearn/plugin-library';
import type { PathShape } from '../paths/shapes.js';
import type { Result } from './result.js';

type Chosen = Pick<Result, 'stepId' | 'otherActivity'>;

/** The activities that teachers gave single pupils in the place of those of the steps. No query if there are none. */
export async function otherActivities(
  activities: Pick<Activities, 'getMany'>,
  results: readonly Chosen[],
): Promise<Map<string, ActivitySummary>> {
  const ids = [...new Set(results.flatMap(({ otherActivity }) => otherActivity ?? []))];
  return new Map((ids.length === 0 ? [] : await activities.getMany(ids)).map((activity) => [activity.id, activity]));
}

/** The path as one pupil has it: with the activities that a teacher chose for them, under the same steps. `results`: of this pupil. */
export function variantOf(shape: PathShape, results: readonly Chosen[], others: ReadonlyMap<string, ActivitySummary>): PathShape {
  const chosen = new Map(
    results.flatMap(({ stepId, otherActivity }) => (otherActivity === null ? [] : [[stepId, otherActivity]])),
  );
  if (chosen.size === 0) return shape;
  return {
    ...shape,
    steps: shape.steps.map((step) => {
      const other = others.get(chosen.get(step.id) ?? '');
      if (other === undefined) return step;
      const { id, title, language, kind, provider, minutes, available, linkBroken, area } = other;
      const shown = { title: null, shownTitle: title, language, kind, provider, minutes, available, linkBroken, area };
      return { ...step, activityId: id, ...shown };
    }),
  };
}

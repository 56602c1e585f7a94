import type { PathSlotContext, StepSlotContext } from '../exports.js';
import type { Trail, TrailStep } from './model.js';

/** What other plugins' elements may know about a path. */
export const pathContext = ({ assignmentId, title, dueOn, total, done, complete, steps }: Trail): PathSlotContext => ({
  assignmentId,
  title,
  dueOn,
  total,
  done,
  complete,
  activityIds: steps.flatMap(({ activityId }) => activityId ?? []),
});

/** What other plugins' elements may know about a step. */
export const stepContext = ({ assignmentId }: Trail, { id, title, kind, state, activityId }: TrailStep): StepSlotContext => ({
  assignmentId,
  stepId: id,
  title,
  kind,
  state,
  activityId,
});

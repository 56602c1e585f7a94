import type { PathSlotContext, StepSlotContext } from '../exports.js';
import type { Trail, TrailStep } from './model.js';

/** What elements of other plugins learn of a path. */
export const pathContext = ({ assignmentId, title, dueOn, total, done, complete }: Trail): PathSlotContext => ({
  assignmentId,
  title,
  dueOn,
  total,
  done,
  complete,
});

/** What elements of other plugins learn of a step. */
export const stepContext = ({ assignmentId }: Trail, { id, title, kind, state }: TrailStep): StepSlotContext => ({
  assignmentId,
  stepId: id,
  title,
  kind,
  state,
});

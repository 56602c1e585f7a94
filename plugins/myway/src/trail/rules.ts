import type { Sequence } from '../paths/model.js';

/*
 * How a pupil goes through a path: only four rules, so that a teacher can explain them.
 * 1. In order: a step opens when every required step before it is done. Free: every step is open.
 * 2. What a pupil started or finished stays open, whatever the teacher changes afterwards.
 * 3. A step whose activity is not available cannot be opened, and never blocks the steps after it.
 * 4. The next step is the first required one that is not done; when all those are done, the first optional one.
 */

export type StepState = 'todo' | 'started' | 'done';

export type Lock = { reason: 'previous'; stepId: string } | { reason: 'unavailable' };

export interface StepToWalk {
  id: string;
  required: boolean;
  available: boolean;
}

export interface Position {
  stepId: string;
  state: StepState;
  /** Why the step cannot be opened; null if it can. */
  lock: Lock | null;
  /** Whether the pupil should do this step now. */
  next: boolean;
}

export interface Walk {
  positions: Position[];
  /** Number of steps that count, and how many of them are done: the available required ones, or all if none is required. */
  total: number;
  done: number;
  complete: boolean;
}

export function walk(steps: readonly StepToWalk[], stateOf: (stepId: string) => StepState, sequence: Sequence): Walk {
  let blockedBy: string | null = null;
  const positions = steps.map((step): Position => {
    const state = stateOf(step.id);
    const lock = lockOf(step, state, sequence === 'in-order' ? blockedBy : null);
    if (blockedBy === null && step.required && step.available && state !== 'done') blockedBy = step.id;
    return { stepId: step.id, state, lock, next: false };
  });

  const available = positions.filter((_, index) => steps[index]?.available);
  const required = positions.filter((_, index) => steps[index]?.required && steps[index]?.available);
  const counted = required.length > 0 ? required : available;
  const done = counted.filter((position) => position.state === 'done').length;
  const complete = counted.length > 0 && done === counted.length;
  const candidates = complete ? available : counted;
  const next = candidates.find((position) => position.state !== 'done' && position.lock === null);
  if (next) next.next = true;
  return { positions, total: counted.length, done, complete };
}

function lockOf(step: StepToWalk, state: StepState, blockedBy: string | null): Lock | null {
  if (!step.available) return { reason: 'unavailable' };
  if (state === 'todo' && blockedBy !== null) return { reason: 'previous', stepId: blockedBy };
  return null;
}

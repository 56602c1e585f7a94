import type { Trail } from './model.js';
import { unsentSteps } from './unsent.js';

/** Paths that were loaded, for when the connection fails; gone with the tab. */
const seen = new Map<string, Trail>();

export const rememberTrail = (trail: Trail): void => void seen.set(trail.assignmentId, trail);

/** The path as it was loaded last in this tab, with what was done since then; undefined: it was not loaded. */
export function rememberedTrail(assignmentId: string): Trail | undefined {
  const trail = seen.get(assignmentId);
  if (trail === undefined) return undefined;
  const done = new Set(unsentSteps().flatMap((step) => (step.assignmentId === assignmentId ? [step.stepId] : [])));
  return {
    ...trail,
    steps: trail.steps.map((step) => (done.has(step.id) ? { ...step, state: 'done', next: false } : step)),
  };
}

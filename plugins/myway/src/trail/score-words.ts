import type { PortalElement } from '@ilearn/ui';
import { shareOf } from '../client/score-dots.js';
import type { Trail, TrailStep } from './model.js';

type Scored = TrailStep & { score: NonNullable<TrailStep['score']> };

export const isScored = (step: TrailStep | undefined): step is Scored => step !== undefined && step.score !== null;

/** After this many tries without a good score, a child is told to ask for help. */
const triesBeforeHelp = 3;

/**
 * One sentence about a score, as a kind teacher would say it; to a colleague, plainly.
 *
 * @param teacher how the pupil calls a teacher (`teacherWord()`); null for a colleague
 */
export function sentenceOf(element: PortalElement, step: Scored, teacher: string | null): string {
  const share = shareOf(step.score);
  if (teacher === null) return element.t(step.low ? 'learner.low' : share === 1 ? 'learner.perfect' : 'learner.good');
  if (!step.low) return element.t(share === 1 ? 'result.perfect' : share >= 0.8 ? 'result.great' : 'result.good');
  if (step.tries >= triesBeforeHelp) return element.t('result.stuck', { count: step.tries, teacher });
  return element.t(share < 0.3 ? 'result.hard' : 'result.low');
}

/**
 * What is said at the end of a path: by the scores, not by having been there.
 *
 * @param isColleague whether a colleague followed it
 */
export function endWords(element: PortalElement, { steps }: Pick<Trail, 'steps'>, isColleague = false): string {
  const scored = steps.filter(isScored);
  const low = scored.filter((step) => step.low).length;
  if (low === 0) return element.t(isColleague ? 'learner.complete' : 'trail.complete');
  if (low === scored.length && !isColleague) return element.t('end.hard');
  return element.t('end.some', { count: low });
}

/** The step to practise again: the first one with a low score that can be opened. */
export const toPractise = ({ steps }: Pick<Trail, 'steps'>): TrailStep | undefined =>
  steps.find((step) => step.state === 'done' && step.low && step.lock === null);

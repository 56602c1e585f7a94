import { formatMinutes, formatNumber, type PortalElement, type Station } from '@ilearn/ui';
import type { PathSummary } from '../paths/model.js';
import type { BoardStep } from '../progress/model.js';
import type { Trail, TrailStep } from '../trail/model.js';

/** The line colour of a path: that of its learning area, or the default. */
export const colourOf = (area: Trail['area']): string => String(area?.line ?? 8);

/** Sets `--line`, the line's colour, by the CSSOM, because the content security policy forbids style attributes. */
export const paint = (element: HTMLElement, area: Trail['area']): void =>
  element.style.setProperty('--line', `var(--il-line-${colourOf(area)})`);

/** Stations of a path in a list of paths, all in state `todo`. */
export const stationsOfPath = (path: Pick<PathSummary, 'steps'>): Station[] =>
  path.steps.map((step) => ({ label: step.shownTitle, kind: step.kind ?? 'text', state: 'todo' }));

/** Stations of an assignment in a teacher's list. A station is done when every pupil has done it. */
export const stationsOfClass = (steps: readonly BoardStep[], pupils: number): Station[] =>
  steps.map((step) => ({
    label: step.title,
    kind: step.kind ?? 'text',
    state: pupils > 0 && step.done === pupils ? 'done' : 'todo',
  }));

/** Stations of a pupil's path. `address` returns the page of a step that can be opened. */
export function stationsOfTrail(
  element: PortalElement,
  steps: readonly TrailStep[],
  address?: (step: TrailStep) => string,
): Station[] {
  // The first started station says "go on", unless another station is next.
  const begun = steps.find((step) => step.state === 'started' && step.lock === null);
  return steps.map((step) => ({
    label: step.title,
    language: step.language,
    kind: step.kind ?? 'text',
    state: step.lock !== null ? 'locked' : step.next && step !== begun ? 'next' : step.state,
    detail: detailOf(element, step),
    reason: reasonOf(element, step),
    href: step.lock === null ? address?.(step) : undefined,
  }));
}

/** Tells a child why a step cannot be opened. */
export function reasonOf(element: PortalElement, step: Pick<TrailStep, 'lock'>): string | undefined {
  if (step.lock === null) return undefined;
  return step.lock.reason === 'previous'
    ? element.t('trail.lockedBy', { title: step.lock.title })
    : element.t('trail.unavailable');
}

export const scoreText = (element: PortalElement, score: { given: number; maximum: number }): string =>
  element.t('score', { given: points(score.given), maximum: points(score.maximum) });

/** Scientific notation for numbers larger than exercises use, so that they fit. */
const points = (value: number): string =>
  formatNumber(value, { maximumFractionDigits: 1, notation: value < 1_000_000_000 ? 'standard' : 'scientific' });

function detailOf(element: PortalElement, step: TrailStep): string {
  const parts = [
    step.marking !== null
      ? element.t(`trail.marking.${step.marking}`)
      : step.score === null
        ? formatMinutes(step.minutes)
        : scoreText(element, step.score),
    step.required ? '' : element.t('trail.optional'),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

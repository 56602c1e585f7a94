import { formatMinutes, type PortalElement, type Station } from '@ilearn/ui';
import { scoreText, stationColour } from '../client/line.js';
import type { TrailStep } from './model.js';

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
    color: stationColour(step.area),
    state: stateOf(step, begun),
    detail: detailOf(element, step),
    reason: reasonOf(element, step),
    href: step.lock === null ? address?.(step) : undefined,
  }));
}

function stateOf(step: TrailStep, begun: TrailStep | undefined): Station['state'] {
  if (step.lock !== null) return 'locked';
  if (step.next && step !== begun) return 'next';
  return step.state === 'done' && step.low ? 'low' : step.state;
}

/** Tells a child why a step cannot be opened. */
export function reasonOf(element: PortalElement, step: Pick<TrailStep, 'lock'>): string | undefined {
  if (step.lock === null) return undefined;
  return step.lock.reason === 'previous'
    ? element.t('trail.lockedBy', { title: step.lock.title })
    : element.t('trail.unavailable');
}

function detailOf(element: PortalElement, step: TrailStep): string {
  const parts = [
    step.marking !== null
      ? element.t(`trail.marking.${step.marking}`)
      : step.score === null
        ? formatMinutes(step.minutes)
        : scoreText(element, step.score),
    step.skipped && step.state !== 'done' ? element.t('trail.skipped') : step.required ? '' : element.t('trail.optional'),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

import { formatMinutes, type PortalElement, type Station, teacherWord } from '@ilearn/ui';
import { scoreText, stationColour } from '../client/line.js';
import { isLearner } from './address.js';
import type { Trail, TrailBlock, TrailStep } from './model.js';

type Lock = NonNullable<TrailStep['lock']>;

/** A branch whose way is not decided yet. */
type Junction = Extract<TrailBlock, { kind: 'branch' }>;

/** The steps of a path, with a junction where a branch is not decided yet. */
export function withJunctions({ steps, blocks }: Pick<Trail, 'steps' | 'blocks'>): (TrailStep | Junction)[] {
  const junctions = blocks.filter((block) => block.kind === 'branch');
  const at = (position: number): Junction[] => junctions.filter((each) => each.position === position);
  return [...steps.flatMap((step, index) => [...at(index), step]), ...at(steps.length)];
}

const isStep = (row: TrailStep | Junction): row is TrailStep => 'state' in row;

/** Stations of a pupil's path. `address` returns the page of a step that can be opened. */
export function stationsOfTrail(
  element: PortalElement,
  trail: Pick<Trail, 'steps' | 'blocks'>,
  address?: (step: TrailStep) => string,
): Station[] {
  // The first started station says "go on", unless another station is next.
  const begun = trail.steps.find((step) => step.state === 'started' && step.lock === null);
  const choices = new Map(trail.blocks.flatMap((block) => (block.kind === 'choice' ? [[block.id, block]] : [])));
  return withJunctions(trail).map((row) =>
    isStep(row)
      ? {
          label: row.title,
          language: row.language,
          kind: row.kind ?? 'text',
          color: stationColour(row.area),
          state: stateOf(row, begun),
          detail: detailOf(element, row, choices.get(row.block ?? '')),
          reason: reasonOf(element, row),
          href: row.lock === null ? address?.(row) : undefined,
        }
      : { label: element.t('trail.junction'), icon: 'git-fork', state: 'locked', reason: lockWords(element, row.lock) },
  );
}

function stateOf(step: TrailStep, begun: TrailStep | undefined): Station['state'] {
  if (step.lock !== null) return 'locked';
  if (step.next && (step !== begun || step.state === 'done')) return 'next';
  return step.state === 'done' && step.low ? 'low' : step.state;
}

/** Tells a child why a step cannot be opened. */
export function reasonOf(element: PortalElement, step: Pick<TrailStep, 'lock'>): string | undefined {
  return step.lock === null ? undefined : lockWords(element, step.lock);
}

/** Why the pupil waits, in words for a child; for a colleague, without a teacher. */
export function lockWords(element: PortalElement, lock: Lock): string {
  switch (lock.reason) {
    case 'previous':
      return element.t('trail.lockedBy', { title: lock.title });
    case 'again':
      return element.t('trail.lock.again', { title: lock.title });
    case 'score':
      return element.t('trail.lock.score', { title: lock.title });
    case 'marking':
      return isLearner()
        ? element.t('learner.marking', { title: lock.title })
        : element.t('trail.lock.marking', { title: lock.title, teacher: teacherWord() });
    case 'choice':
      return element.t('trail.lock.choice', { count: lock.left });
    case 'teacher':
      return element.t('trail.lock.teacher', { teacher: teacherWord() });
    case 'other-way':
      return element.t('trail.lock.otherWay');
    case 'unavailable':
      return element.t('trail.unavailable');
  }
}

function detailOf(element: PortalElement, step: TrailStep, choice: Extract<TrailBlock, { kind: 'choice' }> | undefined): string {
  const parts = [
    step.marking !== null
      ? element.t(`trail.marking.${step.marking}`)
      : step.score === null
        ? formatMinutes(step.minutes)
        : scoreText(element, step.score),
    step.skipped && step.state !== 'done'
      ? element.t('trail.skipped')
      : choice !== undefined
        ? element.t('trail.choice', { pick: choice.pick, done: choice.done })
        : step.required
          ? ''
          : element.t('trail.optional'),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

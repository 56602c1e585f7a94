import type { PersonSummary } from '@ilearn/plugin-directory';
import type { ActivitySummary } from '@ilearn/plugin-library';
import type { Config } from '../config.js';
import { type PathShape, stepsForPupils } from '../paths/shapes.js';
import { buildTrail } from '../trail/build-trail.js';
import type { Choices } from '../trail/choices.js';
import { type ExtraStep, withExtraSteps } from '../trail/extra-steps.js';
import type { Result } from '../trail/result.js';
import { variantOf } from '../trail/variants.js';
import type { BoardRow, BoardStep, Cell } from './model.js';
import { stuckOn } from './stuck.js';

/** What there is of one pupil in one assignment. */
export interface Follows {
  /** The path as it was given. */
  shape: PathShape;
  results: readonly Result[];
  choices: Choices;
  /** Steps of this pupil only. */
  extra: readonly ExtraStep[];
  /** The activities that the results name in the place of those of the steps. */
  others: ReadonlyMap<string, ActivitySummary>;
}

/** One pupil in one assignment, with a cell for each step that pupils see, and for those that only this pupil has. */
export function boardRow(
  pupil: Pick<PersonSummary, 'id' | 'givenName' | 'familyName'>,
  { shape, results, choices, extra, others }: Follows,
  limits: Config,
  now: Date,
): BoardRow {
  const resultOf = new Map(results.map((result) => [result.stepId, result]));
  const own = variantOf(withExtraSteps(shape, extra), results, others);
  const { steps, done, total, complete } = buildTrail(own, results, limits, choices);
  const isExtra = new Set(extra.map(({ step }) => step.id));
  const all = steps.map((step): Cell & { title: string } => {
    const result = resultOf.get(step.id);
    return {
      stepId: step.id,
      title: step.title,
      state: step.state,
      locked: step.lock !== null && !step.away && step.lock.reason !== 'unavailable',
      away: step.away,
      next: step.next,
      score: step.score,
      marking: step.marking,
      low: step.low,
      tries: result?.tries ?? 0,
      stuck: stuckOn(result, limits, now),
      skipped: step.skipped,
      ownScore: step.ownScore,
      other: result !== undefined && result.otherActivity !== null,
      lastActiveAt: result?.lastActiveAt?.toISOString() ?? null,
    };
  });
  const active = all.flatMap((cell) => cell.lastActiveAt ?? []).sort();
  return {
    pupil: { id: pupil.id, givenName: pupil.givenName, familyName: pupil.familyName },
    cells: all.flatMap(({ title: _, ...cell }) => (isExtra.has(cell.stepId) ? [] : [cell])),
    extra: all.filter(({ stepId }) => isExtra.has(stepId)),
    done,
    total,
    complete,
    stuck: all.some((cell) => cell.stuck !== null),
    lastActiveAt: active.at(-1) ?? null,
  };
}

/** The steps that pupils see of a path, as stations. */
export const stationsOf = (shape: PathShape): Omit<BoardStep, 'done'>[] =>
  stepsForPupils(shape).map((step) => ({
    id: step.id,
    title: step.shownTitle,
    language: step.title === null ? step.language : null,
    kind: step.kind,
    area: step.area,
    required: step.required,
    available: step.available,
    linkBroken: step.linkBroken,
  }));

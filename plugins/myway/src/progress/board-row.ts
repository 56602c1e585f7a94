import type { PersonSummary } from '@ilearn/plugin-directory';
import type { Config } from '../config.js';
import { type PathShape, stepsForPupils } from '../paths/shapes.js';
import { buildTrail } from '../trail/build-trail.js';
import type { Choices } from '../trail/choices.js';
import type { Result } from '../trail/result.js';
import type { BoardRow, BoardStep, Cell } from './model.js';
import { stuckOn } from './stuck.js';

/** One pupil in one assignment, with a cell for each step that pupils see. `results`: of this pupil and assignment. */
export function boardRow(
  shape: PathShape,
  pupil: Pick<PersonSummary, 'id' | 'givenName' | 'familyName'>,
  results: readonly Result[],
  limits: Config,
  now: Date,
  choices: Choices,
): BoardRow {
  const resultOf = new Map(results.map((result) => [result.stepId, result]));
  const { steps, done, total, complete } = buildTrail(shape, results, limits, choices);
  const cells = steps.map((step): Cell => {
    const result = resultOf.get(step.id);
    return {
      stepId: step.id,
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
      lastActiveAt: result?.lastActiveAt?.toISOString() ?? null,
    };
  });
  const active = cells.flatMap((cell) => cell.lastActiveAt ?? []).sort();
  return {
    pupil: { id: pupil.id, givenName: pupil.givenName, familyName: pupil.familyName },
    cells,
    done,
    total,
    complete,
    stuck: cells.some((cell) => cell.stuck !== null),
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
  }));

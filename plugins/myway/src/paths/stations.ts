import type { Station } from '@ilearn/ui';
import { stationColour } from '../client/line.js';
import type { PathSummary } from './model.js';

/** Stations of a path in a list of paths, all in state `todo`. */
export const stationsOfPath = (path: Pick<PathSummary, 'steps'>): Station[] =>
  path.steps.map((step) => ({
    label: step.shownTitle,
    kind: step.kind ?? 'text',
    color: stationColour(step.area),
    state: 'todo',
  }));

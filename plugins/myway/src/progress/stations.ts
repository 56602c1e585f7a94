import type { Station } from '@ilearn/ui';
import { stationColour } from '../client/line.js';
import type { BoardStep } from './model.js';

/** Stations of an assignment in a teacher's list. A station is done when every pupil has done it. */
export const stationsOfClass = (steps: readonly BoardStep[], pupils: number): Station[] =>
  steps.map((step) => ({
    label: step.title,
    kind: step.kind ?? 'text',
    color: stationColour(step.area),
    state: pupils > 0 && step.done === pupils ? 'done' : 'todo',
  }));

import type { Sequence } from '../paths/model.js';
import type { Block, StepKind, StepPlace } from '../paths/structure.js';
import type { Marking } from './model.js';

export type StepState = 'todo' | 'started' | 'done';

/** Why a step cannot be opened. `previous` and `again`: the step to do first; `score` and `marking`: the step whose score is awaited. */
export type Lock =
  | { reason: 'previous' | 'again' | 'score' | 'marking'; stepId: string }
  | { reason: 'choice'; blockId: string; left: number }
  | { reason: 'teacher'; blockId: string }
  | { reason: 'other-way' | 'unavailable' };

export interface StepToWalk extends Partial<StepPlace> {
  id: string;
  required: boolean;
  available: boolean;
  kind?: StepKind | null;
}

export interface PathToWalk {
  steps: readonly StepToWalk[];
  sequence: Sequence;
  blocks?: readonly Block[];
}

/** What is known of one pupil at one step. */
export interface Outcome {
  state: StepState;
  /** Share of the maximum score in the best graded attempt; null without. */
  best: number | null;
  /** Number of graded attempts. */
  tries: number;
  marking: Marking | null;
}

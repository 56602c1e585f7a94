import { ApiProblem } from '@ilearn/ui';
import type { Conflict } from './merge-path.js';

/** What two people changed differently, from the problem `path-changed`. */
export const conflictsOf = (problem: unknown): readonly Conflict[] =>
  problem instanceof ApiProblem && Array.isArray(problem.body.conflicts) ? (problem.body.conflicts as Conflict[]) : [];

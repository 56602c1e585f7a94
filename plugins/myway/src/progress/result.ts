import type { Marking } from '../trail/model.js';
import type { StepState } from '../trail/rules.js';

/** One pupil at one step of one assignment. */
export interface Placement {
  assignmentId: string;
  stepId: string;
  pupilId: string;
  school: string;
}

export interface Result {
  assignmentId: string;
  stepId: string;
  pupilId: string;
  state: StepState;
  doneBy: 'pupil' | 'tool' | 'teacher' | null;
  scoreGiven: number | null;
  scoreMaximum: number | null;
  /** Why there is no final score: it is still to be marked, or marking failed. */
  marking: Marking | null;
  /** What the tool says of the work, for the pupil and the teacher. */
  comment: string | null;
  startedAt: Date | null;
  doneAt: Date | null;
  lastActiveAt: Date | null;
  /** Graded tries. */
  tries: number;
  /** Share of the maximum that the best graded try reached; null without tries. */
  best: number | null;
}

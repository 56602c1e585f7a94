import type { Marking } from './model.js';
import type { StepState } from './rules.js';

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
  /** Why there is no final score: marking is pending or has failed; otherwise null. */
  marking: Marking | null;
  /** The tool's comment on the work, for the pupil and the teacher. */
  comment: string | null;
  startedAt: Date | null;
  doneAt: Date | null;
  lastActiveAt: Date | null;
  /** Number of graded attempts. */
  tries: number;
  /** Share of the maximum score in the best graded attempt; null without attempts. */
  best: number | null;
}

import type { Marking } from './model.js';
import type { StepState } from './path-to-walk.js';

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
  /** The teacher's own score if there is one, else that of the tool. */
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
  /** A teacher decided that the pupil need not do the step: it counts as done. */
  skipped: boolean;
  /** A teacher opened the step, whatever comes before it. */
  unlocked: boolean;
  /** Whether the score is the teacher's own. */
  ownScore: boolean;
  /** What a teacher wrote about the step, for the pupil. */
  teacherNote: string | null;
  /** The activity that a teacher gave this pupil in the place of that of the step; null: none. */
  otherActivity: string | null;
  otherTitle: string | null;
}

/** What a teacher decides for a pupil at a step; what is absent stays. */
export interface Override {
  skipped?: boolean | undefined;
  unlocked?: boolean | undefined;
  /** Null: the tool's score is shown again. */
  score?: { given: number; maximum: number } | null | undefined;
  /** Null: removed. */
  note?: string | null | undefined;
  /** An easier or harder activity in the place of that of the step; null: that of the step again. */
  other?: { activityId: string; title: string } | null | undefined;
}

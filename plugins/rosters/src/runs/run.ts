import type { RosterRemoval } from '@ilearn/plugin-directory';
import type { Failure } from '../source/failure.js';
import type { Note, OwnOrgs } from '../source/objects.js';
import type { ListPosition } from '../source/pages.js';

/**
 * - `reading`, `applying`: at work
 * - `ready`: read, and shows what would change; waits for a decision
 * - `held`: would remove much; waits for a decision
 * - `done`, `failed`, `rejected`: ended
 * - `replaced`: ended, because a later run began before the decision
 */
export const runStates = ['reading', 'applying', 'ready', 'held', 'done', 'failed', 'rejected', 'replaced'] as const;
export type RunState = (typeof runStates)[number];
export const runKinds = ['preview', 'manual', 'nightly'] as const;
export type RunKind = (typeof runKinds)[number];

export type CountedTable = 'schools' | 'sites' | 'school_years' | 'people' | 'roles' | 'classes' | 'enrolments';
export interface Counts {
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
}

export interface RunRow {
  id: string;
  school_id: string;
  kind: RunKind;
  state: RunState;
  step: number;
  tries: number;
  position: ListPosition | null;
  orgs: OwnOrgs | null;
  objects: number;
  /** Number of pages that are stored until the run is decided. */
  pages: number;
  approved: boolean;
  /** When what waits for a decision was compared with the school. */
  compared_at: Date | null;
  removals: RosterRemoval[];
  changes: Record<CountedTable, Counts> | null;
  left_out: number;
  report: Buffer | null;
  failure: Failure | null;
  started_at: Date;
  ended_at: Date | null;
}

export interface RunReport {
  notes: Note[];
}

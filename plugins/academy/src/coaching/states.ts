/** The states of a coaching, and every transition between them. docs/academy.md shows the same table; a test compares the two. */

export const coachingStates = [
  'submitted',
  'matching',
  'proposed',
  'active',
  'report_submitted',
  'closed',
  'declined',
  'withdrawn',
  'expired',
] as const;
export type CoachingState = (typeof coachingStates)[number];

/** States in which somebody still has to do something. */
export const openStates: readonly CoachingState[] = ['submitted', 'matching', 'proposed', 'active', 'report_submitted'];

/** Who carries out a transition. */
export type CoachingActor = 'requester' | 'principal' | 'planner' | 'coach' | 'portal';

export interface CoachingTransition {
  action: string;
  /** Null: there is no coaching yet. */
  from: readonly (CoachingState | null)[];
  to: CoachingState;
  by: readonly CoachingActor[];
  /** Whom it tells. */
  tells: readonly ('requester' | 'coach')[];
  /** Whether it needs a reason, which those who are told read. */
  reason: boolean;
}

export const coachingTransitions = [
  { action: 'submit', from: [null], to: 'submitted', by: ['requester'], tells: [], reason: false },
  { action: 'approve', from: ['submitted'], to: 'matching', by: ['principal'], tells: ['requester'], reason: false },
  { action: 'decline', from: ['submitted'], to: 'declined', by: ['principal'], tells: ['requester'], reason: true },
  { action: 'propose', from: ['matching'], to: 'proposed', by: ['planner'], tells: ['coach'], reason: false },
  { action: 'accept', from: ['proposed'], to: 'active', by: ['coach'], tells: ['requester'], reason: false },
  { action: 'pass', from: ['proposed'], to: 'matching', by: ['coach'], tells: [], reason: true },
  { action: 'report', from: ['active'], to: 'report_submitted', by: ['coach'], tells: ['requester'], reason: false },
  {
    action: 'send-back',
    from: ['report_submitted'],
    to: 'active',
    by: ['requester', 'principal'],
    tells: ['coach'],
    reason: true,
  },
  { action: 'close', from: ['report_submitted'], to: 'closed', by: ['requester', 'principal'], tells: ['coach'], reason: false },
  {
    ...{ action: 'withdraw', from: ['submitted', 'matching', 'proposed', 'active'], to: 'withdrawn' },
    ...{ by: ['requester', 'principal', 'planner'], tells: ['requester', 'coach'], reason: true },
  },
  {
    action: 'expire',
    from: ['submitted', 'matching', 'proposed'],
    to: 'expired',
    by: ['portal'],
    tells: ['requester'],
    reason: false,
  },
] as const satisfies readonly CoachingTransition[];

export type CoachingAction = (typeof coachingTransitions)[number]['action'];

/** The transition of an action; undefined if it does not lead from this state. */
export const coachingTransitionOf = (action: CoachingAction, from: CoachingState | null): CoachingTransition | undefined =>
  (coachingTransitions as readonly CoachingTransition[]).find((each) => each.action === action && each.from.includes(from));

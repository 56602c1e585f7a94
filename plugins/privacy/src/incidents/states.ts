/** The states of an incident, and every transition between them. docs/privacy.md shows the same table; a test compares the two. */

export const incidentStates = ['open', 'notified', 'unneeded', 'closed'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** Risk to people: `none` needs no notification (art. 33(1)), `high` letters to those affected (art. 34). */
export const incidentRisks = ['none', 'risk', 'high'] as const;
export type IncidentRisk = (typeof incidentRisks)[number];

export interface IncidentTransition {
  action: string;
  from: readonly (IncidentState | null)[];
  to: IncidentState;
  /** What has to be filled in first. */
  needs: readonly ('risk' | 'what' | 'consequences' | 'measures' | 'reason' | 'lessons')[];
  /** Whether the 72 hours end with it. */
  stops: boolean;
}

export const incidentTransitions = [
  { action: 'record', from: [null], to: 'open', needs: ['what'], stops: false },
  // To the authority, with all of art. 33(3).
  {
    ...{ action: 'notify', from: ['open', 'unneeded'], to: 'notified' },
    ...{ needs: ['risk', 'what', 'consequences', 'measures'], stops: true },
  },
  { action: 'keep-inside', from: ['open'], to: 'unneeded', needs: ['risk', 'reason'], stops: true },
  { action: 'close', from: ['notified', 'unneeded'], to: 'closed', needs: ['measures', 'lessons'], stops: true },
  { action: 'reopen', from: ['unneeded', 'closed'], to: 'open', needs: [], stops: false },
] as const satisfies readonly IncidentTransition[];

export type IncidentAction = (typeof incidentTransitions)[number]['action'];
export const incidentActions = incidentTransitions.map(({ action }) => action) as [IncidentAction, ...IncidentAction[]];

/** The transition of an action; undefined if it does not lead from this state. */
export const incidentTransitionOf = (action: IncidentAction, from: IncidentState | null): IncidentTransition | undefined =>
  (incidentTransitions as readonly IncidentTransition[]).find((each) => each.action === action && each.from.includes(from));

/** Hours from becoming aware of it (art. 33(1)); hours of nights and weekends count (Regulation 1182/71 art. 3(3)). */
export const notificationHours = 72;

/** The states of a sign-up, and every transition between them. docs/academy.md shows the same table; a test compares the two. */

export const enrolmentStates = [
  'requested',
  'endorsed',
  'waitlisted',
  'offered',
  'booked',
  'attended',
  'partial',
  'no_show',
  'declined',
  'cancelled',
  'lapsed',
  'event_cancelled',
] as const;
export type EnrolmentState = (typeof enrolmentStates)[number];

/** States that take a seat. */
export const seated: readonly EnrolmentState[] = ['offered', 'booked', 'attended', 'partial', 'no_show'];

/** States that wait for somebody: a person has at most one sign-up for an event that waits or takes a seat. */
export const waiting: readonly EnrolmentState[] = ['requested', 'endorsed', 'waitlisted', 'offered'];

/** States in which a sign-up may still change by itself or by its person. */
export const live: readonly EnrolmentState[] = [...waiting, 'booked'];

/** States that an attendance mark sets. */
export const marks = ['attended', 'partial', 'no_show'] as const;
export type Mark = (typeof marks)[number];

/** Who may carry out a transition: the person, their principal, the provider, or the portal by itself. */
export type Actor = 'person' | 'principal' | 'provider' | 'portal';

/** What the person learns of it: the kind of notification, and the iCalendar method of the entry in their calendar (RFC 5546). */
export type Tell = 'asked' | 'booked' | 'waiting' | 'offered' | 'declined' | 'cancelled' | 'lapsed' | 'event-cancelled';

export interface Transition {
  action: string;
  /** Null: there is no sign-up yet. */
  from: readonly (EnrolmentState | null)[];
  to: EnrolmentState;
  by: readonly Actor[];
  /** Null: nobody is told. */
  tell: Tell | null;
  calendar: 'REQUEST' | 'CANCEL' | null;
}

const withMark = ['booked', ...marks] as const;

export const enrolmentTransitions = [
  { action: 'ask', from: [null], to: 'requested', by: ['person', 'principal'], tell: 'asked', calendar: null },
  {
    action: 'book',
    from: [null, 'requested', 'endorsed'],
    to: 'booked',
    by: ['person', 'principal', 'provider', 'portal'],
    tell: 'booked',
    calendar: 'REQUEST',
  },
  {
    action: 'queue',
    from: [null, 'requested', 'endorsed'],
    to: 'waitlisted',
    by: ['person', 'principal', 'provider', 'portal'],
    tell: 'waiting',
    calendar: null,
  },
  { action: 'endorse', from: ['requested'], to: 'endorsed', by: ['principal'], tell: null, calendar: null },
  {
    action: 'decline',
    from: ['requested', 'endorsed'],
    to: 'declined',
    by: ['principal', 'provider'],
    tell: 'declined',
    calendar: null,
  },
  { action: 'offer', from: ['waitlisted'], to: 'offered', by: ['portal'], tell: 'offered', calendar: null },
  { action: 'accept', from: ['offered'], to: 'booked', by: ['person'], tell: 'booked', calendar: 'REQUEST' },
  { action: 'requeue', from: ['offered'], to: 'waitlisted', by: ['person', 'portal'], tell: 'waiting', calendar: null },
  { action: 'promote', from: ['waitlisted'], to: 'booked', by: ['portal', 'provider'], tell: 'booked', calendar: 'REQUEST' },
  { action: 'demote', from: ['booked', 'offered'], to: 'waitlisted', by: ['provider'], tell: 'waiting', calendar: 'CANCEL' },
  {
    action: 'cancel',
    from: [...live],
    to: 'cancelled',
    by: ['person', 'principal', 'provider', 'portal'],
    tell: 'cancelled',
    calendar: 'CANCEL',
  },
  { action: 'lapse', from: [...waiting], to: 'lapsed', by: ['portal'], tell: 'lapsed', calendar: null },
  {
    action: 'cancel-event',
    from: [...live],
    to: 'event_cancelled',
    by: ['provider'],
    tell: 'event-cancelled',
    calendar: 'CANCEL',
  },
  { action: 'mark-attended', from: withMark, to: 'attended', by: ['provider', 'portal'], tell: null, calendar: null },
  { action: 'mark-partial', from: withMark, to: 'partial', by: ['provider'], tell: null, calendar: null },
  { action: 'mark-no-show', from: withMark, to: 'no_show', by: ['provider'], tell: null, calendar: null },
  { action: 'unmark', from: marks, to: 'booked', by: ['provider'], tell: null, calendar: null },
] as const satisfies readonly Transition[];

export type EnrolmentAction = (typeof enrolmentTransitions)[number]['action'];

/** The transition of an action; undefined if it does not lead from this state. */
export const transitionOf = (action: EnrolmentAction, from: EnrolmentState | null): Transition | undefined =>
  (enrolmentTransitions as readonly Transition[]).find((each) => each.action === action && each.from.includes(from));

/** The states of an entry of the waiting list, and every transition between them. docs/joining.md shows the same table; a test compares the two. */

export const entryStates = [
  'unconfirmed',
  'waiting',
  'offered',
  'joining',
  'joined',
  'declined',
  'lapsed',
  'withdrawn',
  'merged',
] as const;
export type EntryState = (typeof entryStates)[number];

/** States that administrators see: nobody has shown yet that the address of an unconfirmed entry is theirs. */
export const deskStates = entryStates.filter((state) => state !== 'unconfirmed');

/** Whoever carries out a transition: the contact with a link, an administrator, or the portal by itself. */
export type EntryPart = 'contact' | 'administrator' | 'portal';

export interface EntryTransition {
  action: string;
  /** Null: there is no entry yet. */
  from: readonly (EntryState | null)[];
  to: EntryState;
  by: EntryPart;
  /** The letter that the contact gets. */
  letter: 'confirm' | 'listed' | 'offer' | 'news' | null;
}

export const entryTransitions = [
  { action: 'submit', from: [null], to: 'unconfirmed', by: 'contact', letter: 'confirm' },
  { action: 'confirm', from: ['unconfirmed'], to: 'waiting', by: 'contact', letter: 'listed' },
  { action: 'offer', from: ['waiting'], to: 'offered', by: 'administrator', letter: 'offer' },
  { action: 'retract', from: ['offered'], to: 'waiting', by: 'administrator', letter: 'news' },
  { action: 'decline', from: ['waiting'], to: 'declined', by: 'administrator', letter: 'news' },
  { action: 'merge', from: ['waiting'], to: 'merged', by: 'administrator', letter: 'news' },
  { action: 'restore', from: ['declined', 'lapsed', 'merged'], to: 'waiting', by: 'administrator', letter: 'news' },
  { action: 'revive', from: ['merged'], to: 'waiting', by: 'portal', letter: 'news' },
  { action: 'lapse', from: ['offered'], to: 'lapsed', by: 'portal', letter: 'news' },
  { action: 'withdraw', from: ['waiting', 'offered'], to: 'withdrawn', by: 'contact', letter: null },
  { action: 'accept', from: ['offered'], to: 'joining', by: 'contact', letter: null },
  { action: 'finish', from: ['joining'], to: 'joined', by: 'contact', letter: null },
] as const satisfies readonly EntryTransition[];

export type EntryAction = (typeof entryTransitions)[number]['action'];

/** The transition of an action; undefined if it does not lead from this state. */
export const transitionOf = (action: EntryAction, from: EntryState | null): EntryTransition | undefined =>
  (entryTransitions as readonly EntryTransition[]).find((each) => each.action === action && each.from.includes(from));

/** States in which an entry leaves its schools to others that were merged into it. */
export const leftStates: readonly EntryState[] = ['declined', 'lapsed', 'withdrawn'];

/** Days after the last transition for which an entry is kept; then it is erased. */
export const keptDays: Readonly<Record<EntryState, number>> = {
  unconfirmed: 3,
  waiting: 730,
  offered: 730,
  joining: 365,
  joined: 30,
  declined: 90,
  lapsed: 90,
  withdrawn: 3,
  merged: 90,
};

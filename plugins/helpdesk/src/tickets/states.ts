/** The states of a ticket, and every transition between them. docs/helpdesk.md shows the same table; a test compares the two. */

export const ticketStates = [
  'new',
  'open',
  'waiting_requester',
  'waiting_provider',
  'solved',
  'closed',
  'merged',
  'spam',
] as const;
export type TicketState = (typeof ticketStates)[number];

/** States in which somebody still has to do something. */
export const unsolved = ['new', 'open', 'waiting_requester', 'waiting_provider'] as const satisfies readonly TicketState[];

/** SQL: whether a ticket is unsolved. With the states in its text, because PostgreSQL uses a partial index only where its condition is. */
export const isUnsolved = (column: string): string => `${column} in (${unsolved.map((state) => `'${state}'`).join(', ')})`;

/** What the clocks of a ticket do in a state: they run, stand still because somebody else has to act, or have stopped. */
export function phaseOf(state: TicketState): 'run' | 'pause' | 'stop' {
  if (state === 'new' || state === 'open') return 'run';
  return state === 'waiting_requester' || state === 'waiting_provider' ? 'pause' : 'stop';
}

/** Who carries out a transition: whoever asked or takes part, the helpdesk, a provider in a side conversation, or the portal by itself. */
export type ActorPart = 'requester' | 'agent' | 'provider' | 'portal';

/** Whoever carries out a transition. `personId` is null for the portal, and for people without an account. */
export interface Actor {
  part: ActorPart;
  personId: string | null;
}

export interface Transition {
  action: string;
  /** Null: there is no ticket yet. */
  from: readonly (TicketState | null)[];
  to: TicketState;
  by: readonly ActorPart[];
  /** Who is notified, unless they did it themselves. */
  tells: readonly ('requester' | 'owner')[];
  /** The kind of notification. */
  kind: 'ticket-changed' | 'ticket-solved' | 'ticket-reopened' | null;
}

export const ticketTransitions = [
  { action: 'create', from: [null], to: 'new', by: ['requester', 'agent', 'portal'], tells: [], kind: null },
  {
    ...{ action: 'work', from: ['new', 'waiting_requester', 'waiting_provider'], to: 'open' },
    ...{ by: ['agent'], tells: [], kind: null },
  },
  {
    ...{ action: 'ask', from: ['new', 'open', 'waiting_provider'], to: 'waiting_requester' },
    ...{ by: ['agent'], tells: [], kind: null },
  },
  {
    ...{ action: 'wait', from: ['new', 'open', 'waiting_requester'], to: 'waiting_provider' },
    ...{ by: ['agent'], tells: ['requester'], kind: 'ticket-changed' },
  },
  { action: 'reply', from: ['waiting_requester'], to: 'open', by: ['requester'], tells: [], kind: null },
  {
    action: 'provider-answer',
    from: ['waiting_provider'],
    to: 'open',
    by: ['provider'],
    tells: ['owner'],
    kind: 'ticket-changed',
  },
  {
    ...{ action: 'solve', from: [...unsolved], to: 'solved' },
    ...{ by: ['agent', 'portal'], tells: ['requester'], kind: 'ticket-solved' },
  },
  { action: 'withdraw', from: [...unsolved], to: 'closed', by: ['requester'], tells: ['owner'], kind: 'ticket-changed' },
  { action: 'confirm', from: ['solved'], to: 'closed', by: ['requester'], tells: [], kind: null },
  {
    action: 'reopen',
    from: ['solved', 'closed'],
    to: 'open',
    by: ['requester', 'agent'],
    tells: ['owner'],
    kind: 'ticket-reopened',
  },
  { action: 'close', from: [...unsolved, 'solved'], to: 'closed', by: ['agent', 'portal'], tells: [], kind: null },
  { action: 'merge', from: [...unsolved, 'solved'], to: 'merged', by: ['agent'], tells: ['requester'], kind: 'ticket-changed' },
  { action: 'spam', from: ['new', 'open'], to: 'spam', by: ['agent', 'portal'], tells: [], kind: null },
  { action: 'not-spam', from: ['spam'], to: 'open', by: ['agent'], tells: [], kind: null },
] as const satisfies readonly Transition[];

export type TicketAction = (typeof ticketTransitions)[number]['action'];

/** The transition of an action; undefined if it does not lead from this state. */
export const transitionOf = (action: TicketAction, from: TicketState | null): Transition | undefined =>
  (ticketTransitions as readonly Transition[]).find((each) => each.action === action && each.from.includes(from));

/** Actions that this part may carry out from this state. */
export const actionsOf = (part: ActorPart, from: TicketState): TicketAction[] =>
  (ticketTransitions as readonly (Transition & { action: TicketAction })[])
    .filter((each) => each.by.includes(part) && each.from.includes(from))
    .map(({ action }) => action);

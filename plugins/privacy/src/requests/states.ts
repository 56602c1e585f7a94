/** The states of a request, and every transition between them. docs/privacy.md shows the same table; a test compares the two. */

/** What a person may ask (GDPR art. 15, 16, 17, 18, 21, 20, 77). */
export const requestKinds = [
  'access',
  'rectification',
  'erasure',
  'restriction',
  'objection',
  'portability',
  'complaint',
] as const;
export type RequestKind = (typeof requestKinds)[number];

export const requestStates = ['received', 'identity', 'open', 'extended', 'granted', 'refused', 'withdrawn'] as const;
export type RequestState = (typeof requestStates)[number];

/** States in which somebody still has to do something. */
export const openStates = ['received', 'identity', 'open', 'extended'] as const satisfies readonly RequestState[];

export type LetterKind = 'received' | 'identity' | 'extended' | 'granted' | 'refused';

/** Who carries out a transition: whoever asks by their own account, or somebody who answers requests. */
export type RequestActor = 'asker' | 'officer';

export interface RequestTransition {
  action: string;
  /** Null: there is no request yet. */
  from: readonly (RequestState | null)[];
  to: RequestState;
  by: readonly RequestActor[];
  /** What has to be written with it. */
  needs: 'identity' | 'reason' | 'answer' | null;
  /** `starts`: one month from today. `stops`: no deadline while the person has to act. `extends`: two months more. `ends`: none any more. */
  clock: 'starts' | 'stops' | 'extends' | 'ends' | 'goes on';
  /** The letter that is made. */
  letter: LetterKind | null;
  /** Who is notified in the portal. */
  tells: 'asker' | 'officers' | null;
}

export const requestTransitions = [
  // By their own account, so their identity is known.
  {
    ...{ action: 'ask', from: [null], to: 'open', by: ['asker'], needs: null },
    ...{ clock: 'starts', letter: 'received', tells: 'officers' },
  },
  // What a parent, or somebody without an account, asked the school.
  {
    ...{ action: 'record', from: [null], to: 'received', by: ['officer'], needs: null },
    ...{ clock: 'starts', letter: 'received', tells: null },
  },
  {
    ...{ action: 'ask-identity', from: ['received', 'open'], to: 'identity', by: ['officer'], needs: 'reason' },
    ...{ clock: 'stops', letter: 'identity', tells: 'asker' },
  },
  {
    ...{ action: 'check-identity', from: ['received'], to: 'open', by: ['officer'], needs: 'identity' },
    ...{ clock: 'goes on', letter: null, tells: null },
  },
  {
    ...{ action: 'identity-shown', from: ['identity'], to: 'open', by: ['officer'], needs: 'identity' },
    ...{ clock: 'starts', letter: null, tells: null },
  },
  // To the other controller: from the school to the operator, or back.
  {
    ...{ action: 'pass-on', from: ['received', 'open'], to: 'received', by: ['officer'], needs: 'reason' },
    ...{ clock: 'goes on', letter: null, tells: 'officers' },
  },
  {
    ...{ action: 'extend', from: ['open'], to: 'extended', by: ['officer'], needs: 'reason' },
    ...{ clock: 'extends', letter: 'extended', tells: 'asker' },
  },
  {
    ...{ action: 'grant', from: ['open', 'extended'], to: 'granted', by: ['officer'], needs: 'answer' },
    ...{ clock: 'ends', letter: 'granted', tells: 'asker' },
  },
  {
    ...{ action: 'refuse', from: [...openStates], to: 'refused', by: ['officer'], needs: 'reason' },
    ...{ clock: 'ends', letter: 'refused', tells: 'asker' },
  },
  {
    ...{ action: 'withdraw', from: [...openStates], to: 'withdrawn', by: ['asker', 'officer'], needs: null },
    ...{ clock: 'ends', letter: null, tells: 'officers' },
  },
] as const satisfies readonly RequestTransition[];

export type RequestAction = (typeof requestTransitions)[number]['action'];

export const requestActions = requestTransitions.map(({ action }) => action) as [RequestAction, ...RequestAction[]];

/** The transition of an action; undefined if it does not lead from this state. */
export const transitionOf = (action: RequestAction, from: RequestState | null): RequestTransition | undefined =>
  (requestTransitions as readonly RequestTransition[]).find((each) => each.action === action && each.from.includes(from));

/** Actions that this actor may carry out from this state. */
export const actionsOf = (actor: RequestActor, from: RequestState): RequestAction[] =>
  (requestTransitions as readonly (RequestTransition & { action: RequestAction })[])
    .filter(({ by, from: states }) => by.includes(actor) && states.includes(from))
    .map(({ action }) => action);

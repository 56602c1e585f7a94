/** Who moves a process: the consumer by a message, the provider by a decision. */
export type Actor = 'consumer' | 'provider';

export type NegotiationState = 'REQUESTED' | 'OFFERED' | 'ACCEPTED' | 'AGREED' | 'VERIFIED' | 'FINALIZED' | 'TERMINATED';
export type TransferState = 'REQUESTED' | 'STARTED' | 'SUSPENDED' | 'COMPLETED' | 'TERMINATED';

interface Move<State extends string> {
  by: readonly Actor[];
  from: readonly State[];
  to: State;
}

const both = ['consumer', 'provider'] as const;

/** Contract negotiation (Dataspace Protocol 2025-1 §7.2). FINALIZED and TERMINATED are final. */
export const negotiationMoves = {
  counter: { by: ['consumer'], from: ['OFFERED'], to: 'REQUESTED' },
  offer: { by: ['provider'], from: ['REQUESTED'], to: 'OFFERED' },
  accept: { by: ['consumer'], from: ['OFFERED'], to: 'ACCEPTED' },
  agree: { by: ['provider'], from: ['REQUESTED', 'ACCEPTED'], to: 'AGREED' },
  verify: { by: ['consumer'], from: ['AGREED'], to: 'VERIFIED' },
  finalize: { by: ['provider'], from: ['VERIFIED'], to: 'FINALIZED' },
  terminate: { by: both, from: ['REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED'], to: 'TERMINATED' },
} satisfies Record<string, Move<NegotiationState>>;

/** Transfer process (§9.2). COMPLETED and TERMINATED are final. */
export const transferMoves = {
  start: { by: both, from: ['REQUESTED', 'SUSPENDED'], to: 'STARTED' },
  suspend: { by: both, from: ['STARTED'], to: 'SUSPENDED' },
  complete: { by: both, from: ['STARTED'], to: 'COMPLETED' },
  terminate: { by: both, from: ['REQUESTED', 'STARTED', 'SUSPENDED'], to: 'TERMINATED' },
} satisfies Record<string, Move<TransferState>>;

export type NegotiationMove = keyof typeof negotiationMoves;
export type TransferMove = keyof typeof transferMoves;

/**
 * The state after a move; null if the actor may not make it now. A consumer starts only what it suspended itself: it cannot undo a suspension
 * by the provider.
 *
 * @param suspendedBy who suspended the transfer
 */
export function afterNegotiation(move: NegotiationMove, by: Actor, state: NegotiationState): NegotiationState | null {
  const { by: actors, from, to }: Move<NegotiationState> = negotiationMoves[move];
  return actors.includes(by) && from.includes(state) ? to : null;
}

export function afterTransfer(
  move: TransferMove,
  by: Actor,
  { state, suspendedBy }: { state: TransferState; suspendedBy: Actor | null },
): TransferState | null {
  const { by: actors, from, to }: Move<TransferState> = transferMoves[move];
  if (!actors.includes(by) || !from.includes(state)) return null;
  if (move === 'start' && by === 'consumer' && (state !== 'SUSPENDED' || suspendedBy !== 'consumer')) return null;
  return to;
}

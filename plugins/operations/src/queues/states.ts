/** In the order in which they are shown: what asks for attention first. */
export const messageStates = ['failed', 'running', 'retrying', 'waiting', 'delayed'] as const;
export type MessageState = (typeof messageStates)[number];

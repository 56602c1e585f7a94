/** In the order of display: what needs attention first. */
export const messageStates = ['failed', 'running', 'retrying', 'waiting', 'delayed'] as const;
export type MessageState = (typeof messageStates)[number];

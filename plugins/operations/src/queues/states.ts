/** In the order of display: states that need attention come first. */
export const messageStates = ['failed', 'running', 'retrying', 'waiting', 'delayed'] as const;
export type MessageState = (typeof messageStates)[number];

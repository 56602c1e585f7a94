import { groupRemoved } from './classes/group-removed.js';

/** Schema of the payload by event. Payloads hold ids only. */
export const events = { 'group-removed': groupRemoved };

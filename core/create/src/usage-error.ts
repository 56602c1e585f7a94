/** A mistake of the person who runs the command; the message says how to correct it. */
export class UsageError extends Error {}

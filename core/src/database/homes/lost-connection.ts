/** What the server said when it ended a connection while nothing was asked of it; the next query only learns that it is gone. */
const fatal = new WeakMap<object, Error>();

export function rememberFatal(client: object, error: Error): void {
  if (!fatal.has(client)) fatal.set(client, error);
}

/** The cause of what a query on a lost connection failed with. */
export const causeOf = (client: object, error: unknown): unknown =>
  (error as { severity?: unknown } | null)?.severity === undefined ? (fatal.get(client) ?? error) : error;

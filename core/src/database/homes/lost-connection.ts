/** The error with which the server ended an idle connection; the next query reports only that the connection is gone. */
const fatal = new WeakMap<object, Error>();

export function rememberFatal(client: object, error: Error): void {
  if (!fatal.has(client)) fatal.set(client, error);
}

/** The cause of an error on a lost connection. */
export const causeOf = (client: object, error: unknown): unknown =>
  (error as { severity?: unknown } | null)?.severity === undefined ? (fatal.get(client) ?? error) : error;

const outages = new WeakSet<object>();

/** SQLSTATE classes of a server that goes or takes nobody in: connection exception, operator intervention, resources. */
const ofServer = /^(?:08|57P|53)/;
/** What the driver itself says, which has no SQLSTATE. */
const ofDriver = /connection|connect|timeout exceeded|not queryable/i;

/** Is it the database that was lost, rather than a statement that was wrong? */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, severity, message } = error as Error & { code?: unknown; severity?: unknown };
  if (severity !== undefined) return severity === 'FATAL' || severity === 'PANIC' || ofServer.test(String(code));
  return typeof code === 'string' ? /^E[A-Z]+$/.test(code) : ofDriver.test(message);
}

/** Marks whatever was thrown by work that lost its database: it says nothing of the code that threw it. */
export function markOutage(error: unknown): void {
  if (typeof error === 'object' && error !== null) outages.add(error);
}

export const isOutage = (error: unknown): boolean => typeof error === 'object' && error !== null && outages.has(error);

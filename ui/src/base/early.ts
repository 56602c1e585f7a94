/** Address of the session, which the shell asks for first. */
export const SESSION_ADDRESS = '/api/kernel/session';

/** What `shell/boot.ts` requested before the modules arrived: address → response. */
export type EarlyResponses = Map<string, Promise<Response>>;

/** Later, a page wants what is true then. In milliseconds since the document was requested. */
const EARLY_UNTIL = 20_000;

/** The early response for an address; undefined if there is none, somebody has taken it, or it is no longer early. */
export function takeEarly(address: string): Promise<Response> | undefined {
  const early = (window as { ilearnEarly?: EarlyResponses }).ilearnEarly;
  const response = early?.get(address);
  early?.delete(address);
  return performance.now() < EARLY_UNTIL ? response : undefined;
}

/** The addresses whose responses nobody has taken. */
export const earlyAddresses = (): string[] => [...((window as { ilearnEarly?: EarlyResponses }).ilearnEarly?.keys() ?? [])];

/** Resolves once what is early now has arrived or failed. */
export async function earlyArrived(): Promise<void> {
  await Promise.allSettled((window as { ilearnEarly?: EarlyResponses }).ilearnEarly?.values() ?? []);
}

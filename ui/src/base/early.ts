/** Address of the session, which the shell asks for first. */
export const SESSION_ADDRESS = '/api/kernel/session';

/** What `shell/boot.ts` requested before the modules arrived: address → response. */
export type EarlyResponses = Map<string, Promise<Response>>;

/** The early response for an address; undefined if there is none, or somebody has taken it. */
export function takeEarly(address: string): Promise<Response> | undefined {
  const early = (window as { ilearnEarly?: EarlyResponses }).ilearnEarly;
  const response = early?.get(address);
  early?.delete(address);
  return response;
}

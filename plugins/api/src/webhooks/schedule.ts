/** Seconds between the tries of a message, as Standard Webhooks recommends: ten tries over 76 hours. */
export const waits = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** Of each wait, so that many messages to one address do not come at once. */
const jitter = 0.1;
const longestRetryAfter = 86_400;

/**
 * Seconds until the next try; null: there is none.
 *
 * @param tries number of failed tries, at least 1
 * @param retryAfter seconds that the receiver asked for (RFC 9110 §10.2.3)
 * @param random from 0 to 1
 */
export function waitAfter(tries: number, retryAfter: number | null, random: number): number | null {
  const wait = waits[tries - 1];
  if (wait === undefined) return null;
  return Math.round(Math.max(wait * (1 + jitter * random), Math.min(retryAfter ?? 0, longestRetryAfter)));
}

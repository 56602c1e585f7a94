/** Runs when the browser has nothing else to do, or after a while; Safari does not say when that is. */
export function whenIdle(work: () => void, timeout = 10_000): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout });
  else setTimeout(work, Math.min(timeout, 500));
}

let base = Date.now() - performance.now();

/** Sets the tool's clock: a portal that starts the tool tells it the time, since this machine's clock need not be that of the portal. */
export function setTime(now: Date): void {
  base = now.getTime() - performance.now();
}

export const currentTime = (): Date => new Date(base + performance.now());

let base = Date.now() - performance.now();

/** Sets the tool's clock. A portal that starts the tool passes its own time, which may differ from that of the machine. */
export function setTime(now: Date): void {
  base = now.getTime() - performance.now();
}

export const currentTime = (): Date => new Date(base + performance.now());

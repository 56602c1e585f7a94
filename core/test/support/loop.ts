const LOOK_MS = 5;

/**
 * Watches for how long the event loop of this process is held: the most processor time, in milliseconds, that was used between two looks. Unlike
 * the time by the clock it does not grow where other processes take the machine.
 */
export function watchLoop(): { stop(): number } {
  let longest = 0;
  let before = process.cpuUsage();
  const look = () => {
    const now = process.cpuUsage(before);
    longest = Math.max(longest, (now.user + now.system) / 1_000);
    before = process.cpuUsage();
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return longest;
    },
  };
}

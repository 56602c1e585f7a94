/** A waiting time in words: `40 seconden`, or from two minutes on, whole minutes, rounded up. */
export function waitingTime(seconds: number, t: (key: 'seconds' | 'minutes', options: { count: number }) => string): string {
  return seconds < 120 ? t('seconds', { count: seconds }) : t('minutes', { count: Math.ceil(seconds / 60) });
}

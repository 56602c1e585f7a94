/** Days are text such as `2026-09-01`, so that no time zone changes them. */

const DAY_MS = 24 * 60 * 60 * 1000;

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The Monday of the week of this day. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}

/** The seven days of a week that begins on this Monday. */
export const daysFrom = (monday: string): string[] => Array.from({ length: 7 }, (_, index) => addDays(monday, index));

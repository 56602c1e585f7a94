/** Months in which a request is answered (GDPR art. 12(3)). */
export const answerMonths = 1;
/** Months by which this is extended once. */
export const extensionMonths = 2;

/**
 * The same day so many months later, or the last of that month if it has no such day (Regulation 1182/71 art. 3(2)(c)). A deadline is not
 * moved to the next working day, although art. 3(4) allows it.
 *
 * @param day `2026-01-31`
 */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** Number of days from one day to a later one; negative if it is earlier. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** Days before the deadline on which officers are reminded, from the first; the last one is the day after it. */
export const reminderDays = [7, 2, -1] as const;

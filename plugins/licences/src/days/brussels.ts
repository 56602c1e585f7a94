const zone = 'Europe/Brussels';

const inZone = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The day that it is in Brussels at an instant, as `2026-09-01`. */
export function brusselsDay(instant: Date): string {
  const { year, month, day } = partsOf(instant);
  return `${year}-${month}-${day}`;
}

/** The instant at which a day ends in Brussels: the midnight after it, at 22:00 or 23:00 UTC. The day itself is included. */
export function endOfDay(day: string): Date {
  const midnight = Date.parse(`${addDays(day, 1)}T00:00:00Z`);
  for (const hours of [2, 1]) {
    const instant = new Date(midnight - hours * HOUR);
    const { hour } = partsOf(instant);
    if (hour === '00') return instant;
  }
  throw new Error(`${day} does not end at midnight in ${zone}`);
}

/** `days` may be negative. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** Days from one day to another; negative if it is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);

/** The last day of the school year that a day is in: licences end then unless somebody says otherwise. */
export const endOfSchoolYear = (day: string): string => {
  const year = Number(day.slice(0, 4));
  return `${day.slice(5) >= '09-01' ? year + 1 : year}-08-31`;
};

function partsOf(instant: Date): Record<string, string> {
  return Object.fromEntries(inZone.formatToParts(instant).map(({ type, value }) => [type, value]));
}

/** The ten legal holidays of Belgium (law of 4 January 1974 and royal decree of 18 April 1974). */

const fixed = ['01-01', '05-01', '07-21', '08-15', '11-01', '11-11', '12-25'];

/** Days from Easter Sunday: Easter Monday, Ascension Day, Whit Monday. */
const afterEaster = [1, 39, 50];

const day = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

/** Easter Sunday of a year in the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher. */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1);
}

const years = new Map<number, Set<string>>();

/** Whether a day, `2026-05-14`, is a legal holiday in Belgium. */
export function isLegalHoliday(date: string): boolean {
  const year = Number(date.slice(0, 4));
  const known = years.get(year);
  if (known !== undefined) return known.has(date);
  const sunday = easter(year);
  const all = new Set([...fixed.map((each) => `${year}-${each}`), ...afterEaster.map((days) => day(sunday + days * 86_400_000))]);
  years.set(year, all);
  return all.has(date);
}

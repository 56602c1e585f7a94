import type { Period } from '../contract/settings.js';

/**
 * School years for which holidays are proposed, by the year in which they begin. The rules follow the Flemish government's decision of 17
 * April 1991 on the organisation of the school year; https://onderwijs.vlaanderen.be/nl/schoolvakanties publishes the dates.
 */
export const proposedYears = [2026, 2027, 2028] as const;

type Text = (name: string) => string;

/**
 * School holidays and public holidays of a Flemish school year, in chronological order.
 *
 * @param year in which the school year begins
 * @param text label of a holiday by name: `autumn`, `christmas`, …
 */
export function flemishHolidays(year: number, text: Text): Period[] {
  const easter = easterOf(year + 1);
  const christmas = christmasOf(year);
  const spring = easterHolidaysOf(year + 1, easter);
  const autumn = autumnOf(year);
  const all: [string, number, number][] = [
    ['autumn', autumn, autumn + 6],
    ['armistice', dayOf(year, 11, 11), dayOf(year, 11, 11)],
    ['christmas', christmas, christmas + 13],
    ['carnival', easter - 48, easter - 42],
    ['easter', spring, Math.max(spring + 13, easter + 1)],
    ['labour', dayOf(year + 1, 5, 1), dayOf(year + 1, 5, 1)],
    ['ascension', easter + 39, easter + 40],
    ['whitMonday', easter + 50, easter + 50],
    ['summer', dayOf(year + 1, 7, 1), dayOf(year + 1, 8, 31)],
  ];
  return all
    .sort(([, one], [, other]) => one - other)
    .map(([name, from, to]) => ({ label: text(name), from: textOf(from), to: textOf(to) }));
}

/** Days since 1 January 1970. */
const dayOf = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) / 86_400_000;
const textOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
/** 0: Monday. */
const weekday = (day: number): number => (((day + 3) % 7) + 7) % 7;
const mondayOf = (day: number): number => day - weekday(day);
const mondayAfter = (day: number): number => mondayOf(day) + 7;

/** The week of 1 November; if that is a Sunday, the next week. */
function autumnOf(year: number): number {
  const allSaints = dayOf(year, 11, 1);
  return weekday(allSaints) === 6 ? allSaints + 1 : mondayOf(allSaints);
}

/** Two weeks from the week of 25 December; if that is a Saturday or Sunday, from the next week. */
function christmasOf(year: number): number {
  const christmas = dayOf(year, 12, 25);
  return weekday(christmas) >= 5 ? mondayAfter(christmas) : mondayOf(christmas);
}

/**
 * Two weeks from the first Monday of April; from Easter Monday if Easter is in March, and from the second Monday before Easter if Easter is
 * after 15 April.
 */
function easterHolidaysOf(year: number, easter: number): number {
  if (easter < dayOf(year, 4, 1)) return easter + 1;
  if (easter > dayOf(year, 4, 15)) return easter - 13;
  return mondayOf(dayOf(year, 4, 1) + 6);
}

/** Easter Sunday by the Gregorian calendar (Meeus, Jones and Butcher). */
function easterOf(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayOf(year, Math.floor(n / 31), (n % 31) + 1);
}

import type { FigureList } from '../figures/shapes.js';
import type { LinePoint } from './line-plot.js';
import type { Shown } from './not-shown.js';

const day = 86_400_000;
const shift = (text: string, days: number): string =>
  new Date(Date.parse(`${text}T00:00:00Z`) + days * day).toISOString().slice(0, 10);

/** First day of the school year in which a day lies. */
export const schoolYearOf = (text: string): string => `${Number(text.slice(0, 4)) - (text.slice(5) < '09-01' ? 1 : 0)}-09-01`;

/** `2026-2027` */
export const schoolYearName = (start: string): string => `${start.slice(0, 4)}-${Number(start.slice(0, 4)) + 1}`;

/** What was published for a place and item in a period: 0 if the period was published without a number of it; null if it was not. */
export function lookUp(list: FigureList, place: string, item: string): (startsOn: string) => Shown | null {
  const published = new Set(list.periods.map(({ startsOn }) => startsOn));
  const found = new Map(
    list.figures.flatMap((each) => (each.place === place && each.item === item ? [[each.startsOn, each]] : [])),
  );
  return (startsOn) => found.get(startsOn) ?? (published.has(startsOn) ? { mark: 'shown', value: 0 } : null);
}

/** The weeks of a school year, each with the same week of the year before: 52 weeks earlier. */
export function weeksOf(list: FigureList, year: string, place = '', item = ''): LinePoint[] {
  const of = lookUp(list, place, item);
  const schoolDays = new Map(list.periods.map(({ startsOn, schoolDays }) => [startsOn, schoolDays]));
  const weekday = (new Date(`${year}T00:00:00Z`).getUTCDay() + 6) % 7;
  const end = `${Number(year.slice(0, 4)) + 1}-08-31`;
  const points: LinePoint[] = [];
  for (let startsOn = shift(year, -weekday); startsOn <= end; startsOn = shift(startsOn, 7)) {
    points.push({ startsOn, now: of(startsOn), before: of(shift(startsOn, -364)), holiday: schoolDays.get(startsOn) === 0 });
  }
  return points;
}

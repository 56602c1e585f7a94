/** Kinds of periods. A school year begins on 1 September; a week on Monday. */
export const grains = ['week', 'month', 'year'] as const;
export type Grain = (typeof grains)[number];

/** Days are written `2026-09-01`; `endsOn` is the last day of the period. */
export interface Period {
  grain: Grain;
  startsOn: string;
  endsOn: string;
}

const at = (day: string): Date => new Date(`${day}T00:00:00Z`);
const text = (moment: Date): string => moment.toISOString().slice(0, 10);

export function addDays(day: string, days: number): string {
  const moment = at(day);
  moment.setUTCDate(moment.getUTCDate() + days);
  return text(moment);
}

/** The first day of the school year in which a day lies. */
export const schoolYearOf = (day: string): string => {
  const year = Number(day.slice(0, 4));
  return `${day.slice(5) < '09-01' ? year - 1 : year}-09-01`;
};

/** The period of a kind in which a day lies. */
export function periodOf(grain: Grain, day: string): Period {
  if (grain === 'week') {
    const startsOn = addDays(day, -((at(day).getUTCDay() + 6) % 7));
    return { grain, startsOn, endsOn: addDays(startsOn, 6) };
  }
  if (grain === 'month') {
    const startsOn = `${day.slice(0, 7)}-01`;
    return { grain, startsOn, endsOn: text(new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0))) };
  }
  const startsOn = schoolYearOf(day);
  return { grain, startsOn, endsOn: `${Number(startsOn.slice(0, 4)) + 1}-08-31` };
}

/** The period of the same kind that follows. */
export const nextPeriod = ({ grain, endsOn }: Period): Period => periodOf(grain, addDays(endsOn, 1));

export const overlap = (one: Period, other: Period): boolean => one.startsOn <= other.endsOn && other.startsOn <= one.endsOn;

/** Whether the first lies in the second. */
export const within = (one: Period, other: Period): boolean => one.startsOn >= other.startsOn && one.endsOn <= other.endsOn;

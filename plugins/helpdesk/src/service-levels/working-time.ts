/** Counts time within opening hours, by what the clock on the wall shows: also on the days on which clocks change. */

export interface Hours {
  /** IANA name. */
  zone: string;
  /** For each day of the week, from Monday: openings as [from, to] in minutes since midnight, `to` excluded. */
  hours: readonly (readonly (readonly [number, number])[])[];
  /** Whether a day, `2026-05-14`, is a holiday. */
  isClosed(day: string): boolean | Promise<boolean>;
}

const minute = 60_000;
const dayLength = 1_440 * minute;
/** Without an opening in so many days, a clock never ends. */
const longestSearch = 800;

interface Span {
  from: number;
  to: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a zone is ahead of UTC at a moment, in milliseconds. */
function offset(zone: string, moment: number): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  formats.set(zone, format);
  const shown = Date.parse(`${format.format(moment).replace(' ', 'T')}Z`);
  return shown - Math.floor(moment / 1_000) * 1_000;
}

/** The day of a moment in a zone, as the midnight of that day in UTC. */
const dayOf = (zone: string, moment: number): number => {
  const local = moment + offset(zone, moment);
  return local - (((local % dayLength) + dayLength) % dayLength);
};

/** Stretches of a day with one offset each: one, or two where clocks change on that day. */
function stretches(zone: string, day: number): { offset: number; from: number; to: number }[] {
  const [before, after] = [offset(zone, day - 14 * 60 * minute), offset(zone, day + dayLength + 14 * 60 * minute)];
  if (before === after) return [{ offset: before, from: -Infinity, to: Infinity }];
  let [low, high] = [day - 14 * 60 * minute, day + dayLength + 14 * 60 * minute];
  while (high - low > minute) {
    const middle = low + Math.floor((high - low) / 2 / minute) * minute;
    if (offset(zone, middle) === before) low = middle;
    else high = middle;
  }
  return [
    { offset: before, from: -Infinity, to: high },
    { offset: after, from: high, to: Infinity },
  ];
}

/** Openings of a day as moments, in order. */
async function openings({ zone, hours, isClosed }: Hours, day: number): Promise<Span[]> {
  const date = new Date(day);
  const ofWeekday = hours[(date.getUTCDay() + 6) % 7] ?? [];
  if (ofWeekday.length === 0 || (await isClosed(date.toISOString().slice(0, 10)))) return [];
  return stretches(zone, day)
    .flatMap((stretch) =>
      ofWeekday.map(([from, to]) => ({
        from: Math.max(stretch.from, day + from * minute - stretch.offset),
        to: Math.min(stretch.to, day + to * minute - stretch.offset),
      })),
    )
    .filter(({ from, to }) => from < to)
    .sort((one, other) => one.from - other.from);
}

/** Milliseconds within opening hours from one moment to another; 0 if they are in the wrong order. */
export async function openTime(hours: Hours, from: Date, to: Date): Promise<number> {
  let total = 0;
  const end = to.getTime();
  for (let day = dayOf(hours.zone, from.getTime()); day <= end + dayLength; day += dayLength) {
    for (const span of await openings(hours, day)) {
      total += Math.max(0, Math.min(span.to, end) - Math.max(span.from, from.getTime()));
    }
  }
  return total;
}

/** The moment at which so many milliseconds within opening hours have passed; null if it is not open often enough. */
export async function afterOpenTime(hours: Hours, from: Date, milliseconds: number): Promise<Date | null> {
  let left = milliseconds;
  const first = dayOf(hours.zone, from.getTime());
  for (let days = 0; days < longestSearch; days += 1) {
    for (const span of await openings(hours, first + days * dayLength)) {
      const begin = Math.max(span.from, from.getTime());
      if (span.to <= begin) continue;
      if (span.to - begin >= left) return new Date(begin + left);
      left -= span.to - begin;
    }
  }
  return null;
}

/** Whether it is open at a moment. */
export async function isOpen(hours: Hours, moment: Date): Promise<boolean> {
  const at = moment.getTime();
  return (await openings(hours, dayOf(hours.zone, at))).some(({ from, to }) => from <= at && at < to);
}

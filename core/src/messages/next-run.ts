import { Cron } from 'croner';

const STEP_MS = 15 * 60_000;
/** Lengths of the hour that clocks repeat; half an hour on Lord Howe Island. */
const REPEATED_MS = [60 * 60_000, 30 * 60_000];

/**
 * The first moment after `moment` at which a cron expression comes true in a time zone; null if there is none. Where clocks go forward, a time of
 * day that is skipped comes an hour later. Where they go back, a time of day comes once, the first time; but what runs every hour runs in both.
 */
export function nextRun(cron: string, moment: Date, zone: string): Date | null {
  const schedule = new Cron(cron, { timezone: zone });
  let next = schedule.nextRun(moment);
  // Within a repeated hour croner may answer with a moment that has passed, or with the second of two.
  for (let from = moment; next !== null && (next <= moment || isRepetition(next, zone)); ) {
    from = new Date(from.getTime() + STEP_MS);
    next = schedule.nextRun(from);
  }
  const minutes = everyHour(cron);
  if (minutes === null || next === null) return next;
  const hourly = new Cron(`${minutes} * * * *`, { timezone: 'UTC' });
  for (let each = hourly.nextRun(moment); each !== null && each < next; each = hourly.nextRun(each)) {
    if (each.getTime() - moment.getTime() > 2 * 60 * 60_000) break;
    if (schedule.match(each)) return each;
  }
  return next;
}

/** The minutes of an expression whose hour is `*`; null of any other. */
function everyHour(cron: string): string | null {
  if (cron.trim() === '@hourly') return '0';
  const fields = cron.trim().split(/\s+/);
  return fields.length === 5 && fields[1] === '*' ? (fields[0] as string) : null;
}

/** Whether the clock shows for the second time what it shows at this moment. */
const isRepetition = (moment: Date, zone: string): boolean =>
  REPEATED_MS.some((ms) => wallTime(new Date(moment.getTime() - ms), zone) === wallTime(moment, zone));

const wallTime = (moment: Date, timeZone: string): string => moment.toLocaleString('sv-SE', { timeZone });

import { Cron } from 'croner';

const STEP_MS = 15 * 60_000;
/** Lengths of the period that clocks repeat; half an hour on Lord Howe Island. */
const REPEATED_MS = [60 * 60_000, 30 * 60_000];

/**
 * The first moment after `moment` that matches a cron expression in a time zone; null if there is none. Where clocks go forward, a skipped
 * time of day comes an hour later. Where they go back, a time of day comes once, the first time; an hourly schedule runs in both hours.
 */
export function nextRun(cron: string, moment: Date, zone: string): Date | null {
  const schedule = new Cron(cron, { timezone: zone });
  let next = schedule.nextRun(moment);
  // Within a repeated hour croner may return a moment that has passed, or the second of the two.
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

/** The minutes of an expression whose hour is `*`; null for any other expression. */
function everyHour(cron: string): string | null {
  if (cron.trim() === '@hourly') return '0';
  const fields = cron.trim().split(/\s+/);
  return fields.length === 5 && fields[1] === '*' ? (fields[0] as string) : null;
}

/** Whether the local time at this moment occurs for the second time. */
const isRepetition = (moment: Date, zone: string): boolean =>
  REPEATED_MS.some((ms) => wallTime(new Date(moment.getTime() - ms), zone) === wallTime(moment, zone));

/** Making one takes a hundred times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function wallTime(moment: Date, timeZone: string): string {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  return format.format(moment);
}

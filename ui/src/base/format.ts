import { locale, translate } from './i18n.js';

const STYLES = {
  /** 3 sep 2026 */
  short: { day: 'numeric', month: 'short', year: 'numeric' },
  /** donderdag 3 september 2026 */
  long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  /** do 3 sep */
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  /** 3 sep 2026, 14:05 */
  time: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

/**
 * Making one takes a slow telephone tens of milliseconds, and a class board shows a date in each row. Kept for one task of the browser: the
 * device may change its time zone.
 */
const formats = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

function known<Format extends Intl.DateTimeFormat | Intl.NumberFormat>(key: string, make: () => Format): Format {
  if (formats.size === 0) setTimeout(() => formats.clear());
  const format = (formats.get(key) as Format | undefined) ?? make();
  formats.set(key, format);
  return format;
}

const calendarDate = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Formats a date in the interface's language. A moment (ISO 8601 text, milliseconds or Date) is shown in the browser's time zone; a
 * calendar date (`2026-09-03`) is the same day in every zone. Empty text if it is not a date.
 */
export function formatDate(value: string | number | Date | null | undefined, style: keyof typeof STYLES = 'short'): string {
  if (value === null || value === undefined || value === '') return '';
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return '';
  const isDay = typeof value === 'string' && calendarDate.test(value);
  const options: Intl.DateTimeFormatOptions = isDay ? { ...STYLES[style], timeZone: 'UTC' } : STYLES[style];
  return known(`${locale()} ${style} ${isDay}`, () => new Intl.DateTimeFormat(locale(), options)).format(date);
}

/** Minutes in words: `25 min`, `1 u 30`. Empty text for null. */
export function formatMinutes(minutes: number | null | undefined): string {
  if (minutes === null || minutes === undefined || !Number.isFinite(minutes)) return '';
  const whole = Math.max(0, Math.round(minutes));
  if (whole < 60) return translate('ui', 'format.minutes', { minutes: whole });
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  if (rest === 0) return translate('ui', 'format.hours', { hours });
  return translate('ui', 'format.hoursMinutes', { hours, minutes: String(rest).padStart(2, '0') });
}

/** Formats a number in the interface's language, for example as a percentage (`{ style: 'percent' }`). */
export const formatNumber = (value: number, options?: Intl.NumberFormatOptions): string =>
  known(`${locale()} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale(), options)).format(value);

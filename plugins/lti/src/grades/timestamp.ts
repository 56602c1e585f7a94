import { z } from 'zod';

const extendedFormat = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(.*)$/s;
const basicFormat = /^(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?(.*)$/s;
const utcOffset = /^([+-])(\d\d)(?::?(\d\d))?$/;

/** Nanoseconds. */
const mostFractionDigits = 9;
const largestOffsetMinutes = 14 * 60;
const outOfRange = 'must be between 1970 and 9999';
const lastMillisecond = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

class Unreadable extends Error {}

/**
 * An ISO 8601 date and time with a time zone, as AGS 2.0 requires: `Z`, `+02`, `+0200` and `+02:00` are all valid (§3.4 itself uses `+00`).
 * Also accepted, because libraries write them: no seconds (Java), a space instead of the `T` (.NET, PostgreSQL), and the basic format. The
 * output is in UTC, ends in `Z`, keeps the fraction as sent, and lies between 1970 and 9999.
 */
export const timestamp = z
  .string()
  .max(64, 'must be a date and time of at most 64 characters')
  .transform((text, context) => {
    try {
      return inUtc(text);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      context.addIssue(error.message);
      return z.NEVER;
    }
  })
  .describe('ISO 8601 with a time zone, such as 2026-09-01T08:30:00.000Z or 2026-09-01T10:30:00+02:00');

/** @throws Unreadable with the reason */
function inUtc(text: string): string {
  const parts = extendedFormat.exec(text) ?? basicFormat.exec(text);
  if (parts === null) throw new Unreadable('must be an ISO 8601 date and time, such as 2026-09-01T08:30:00.000Z');
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone = ''] = parts as string[];
  if (fraction.length > mostFractionDigits) {
    throw new Unreadable(`must have at most ${mostFractionDigits} digits in the fraction of its seconds`);
  }
  const offset = offsetMinutes(zone);
  if (Number(year) < 1969) throw new Unreadable(outOfRange);
  const local = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)));
  // Date.UTC silently turns a date that does not exist, such as 30 February, into another one.
  if (local.toISOString().slice(0, 19) !== `${year}-${month}-${day}T${hour}:${minute}:${second}`) {
    throw new Unreadable('names a date or time that does not exist');
  }
  const milliseconds = local.getTime() - offset * 60_000;
  if (milliseconds < 0 || milliseconds > lastMillisecond) throw new Unreadable(outOfRange);
  const seconds = new Date(milliseconds).toISOString().slice(0, 19);
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

/** @throws Unreadable */
function offsetMinutes(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  if (zone === '') throw new Unreadable('must have a time zone: end it with Z or an offset from UTC such as +02:00');
  const [, sign, hours, minutes = '0'] = utcOffset.exec(zone) ?? [];
  if (sign === undefined) throw new Unreadable('must end with a time zone in ISO 8601: Z, +02, +0200 or +02:00');
  const offset = Number(hours) * 60 + Number(minutes);
  if (Number(minutes) > 59 || offset > largestOffsetMinutes) {
    throw new Unreadable('must have an offset from UTC of at most 14 hours, with minutes below 60');
  }
  return sign === '-' ? -offset : offset;
}

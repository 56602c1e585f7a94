import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { timestamp } from '../src/grades/timestamp.js';

interface Written {
  text: string;
  /** The same moment in UTC, as stored in the database. */
  utc: string;
}

const pad = (number: number) => String(number).padStart(2, '0');
const offsetOf = (minutes: number, colon: string) =>
  `${minutes < 0 ? '-' : '+'}${pad(Math.trunc(Math.abs(minutes) / 60))}${colon}${pad(Math.abs(minutes) % 60)}`;

/** Local time at an offset, without a zone, and the digits of its fraction. */
interface Clock {
  date: string;
  time: string;
  /** Nine digits. */
  fraction: string;
  offset: number;
}

const trimmed = (fraction: string) => (fraction === '000000000' ? '' : `.${fraction.replace(/0+$/, '')}`);
/** Java writes 0, 3, 6 or 9 digits. */
const inThrees = (fraction: string) => (fraction === '000000000' ? '' : `.${fraction.replace(/(000){1,2}$/, '')}`);

/** How libraries write timestamps. The fraction is cut to `digits`. */
const forms: Record<string, { digits: number; utcOnly?: true; wholeHours?: true; write(clock: Clock): string }> = {
  'AGS 2.0 §3.4': {
    digits: 3,
    wholeHours: true,
    write: ({ date, time, fraction, offset }) => `${date}T${time}.${fraction.slice(0, 3)}${offsetOf(offset, ':').slice(0, 3)}`,
  },
  'JavaScript toISOString': {
    digits: 3,
    utcOnly: true,
    write: ({ date, time, fraction }) => `${date}T${time}.${fraction.slice(0, 3)}Z`,
  },
  'Luxon toISO': {
    digits: 3,
    write: ({ date, time, fraction, offset }) => `${date}T${time}.${fraction.slice(0, 3)}${offsetOf(offset, ':')}`,
  },
  'moment().format()': { digits: 0, write: ({ date, time, offset }) => `${date}T${time}${offsetOf(offset, ':')}` },
  'README of pylti1.3 (strftime)': { digits: 0, utcOnly: true, write: ({ date, time }) => `${date}T${time}+0000` },
  'Python isoformat': {
    digits: 6,
    write: ({ date, time, fraction, offset }) =>
      `${date}T${time}${fraction.startsWith('000000') ? '' : `.${fraction.slice(0, 6)}`}${offsetOf(offset, ':')}`,
  },
  'PHP DateTime::ISO8601': { digits: 0, write: ({ date, time, offset }) => `${date}T${time}${offsetOf(offset, '')}` },
  'PHP DATE_RFC3339_EXTENDED': {
    digits: 3,
    write: ({ date, time, fraction, offset }) => `${date}T${time}.${fraction.slice(0, 3)}${offsetOf(offset, ':')}`,
  },
  '.NET "o"': {
    digits: 7,
    write: ({ date, time, fraction, offset }) =>
      `${date}T${time}.${fraction.slice(0, 7)}${offset === 0 ? 'Z' : offsetOf(offset, ':')}`,
  },
  '.NET "u"': { digits: 0, utcOnly: true, write: ({ date, time }) => `${date} ${time}Z` },
  'Java Instant.toString': {
    digits: 9,
    utcOnly: true,
    write: ({ date, time, fraction }) => `${date}T${time}${inThrees(fraction)}Z`,
  },
  'Java OffsetDateTime.toString': {
    digits: 9,
    write: ({ date, time, fraction, offset }) => {
      const short = time.endsWith(':00') && fraction === '000000000';
      return `${date}T${short ? time.slice(0, 5) : time + inThrees(fraction)}${offset === 0 ? 'Z' : offsetOf(offset, ':')}`;
    },
  },
  'Java SimpleDateFormat Z': {
    digits: 3,
    write: ({ date, time, fraction, offset }) => `${date}T${time}.${fraction.slice(0, 3)}${offsetOf(offset, '')}`,
  },
  'Java SimpleDateFormat X': {
    digits: 0,
    wholeHours: true,
    write: ({ date, time, offset }) => `${date}T${time}${offset === 0 ? 'Z' : offsetOf(offset, ':').slice(0, 3)}`,
  },
  'Go RFC3339Nano': {
    digits: 9,
    write: ({ date, time, fraction, offset }) =>
      `${date}T${time}${trimmed(fraction)}${offset === 0 ? 'Z' : offsetOf(offset, ':')}`,
  },
  'PostgreSQL text': {
    digits: 6,
    wholeHours: true,
    write: ({ date, time, fraction, offset }) => `${date} ${time}.${fraction.slice(0, 6)}${offsetOf(offset, ':').slice(0, 3)}`,
  },
  'ISO 8601 basic format': {
    digits: 0,
    utcOnly: true,
    write: ({ date, time }) => `${date.replaceAll('-', '')}T${time.replaceAll(':', '')}Z`,
  },
  'ISO 8601 with a comma': {
    digits: 3,
    write: ({ date, time, fraction, offset }) => `${date}T${time},${fraction.slice(0, 3)}${offsetOf(offset, ':')}`,
  },
};

const anyMoment = fc.record({
  // Often whole minutes, because some libraries shorten them.
  seconds: fc.oneof(
    fc.integer({ min: 60 * 60 * 24, max: 253_402_200_000 }),
    fc.integer({ min: 1440, max: 4_223_370_000 }).map((minutes) => minutes * 60),
  ),
  nanoseconds: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 999_999_999 }),
    fc.integer({ min: 0, max: 999 }).map((ms) => ms * 1e6),
  ),
  offset: fc.integer({ min: -12 * 60, max: 14 * 60 }),
});

function written(
  form: (typeof forms)[string],
  { seconds, nanoseconds, offset }: { seconds: number; nanoseconds: number; offset: number },
): Written {
  const minutes = form.utcOnly ? 0 : form.wholeHours ? Math.trunc(offset / 60) * 60 : offset;
  const local = new Date((seconds + minutes * 60) * 1000).toISOString();
  const fraction = `${String(nanoseconds).padStart(9, '0').slice(0, form.digits).padEnd(9, '0')}`;
  const text = form.write({ date: local.slice(0, 10), time: local.slice(11, 19), fraction, offset: minutes });
  return { text, utc: `${new Date(seconds * 1000).toISOString().slice(0, 19)}${trimmed(fraction)}Z` };
}

describe('timestamps', () => {
  it.each(Object.entries(forms))('LTI F1: of %s are accepted, and keep their value to the nanosecond', (_, form) => {
    fc.assert(
      fc.property(anyMoment, (moment) => {
        const { text, utc } = written(form, moment);
        const [read, fraction] = timestamp.parse(text).split(/[.Z]/) as [string, string];
        expect(`${read}.${fraction.padEnd(9, '0')}`, text).toBe(
          utc.replace(/(?:\.(\d+))?Z$/, (_all, digits = '') => `.${String(digits).padEnd(9, '0')}`),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('LTI F1: a timestamp with offset +00 is accepted, as AGS writes it', () => {
    expect(timestamp.parse('2017-04-16T18:54:36.736+00')).toBe('2017-04-16T18:54:36.736Z');
    expect(timestamp.parse('2026-11-22T10:00:00+0000')).toBe('2026-11-22T10:00:00Z');
    expect(timestamp.parse('2026-11-22T10:00:00-00:00')).toBe('2026-11-22T10:00:00Z');
  });

  it.each([
    ['2026-11-22T10:00:00', 'must have a time zone'],
    ['2026-11-22T10:00', 'must have a time zone'],
    ['2026-11-22', 'must be an ISO 8601 date and time'],
    ['2026-11-22T10', 'must be an ISO 8601 date and time'],
    ['2026-W47-7T10:00:00Z', 'must be an ISO 8601 date and time'],
    ['2026-326T10:00:00Z', 'must be an ISO 8601 date and time'],
    ['1763805600', 'must be an ISO 8601 date and time'],
    ['yesterday', 'must be an ISO 8601 date and time'],
    ['', 'must be an ISO 8601 date and time'],
    ['Sun, 22 Nov 2026 10:00:00 GMT', 'must be an ISO 8601 date and time'],
    ['+002026-11-22T10:00:00Z', 'must be an ISO 8601 date and time'],
    [' 2026-11-22T10:00:00Z', 'must be an ISO 8601 date and time'],
    ['2026-11-22T10:00:00Z ', 'must end with a time zone'],
    ['2026-11-22T10:00:00Z\n', 'must end with a time zone'],
    ['2026-11-22T10:00:00 +01:00', 'must end with a time zone'],
    ['2026-11-22T10:00:00CET', 'must end with a time zone'],
    ['2026-11-22T10:00:00+01:00[Europe/Brussels]', 'must end with a time zone'],
    ['2026-11-22T10:00:00+1', 'must end with a time zone'],
    ['2026-11-22T10:00:00+01:0', 'must end with a time zone'],
    ['2026-11-22T10:00:00+01:00:00', 'must end with a time zone'],
    ['2026-11-22T10:00:00.Z', 'must end with a time zone'],
    ['2026-11-22T10:00:00−01:00', 'must end with a time zone'],
    ['2026-11-22T10:00:00+14:30', 'must have an offset from UTC of at most 14 hours'],
    ['2026-11-22T10:00:00-1430', 'must have an offset from UTC of at most 14 hours'],
    ['2026-11-22T10:00:00+23:59', 'must have an offset from UTC of at most 14 hours'],
    ['2026-11-22T10:00:00+01:60', 'must have an offset from UTC of at most 14 hours'],
    ['2026-02-30T10:00:00Z', 'names a date or time that does not exist'],
    ['2025-02-29T10:00:00Z', 'names a date or time that does not exist'],
    ['2026-13-01T10:00:00Z', 'names a date or time that does not exist'],
    ['2026-00-10T10:00:00Z', 'names a date or time that does not exist'],
    ['2026-11-22T24:00:00Z', 'names a date or time that does not exist'],
    ['2026-11-22T10:60:00Z', 'names a date or time that does not exist'],
    ['2026-11-22T10:00:61Z', 'names a date or time that does not exist'],
    ['0000-01-01T00:00:00Z', 'must be between 1970 and 9999'],
    ['1970-01-01T00:00:00+01:00', 'must be between 1970 and 9999'],
    ['9999-12-31T23:59:59-14:00', 'must be between 1970 and 9999'],
    ['2026-11-22T10:00:00.1234567890Z', 'must have at most 9 digits'],
    [`2026-11-22T10:00:00.${'1'.repeat(400)}Z`, 'must be a date and time of at most 64 characters'],
  ])('LTI F1: %j is refused for exactly one reason, the right one', (text, reason) => {
    const { error } = timestamp.safeParse(text);
    expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(reason)]);
  });

  test('LTI F1: whatever is accepted can be read by PostgreSQL; everything else is refused, without an exception', () => {
    const nearly = fc
      .tuple(
        anyMoment,
        fc.constantFrom(...Object.values(forms)),
        fc.nat(40),
        fc.constantFrom('', '0', '9', ':', '-', 'Z', 'T', ' ', '+', '.', 'x'),
      )
      .map(([moment, form, at, with_]) => {
        const { text } = written(form, moment);
        return text.slice(0, at) + with_ + text.slice(at + 1);
      });
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string({ maxLength: 70 })), (text) => {
        const { success, data, error } = timestamp.safeParse(text);
        if (success) {
          expect(data).toMatch(/^(19[7-9]|[2-9]\d\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
          expect(Number.isFinite(Date.parse(data))).toBe(true);
        } else expect(error.issues).toHaveLength(1);
      }),
      { numRuns: 2000 },
    );
  });
});

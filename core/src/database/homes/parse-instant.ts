import pg from 'pg';

const driversOwn = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;

const ZERO = '0'.charCodeAt(0);

/** The two digits at a place of the text, as a number. */
const two = (text: string, at: number): number => (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;

/**
 * Parses a `timestamptz` to the millisecond, in a third of the driver's time: lists hold many. PostgreSQL writes instants in UTC as
 * `2026-09-01 12:34:56.789012+00`, the fraction only if there is one. Other forms (`infinity`, years with more or fewer than four digits) are
 * left to the driver.
 */
export function parseInstant(text: string): Date {
  const end = text.length - 3;
  const isUsual = end >= 19 && end <= 26 && text[0] !== '0' && text[4] === '-' && text.endsWith('+00');
  if (!isUsual) return driversOwn(text);
  let milliseconds = 0;
  for (let at = 20, worth = 100; at < end && worth >= 1; at++, worth /= 10) milliseconds += (text.charCodeAt(at) - ZERO) * worth;
  const year = two(text, 0) * 100 + two(text, 2);
  return new Date(Date.UTC(year, two(text, 5) - 1, two(text, 8), two(text, 11), two(text, 14), two(text, 17), milliseconds));
}

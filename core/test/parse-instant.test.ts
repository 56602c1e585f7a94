import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { parseInstant } from '../dist/database/homes/parse-instant.js';

const driver = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date | number;

test('reads instants as the driver does, in whatever form PostgreSQL writes them', () => {
  const usual = fc
    .tuple(
      fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }),
      fc.stringMatching(/^(\.\d{1,6})?$/),
    )
    .map(([date, fraction]) => `${date.toISOString().slice(0, 19).replace('T', ' ')}${fraction}+00`);
  fc.assert(
    fc.property(usual, (text) => {
      expect(parseInstant(text)).toEqual(driver(text));
    }),
    { numRuns: 300 },
  );
  for (const text of [
    'infinity',
    '-infinity',
    '0044-03-15 12:00:00+00 BC',
    '0099-01-01 00:00:00+00',
    '12026-01-01 00:00:00+00',
    '2026-01-01 00:00:00+02',
    '2026-01-01 00:00:00.5+05:30',
  ]) {
    expect(parseInstant(text), text).toEqual(driver(text));
  }
});

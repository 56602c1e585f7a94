import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { formatDate } from '../src/base/format.js';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const zones = [...Intl.supportedValuesOf('timeZone'), 'Etc/GMT+12', 'Etc/GMT-14'];
const days = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });

test('content D8: a calendar date is the same day in every time zone, a moment is that of the zone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...zones),
      days,
      fc.constantFrom('short', 'long', 'day', 'time'),
      async (timeZone, date, style) => {
        process.env['TZ'] = timeZone;
        // A page notices another time zone in the next task.
        await new Promise((resolve) => setTimeout(resolve));
        const day = date.toISOString().slice(0, 10);
        expect(formatDate(day, style)).toMatch(new RegExp(`(^|\\s)${date.getUTCDate()} `));
        const local = new Intl.DateTimeFormat('en-u-nu-latn', { timeZone, day: 'numeric' }).format(date);
        expect(formatDate(date, style)).toMatch(new RegExp(`(^|\\s)${local} `));
      },
    ),
    { numRuns: 500, examples: [['America/Los_Angeles', new Date('2027-03-28'), 'day']] },
  );
});

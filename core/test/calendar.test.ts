import { createTestPlatform, openTestHome, type TestPlatform } from '@ilearn/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { nextRun } from '../dist/messages/next-run.js';
import { Schedules } from '../dist/messages/schedules.js';
import { flemishHolidays } from '../dist/settings/flemish-holidays.js';
import { club } from './support/club.js';
import { north, plugin, south, within } from './support/fixtures.js';
import { column, migrateOn } from './support/portal.js';
import { until } from './support/redis.js';

/** Moments at which it runs between two days, each computed from the one before, as the portal does. */
function runs(cron: string, zone: string, from: string, to: string): string[] {
  const found: string[] = [];
  for (let at = nextRun(cron, new Date(from), zone); at !== null && at < new Date(to); at = nextRun(cron, at, zone)) {
    found.push(at.toISOString().slice(0, 16));
  }
  return found;
}

describe('schedules when clocks change', () => {
  test('calendar 1: a daily job at 02:30 runs once on each day, including both days on which clocks change', () => {
    const brussels = 'Europe/Brussels';
    expect(runs('30 2 * * *', brussels, '2026-10-24T12:00Z', '2026-10-27T12:00Z')).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
      '2026-10-27T01:30',
    ]);
    expect(runs('30 2 * * *', brussels, '2027-03-27T12:00Z', '2027-03-30T12:00Z')).toEqual([
      '2027-03-28T01:30',
      '2027-03-29T00:30',
      '2027-03-30T00:30',
    ]);
  });

  test('calendar 2: a portal that checks within the repeated hour does not run it again, nor schedule it in the past', () => {
    for (let minute = 31; minute < 240; minute += 7) {
      const late = new Date(Date.UTC(2026, 9, 25, 0, minute));
      expect(nextRun('30 2 * * *', late, 'Europe/Brussels')?.toISOString()).toBe('2026-10-26T01:30:00.000Z');
    }
  });

  test('an hourly job runs in the hour that clocks repeat, and in the one after the hour that they skip', () => {
    const hours = (zone: string, from: string, to: string, cron = '15 * * * *') => runs(cron, zone, from, to).length;
    expect(hours('Europe/Brussels', '2026-10-24T22:00Z', '2026-10-25T23:00Z')).toBe(25);
    expect(hours('Europe/Brussels', '2027-03-27T23:00Z', '2027-03-28T22:00Z')).toBe(23);
    expect(hours('Europe/Brussels', '2026-10-24T22:00Z', '2026-10-25T23:00Z', '*/15 * * * *')).toBe(99);
    expect(hours('Europe/Brussels', '2026-10-25T00:00Z', '2026-10-25T03:00Z', '@hourly')).toBe(2);
  });

  test('calendar 3: for any time of day, zone and moment, each day has one run, and runs only move forward', () => {
    const zones = fc.constantFrom(
      'Europe/Brussels',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Asia/Kolkata',
      'UTC',
    );
    const start = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, start, fc.nat(23), fc.nat(59), (zone, from, hour, minute) => {
        const days: string[] = [];
        let at: Date | null = from;
        for (let count = 0; count < 4; count++) {
          const next: Date | null = nextRun(`${minute} ${hour} * * *`, at as Date, zone);
          if (next === null || next <= (at as Date)) return false;
          days.push(next.toLocaleDateString('sv-SE', { timeZone: zone }));
          at = next;
        }
        return new Set(days).size === days.length && gaps(days).every((gap) => gap === 1);
      }),
      { numRuns: 100, examples: [['Europe/Brussels', new Date('2026-10-25T01:05Z'), 2, 30]] },
    );
  });
});

const gaps = (days: readonly string[]): number[] =>
  days.slice(1).map((day, index) => (Date.parse(day) - Date.parse(days[index] as string)) / 86_400_000);

describe('Flemish holidays', () => {
  const of = (year: number) => flemishHolidays(year, (name) => name).map(({ label, from, to }) => `${label} ${from} ${to}`);
  test('calendar 4: are those that the government published', () => {
    expect(of(2026)).toEqual([
      'autumn 2026-11-02 2026-11-08',
      'armistice 2026-11-11 2026-11-11',
      'christmas 2026-12-21 2027-01-03',
      'carnival 2027-02-08 2027-02-14',
      'easter 2027-03-29 2027-04-11',
      'labour 2027-05-01 2027-05-01',
      'ascension 2027-05-06 2027-05-07',
      'whitMonday 2027-05-17 2027-05-17',
      'summer 2027-07-01 2027-08-31',
    ]);
    expect(of(2027)).toEqual([
      'autumn 2027-11-01 2027-11-07',
      'armistice 2027-11-11 2027-11-11',
      'christmas 2027-12-27 2028-01-09',
      'carnival 2028-02-28 2028-03-05',
      'easter 2028-04-03 2028-04-17',
      'labour 2028-05-01 2028-05-01',
      'ascension 2028-05-25 2028-05-26',
      'whitMonday 2028-06-05 2028-06-05',
      'summer 2028-07-01 2028-08-31',
    ]);
    // Of past years, by the same rules.
    expect(of(2024).slice(0, 5)).toEqual([
      'autumn 2024-10-28 2024-11-03',
      'armistice 2024-11-11 2024-11-11',
      'christmas 2024-12-23 2025-01-05',
      'carnival 2025-03-03 2025-03-09',
      'easter 2025-04-07 2025-04-21',
    ]);
    expect(of(2025).slice(2, 5)).toEqual([
      'christmas 2025-12-22 2026-01-04',
      'carnival 2026-02-16 2026-02-22',
      'easter 2026-04-06 2026-04-19',
    ]);
  });
});

describe('in a portal', () => {
  const job = { payload: z.object({}), handler: () => {} };
  const nightly = plugin('nightly', {
    jobs: {
      home: { ...job, schedule: '30 2 * * *' },
      world: { ...job, schedule: '30 2 * * *', timeZone: 'UTC' },
    },
  });
  let portal: TestPlatform;
  beforeAll(async () => {
    portal = await createTestPlatform({ plugins: [club, nightly] });
    await portal.registerTenants([north, south].map((id) => ({ id, kind: 'club' })));
  });
  afterAll(() => portal?.stop());

  const change = (tenant: string | null, values: object, reset: string[] = []) =>
    within(portal, 'club', '*', async ({ allSettings }) => {
      const [{ version }] = await allSettings.sections(tenant);
      await allSettings.change({ plugin: 'kernel', tenant, version, values, reset });
    });
  const ask = <T>(fn: (calendar: any) => Promise<T>): Promise<T> => within(portal, 'club', [], ({ calendar }) => fn(calendar));
  const zones = async () =>
    column((await portal.platform.home()) as never, `select job || ' ' || zone from kernel.schedules order by 1`);

  test('calendar 5: today is the date in the time zone of the tenant', async () => {
    await change(north, { timeZone: 'Pacific/Kiritimati' });
    await change(south, { timeZone: 'Pacific/Pago_Pago' });
    const [east, west, here] = await ask((calendar) =>
      Promise.all([calendar.today(north), calendar.today(south), calendar.timeZone()]),
    );
    // Twenty-five hours apart.
    expect(gaps([west, east] as string[])[0]).toBeGreaterThanOrEqual(1);
    expect(here).toBe('Europe/Brussels');
  });

  test('calendar 6: a school day is a day of lessons that is neither a holiday (of the portal or the tenant) nor a day off', async () => {
    const isSchoolDay = (tenant: string, day: string) => ask((calendar) => calendar.isSchoolDay(tenant, day));
    expect(await isSchoolDay(north, '2026-11-04')).toBe(true);
    expect(await isSchoolDay(north, '2026-11-07')).toBe(false);
    await change(null, { holidays: flemishHolidays(2026, (name) => name) });
    expect(await isSchoolDay(north, '2026-11-04')).toBe(false);
    expect([await isSchoolDay(north, '2026-11-09'), await isSchoolDay(north, '2026-11-02')]).toEqual([true, false]);
    await change(north, { daysOff: [{ label: 'Studiedag', from: '2026-11-09', to: '2026-11-09' }] });
    await change(south, { holidays: [], schoolDays: ['saturday'] });
    expect([await isSchoolDay(north, '2026-11-09'), await isSchoolDay(south, '2026-11-09')]).toEqual([false, false]);
    expect(await isSchoolDay(south, '2026-11-07')).toBe(true);
    await expect(isSchoolDay(north, '2026-02-30')).rejects.toThrow('"2026-02-30" is not a date');
    await expect(isSchoolDay(north, 'today')).rejects.toThrow('is not a date');
  });

  test('calendar 7: schedules run in the time zone of the portal, and follow it when it changes', async () => {
    expect(await zones()).toEqual(['home Europe/Brussels', 'world UTC']);
    await change(null, { timeZone: 'Asia/Tokyo' });
    await until('schedules follow', async () => (await zones())[0] === 'home Asia/Tokyo');
    const home = (await portal.platform.home()) as never;
    expect(
      await column(home, `select to_char(next_at at time zone 'Asia/Tokyo', 'HH24:MI') from kernel.schedules where job = 'home'`),
    ).toEqual(['02:30']);
    await expect(change(null, { timeZone: 'Mars/Olympus' })).rejects.toMatchObject({ status: 400 });
    await change(null, {}, ['timeZone']);
    await until('schedules follow', async () => (await zones())[0] === 'home Europe/Brussels');
  });

  test('holidays are proposed in the language of the reader, for portal and tenant', async () => {
    const proposalsOf = (tenant: string | null, language: string) =>
      within(portal, 'club', '*', async ({ allSettings }) => {
        const [{ fields }] = await allSettings.sections(tenant, language);
        return fields.find(({ name }: { name: string }) => name === 'holidays').proposals;
      });
    const [first] = await proposalsOf(null, 'fr');
    expect(first).toMatchObject({
      label: '2026-2027',
      periods: [{ label: 'Vacances d’automne', from: '2026-11-02', to: '2026-11-08' }, {}, {}, {}, {}, {}, {}, {}, {}],
    });
    expect((await proposalsOf(north, 'nl'))[2].periods[0].label).toBe('Herfstvakantie');
  });
});

test('calendar 8: a due job creates one message, however often processes check within the repeated hour', async () => {
  const database = await openTestHome();
  try {
    await migrateOn(database, [plugin('idle')]);
    // Within the repeated hour, one hour after the first 02:30.
    const at = new Date('2026-10-25T01:05:00Z');
    const shown = {
      query: (text: string, values: unknown[]) =>
        database.pool.query(
          text
            .replaceAll('clock_timestamp()', `'${at.toISOString()}'::timestamptz`)
            .replaceAll('now()', `'${at.toISOString()}'::timestamptz`),
          values,
        ),
    };
    await database.pool.query(
      `insert into kernel.schedules (plugin, job, cron, zone, next_at) values ('idle', 'nightly', '30 2 * * *', 'Europe/Brussels', '2026-10-25T00:30Z')`,
    );
    const schedules = new Schedules(
      { pool: shown } as never,
      { active: [{ id: 'idle' }] } as never,
      async () => 'Europe/Brussels',
    );
    for (let look = 0; look < 5; look++) await schedules.tick();
    expect(await column(database, `select name from kernel.messages where plugin = 'idle'`)).toEqual(['nightly']);
    expect(await column(database, 'select next_at from kernel.schedules')).toEqual([new Date('2026-10-26T01:30:00Z')]);
  } finally {
    await database.close();
  }
});

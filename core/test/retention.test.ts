import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diary } from './support/diary.js';
import { bram, lotte, north } from './support/fixtures.js';

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [diary] });
});
afterAll(() => portal?.stop());

const diaryWork = <T>(fn: (services: any) => Promise<T>) => portal.work('diary', fn);
const expired = () => portal.platform.runner.run({}, ({ unit }) => portal.platform.privacy.expired(unit));

test('expired rows are deleted or lose their people, others stay', async () => {
  await diaryWork(async ({ knex }) => {
    const page = (text: string, age: string) =>
      knex.raw(`insert into pages (school_id, pupil_id, text, updated_at) values (?, ?, ?, now() - ?::interval) returning id`, [
        north,
        lotte,
        text,
        age,
      ]);
    const old = await page('old', '1 year 1 day');
    await knex('stickers').insert({ page_id: old.rows[0].id, look: '"red"' });
    await page('young', '364 days');
    const clubs = ['2 years 2 days', '1 year', null].map((age, index) => ({
      name: `club ${index}`,
      member_ids: [lotte, bram],
      founder: bram,
      motto: 'ours',
      ended_on: age === null ? null : knex.raw('current_date - ?::interval', [age]),
    }));
    await knex('clubs').insert(clubs);
  });

  const due = [
    { plugin: 'diary', table: 'pages', action: 'deleted', rows: 1 },
    { plugin: 'diary', table: 'clubs', action: 'deleted', rows: 1 },
  ];
  expect(await expired()).toEqual(due);
  expect(await diaryWork(({ knex }) => knex('pages'))).toHaveLength(2);
  expect(await portal.platform.privacy.endExpired()).toEqual(due);
  expect(await diaryWork(({ knex }) => knex('pages').pluck('text'))).toEqual(['young']);
  // Kept as long as what it belongs to.
  expect(await diaryWork(({ knex }) => knex('stickers'))).toEqual([]);
  // One that goes on has no age yet.
  expect(await diaryWork(({ knex }) => knex('clubs').orderBy('name').pluck('name'))).toEqual(['club 1', 'club 2']);
  expect(await expired()).toEqual([]);
});

test('a row is anonymised only once, even if its column may not be null', async () => {
  const notes = {
    ...diary,
    id: 'notes',
    privacy: {},
    routes: [],
    jobs: {},
    permissions: {},
    tables: {
      notes: {
        tenant: { none: 'a test' },
        people: { author_id: 'author' as const, reader_ids: 'contact' as const, asked_id: 'contact' as const },
        keep: 'P30D',
        erase: 'anonymise' as const,
        clear: ['source'],
        purpose: 'safe-environment',
        use: 'a test',
      },
    },
    migrations: [
      {
        name: '0001',
        up: `create table notes (author_id uuid not null, reader_ids uuid[] not null, asked_id uuid, source jsonb, text text,
               updated_at timestamptz not null)`,
        down: '',
      },
    ],
  };
  const own = await createTestPlatform({ plugins: [notes] });
  await own.work('notes', ({ knex }) =>
    knex('notes').insert({
      author_id: lotte,
      reader_ids: [bram],
      asked_id: bram,
      source: { of: lotte },
      text: 'kept',
      updated_at: '2020-01-01',
    }),
  );
  const { privacy } = own.platform;
  expect(await privacy.endExpired()).toEqual([{ plugin: 'notes', table: 'notes', action: 'anonymised', rows: 1 }]);
  const [row] = await own.work('notes', ({ knex }) => knex('notes'));
  expect(row).toMatchObject({ reader_ids: [], asked_id: null, source: null, text: 'kept' });
  expect(row.author_id).not.toBe(lotte);
  expect(await privacy.endExpired()).toEqual([]);
  expect((await own.work('notes', ({ knex }) => knex('notes')))[0]).toEqual(row);
  await own.stop();
});

test('many rows are deleted in batches', async () => {
  await diaryWork(({ knex }) =>
    knex.raw(
      `insert into pages (school_id, pupil_id, text, updated_at) select ?, ?, 'x', now() - interval '2 years' from generate_series(1, 1300)`,
      [north, lotte],
    ),
  );
  expect(await portal.platform.privacy.endExpired()).toMatchObject([{ table: 'pages', rows: 1300 }]);
});

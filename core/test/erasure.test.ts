import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { strFromU8 } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diary, photos } from './support/diary.js';
import { exportOf } from './support/exports.js';
import { findEverywhere } from './support/find-everywhere.js';
import { bram, lotte, north, plugin, sql } from './support/fixtures.js';

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [diary] });
});
afterAll(() => portal?.stop());

const erase = async (person: string) => {
  const { privacy, runner } = portal.platform;
  const { id } = await runner.run({}, (frame) => privacy.erase(frame, person));
  await privacy.erasures.run(id);
  return ended(id);
};
const status = (id: string) =>
  portal.platform.runner.run({}, ({ unit }) => portal.platform.privacy.erasures.status(unit, id)).then((found) => found as any);
const ended = async (id: string) => {
  for (;;) {
    const found = await status(id);
    if (found.state !== 'running') return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const diaryWork = <T>(fn: (services: any) => Promise<T>) => portal.work('diary', fn);
const kernel = async (text: string, values: unknown[] = []) =>
  (await (await portal.platform.home()).pool.query(text, values)).rows;

test('no row of the person remains, and all rows of others do', async () => {
  photos.set(lotte, new Uint8Array([1, 2, 3]));
  await portal.signIn(lotte, 'Lotte Peeters');
  await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
  await diaryWork(async ({ knex, jobs }) => {
    const [own] = await knex('pages').insert({ school_id: north, pupil_id: lotte, text: 'a good day' }).returning('id');
    await knex('stickers').insert({ page_id: own.id, look: '"blue"' });
    await knex('pages').insert({ school_id: north, pupil_id: bram, read_by: lotte, text: 'of Bram', remark: 'Lotte laughed' });
    await knex('clubs').insert([
      { name: 'alone', member_ids: [lotte], founder: bram },
      { name: 'both', member_ids: [lotte, bram], founder: bram, motto: 'ours' },
      { name: 'founded', member_ids: [bram], founder: lotte, motto: 'says Lotte' },
    ]);
    await jobs.enqueue('remind', { person: lotte }, { delaySeconds: 3600 });
    await jobs.enqueue('remind', { person: bram }, { delaySeconds: 3600 });
    await jobs.enqueue('fail', { person: lotte });
  });
  await portal.drain();
  const before = await findEverywhere(portal, [lotte]);
  for (const place of ['diary.pages', 'diary.clubs', 'kernel.sessions', 'kernel.role_grants', 'kernel.messages']) {
    expect(before).toContain(`${place}: ${lotte}`);
  }
  expect(await kernel('select failure from kernel.messages where failed_at is not null')).toHaveLength(1);

  const report = await erase(lotte);
  expect(report).toMatchObject({ state: 'done', failure: null });
  expect(report.rows).toEqual([
    { plugin: 'diary', table: 'clubs', action: 'anonymised', rows: 2 },
    { plugin: 'diary', table: 'clubs', action: 'deleted', rows: 1 },
    { plugin: 'diary', table: 'pages', action: 'anonymised', rows: 1 },
    { plugin: 'diary', table: 'pages', action: 'deleted', rows: 1 },
    { plugin: 'kernel', table: 'messages', action: 'deleted', rows: 2 },
    { plugin: 'kernel', table: 'role_grants', action: 'deleted', rows: 1 },
    { plugin: 'kernel', table: 'sessions', action: 'deleted', rows: 1 },
  ]);
  expect(await findEverywhere(portal, [lotte, 'Lotte'])).toEqual([]);
  expect(portal.log.join('')).not.toContain(lotte);
  expect(photos.size).toBe(0);

  const [page] = await diaryWork(({ knex }) => knex('pages'));
  expect(page).toMatchObject({ pupil_id: bram, read_by: null, text: 'of Bram', remark: '' });
  const clubs = await diaryWork(({ knex }) => knex('clubs').orderBy('name'));
  expect(clubs).toMatchObject([
    { name: 'both', member_ids: [bram], founder: bram, motto: 'ours' },
    { name: 'founded', member_ids: [bram], motto: null },
  ]);
  // An id of nobody, which says so.
  expect(clubs[1].founder).toMatch(/^\w{8}-\w{4}-8\w{3}-\w{4}-\w{12}$/);
  expect(await kernel('select from kernel.messages')).toHaveLength(1);
});

test('the portal stays in service meanwhile, and what the person writes then is erased too', async () => {
  await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
  await portal.grant(bram, [{ tenant: north, role: 'teacher' }]);
  const person = await portal.signIn(lotte);
  const teacher = await portal.signIn(bram);
  await diaryWork(({ knex }) =>
    knex.raw(`insert into pages (school_id, pupil_id, text) select ?, ?, 'page ' || n from generate_series(1, 15000) n`, [
      north,
      lotte,
    ]),
  );
  let busy = true;
  const seen = { written: 0, refused: 0, read: 0, slowest: 0 };
  const writes = async () => {
    while (busy) {
      const { status } = await person.post('/api/diary/pages', { tenant: north, text: 'still here' });
      expect([204, 401]).toContain(status);
      if (status === 204) seen.written++;
      else seen.refused++;
    }
  };
  const reads = async () => {
    while (busy) {
      const started = performance.now();
      expect((await teacher.get('/api/diary/pages')).status).toBe(200);
      seen.slowest = Math.max(seen.slowest, performance.now() - started);
      seen.read++;
    }
  };
  const others = [writes(), reads()];
  while (seen.written < 3 || seen.read < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  const { id } = await portal.platform.runner.run({}, (frame) => portal.platform.privacy.erase(frame, lotte));
  const readBefore = seen.read;
  const report = await ended(id);
  const readWhile = seen.read - readBefore;
  while (seen.refused === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  busy = false;
  await Promise.all(others);
  expect(report.state).toBe('done');
  const pages = report.rows.find(({ table }: any) => table === 'pages').rows;
  expect(pages).toBe(15_000 + seen.written);
  expect(seen.refused).toBeGreaterThan(0);
  expect(readWhile).toBeGreaterThan(5);
  expect(seen.slowest).toBeLessThan(2000);
  expect(await findEverywhere(portal, [lotte])).toEqual([]);
});

test('another process continues the erasure of one that died', async () => {
  await diaryWork(({ knex }) => knex('pages').insert({ school_id: north, pupil_id: lotte, text: 'left' }));
  // What stands in the database when a process was killed between two batches.
  const [{ id }] = (await kernel(
    `insert into kernel.erasures (person_id, holder, held_until) values ($1, gen_random_uuid(), now() + interval '1 hour') returning id`,
    [lotte],
  )) as [{ id: string }];
  const { home, privacy } = { home: await portal.platform.home(), privacy: portal.platform.privacy };
  await privacy.erasures.resume();
  if (home.kind === 'postgresql') {
    // It may live: it is left alone until its time is over.
    expect((await status(id)).state).toBe('running');
    await kernel(`update kernel.erasures set held_until = now() - interval '1 second' where id = $1`, [id]);
    await privacy.erasures.resume();
  }
  expect((await status(id)).state).toBe('done');
  expect(await findEverywhere(portal, [lotte])).toEqual([]);
  // Once more is no error, and finds nothing.
  expect(await erase(lotte)).toMatchObject({ state: 'done', rows: [] });
});

test('a waiting process renews its lease, and leaves the erasure to a process that took over', async () => {
  const { kind } = await portal.platform.home();
  let arrived = () => {};
  let goOn = () => {};
  const waits = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const archive = plugin('archive', {
    tables: {},
    privacy: {
      async erase() {
        arrived();
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      },
    },
  });
  const own = await createTestPlatform({ plugins: [archive] });
  try {
    const { privacy, runner } = own.platform;
    const { pool } = await own.platform.home();
    const record = async () => (await pool.query('select state, holder, held_until from kernel.erasures')).rows[0];
    const id = await runner.run({}, ({ unit }) => privacy.erasures.request(unit, lotte));
    const run = privacy.erasures.run(id);
    await waits;
    // Its hook holds the only connection of the embedded database.
    if (kind === 'postgresql') {
      const { held_until: first } = await record();
      await expect.poll(async () => (await record()).held_until > first, { timeout: 15_000 }).toBe(true);
      await pool.query(`update kernel.erasures set holder = gen_random_uuid(), held_until = now() + interval '1 hour'`);
    }
    goOn();
    await run;
    expect((await record()).state).toBe(kind === 'postgresql' ? 'running' : 'done');
  } finally {
    goOn();
    await own.stop();
  }
});

test('a failing plugin is named, the others continue, and the erasure is retried until it succeeds', async () => {
  let broken = true;
  const folders = plugin('folders', {
    tables: {
      folders: {
        tenant: { none: 'a test' },
        people: { owner_id: 'subject' },
        keep: 'P1Y',
        erase: 'delete',
        purpose: 'safe-environment',
        use: 'a test',
      },
    },
    migrations: [sql('0001', 'create table folders (owner_id uuid, updated_at timestamptz)')],
    privacy: {
      erase: async ({ personId }) => {
        if (broken) throw Object.assign(new Error(`no such file /data/${personId}.jpg`), { code: 'ENOENT' });
      },
    },
  });
  const own = await createTestPlatform({ plugins: [diary, folders] });
  const { privacy, runner } = own.platform;
  await own.work('folders', ({ knex }) => knex('folders').insert({ owner_id: lotte }));
  await own.work('diary', ({ knex }) => knex('pages').insert({ school_id: north, pupil_id: lotte, text: 'x' }));
  const { id } = await runner.run({}, ({ unit }) => privacy.erasures.request(unit, lotte).then((id) => ({ id })));
  await privacy.erasures.run(id);
  const look = () => runner.run({}, ({ unit }) => privacy.erasures.status(unit, id));
  expect(await look()).toMatchObject({ state: 'failed', failure: 'folders: ENOENT' });
  expect(await findEverywhere(own, [lotte])).toEqual([`folders.folders: ${lotte}`, `kernel.erasures: ${lotte}`]);
  expect(own.log.join('')).not.toContain(lotte);
  expect(own.log.join('')).toContain('/data/….jpg');
  broken = false;
  await privacy.erasures.run(id);
  expect(await look()).toMatchObject({ state: 'done', failure: null });
  expect(await findEverywhere(own, [lotte])).toEqual([]);

  // A plugin whose tables are there while it is not: nobody can tell that all is gone.
  await (await own.platform.home()).pool.query(
    `insert into kernel.plugins (id, version, fingerprint) values ('ghost', '1.0.0', '')`,
  );
  const again = await runner.run({}, ({ unit }) => privacy.erasures.request(unit, bram));
  await privacy.erasures.run(again);
  expect(await runner.run({}, ({ unit }) => privacy.erasures.status(unit, again))).toMatchObject({
    state: 'failed',
    failure: 'ghost: not in service; bring it back or purge it',
  });
  const archive = await exportOf(own, bram, 'en');
  expect(strFromU8(archive['export.html'] as Uint8Array)).toContain('these parts are not working at the moment: ghost.');
  await own.stop();
});

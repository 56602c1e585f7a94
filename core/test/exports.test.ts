import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { diary } from './support/diary.js';
import { askArchive, askExport, exportOf } from './support/exports.js';
import { bram, lotte, north, plugin } from './support/fixtures.js';
import { watchLoop } from './support/loop.js';

vi.setConfig({ testTimeout: 180_000 });

const ROWS = 15_000;
const PAGES = 4_000;
const busy = '55555555-5555-4555-8555-555555555555';
const address = '/api/kernel/privacy/export';

/** What the hook of `films` does. */
const films = { fail: false, held: null as Promise<void> | null };
const film = plugin('films', {
  privacy: {
    export: async () => {
      await films.held;
      if (films.fail) throw new Error(`no film of ${lotte}`);
      return {
        files: {
          'film.bin': (async function* () {
            for (let n = 0; n < 10; n++) yield new Uint8Array(300_000).fill(n);
          })(),
        },
      };
    },
  },
});

let portal: TestPlatform;
let own: TestClient;
let other: TestClient;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [diary, film] });
  own = await portal.signIn(lotte);
  other = await portal.signIn(bram);
});
afterAll(() => portal?.stop());
beforeEach(async () => {
  Object.assign(films, { fail: false, held: null });
  await sql('delete from kernel.exports');
});

const sql = async (text: string, values: unknown[] = []) => (await (await portal.platform.home()).pool.query(text, values)).rows;
const state = async (client = own) => (await client.get(address)).body.export?.state ?? null;
const ready = (client = own) => expect.poll(() => state(client), { timeout: 60_000 }).toBe('ready');
/** Holds the export under way until it is let go. */
function hold(): () => void {
  let letGo = () => {};
  films.held = new Promise((resolve) => {
    letGo = resolve;
  });
  return letGo;
}

test(`operator 6: an export of ${ROWS} rows holds little memory and never the process`, async () => {
  await sql(`insert into kernel.audit_pseudonyms (id) values ($1) on conflict do nothing`, [busy]);
  await sql(
    `insert into kernel.audit_entries (actor_kind, actor, plugin, route, params, status, tenants, request_id, people)
     select 'person', p.pseudonym, 'diary', 'GET /api/diary/pupils/:pupil/pages/:nick', '{}', 200, array[$2], 'r' || n, array[p.pseudonym]
     from generate_series(1, $3::int) n, kernel.audit_pseudonyms p where p.id = $1`,
    [busy, north, ROWS],
  );
  await portal.work('diary', ({ knex }) =>
    knex.raw(
      `insert into pages (school_id, pupil_id, text) select ?, ?, 'page ' || n || repeat(' of the diary', 20) from generate_series(1, ${PAGES}) n`,
      [north, busy],
    ),
  );
  const client = await portal.signIn(busy);
  const before = process.memoryUsage().rss;
  const loop = watchLoop();
  const { archive, headers } = await askArchive(portal, client);
  const held = loop.stop();
  const files = unzipSync(archive);
  expect(headers.get('content-length')).toMatch(/^\d{6,}$/);
  const { plugins } = JSON.parse(strFromU8(files['export.json'] as Uint8Array));
  const rows = (table: string) => plugins.flatMap(({ tables }: any) => tables).find((each: any) => each.table === table).rows;
  expect(rows('audit_entries').length).toBeGreaterThanOrEqual(ROWS);
  expect(new Set(rows('pages').map(({ text }: any) => text)).size).toBe(PAGES);
  const page = strFromU8(files['export.html'] as Uint8Array);
  expect(page.match(/page \d+ of the diary/g)).toHaveLength(PAGES);
  expect(files['films/film.bin']).toHaveLength(3_000_000);
  // The 5 MB of JSON and as much HTML that this test holds of it are in here.
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(250);
  expect(held).toBeLessThan(500);
  await portal.work('diary', ({ knex }) => knex('pages').delete());
});

describe('an export', () => {
  test('is written as JSON.stringify would write it', async () => {
    await portal.work('diary', ({ knex }) =>
      knex('clubs').insert({ name: 'a"b\n\u2028é', member_ids: [lotte], founder: bram, passphrase: 'sesame' }),
    );
    const text = strFromU8((await exportOf(portal, lotte))['export.json'] as Uint8Array);
    expect(text).toBe(JSON.stringify(JSON.parse(text), null, 2));
    expect(JSON.parse(strFromU8((await exportOf(portal, bram))['export.json'] as Uint8Array)).plugins).toHaveLength(3);
  });

  test('is never started by a GET, and made once however often it is requested', async () => {
    for (const path of [address, `${address}/file`]) await own.get(path);
    expect(await sql('select from kernel.exports')).toEqual([]);
    const letGo = hold();
    const asked = await Promise.all(Array.from({ length: 6 }, () => own.post(address)));
    expect(new Set(asked.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect((await own.get(`${address}/file`)).status).toBe(404);
    letGo();
    await ready();
  });

  test('may be requested five times a day', async () => {
    for (let n = 0; n < 5; n++) {
      expect((await own.post(address)).status).toBe(202);
      await ready();
    }
    const refused = await own.post(address);
    expect([refused.status, refused.body.type, refused.headers.get('retry-after')]).toEqual([
      429,
      '/problems/too-many-exports',
      '86400',
    ]);
    // Of those that were ready before the last nothing is kept.
    expect(await sql('select distinct export_id from kernel.export_parts')).toHaveLength(1);
    expect((await other.post(address)).status).toBe(202);
    await ready(other);
  });

  test('is available only to its requester', async () => {
    await askExport(portal, own);
    expect(await state(other)).toBeNull();
    expect((await other.get(`${address}/file`)).status).toBe(404);
    expect((await portal.client().get(`${address}/file`)).status).toBe(401);
  });

  test('is deleted after a day, by the clock of the database', async () => {
    await askExport(portal, own);
    await sql(`update kernel.exports set expires_at = now() - interval '1 second'`);
    expect(await state()).toBeNull();
    expect((await own.get(`${address}/file`)).status).toBe(404);
    await portal.platform.privacy.exports.expire();
    expect(await sql('select from kernel.export_parts')).toEqual([]);
  });

  test('fails as a whole if a hook fails, and the log says why without naming the person', async () => {
    films.fail = true;
    await own.post(address);
    await expect.poll(() => state(), { timeout: 30_000 }).toBe('failed');
    expect(await sql('select from kernel.export_parts')).toEqual([]);
    const line = portal.log.find((each) => each.includes('its export hook failed'));
    expect(line).toContain('no film of …');
    expect(line).not.toContain(lotte);
    films.fail = false;
    await askExport(portal, own);
  });

  test('is cancelled by the person’s erasure, whether ready or in progress', async () => {
    await askExport(portal, own);
    const letGo = hold();
    await own.post(address);
    await expect.poll(() => state(), { timeout: 30_000 }).toBe('running');
    const { privacy, runner } = portal.platform;
    await privacy.erasures.run(await runner.run({}, ({ unit }) => privacy.erasures.request(unit, lotte)));
    letGo();
    await expect.poll(async () => sql(`select state from kernel.erasures where state <> 'done'`)).toEqual([]);
    await expect.poll(() => sql('select from kernel.exports')).toEqual([]);
    expect(await sql('select from kernel.export_parts')).toEqual([]);
    own = await portal.signIn(lotte);
  });

  test('is restarted if its process died, at most three times', async () => {
    const left = `insert into kernel.exports (person_id, asked_by, language, state, holder, held_until, attempts)
      values ($1, $1, 'nl', 'running', gen_random_uuid(), now() - interval '1 second', $2)`;
    await sql(left, [lotte, 1]);
    await sql(`insert into kernel.export_parts select id, 0, 'half'::bytea from kernel.exports`);
    await ready();
    const { plugins } = JSON.parse(strFromU8((await askExport(portal, own)).files['export.json'] as Uint8Array));
    expect(plugins[0].id).toBe('kernel');
    await sql('delete from kernel.exports');
    await sql(left, [lotte, 3]);
    await expect.poll(() => state(), { timeout: 30_000 }).toBe('failed');
  });

  test('that is cut off while it is sent is not a valid archive', async () => {
    await askExport(portal, own);
    await sql('update kernel.exports set parts = parts + 1, bytes = bytes + 100');
    const response = await fetch(`${portal.url}${address}/file`, { headers: { cookie: `ilearn=${own.cookie('ilearn')}` } });
    await expect(response.arrayBuffer()).rejects.toThrow();
  });
});

test('requested from a web is made by the workers', async () => {
  const home = await portal.platform.home();
  if (home.kind === 'pglite') return;
  const web = await createTestPlatform({ plugins: [diary, film], beside: portal, only: 'web' });
  try {
    const client = await web.signIn(bram);
    expect((await client.post(address)).status).toBe(202);
    await ready(client);
    expect(web.log.some((line) => line.includes('"msg":"export"'))).toBe(false);
    expect(portal.log.some((line) => line.includes('"msg":"export"'))).toBe(true);
  } finally {
    await web.stop();
  }
});

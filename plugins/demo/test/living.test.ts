import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { definePlugin, handlerFor } from '@ilearn/core';
import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import demo, { demoPassword } from '@ilearn/plugin-demo';
import operations from '@ilearn/plugin-operations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { allPlugins, demoPeople, startDemoPortal } from './support/portal.js';

const dayMs = 86_400_000;
const pathsFolder = new URL('../data/paths/', import.meta.url);
/** What a plugin of a later part is told, so that it can add its own. */
const announced: unknown[] = [];
const later = definePlugin({
  id: 'later-part',
  version: '1.0.0',
  optional: { demo: '^0.1.0' },
  on: { 'demo.made': handlerFor()('demo.made', ({ payload }) => void announced.push(payload)) },
});
const plugins = [...allPlugins, operations, later];

let portal: TestPlatform;
beforeAll(async () => {
  portal = await startDemoPortal({ plugins, config: { demo: { results: true } } });
  await portal.drain();
});
afterAll(() => portal?.stop());

async function enter(door: string): Promise<{ client: TestClient; place: string }> {
  const client = portal.client();
  const { status, body } = await client.post('/api/demo/session', { door });
  expect(status, JSON.stringify(body)).toBe(200);
  return { client, place: body.place };
}

/** Number of rows in each table of the portal's plugins. */
async function counts(): Promise<Record<string, number>> {
  const result: Record<string, number> = {};
  for (const { id, tables } of plugins) {
    await portal.work(id, async ({ knex }) => {
      for (const table of Object.keys(tables ?? {})) {
        const [row] = await knex(table).count('* as n');
        result[`${id}.${table}`] = Number(row.n);
      }
    });
  }
  return result;
}

describe('the demonstration is a living school', () => {
  test('pupils have something to continue, something new, something due, and a notification', async () => {
    const emma = portal.client();
    await emma.post('/api/login/session', { username: 'emma.willems', password: demoPassword });
    const noor = await enter('pupil');
    expect(noor.place).toBe('/');
    for (const [door, client] of Object.entries({ noor: noor.client, emma })) {
      const { body: paths } = await client.get('/api/myway/my-paths');
      const begun = paths.filter(({ done, total }: any) => done > 0 && done < total);
      const untouched = paths.filter(({ done }: any) => done === 0);
      expect(
        [begun.length, untouched.length].every((count) => count > 0),
        door,
      ).toBe(true);
      expect(begun[0].steps.some(({ next }: any) => next)).toBe(true);
      expect(paths.filter(({ dueOn }: any) => dueOn !== null).length).toBeGreaterThan(1);
      expect((await client.get('/api/notifications/inbox/unread')).body.unread).toBeGreaterThanOrEqual(1);
    }
  });

  test('a teacher sees who is stuck, who is ahead, who has not begun, and what ended', async () => {
    const { client } = await enter('teacher');
    const running = (await client.get('/api/myway/assignments')).body;
    const list = running.assignments ?? running;
    expect(list.length).toBeGreaterThan(2);
    const sum = (key: string) => list.reduce((total: number, { counts: each }: any) => total + each[key], 0);
    for (const key of ['stuck', 'complete', 'busy', 'notStarted']) expect(sum(key), key).toBeGreaterThan(0);
    const ended = (await client.get('/api/myway/assignments?ended=true')).body;
    expect((ended.assignments ?? ended).length).toBeGreaterThan(0);
    expect((await client.get('/api/myway/paths?scope=own')).body.total).toBeGreaterThan(3);
  });

  test('staff have people to look up, modules to look at, and a suggestion in their bell', async () => {
    const coordinator = await enter('coordinator');
    expect((await coordinator.client.get('/api/directory/people?size=10')).body.total).toBeGreaterThan(100);
    const principal = await enter('principal');
    expect((await principal.client.get('/api/privacy/people?size=10')).status).toBe(200);
    const administrator = await enter('administrator');
    expect((await administrator.client.get('/api/operations/plugins')).body.length).toBeGreaterThan(5);
    const planner = await enter('planner');
    const { providers } = (await planner.client.get('/api/directory/providers')).body;
    expect(providers).toHaveLength(1);
    expect((await planner.client.get(`/api/directory/providers/${providers[0].id}`)).body.people).toHaveLength(4);
    expect((await administrator.client.get('/api/directory/providers')).body.providers).toHaveLength(4);
    for (const { client } of [coordinator, principal, administrator, planner, await enter('teacher')]) {
      expect((await client.get('/api/notifications/inbox/unread')).body.unread).toBeGreaterThanOrEqual(1);
    }
  });

  test('issue 12: each of the nine paths is seen by a teacher with an account, and walked by pupils', async () => {
    const titles = readdirSync(pathsFolder).map(
      (name) => JSON.parse(readFileSync(new URL(`${name}/path.json`, pathsFolder), 'utf8')).title as string,
    );
    expect(titles).toHaveLength(9);
    const bart = portal.client();
    await bart.post('/api/login/session', { username: 'bart.claes', password: demoPassword });
    const seen = new Set<string>();
    for (const client of [(await enter('teacher')).client, bart]) {
      for (const scope of ['own', 'school']) {
        const { body } = await client.get(`/api/myway/paths?scope=${scope}&limit=100`);
        for (const { title } of body.paths) seen.add(title);
      }
    }
    expect([...seen].sort()).toEqual([...titles].sort());
    const walked: { title: string; assignment: string; pupil: string }[] = await portal.work('myway', ({ knex }) =>
      knex('assignments as a')
        .join('paths as p', 'p.id', 'a.path_id')
        .join('directory.class_members as m', 'm.class_id', 'a.class_id')
        .where('m.role', 'pupil')
        .whereNull('a.ended_at')
        .distinctOn('p.title')
        .select('p.title', 'a.id as assignment', 'm.person_id as pupil'),
    );
    expect(walked.map(({ title }) => title).sort()).toEqual([...titles].sort());
    for (const { title, assignment, pupil } of walked) {
      const { body } = await (await portal.signIn(pupil)).get(`/api/myway/my-paths/${assignment}`);
      expect(body.steps.length, title).toBeGreaterThan(2);
    }
  });

  test('issue 12: teachers have groups of their pupils, and texts their pictures', async () => {
    const { client } = await enter('teacher');
    const { classes } = (await client.get('/api/directory/classes?of=me')).body;
    const groups = classes.filter(({ kind }: any) => kind === 'group');
    expect(groups.map(({ name, pupils }: any) => [name, pupils])).toEqual([
      ['Leesgroep', 6],
      ['Rekentijgers', 5],
    ]);
    const rows: { markdown: string }[] = await portal.work('library', ({ knex }) =>
      knex('activities').where({ source: 'demo', kind: 'text' }).select(knex.raw("content ->> 'markdown' as markdown")),
    );
    const texts = rows.map(({ markdown }) => markdown);
    expect(texts.filter((text) => text.includes('.webp)'))).toEqual([]);
    const pictures = readdirSync(pathsFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.webp'));
    expect(pictures.length).toBeGreaterThan(3);
    for (const name of pictures) {
      const bytes = readFileSync(new URL(name, pathsFolder), 'base64');
      expect(
        texts.some((text) => text.includes(`](data:image/webp;base64,${bytes})`)),
        name,
      ).toBe(true);
    }
  });

  test('every result belongs to the school of its class, path and pupil, and lies in the past', async () => {
    const wrong = await portal.work('myway', ({ knex }) =>
      knex('results as r')
        .join('assignments as a', 'a.id', 'r.assignment_id')
        .join('paths as p', 'p.id', 'a.path_id')
        .join('steps as s', 's.id', 'r.step_id')
        .leftJoin('directory.class_members as m', (on: any) => {
          on.on('m.class_id', 'a.class_id').on('m.person_id', 'r.pupil_id');
        })
        .whereRaw(
          `r.school_id <> a.school_id or p.school_id <> a.school_id or s.path_id <> p.id or m.role is distinct from 'pupil'
           or r.last_active_at > now() or r.started_at < a.created_at or r.started_at < now() - interval '160 days'`,
        )
        .select('r.*'),
    );
    expect(wrong).toEqual([]);
    const [{ n, schools, tries }] = await portal.work('myway', ({ knex }) =>
      knex('results')
        .select(knex.raw('count(*)::int as n, count(distinct school_id)::int as schools, sum(tries)::int as tries'))
        .then((rows: any[]) => rows),
    );
    expect(n).toBeGreaterThan(700);
    expect([schools, tries > 200]).toEqual([2, true]);
  });

  test('what was made is announced to other plugins, and the school holidays are set', async () => {
    const { client } = await enter('administrator');
    const [kernel] = (await client.get('/api/operations/settings/portal')).body;
    const holidays = kernel.fields.find(({ name }: any) => name === 'holidays');
    expect(holidays.value.length).toBeGreaterThan(10);
    const people = await demoPeople(portal);
    expect(announced).toEqual([
      {
        day: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        schools: { wegwijzer: people.first, terLinden: people.second },
        people: expect.objectContaining({ 'lien.peeters': people.lien, 'noor.elamrani': people.noor }),
        results: true,
      },
    ]);
  });

  test('a second start adds nothing, and no log line warns', async () => {
    const before = await counts();
    await demo.start?.({
      work: (fn) => portal.work('demo', fn),
      config: { allowPublic: false, results: true },
      portal: { url: portal.url, languages: ['nl'] },
      log: { debug() {}, info() {}, warn() {}, error() {} },
      announce: () => {},
      http: undefined as never,
    });
    await portal.drain();
    expect(await counts()).toEqual(before);
    const warnings = portal.log.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40);
    // A busy machine may delay the event loop.
    expect(warnings.filter(({ msg }) => msg !== 'event loop blocked')).toEqual([]);
  });
});

describe('myway.history refuses, and stores nothing of', () => {
  const now = Date.now();
  const days = (count: number) => new Date(now + count * dayMs);
  let given: any;
  let result: any;

  beforeAll(async () => {
    const people = await demoPeople(portal);
    given = await portal.work('myway', async ({ knex, directory }) => {
      const [path] = await knex('paths as p')
        .whereNotIn('p.id', knex('assignments').whereNull('ended_at').select('path_id'))
        .where({ owner_id: people.lien })
        .select('p.id');
      const [own] = await directory.classes.ofPerson(people.lien);
      return {
        pathId: path.id,
        classId: own.id,
        byPersonId: people.lien,
        givenAt: days(-5),
        dueOn: null,
        endedAt: null,
        results: [],
      };
    });
    result = { step: 0, pupilId: people.noor, startedAt: days(-3), doneAt: days(-2), doneBy: 'pupil', attempts: [] };
  });

  const bad: [string, string, () => object][] = [
    ['a path that does not exist', '/1/pathId', () => ({ pathId: randomUUID() })],
    ['a class that does not exist', '/1/classId', () => ({ classId: randomUUID() })],
    ['a person who does not teach the class', '/1/byPersonId', () => ({ byPersonId: result.pupilId })],
    ['a pupil of another class', '/1/results/0/pupilId', () => ({ results: [{ ...result, pupilId: randomUUID() }] })],
    ['a step that the path does not have', '/1/results/0/step', () => ({ results: [{ ...result, step: 99 }] })],
    ['a step before the first', '/1/results/0/step', () => ({ results: [{ ...result, step: -1 }] })],
    ['two results at one step', '/1/results/1', () => ({ results: [result, result] })],
    ['a result in the future', '/1/results/0/doneAt', () => ({ results: [{ ...result, doneAt: days(1) }] })],
    ['a result that ends before it begins', '/1/results/0/doneAt', () => ({ results: [{ ...result, startedAt: days(-1) }] })],
    ['a moment that is none', '/1/results/0/doneAt', () => ({ results: [{ ...result, startedAt: new Date(Number.NaN) }] })],
    ['done by nobody', '/1/results/0/doneBy', () => ({ results: [{ ...result, doneBy: null }] })],
    [
      'a score of nothing',
      '/1/results/0/attempts/0',
      () => ({ results: [{ ...result, attempts: [{ given: 1, maximum: 0, at: days(-2) }] }] }),
    ],
    ['an end before it was given', '/1/endedAt', () => ({ endedAt: days(-9) })],
    ['the same path twice at once', '/1/classId', () => ({})],
  ];

  test.each(bad)('%s', async (_, pointer, change) => {
    const before = await counts();
    const added = portal.work('demo', ({ myway }) =>
      myway.history.add([
        { ...given, results: [result] },
        { ...given, ...change() },
      ]),
    );
    await expect(added).rejects.toMatchObject({ status: 422, errors: [{ pointer: expect.stringMatching(`^${pointer}$`) }] });
    expect(await counts()).toEqual(before);
  });
});

describe('the doors', () => {
  test('a session through a door ends within two hours, and replaces the one before', async () => {
    const { client } = await enter('pupil');
    expect((await client.post('/api/demo/session', { door: 'teacher' })).status).toBe(200);
    const { session } = (await client.get('/api/kernel/session')).body;
    expect(session.displayName).toBe('Lien Peeters');
    const { pool } = await portal.platform.home();
    const { lien } = await demoPeople(portal);
    const { rows } = await pool.query(
      `select max(expires_at) - now() < interval '2 hours 1 minute' as soon from kernel.sessions where person_id = $1`,
      [lien],
    );
    expect(rows).toEqual([{ soon: true }]);
  });

  test.each([
    ['an unknown door', { door: 'root' }],
    ['a person', { door: 'pupil', personId: randomUUID() }],
    ['a username', { door: 'beheer' }],
    ['a list', { door: ['pupil'] }],
    ['a key of every object', { door: '__proto__' }],
    ['nothing', {}],
  ])('%s opens nothing', async (_, body) => {
    const client = portal.client();
    expect((await client.post('/api/demo/session', body)).status).toBe(400);
    expect((await client.get('/api/kernel/session')).body.session).toBeNull();
  });

  test('another site cannot push a visitor through a door', async () => {
    const client = portal.client().setHeader('sec-fetch-site', 'cross-site');
    expect((await client.post('/api/demo/session', { door: 'administrator' })).status).toBe(403);
    const form = portal.client().request('POST', '/api/demo/session', {
      raw: 'door=administrator',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://elsewhere.example' },
    });
    expect((await form).status).toBe(403);
  });

  test('no door leads to a person of the school who has none', async () => {
    const people = await demoPeople(portal);
    const doors: { person_id: string }[] = await portal.work('demo', ({ knex }) => knex('doors').select('person_id'));
    const ids = doors.map(({ person_id }) => person_id);
    expect(ids).toHaveLength(6);
    expect(ids).not.toContain(people.wout);
    expect(ids).not.toContain(people.bart);
  });

  test('a door whose person was erased is gone', async () => {
    const people = await demoPeople(portal);
    await erase(portal, people.noor);
    const client = portal.client();
    expect((await client.post('/api/demo/session', { door: 'pupil' })).status).toBe(404);
    expect((await client.get('/api/demo/doors')).body.doors).not.toContain('pupil');
    expect((await client.get('/api/kernel/session')).body.session).toBeNull();
  });
});

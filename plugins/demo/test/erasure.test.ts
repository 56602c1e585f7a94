import { createServer } from 'node:net';
import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import { demoPassword } from '@ilearn/plugin-demo';
import { strFromU8 } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { askExport } from '../../../core/test/support/exports.js';
import { findEverywhere } from '../../../core/test/support/find-everywhere.js';
import { authenticate, callService, mediaTypes, scopes, startTestTool, type TestTool } from '../../lti/test/support/tool.js';
import { connectorFor } from './support/connector-ltijs.js';
import { allPlugins, demoPeople, startDemoPortal } from './support/portal.js';

const email = 'noor.el.amrani@leerling.example';
/** Everything that could identify the person. */
const traces = ['El Amrani-Zonnebloem', 'noor.elamrani', 'p-noor-el-amrani', email];

let portal: TestPlatform;
let tool: TestTool;
let people: Awaited<ReturnType<typeof demoPeople>>;
let noor: TestClient;
let lien: TestClient;

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const signIn = async (username: string) => {
  const client = portal.client();
  expect((await client.post('/api/login/session', { username, password: demoPassword })).status).toBe(200);
  return client;
};
/** Searching keeps this process busy for a long time. This pause lets it notice idle connections that were closed meanwhile. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 200));
const ok = async (answer: Promise<{ status: number; body: any; headers: Headers }>) => {
  const { status, body, headers } = await answer;
  expect([200, 201, 204, 302], JSON.stringify(body)).toContain(status);
  return { body, headers };
};

beforeAll(async () => {
  const port = await freePort();
  tool = await startTestTool(`http://localhost:${port}`, 'ltijs');
  portal = await startDemoPortal({ plugins: [...allPlugins, connectorFor(tool.registration)], settings: { port } });
  people = await demoPeople(portal);
  await portal.work('directory', ({ knex }) =>
    knex('people').where({ id: people.noor }).update({ email, family_name: 'El Amrani-Zonnebloem' }),
  );
  await live();
});
afterAll(async () => {
  await portal?.stop();
  await tool?.stop();
});

/** Creates data about Noor: she signs in, follows a path and launches a tool that sends a score; her teacher looks at her results. */
async function live(): Promise<void> {
  lien = await signIn('lien.peeters');
  noor = await signIn('noor.elamrani');
  const path = await portal.work('demo', async ({ library, myway }) =>
    myway.paths.create({
      school: people.first,
      ownerId: people.lien,
      title: 'Met een tool',
      description: '',
      activityIds: await library.activities.idsBySource('tool:ltijs', ['exercise']),
    }),
  );
  const { body: classes } = await ok(lien.get('/api/myway/classes'));
  await ok(lien.post(`/api/myway/paths/${path}/assignments`, { classId: classes[0].id, pupilIds: [people.noor] }));

  const { body: paths } = await ok(noor.get('/api/myway/my-paths'));
  const text = paths.find(({ title }: any) => title === 'Rekenen tot 100 en de tafels');
  await ok(noor.post(`/api/myway/my-paths/${text.assignmentId}/steps/${text.steps[0].id}/done`));
  const mine = paths.find(({ title }: any) => title === 'Met een tool');
  const { body: opened } = await ok(noor.post(`/api/myway/my-paths/${mine.assignmentId}/steps/${mine.steps[0].id}/open`));
  const { headers } = await ok(noor.get(opened.url));
  const initiation = new URL(headers.get('location') as string).searchParams;
  const post = await authenticate(portal.url, tool.authentication(initiation));
  const claims = (await tool.verify(post.fields['id_token'] as string)) as any;
  const score = {
    userId: claims.sub,
    timestamp: new Date().toISOString(),
    scoreGiven: 8,
    scoreMaximum: 10,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    comment: 'Knap gedaan, El Amrani-Zonnebloem',
  };
  const { lineitem } = claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'];
  const sent = await callService(`${lineitem}/scores`, await tool.token(scopes.score), {
    method: 'POST',
    type: mediaTypes.score,
    body: score,
  });
  expect(sent.status).toBeLessThan(300);
  await portal.drain();
  await ok(lien.get(`/api/myway/assignments/${mine.assignmentId}/pupils/${people.noor}`));
}

const exported = (files: Record<string, Uint8Array>) => {
  return { data: JSON.parse(strFromU8(files['export.json'] as Uint8Array)), page: strFromU8(files['export.html'] as Uint8Array) };
};

describe('a pupil with data in the whole portal', () => {
  test('gets an export of everything that it stores about them', async () => {
    const { files, headers } = await askExport(portal, noor);
    expect(headers.get('content-type')).toBe('application/zip');
    const { data, page } = exported(files);
    const tables = data.plugins.flatMap(({ id, tables }: any) =>
      tables.map(({ table, rows }: any) => `${id}.${table} × ${rows.length}`),
    );
    expect(tables).toEqual([
      'kernel.sessions × 1',
      'kernel.role_grants × 1',
      expect.stringMatching(/^kernel\.live_messages × \d+$/),
      'kernel.exports × 1',
      expect.stringMatching(/^kernel\.audit_entries × \d+$/),
      'directory.people × 1',
      'directory.memberships × 1',
      'directory.roles × 1',
      'directory.enrolments × 1',
      'notifications.notifications × 2',
      'login.accounts × 1',
      'lti.subjects × 1',
      'lti.context_pupils × 1',
      'lti.launches × 1',
      'lti.scores × 1',
      'lti.results × 1',
      'myway.assignment_pupils × 1',
      'myway.results × 2',
      'myway.attempts × 1',
      'demo.doors × 1',
      'licences.seats × 1',
      // Each hour they are counted.
      expect.stringMatching(/^cube\.(marks|seen) × \d+$/),
      expect.stringMatching(/^data-space\.activity × \d+$/),
    ]);
    const text = JSON.stringify(data);
    for (const trace of traces) expect(text, trace).toContain(trace);
    expect(text).not.toContain('argon2');
    // It has every table in which she occurs, except the audit log's pseudonyms.
    const places = new Set((await findEverywhere(portal, [people.noor])).map((place) => place.split(': ')[0]));
    for (const place of ['kernel.audit_pseudonyms']) places.delete(place);
    // A schema has the id of its plugin, with underscores.
    const listed = tables.join().replaceAll('-', '_');
    for (const place of places) expect(listed, place).toContain(place.replaceAll('-', '_'));
    const routes = data.plugins[0].tables
      .find(({ table }: any) => table === 'audit_entries')
      .rows.map(({ by, route }: any) => `${by} ${route}`);
    expect(routes).toContain('self POST /api/login/session');
    expect(routes).toContain('person GET /api/myway/assignments/:id/pupils/:pupilId');

    expect(page).toContain('<html lang="nl">');
    for (const title of ['Wie je bent op school', 'Je pogingen', 'Hoe ver je bent']) expect(page).toContain(title);
    expect(page).not.toMatch(/<script|src=|href=|url\(|@import/);
    expect(page).not.toContain('argon2');
  });

  test('is recorded with the tool that sent their score', async () => {
    const { pool } = await portal.platform.home();
    const { rows } = await pool.query(
      `select actor_kind, tenants from kernel.audit_entries where route like 'POST /api/lti/%/scores'`,
    );
    expect(rows).toEqual([{ actor_kind: 'tool', tenants: [people.first] }]);
  });

  test('is erased from every column of every schema, and from the log', async () => {
    const before = await findEverywhere(portal, [people.noor, ...traces]);
    for (const place of ['directory.people', 'lti.scores', 'myway.attempts', 'kernel.sessions', 'login.accounts']) {
      expect(before.join()).toContain(place);
    }
    await erase(portal, people.noor);

    expect(await findEverywhere(portal, [people.noor, ...traces])).toEqual([]);
    await settled();
    for (const trace of [people.noor, ...traces]) expect(portal.log.join('')).not.toContain(trace);
    expect((await noor.get('/api/myway/my-paths')).status).toBe(401);
    const again = await portal.client().post('/api/login/session', { username: 'noor.elamrani', password: demoPassword });
    expect(again.status).toBe(401);
    // The class remains without her.
    const { body } = await ok(lien.get('/api/myway/assignments'));
    for (const { id } of body) {
      const board = await ok(lien.get(`/api/myway/assignments/${id}/progress`));
      expect(JSON.stringify(board.body)).not.toContain('Zonnebloem');
    }
    expect((await (await signIn('wout.janssens')).get('/api/myway/my-paths')).body).toHaveLength(1);
  });

  test('while a teacher’s work stays with the school', async () => {
    await erase(portal, people.lien);
    expect(await findEverywhere(portal, [people.lien, 'lien.peeters', 't-lien-peeters'])).toEqual([]);
    await settled();
    const { body } = await ok((await signIn('wout.janssens')).get('/api/myway/my-paths'));
    expect(body).toMatchObject([{ title: 'Rekenen tot 100 en de tafels' }]);
  });
});

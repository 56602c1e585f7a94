import type { TestClient } from '@ilearn/core/testing';
import { school as addSchool, schoolClass } from '@ilearn/plugin-directory/testing';
import library from '@ilearn/plugin-library';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLtijsDatabase, type LtijsTool, startLtijsTool } from './support/ltijs-tool.js';
import { call, readFormPost } from './support/tool.js';
import { createWorld, type World, withoutPages } from './support/world.js';

let world: World;
let database: { url: string; drop(): Promise<void> };
let tool: LtijsTool;

beforeAll(async () => {
  [world, database] = await Promise.all([createWorld({ plugins: [withoutPages(library)] }), createLtijsDatabase()]);
  tool = await startLtijsTool({ platformUrl: world.platform.url, databaseUrl: database.url });
  const admin = await world.person('portal-administrator', null);
  const { status } = await admin.client.post('/api/lti/registrations', tool.registration);
  expect(status).toBe(201);
});
afterAll(async () => {
  await tool?.stop();
  await database?.drop();
  await world?.stop();
});

const request = (changes: object = {}) =>
  world.request({
    registration: 'ltijs',
    targetLinkUri: `${tool.url}/`,
    resourceLinkId: 'ltijs-step',
    custom: { exercise: 'tables' },
    ...changes,
  });

const locationOf = (headers: Headers) => headers.get('location') as string;
const textIn = (html: string, id: string) =>
  (new RegExp(`id="${id}">([^<]*)<`).exec(html)?.[1] ?? '').replace(/&#(\d+);/g, (_, code: string) =>
    String.fromCodePoint(Number(code)),
  );

/** Follows a launch as a browser would, up to the form with the id_token. */
async function formForLtijs(client: TestClient, launch = request()) {
  const opened = await client.get(await world.launch(client, launch));
  const login = await call(locationOf(opened.headers));
  expect(login.status).toBe(302);
  const { status, body, headers } = await client.get(locationOf(login.headers));
  return readFormPost(status, body, headers);
}

/** Launches; returns the tool's page and the token that ltijs requires on further calls. */
async function launch(client: TestClient, launch = request()) {
  const form = await formForLtijs(client, launch);
  const taken = await call(form.action as string, { method: 'POST', body: new URLSearchParams(form.fields) });
  expect(taken.status, JSON.stringify(taken.body)).toBe(302);
  const address = new URL(locationOf(taken.headers), tool.url);
  const page = await call(address.href);
  return { page: page.body as string, ltik: address.searchParams.get('ltik') as string };
}

const lineItems = (ltik: string, body: object) =>
  call(`${tool.url}/line-items`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ltik}` },
    body: JSON.stringify(body),
  });

describe('ltijs, an independent tool', () => {
  it('accepts a launch and shows the person and the resource', async () => {
    const { page } = await launch(world.pupil.client);
    expect(textIn(page, 'sub')).toMatch(/^[0-9a-f-]{36}$/);
    expect(textIn(page, 'sub')).not.toBe(world.pupil.id);
    expect(textIn(page, 'resource')).toBe('Tafel van 7');
    expect(textIn(page, 'context')).toBe('Rekenen 3A');
    expect(textIn(page, 'roles')).toBe('http://purl.imsglobal.org/vocab/lis/v2/membership#Learner');
    expect(JSON.parse(textIn(page, 'custom'))).toEqual({ exercise: 'tables' });
    expect(page).toMatch(/\/api\/lti\/launches\/[0-9a-f-]{36}\/return/);
  });

  it('sends a score by its Grade service, which reaches the launching plugin, and reads it back', async () => {
    const { ltik } = await launch(world.pupil.client);
    const sent = await call(`${tool.url}/score`, { method: 'POST', body: new URLSearchParams({ ltik }) });
    expect(sent.status, sent.body).toBe(200);
    const { scores } = JSON.parse(textIn(sent.body, 'score'));
    expect(scores).toMatchObject([{ resultScore: 8, resultMaximum: 10 }]);
    expect(await world.received()).toContainEqual({
      school: world.school,
      resourceLinkId: 'ltijs-step',
      personId: world.pupil.id,
      scoreGiven: 8,
      scoreMaximum: 10,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      comment: null,
      timestamp: expect.any(String),
      startedAt: null,
      submittedAt: null,
      scoreId: expect.any(String),
      receivedAt: expect.any(String),
    });
  });

  it('creates, lists, changes and deletes its own line items', async () => {
    const { ltik } = await launch(world.pupil.client);
    const created = await lineItems(ltik, { action: 'create', lineItem: { label: 'Inzet', scoreMaximum: 5, tag: 'effort' } });
    expect(created).toMatchObject({ status: 200, body: { label: 'Inzet', scoreMaximum: 5, tag: 'effort' } });
    const listed = await lineItems(ltik, { action: 'list', options: { tag: 'effort' } });
    expect(listed.body.lineItems).toEqual([created.body]);
    const updated = await lineItems(ltik, {
      action: 'update',
      id: created.body.id,
      lineItem: { label: 'Inzet', scoreMaximum: 4 },
    });
    expect(updated.body).toEqual({ id: created.body.id, label: 'Inzet', scoreMaximum: 4 });
    expect((await lineItems(ltik, { action: 'delete', id: created.body.id })).body).toBe(true);
    expect((await lineItems(ltik, { action: 'list', options: { limit: 1 } })).body.lineItems).toHaveLength(1);
    expect((await lineItems(ltik, { action: 'list', options: { tag: 'effort' } })).body.lineItems).toEqual([]);
  });

  it('verifies id_tokens: it refuses a changed and a replayed one', async () => {
    const form = await formForLtijs(world.pupil.client);
    const [head, body, signature] = (form.fields.id_token as string).split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
    const post = (idToken: string) =>
      call(form.action as string, { method: 'POST', body: new URLSearchParams({ ...form.fields, id_token: idToken }) });
    expect((await post(`${head}.${forged}.${signature}`)).status).toBe(401);
    expect((await post(`${head}.${body}.${signature}`)).status).toBe(302);
    expect((await post(`${head}.${body}.${signature}`)).status).toBe(401);
  });

  it('lists the members of a class by its Names and Roles service, page by page', async () => {
    const school = (await addSchool(world.platform)).id;
    const teacher = await world.person('teacher', school);
    const pupils = await Promise.all([1, 2, 3].map(() => world.person('pupil', school)));
    const { id: classId } = await schoolClass(world.platform, { id: school }, { name: '3A', teachers: [teacher], pupils });
    const { ltik, page } = await launch(
      teacher.client,
      request({
        school,
        personId: teacher.id,
        role: 'Instructor',
        resourceLinkId: 'ltijs-members',
        context: { id: 'ltijs-class', title: 'Rekenen 3A', classId },
      }),
    );
    expect(textIn(page, 'roles')).toBe('http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor');
    const { status, body } = await call(`${tool.url}/members`, { headers: { authorization: `Bearer ${ltik}` } });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.members).toHaveLength(4);
    expect(body.members.map(({ user_id }: { user_id: string }) => user_id)).toContain(textIn(page, 'sub'));
  });

  it('answers a deep linking request with its own form, which the portal takes', async () => {
    const teacher = await world.person('teacher', world.school);
    const { body } = await teacher.client.post('/api/lti/choices', { tool: 'ltijs', returnPath: '/bibliotheek' });
    const opened = await teacher.client.get(new URL(body.url).pathname);
    const login = await call(locationOf(opened.headers));
    const asked = await teacher.client.get(locationOf(login.headers));
    const form = readFormPost(asked.status, asked.body, asked.headers);
    const taken = await call(form.action as string, { method: 'POST', body: new URLSearchParams(form.fields) });
    expect(taken.status, JSON.stringify(taken.body)).toBe(302);
    const page = (await call(new URL(locationOf(taken.headers), tool.url).href)).body as string;
    const action = /action="([^"]+)"/.exec(page)?.[1] as string;
    const jwt = /value="([^"]+)"/.exec(page)?.[1] as string;
    const answer = await call(action, { method: 'POST', body: new URLSearchParams({ JWT: jwt }) });
    const id = /keuze\/(.+)$/.exec(locationOf(answer.headers))?.[1];
    const chosen = (await teacher.client.get(`/api/lti/choices/${id}`)).body;
    expect(chosen).toMatchObject({
      state: 'received',
      fault: null,
      message: 'Gekozen in ltijs',
      items: [{ title: 'Uit ltijs', fault: null }],
    });
    expect((await teacher.client.post(`/api/lti/choices/${id}/accept`, { items: [0] })).status).toBe(200);
  });
});

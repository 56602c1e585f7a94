import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, initiate, launched, launchedForGrading } from './support/flow.js';
import { call, callService, mediaTypes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

let world: World;
let admin: Awaited<ReturnType<World['person']>>;
let coordinator: Awaited<ReturnType<World['person']>>;
let stranger: Awaited<ReturnType<World['person']>>;

beforeAll(async () => {
  world = await createWorld();
  admin = await world.person('portal-administrator', null);
  coordinator = await world.person('ict-coordinator', world.school);
  stranger = await world.person('ict-coordinator', world.otherSchool);
});
afterAll(() => world?.stop());

const launchOf = async (initiation: URLSearchParams) =>
  (await world.rows('launches', { login_hint: initiation.get('login_hint') }))[0].id as string;
const codeOn = (html: string) => /· ([^<\s]+)<\/p>/.exec(html)?.[1] as string;

/** The trace by a code, once its lines are stored. */
const trace = (code: string, lines: number, by = admin) =>
  expect
    .poll(async () => {
      const { status, body } = await by.client.get(`/api/lti/trace/${encodeURIComponent(code)}`);
      return status === 200
        ? body.lines.map((line: { step: string; outcome: string }) => `${line.step} ${line.outcome}`)
        : status;
    })
    .toHaveLength(lines)
    .then(async () => (await by.client.get(`/api/lti/trace/${encodeURIComponent(code)}`)).body);

describe('the trace of a launch', () => {
  it('has each step in order, in words of the reader’s language, and is found by the id of the launch', async () => {
    const initiation = await initiate(world);
    await ask(world, initiation);
    const id = await launchOf(initiation);
    await call(`${world.platform.url}/api/lti/launches/${id}/return?lti_errorlog=oops`);
    const found = await trace(id, 4);
    expect(found).toMatchObject({ launchId: id, tool: 'Tool tool-a', school: world.school });
    expect(found.lines.map(({ step, outcome }: any) => [step, outcome])).toEqual([
      ['prepared', 'ok'],
      ['open', 'ok'],
      ['auth', 'ok'],
      ['return', 'tool-error'],
    ]);
    expect(found.lines[2].text).toBe('Aanmelden bij het oefenprogramma: gelukt');
    const times = found.lines.map(({ at }: any) => Date.parse(at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('is found by the code that the person was shown, together with what came before', async () => {
    const initiation = await initiate(world);
    await ask(world, initiation);
    const refused = await ask(world, initiation);
    const found = await trace(codeOn(refused.html), 4);
    expect(found.lines.at(-1)).toMatchObject({ outcome: 'launch-used', code: codeOn(refused.html) });
    expect(found.lines.at(-1).text).toBe('Aanmelden bij het oefenprogramma: deze start was al gebruikt');
    const exported = await world.platform.work('lti', ({ launches }) => launches.trace(codeOn(refused.html), 'fr'));
    expect(exported).toMatchObject({ launchId: found.launchId });
    expect((exported as any).lines.at(-1).text).toMatch(/déjà été utilisé/);
  });

  it('holds no token, hint, nonce, state, name or id of a person', async () => {
    const initiation = await initiate(world);
    const nonce = `nonce-${randomUUID()}`;
    const post = await ask(world, initiation, { nonce, state: 'geheim-van-de-tool' });
    const id = await launchOf(initiation);
    await trace(id, 3);
    const stored = JSON.stringify(await world.rows('trace_lines'));
    const secrets = [nonce, 'geheim-van-de-tool', initiation.get('login_hint'), initiation.get('lti_message_hint')];
    for (const text of [...secrets, post.fields.id_token, world.pupil.id, 'Noor', 'Eecken']) expect(stored).not.toContain(text);
  });

  it('keeps the line of a score that was refused, although its unit of work was rolled back', async () => {
    const { item, sub, token } = await launchedForGrading(world);
    const send = async (body: object) => {
      const { body: problem } = await callService(`${item}/scores`, token, { method: 'POST', type: mediaTypes.score, body });
      return problem.requestId as string;
    };
    const future = { activityProgress: 'Completed', gradingProgress: 'FullyGraded', timestamp: '2999-01-01T00:00:00Z' };
    expect((await trace(await send({ ...future, userId: sub }), 1)).lines[0]).toMatchObject({
      step: 'score',
      outcome: 'score-from-future',
    });
    expect((await trace(await send({ userId: sub }), 1)).lines[0]).toMatchObject({ outcome: 'validation-failed' });
    const closed = await callService(`${item}/scores`, 'nonsense', { method: 'POST', type: mediaTypes.score, body: {} });
    expect((await trace(closed.body.requestId, 1)).lines[0]).toMatchObject({ outcome: 'token-invalid' });
  });

  it('has the requests that the portal refused before they reached the plugin', async () => {
    const { item, token } = await launchedForGrading(world);
    const scores = { url: `${item}/scores`, step: 'score', type: mediaTypes.score, method: 'POST' };
    const endpoint = { url: `${world.platform.url}/api/lti/token`, step: 'token', type: 'application/x-www-form-urlencoded' };
    const answer = `${world.platform.url}/api/lti/choices/${randomUUID()}/return`;
    for (const { url, step, outcome, method = 'POST', type, body } of [
      { ...scores, body: 'x'.repeat(1_100_000), outcome: 'body-too-large' },
      { ...scores, body: `[${'1,'.repeat(40_000)}1]`, outcome: 'body-too-large' },
      { ...scores, body: '{"userId":', outcome: 'malformed-body' },
      { ...scores, body: '{}', type: 'text/plain', outcome: 'unsupported-media-type' },
      { ...scores, body: undefined, method: 'DELETE', outcome: 'method-not-allowed' },
      { ...endpoint, body: '{}', type: 'application/json', outcome: 'unsupported-media-type' },
      { ...endpoint, body: undefined, method: 'PUT', outcome: 'method-not-allowed' },
      { url: answer, step: 'deep-linking', body: '{}', type: 'application/json', outcome: 'unsupported-media-type' },
      {
        url: `${world.platform.url}/api/lti/auth`,
        step: 'auth',
        body: undefined,
        method: 'PATCH',
        outcome: 'method-not-allowed',
      },
    ]) {
      const code = randomUUID();
      const headers = {
        authorization: `Bearer ${token}`,
        'x-request-id': code,
        ...(type === undefined ? {} : { 'content-type': type }),
      };
      const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
      expect(response.status, `${method} ${url} ${outcome}`).toBeGreaterThanOrEqual(400);
      const { lines } = await trace(code, 1);
      expect(lines[0]).toMatchObject({ step, outcome });
      expect(lines[0].text, outcome).not.toContain(outcome);
    }
    // Pages of people have no lines.
    const code = randomUUID();
    await fetch(`${world.platform.url}/api/lti/registrations`, { method: 'PATCH', headers: { 'x-request-id': code } });
    await launched(world);
    expect((await admin.client.get(`/api/lti/trace/${code}`)).status).toBe(404);
  });

  it('shows a coordinator the lines of their own school only, and others nothing', async () => {
    const initiation = await initiate(world);
    await ask(world, initiation);
    const id = await launchOf(initiation);
    await trace(id, 3, coordinator);
    expect((await stranger.client.get(`/api/lti/trace/${id}`)).status).toBe(404);
    expect((await stranger.client.get('/api/lti/trace')).body.lines).toEqual([]);
    expect((await world.pupil.client.get(`/api/lti/trace/${id}`)).status).toBe(403);
    await world.tool.requestToken('nothing');
    await expect.poll(async () => (await world.rows('trace_lines', { outcome: 'scope-refused' })).length).toBeGreaterThan(0);
    const { body } = await coordinator.client.get('/api/lti/trace?limit=100');
    expect(body.lines.every(({ school }: any) => school === 'De Regenboog')).toBe(true);
  });

  it('is listed by tool, school and hour, in pages', async () => {
    await launched(world);
    const [{ id: tool }] = await world.rows('registrations', { key: 'tool-a' });
    const hour = new Date();
    hour.setMinutes(0, 0, 0);
    const asked = new URLSearchParams({ tool, school: world.school, hour: hour.toISOString(), limit: '2' });
    const first = await admin.client.get(`/api/lti/trace?${asked}`);
    expect(first.body).toMatchObject({ more: true, lines: [{ tool: 'Tool tool-a' }, { school: 'De Regenboog' }] });
    const next = /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] as string;
    const second = await admin.client.get(new URL(next, world.platform.url).pathname + new URL(next, world.platform.url).search);
    expect(second.body.lines[0]).not.toEqual(first.body.lines[1]);
    hour.setHours(hour.getHours() - 3);
    const before = new URLSearchParams({ tool, hour: hour.toISOString() });
    expect((await admin.client.get(`/api/lti/trace?${before}`)).body.lines).toEqual([]);
    const { body } = await admin.client.get('/api/lti/trace/filters');
    expect(body.tools).toContainEqual({ id: tool, name: 'Tool tool-a' });
    expect(body.schools).toContainEqual({ id: world.school, name: 'De Regenboog' });
  });
});

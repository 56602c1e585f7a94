import { school as addSchool, schoolClass } from '@ilearn/plugin-directory/testing';
import type { RegistrationContribution } from '@ilearn/plugin-lti';
import { decodeProtectedHeader, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { ask, claim, endpointClaim, endpointOf, initiate } from './support/flow.js';
import { type Answer, call, callService, mediaTypes, scopes, type TestTool } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

/*
 * The checks of a platform by the 1EdTech LTI Advantage conformance guide, §4.2.1 and §5: 38 of Core (four launches), 7 of Deep Linking, 8 of
 * NRPS, 16 of AGS. The validator itself is for members of 1EdTech; this is our reading of the guide, which names no numbers.
 */

const members = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const membersClaim = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const dl = (name: string) => `https://purl.imsglobal.org/spec/lti-dl/claim/${name}`;
const role = (name: string) => `http://purl.imsglobal.org/vocab/lis/v2/membership#${name}`;
const all = [...Object.values(scopes), members] as NonNullable<RegistrationContribution['scopes']>;
const personal = ['name', 'given_name', 'family_name', 'email', 'middle_name', 'picture'];

type Person = Awaited<ReturnType<World['person']>>;

let world: World;
let school: string;
let classId: string;
let teacher: Person;
let pupil: Person;
let open: TestTool;
let closed: TestTool;

interface Launched {
  token: string;
  nonce: string;
  state: string | undefined;
  claims: JWTPayload;
}

async function launch(tool: TestTool, person: Person, as: 'Learner' | 'Instructor', context = 'a'): Promise<Launched> {
  const request = world.request({
    registration: tool.registration.key,
    school,
    personId: person.id,
    role: as,
    context: { id: `cert-${context}`, title: `  Rekenen   ${context} `, classId },
    resourceLinkId: `cert-${context}-${tool.registration.key}`,
    title: ' Tafel  van 7 ',
    custom: { who: '$Person.name.full', mail: '$Person.email.primary', spaced: '  a  b ' },
  });
  const nonce = `nonce-${Math.random()}`;
  const post = await ask(world, await initiate(world, request, person.client), { nonce, state: 'a-state' }, tool);
  const token = post.fields.id_token as string;
  return { token, nonce, state: post.fields.state, claims: await tool.verify(token) };
}

beforeAll(async () => {
  world = await createWorld();
  school = (await addSchool(world.platform)).id;
  teacher = await world.person('teacher', school);
  pupil = await world.person('pupil', school);
  const others = await Promise.all([1, 2].map(() => world.person('pupil', school)));
  const roster = { name: '3A', teachers: [teacher], pupils: [pupil, ...others] };
  classId = (await schoolClass(world.platform, { id: school }, roster)).id;
  open = await world.addTool('cert-open', { scopes: all, release: { name: true, email: true } });
  closed = await world.addTool('cert-closed', { scopes: all });
  const release = { release_name: true, release_email: true };
  await world.platform.work('directory', ({ knex }) => knex('schools').where({ id: school }).update(release));
});
afterAll(() => world?.stop());

/** Every text in the claims, at any depth. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];

const seconds = () => Date.now() / 1000;

describe.each([
  ['a student with all personal data', () => launch(open, pupil, 'Learner'), 'Learner', true],
  ['a student without personal data', () => launch(closed, pupil, 'Learner'), 'Learner', false],
  ['an instructor with all personal data', () => launch(open, teacher, 'Instructor'), 'Instructor', true],
  ['an instructor without personal data', () => launch(closed, teacher, 'Instructor'), 'Instructor', false],
] as const)('Core: the launch of %s', (_who, start, as, released) => {
  let launched: Launched;
  beforeAll(async () => {
    launched = await start();
  });

  test('is a JSON Web Token of three parts', () => {
    expect(launched.token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });
  test('was issued in the past and expires in the future', () => {
    expect(launched.claims.iat).toBeLessThanOrEqual(seconds());
    expect(launched.claims.exp).toBeGreaterThan(seconds());
  });
  test('is signed with RS256', () => {
    expect(decodeProtectedHeader(launched.token).alg).toBe('RS256');
  });
  test('has a kid that is in the key set, whose key verifies the signature', async () => {
    const { body } = await call(`${world.platform.url}/api/lti/jwks`);
    expect(body.keys.map(({ kid }: { kid: string }) => kid)).toContain(decodeProtectedHeader(launched.token).kid);
  });
  test('has the claims that are required, and the nonce and state of the request', () => {
    const { claims, nonce, state } = launched;
    for (const name of ['iss', 'aud', 'sub', 'iat', 'exp', 'nonce']) expect(claims, name).toHaveProperty([name]);
    for (const name of ['deployment_id', 'target_link_uri', 'resource_link', 'roles'])
      expect(claims, name).toHaveProperty([claim(name)]);
    expect((claims[claim('resource_link')] as { id: string }).id).toMatch(/\S/);
    expect({ nonce: claims.nonce, state }).toEqual({ nonce, state: 'a-state' });
  });
  test('has the version 1.3.0 exactly', () => {
    expect(launched.claims[claim('version')]).toBe('1.3.0');
  });
  test('has the message type LtiResourceLinkRequest', () => {
    expect(launched.claims[claim('message_type')]).toBe('LtiResourceLinkRequest');
  });
  test('has the right role and no other', () => {
    expect(launched.claims[claim('roles')]).toEqual([role(as)]);
  });
  test('has no extra white space in any value', () => {
    for (const text of textsIn(launched.claims)) expect(text).toBe(text.replace(/\s+/g, ' ').trim());
  });
  if (!released) {
    test('has no personal data, in custom variables neither', () => {
      for (const name of personal) expect(launched.claims).not.toHaveProperty([name]);
      expect(textsIn(launched.claims).join(' ')).not.toMatch(/Noor|Eecken|school\.example/);
    });
  }
});

describe('Deep Linking', () => {
  let request: JWTPayload;
  let raw: string;
  let settings: { deep_link_return_url: string; data: string };
  beforeAll(async () => {
    await world.platform.work('lti', ({ knex }) =>
      knex('registrations').where({ key: 'cert-open' }).update({ deep_linking_url: 'https://tool.example/choose' }),
    );
    const { body } = await teacher.client.post('/api/lti/choices', { tool: 'cert-open', returnPath: '/bibliotheek' });
    const opened = await teacher.client.get(new URL(body.url).pathname);
    const post = await ask(world, new URL(opened.headers.get('location') as string).searchParams, {}, open);
    raw = post.fields.id_token as string;
    request = await open.verify(raw);
    settings = request[dl('deep_linking_settings')] as typeof settings;
  });

  test('the request is a JSON Web Token that RS256 and a kid of the key set verify', () => {
    expect(decodeProtectedHeader(raw)).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
  });
  test('the request was issued in the past and expires in the future', () => {
    expect(request.iat).toBeLessThanOrEqual(seconds());
    expect(request.exp).toBeGreaterThan(seconds());
  });
  test('the request has the claims that are required, with version 1.3.0', () => {
    expect(request).toMatchObject({
      [claim('message_type')]: 'LtiDeepLinkingRequest',
      [claim('version')]: '1.3.0',
      [claim('roles')]: [role('Instructor')],
      [claim('deployment_id')]: 'deployment-of-cert-open',
    });
  });
  test('the settings name a return address, the types and the targets', () => {
    expect(settings).toMatchObject({
      deep_link_return_url: expect.stringMatching(/^http/),
      accept_types: expect.arrayContaining(['ltiResourceLink']),
      accept_presentation_document_targets: expect.arrayContaining(['iframe', 'window']),
    });
  });
  test('the request has no extra white space in any value', () => {
    for (const text of textsIn(request)) expect(text).toBe(text.replace(/\s+/g, ' ').trim());
  });
  test('the response returns to the window that sent the request', async () => {
    const items = [{ type: 'ltiResourceLink', title: 'Gekozen', url: 'https://tool.example/x' }];
    const claims = {
      aud: world.platform.url,
      nonce: 'cert',
      [claim('message_type')]: 'LtiDeepLinkingResponse',
      [claim('version')]: '1.3.0',
      [claim('deployment_id')]: 'deployment-of-cert-open',
      [dl('data')]: settings.data,
      [dl('content_items')]: items,
    };
    const body = new URLSearchParams({ JWT: await open.assertion({ claims }) });
    const { status, headers } = await call(settings.deep_link_return_url, { method: 'POST', body });
    expect(status).toBe(302);
    expect(headers.get('location')).toMatch(new RegExp(`^${world.platform.url}/oefenprogrammas/keuze/`));
  });
  test('the item of the response is taken in', async () => {
    const id = /choices\/([^/]+)\//.exec(settings.deep_link_return_url)?.[1];
    const { body } = await teacher.client.get(`/api/lti/choices/${id}`);
    expect(body).toMatchObject({ state: 'received', items: [{ title: 'Gekozen', fault: null }] });
  });
});

describe('Names and Role Provisioning Services', () => {
  let address: string;
  let token: Answer;
  let listed: Answer;
  let launched: Launched;
  beforeAll(async () => {
    launched = await launch(open, pupil, 'Learner');
    address = (launched.claims[membersClaim] as { context_memberships_url: string })?.context_memberships_url;
    token = await open.requestToken(members);
    listed = await callService(address, token.body.access_token);
  });

  test('the launch has the claim with the address', () => {
    expect(address).toMatch(/^http/);
  });
  test('the launch says version 2.0 of the service', () => {
    expect(launched.claims[membersClaim]).toMatchObject({ service_versions: ['2.0'] });
  });
  test('a token is given by client_credentials for the scope', () => {
    expect(token).toMatchObject({ status: 200, body: { scope: members, token_type: 'Bearer', expires_in: expect.any(Number) } });
  });
  test('GET answers 200', () => {
    expect(listed.status).toBe(200);
  });
  test('the answer has the media type of the service', () => {
    expect(listed.headers.get('content-type')).toContain('application/vnd.ims.lti-nrps.v2.membershipcontainer+json');
  });
  test('the answer has its id and its context', () => {
    expect(listed.body).toMatchObject({ id: address, context: { id: 'cert-a' } });
  });
  test('every member has a user id and roles', () => {
    expect(listed.body.members).toHaveLength(4);
    for (const each of listed.body.members)
      expect(each).toMatchObject({ user_id: expect.any(String), roles: [expect.any(String)] });
  });
  test('the person of the launch is a member, by the sub of the launch', () => {
    expect(listed.body.members.map((each: { user_id: string }) => each.user_id)).toContain(launched.claims.sub);
  });
});

describe('Assignment and Grade Services', () => {
  let a: Launched;
  let b: Launched;
  let inB: string;
  beforeAll(async () => {
    a = await launch(open, pupil, 'Learner', 'a');
    b = await launch(open, pupil, 'Learner', 'b');
    // A token that was got after the launch in B is used for the items of A.
    inB = await open.token(scopes.lineItem, scopes.score, scopes.result);
  });
  const send = (url: string, method: string, type: string, body: object) => callService(url, inB, { method, type, body });
  const made = new Map<string, string>();

  test('the launch has the claim', () => {
    expect(a.claims[endpointClaim]).toMatchObject({
      scope: Object.values(scopes),
      lineitems: expect.any(String),
      lineitem: expect.any(String),
    });
  });
  it.each(Object.entries(scopes))('a token is given for the scope %s alone', async (_name, scope) => {
    expect(await open.requestToken(scope)).toMatchObject({ status: 200, body: { scope } });
  });
  test('the token answer has type, lifetime and no caching', async () => {
    const { body, headers } = await open.requestToken(scopes.score);
    expect(body).toMatchObject({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 });
    expect(headers.get('cache-control')).toBe('no-store');
  });
  describe.each(['a', 'b'])('in context %s', (context) => {
    const items = () => endpointOf((context === 'a' ? a : b).claims).lineitems;
    test('a line item is created', async () => {
      const answer = await send(items(), 'POST', mediaTypes.lineItem, { label: 'Extra', scoreMaximum: 5, tag: 'cert' });
      expect(answer).toMatchObject({ status: 201, body: { label: 'Extra', scoreMaximum: 5 } });
      made.set(context, answer.body.id);
    });
    test('line items are listed', async () => {
      const { body } = await callService(`${items()}?tag=cert`, inB);
      expect(body).toMatchObject([{ id: made.get(context) }]);
    });
    test('a line item is read', async () => {
      expect((await callService(made.get(context) as string, inB)).body).toMatchObject({ label: 'Extra', tag: 'cert' });
    });
  });
  test('a score for an item of A is taken with the token of B', async () => {
    const score = {
      userId: a.claims.sub,
      scoreGiven: 3,
      scoreMaximum: 5,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      timestamp: new Date().toISOString(),
    };
    expect((await send(`${made.get('a')}/scores`, 'POST', mediaTypes.score, score)).status).toBe(204);
  });
  test('results of an item of A are read with the token of B', async () => {
    const { body } = await callService(`${made.get('a')}/results`, inB);
    expect(body).toMatchObject([{ userId: a.claims.sub, resultScore: 3, resultMaximum: 5, scoreOf: made.get('a') }]);
  });
  test('a line item is changed', async () => {
    const answer = await send(made.get('a') as string, 'PUT', mediaTypes.lineItem, { label: 'Anders', scoreMaximum: 5 });
    expect(answer).toMatchObject({ status: 200, body: { label: 'Anders' } });
  });
  test('a line item is deleted', async () => {
    expect((await callService(made.get('a') as string, inB, { method: 'DELETE' })).status).toBe(204);
    expect((await callService(made.get('a') as string, inB)).status).toBe(404);
  });
});

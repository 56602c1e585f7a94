import { randomUUID } from 'node:crypto';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpointOf, initiate, launched } from './support/flow.js';
import { type Answer, call, callService, mediaTypes, scopes, type TestTool } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

/*
 * Hostile and broken requests. Each is answered with its code, stores nothing, and leaves its line in the trace under the code of the
 * request. Deep linking responses and registrations of tools have their own tables in deep-linking.test.ts and dynamic-registration.test.ts.
 */

const members = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';

let world: World;
let other: TestTool;
let tokens: { all: string; readOnly: string; scoreOnly: string; other: string; members: string };
let claims: JWTPayload;
let item: string;
let items: string;
let sub: string;
let used: URLSearchParams;

beforeAll(async () => {
  world = await createWorld({ config: { allowExtraCredit: false } });
  other = await world.addTool('tool-b', { scopes: [scopes.lineItem, scopes.score, members] as never });
  claims = await launched(world);
  const endpoint = endpointOf(claims);
  items = endpoint.lineitems;
  item = endpoint.lineitem as string;
  sub = claims.sub as string;
  tokens = {
    all: await world.tool.token(scopes.lineItem, scopes.result, scopes.score),
    readOnly: await world.tool.token(scopes.lineItemReadOnly),
    scoreOnly: await world.tool.token(scopes.score),
    other: await other.token(scopes.lineItem, scopes.score),
    members: await other.token(members),
  };
  used = await initiate(world);
  await authenticateWith({}, used);
  // A result, so that later scores can be outdated.
  expect((await score({ timestamp: '2026-01-02T00:00:00Z' })).status).toBe(204);
});
afterAll(() => world?.stop());

const auth = (parameters: Record<string, string> | [string, string][], method = 'GET') => {
  const form = new URLSearchParams(parameters);
  const address = `${world.platform.url}/api/lti/auth`;
  return method === 'GET' ? call(`${address}?${form}`) : call(address, { method, body: form });
};
async function authenticateWith(changes: Record<string, string | null>, initiation?: URLSearchParams): Promise<Answer> {
  return auth(world.tool.authentication(initiation ?? (await initiate(world)), changes));
}
const score = (changes: object, { at = item, token = tokens.all, type = mediaTypes.score } = {}) =>
  callService(`${at}/scores`, token, {
    method: 'POST',
    type,
    body: {
      userId: sub,
      scoreGiven: 5,
      scoreMaximum: 10,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      timestamp: '2026-01-03T00:00:00Z',
      ...changes,
    },
  });
const newItem = (changes: object, token = tokens.all) =>
  callService(items, token, {
    method: 'POST',
    type: mediaTypes.lineItem,
    body: { label: 'Extra', scoreMaximum: 10, ...changes },
  });
const putItem = (changes: object, token = tokens.all, at = item) =>
  callService(at, token, { method: 'PUT', type: mediaTypes.lineItem, body: { label: 'Tafel', scoreMaximum: 10, ...changes } });
const asserted = async (changes: Record<string, unknown>) =>
  world.tool.requestToken(scopes.score, await world.tool.assertion({ claims: changes }));
const now = () => Math.floor(Date.now() / 1000);

/** Tables that no refused request may change. */
const guarded = [
  'scores',
  'results',
  'line_items',
  'access_tokens',
  'used_assertions',
  'subjects',
  'contexts',
  'registrations',
  'choices',
];
const stored = async () =>
  Object.fromEntries(await Promise.all(guarded.map(async (table) => [table, JSON.stringify(await world.rows(table))])));

interface Case {
  name: string;
  send: () => Promise<Answer>;
  status: number;
  /** What the answer says. */
  says: string;
  step: string;
  /** Outcome in the trace; default: `says`. */
  outcome?: string;
}

const launch = (name: string, send: Case['send'], says: string, status = 400): Case => ({
  name,
  send,
  status,
  says,
  step: 'auth',
});
const launchCases: Case[] = [
  launch(
    'a repeated parameter',
    async () => auth([...Object.entries(world.tool.authentication(await initiate(world))), ['nonce', 'x']]),
    'parameter-repeated',
  ),
  launch('no client', () => authenticateWith({ client_id: null }), 'client-unknown'),
  launch('an unknown client', () => authenticateWith({ client_id: 'nobody' }), 'client-unknown'),
  launch('the client of another tool', () => authenticateWith({ client_id: 'client-of-tool-b' }), 'redirect-uri-mismatch'),
  launch('an unregistered redirect', () => authenticateWith({ redirect_uri: 'https://evil.example/' }), 'redirect-uri-mismatch'),
  launch(
    'a redirect that begins with a registered one',
    () => authenticateWith({ redirect_uri: `${world.tool.url}/launch/../evil` }),
    'redirect-uri-mismatch',
  ),
  launch(
    'a registered redirect with a query',
    () => authenticateWith({ redirect_uri: `${world.tool.url}/launch?x=1` }),
    'redirect-uri-mismatch',
  ),
  launch(
    'a percent-encoded redirect',
    () => authenticateWith({ redirect_uri: `${world.tool.url}/%6caunch` }),
    'redirect-uri-mismatch',
  ),
  launch('no redirect', () => authenticateWith({ redirect_uri: null }), 'redirect-uri-mismatch'),
  launch('an invented message hint', () => authenticateWith({ lti_message_hint: 'x.y.z' }), 'hint-invalid'),
  launch(
    'a message hint with another signature',
    async () => {
      const initiation = await initiate(world);
      const hint = initiation.get('lti_message_hint') as string;
      return authenticateWith({ lti_message_hint: `${hint.slice(0, -6)}AAAAAA` }, initiation);
    },
    'hint-invalid',
  ),
  launch(
    'a message hint without signature',
    async () => {
      const [, body] = ((await initiate(world)).get('lti_message_hint') as string).split('.');
      return authenticateWith({ lti_message_hint: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.` });
    },
    'hint-invalid',
  ),
  launch(
    'the message hint of another tool',
    async () => {
      const request = world.request({
        registration: 'tool-b',
        resourceLinkId: 'b-step',
        context: { id: 'b-path', title: 'B' },
        lineItem: null,
      });
      const initiation = await initiate(world, request);
      return authenticateWith({}, initiation);
    },
    'hint-of-other-tool',
  ),
  launch(
    'the login hint of another launch',
    async () => authenticateWith({ login_hint: (await initiate(world)).get('login_hint') }),
    'login-hint-mismatch',
  ),
  launch('a launch that was used', () => authenticateWith({}, used), 'launch-used'),
  launch('a launch that was used, by POST', () => auth(world.tool.authentication(used), 'POST'), 'launch-used'),
  launch(
    'a launch that has expired',
    async () => {
      const initiation = await initiate(world);
      await world.platform.work('lti', ({ knex }) =>
        knex('launches')
          .where({ login_hint: initiation.get('login_hint') })
          .update({ expires_at: new Date(0) }),
      );
      return authenticateWith({}, initiation);
    },
    'launch-expired',
  ),
  launch(
    'a launch that was deleted',
    async () => {
      const initiation = await initiate(world);
      await world.platform.work('lti', ({ knex }) =>
        knex('launches')
          .where({ login_hint: initiation.get('login_hint') })
          .delete(),
      );
      return authenticateWith({}, initiation);
    },
    'launch-unknown',
  ),
  launch('response_type code', () => authenticateWith({ response_type: 'code' }), 'response-type-unsupported', 200),
  launch('no response_type', () => authenticateWith({ response_type: null }), 'response-type-unsupported', 200),
  launch('response_mode query', () => authenticateWith({ response_mode: 'query' }), 'response-mode-unsupported', 200),
  launch('a scope without openid', () => authenticateWith({ scope: 'profile' }), 'scope-without-openid', 200),
  launch('prompt login', () => authenticateWith({ prompt: 'login' }), 'prompt-unsupported', 200),
  launch('no nonce', () => authenticateWith({ nonce: null }), 'nonce-missing', 200),
  launch('a nonce of three thousand characters', () => authenticateWith({ nonce: 'n'.repeat(3000) }), 'parameter-malformed', 200),
  launch('a line break in the state', () => authenticateWith({ state: 'a\nb' }), 'parameter-malformed', 200),
  launch('no login hint', () => authenticateWith({ login_hint: null }), 'hint-missing', 200),
  launch('no message hint', () => authenticateWith({ lti_message_hint: null }), 'hint-missing', 200),
];

const opening = (name: string, send: Case['send'], says: string): Case => ({ name, send, status: 400, says, step: 'open' });
const openCases: Case[] = [
  opening('a launch that does not exist', () => open(randomUUID()), 'launch-unknown'),
  opening('an id that is none', () => open('..%2f'), 'launch-unknown'),
  opening(
    'a launch of somebody else',
    async () => {
      const url = new URL(await world.launch(world.pupil.client, world.request()));
      const stranger = await world.person('pupil', world.school);
      return asAnswer(await stranger.client.get(url.pathname));
    },
    'launch-unknown',
  ),
  opening(
    'a launch that was used',
    async () => {
      const [row] = await world.rows('launches', { login_hint: used.get('login_hint') });
      return open(row.id);
    },
    'launch-used',
  ),
];
const asAnswer = ({ status, body, headers }: { status: number; body: unknown; headers: Headers }): Answer => ({
  status,
  body,
  headers,
});
const open = async (id: string) => asAnswer(await world.pupil.client.get(`/api/lti/launches/${id}`));

const token = (name: string, send: Case['send'], says: string, outcome = says, status = 401): Case => ({
  name,
  send,
  status,
  says,
  step: 'token',
  outcome,
});
const tokenCases: Case[] = [
  token(
    'another grant',
    () => world.tool.requestToken(scopes.score, undefined, { grant_type: 'password' }),
    'unsupported_grant_type',
    'token-request-invalid',
    400,
  ),
  token('no assertion', () => world.tool.requestToken(scopes.score, ''), 'invalid_client', 'token-request-invalid'),
  token('a text as assertion', () => world.tool.requestToken(scopes.score, 'hello'), 'assertion-malformed'),
  token('an unknown issuer', () => asserted({ iss: 'nobody' }), 'client-unknown'),
  token('another subject', () => asserted({ sub: 'client-of-tool-b' }), 'subject-mismatch'),
  token('another audience', () => asserted({ aud: 'https://other.example' }), 'audience-mismatch'),
  token('an assertion that has expired', () => asserted({ iat: now() - 500, exp: now() - 120 }), 'assertion-expired'),
  token('an assertion from the future', () => asserted({ iat: now() + 300, exp: now() + 400 }), 'assertion-from-future'),
  token('an assertion for a day', () => asserted({ exp: now() + 86_400 }), 'assertion-too-long'),
  token('no expiry', () => asserted({ exp: undefined }), 'claim-invalid'),
  token('no jti', () => asserted({ jti: undefined }), 'jti-missing'),
  token(
    'a jti that was used',
    async () => {
      const assertion = await world.tool.assertion();
      return world.tool.requestToken('nothing', assertion).then(() => world.tool.requestToken(scopes.score, assertion));
    },
    'jti-replayed',
  ),
  token(
    'another client_id',
    () => world.tool.requestToken(scopes.score, undefined, { client_id: 'client-of-tool-b' }),
    'client-mismatch',
  ),
  token(
    'the key of a stranger',
    async () => {
      const { privateKey } = await generateKeyPair('RS256');
      return world.tool.requestToken(scopes.score, await world.tool.assertion({ key: privateKey }));
    },
    'signature-invalid',
  ),
  token(
    'an unknown kid',
    async () => world.tool.requestToken(scopes.score, await world.tool.assertion({ header: { kid: 'other' } })),
    'key-unknown',
  ),
  token(
    'a shared secret',
    async () => {
      const payload = {
        iss: 'client-of-tool-a',
        sub: 'client-of-tool-a',
        aud: `${world.platform.url}/api/lti/token`,
        exp: now() + 60,
        iat: now(),
        jti: randomUUID(),
      };
      const forged = await new SignJWT(payload)
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode('the public key of the tool as a secret'));
      return world.tool.requestToken(scopes.score, forged);
    },
    'algorithm-refused',
  ),
];

const service =
  (step: string) =>
  (name: string, send: Case['send'], status: number, says: string): Case => ({
    name,
    send,
    status,
    says,
    step,
    outcome: says.replace(/^lti\//, ''),
  });
const scoring = service('score');
const itemsOf = service('line-items');
const results = service('results');
const listing = service('members');
const unknownItem = () => `${items}/${randomUUID()}`;
const serviceCases: Case[] = [
  scoring('without a token', () => score({}, { token: null as never }), 401, 'lti/token-invalid'),
  scoring('with an invented token', () => score({}, { token: 'invented' }), 401, 'lti/token-invalid'),
  scoring('with the token of another service', () => score({}, { token: tokens.readOnly }), 403, 'lti/scope-insufficient'),
  scoring('with the token of another tool', () => score({}, { token: tokens.other }), 404, 'not-found'),
  scoring('for an unknown item', () => score({}, { at: unknownItem() }), 404, 'not-found'),
  scoring('for an item that is no id', () => score({}, { at: `${items}/abc` }), 404, 'not-found'),
  scoring('in an unknown context', () => score({}, { at: item.replace('path-1', 'path-9') }), 404, 'not-found'),
  scoring('for an unknown user', () => score({ userId: 'nobody' }), 404, 'not-found'),
  scoring('for the id of a person', () => score({ userId: world.pupil.id }), 404, 'not-found'),
  scoring('of nobody', () => score({ userId: undefined }), 400, 'validation-failed'),
  scoring('below zero', () => score({ scoreGiven: -1 }), 400, 'validation-failed'),
  scoring('without a maximum', () => score({ scoreMaximum: undefined }), 400, 'validation-failed'),
  scoring('that is a text', () => score({ scoreGiven: 'ten' }), 400, 'validation-failed'),
  scoring('above the maximum, where that is not allowed', () => score({ scoreGiven: 11 }), 400, 'lti/score-out-of-range'),
  scoring('without a time', () => score({ timestamp: undefined }), 400, 'validation-failed'),
  scoring('without a time zone', () => score({ timestamp: '2026-01-03T00:00:00' }), 400, 'validation-failed'),
  scoring('on 30 February', () => score({ timestamp: '2026-02-30T00:00:00Z' }), 400, 'validation-failed'),
  scoring('from the future', () => score({ timestamp: '2999-01-01T00:00:00Z' }), 400, 'lti/score-from-future'),
  scoring('older than the last', () => score({ timestamp: '2026-01-01T00:00:00Z' }), 409, 'lti/score-outdated'),
  scoring('with an unknown progress', () => score({ activityProgress: 'Done' }), 400, 'validation-failed'),
  itemsOf('without a label', () => newItem({ label: undefined }), 400, 'validation-failed'),
  itemsOf('with a blank label', () => newItem({ label: '  ' }), 400, 'validation-failed'),
  itemsOf('of a maximum of zero', () => newItem({ scoreMaximum: 0 }), 400, 'validation-failed'),
  itemsOf('for an unknown resource link', () => newItem({ resourceLinkId: 'elsewhere' }), 404, 'not-found'),
  itemsOf('with a token that reads', () => newItem({}, tokens.readOnly), 403, 'lti/scope-insufficient'),
  itemsOf('in a context of another tool', () => newItem({}, tokens.other), 404, 'not-found'),
  itemsOf('moved to another resource link', () => putItem({ resourceLinkId: 'step-9' }), 400, 'lti/resource-link-fixed'),
  itemsOf('changed by another tool', () => putItem({}, tokens.other), 404, 'not-found'),
  itemsOf('deleted, of a step', () => callService(item, tokens.all, { method: 'DELETE' }), 405, 'lti/line-item-of-placement'),
  itemsOf('deleted, that does not exist', () => callService(unknownItem(), tokens.all, { method: 'DELETE' }), 404, 'not-found'),
  results('without the scope', () => callService(`${item}/results`, tokens.scoreOnly), 403, 'lti/scope-insufficient'),
  results('of an unknown item', () => callService(`${unknownItem()}/results`, tokens.all), 404, 'not-found'),
  results('with the token of another tool', () => callService(`${item}/results`, tokens.other), 403, 'lti/scope-insufficient'),
  listing('without a token', () => callService(items.replace('lineitems', 'memberships'), null), 401, 'lti/token-invalid'),
  listing(
    'with a token for scores',
    () => callService(items.replace('lineitems', 'memberships'), tokens.scoreOnly),
    403,
    'lti/scope-insufficient',
  ),
  listing(
    'of a context of another tool',
    () => callService(items.replace('lineitems', 'memberships'), tokens.members),
    404,
    'not-found',
  ),
];

const cases = [...launchCases, ...openCases, ...tokenCases, ...serviceCases];

it('there are at least eighty of them, besides those of deep linking and registration', () => {
  expect(cases.length).toBeGreaterThanOrEqual(80);
});

describe.each([
  ['an authentication request', launchCases],
  ['opening', openCases],
  ['a token request', tokenCases],
  ['a call of a service', serviceCases],
] as [string, Case[]][])('%s', (_area, table) => {
  it.each(table)('$step: $name: $says', async ({ send, status, says, step, outcome = says }) => {
    // Requests that only make ready what is refused may store something of their own.
    const answer = await sendGuarded(send);
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    expect(text).toContain(says);
    expect(text).not.toContain('name="id_token"');
    const code = answer.headers.get('x-request-id');
    expect(code).toMatch(/\S/);
    await expect
      .poll(async () => (await world.rows('trace_lines', { request_code: code })).map((line) => [line.step, line.outcome]))
      .toEqual([[step, outcome]]);
  });
});

/** Sends the request, and checks that the last call of it stored nothing. */
async function sendGuarded(send: () => Promise<Answer>): Promise<Answer> {
  const before = await stored();
  const answer = await send();
  const after = await stored();
  // The jti of an assertion that was used before stays used; a launch of another context is placed there.
  for (const table of guarded) {
    if (table === 'used_assertions' || table === 'contexts') continue;
    expect(after[table], table).toBe(before[table]);
  }
  return answer;
}

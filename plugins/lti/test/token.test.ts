import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, call, scopes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const now = () => Math.floor(Date.now() / 1000);

describe('the token endpoint', () => {
  it('gives a tool with a signed assertion a short-lived token with the requested scopes', async () => {
    const answer = await world.tool.requestToken(`${scopes.score} ${scopes.lineItem}`);
    expect(answer).toMatchObject({
      status: 200,
      body: { access_token: expect.stringMatching(/^[\w-]{43}$/), token_type: 'Bearer', expires_in: 3600 },
    });
    expect(answer.body.scope.split(' ').sort()).toEqual([scopes.lineItem, scopes.score].sort());
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('does not store tokens in clear', async () => {
    const token = await world.tool.token(scopes.score);
    const rows = await world.rows('access_tokens');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('accepts the issuer as audience too, and a list of audiences', async () => {
    for (const aud of [world.platform.url, [world.platform.url, 'https://other.example']]) {
      expect((await world.tool.requestToken(scopes.score, await world.tool.assertion({ claims: { aud } }))).status).toBe(200);
    }
  });

  it('grants the known scopes of those requested, and lists them', async () => {
    const asked = `${scopes.score} https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly`;
    expect(await world.tool.requestToken(asked)).toMatchObject({ status: 200, body: { scope: scopes.score } });
  });

  it.each([
    ['nothing', ''],
    ['openid', 'openid'],
    ['a scope that begins like one', `${scopes.score}.all`],
  ])('grants no token for %s', async (_, scope) => {
    expect(await world.tool.requestToken(scope)).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  });

  it.each([
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['another way to sign in', { client_assertion_type: 'client_secret' }, 401, 'invalid_client'],
    ['no assertion', { client_assertion: '' }, 401, 'invalid_client'],
    ['an assertion that is no JWT', { client_assertion: 'abc' }, 401, 'invalid_client'],
  ])('refuses %s', async (_, changes, status, error) => {
    const answer = await world.tool.requestToken(scopes.score, undefined, changes);
    expect(answer).toMatchObject({ status, body: { error, error_description: expect.any(String) } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('RFC 6749 §5.2: every refusal of the token endpoint is JSON with an error code, and is not stored', () => {
  const form = 'application/x-www-form-urlencoded';
  const send = (options: RequestInit) => call(`${world.platform.url}/api/lti/token`, { method: 'POST', ...options });
  const asForm = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    send({ body, headers: { 'content-type': form, ...headers } });
  const expectRefusal = ({ status, body, headers }: Answer, about?: string) => {
    expect([400, 401, 405], about).toContain(status);
    expect(headers.get('content-type'), about).toBe('application/json');
    expect(headers.get('cache-control'), about).toBe('no-store');
    expect(Object.keys(body).sort(), about).toEqual(['error', 'error_description']);
    expect(['invalid_request', 'invalid_client', 'unsupported_grant_type', 'invalid_scope'], about).toContain(body.error);
    expect(body.error_description, about).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  };

  it.each<[string, () => Promise<Answer>]>([
    ['no body', () => send({})],
    ['an empty form', () => asForm('')],
    ['JSON', () => send({ body: '{"grant_type":"client_credentials"}', headers: { 'content-type': 'application/json' } })],
    ['a multipart form', () => send({ body: new FormData() })],
    [
      'a type with characters that the description must not have',
      () => send({ body: 'x', headers: { 'content-type': 'a"\\é/b' } }),
    ],
    ['a body without a type', () => send({ body: new Uint8Array([120]) })],
    ['a form that is too large', () => asForm(`grant_type=client_credentials&x=${'x'.repeat(1_048_576)}`)],
    ['a form with too many fields', () => asForm('a=1&'.repeat(1_001))],
    ['a compressed form', () => asForm('grant_type=client_credentials', { 'content-encoding': 'gzip' })],
    ['a form that is not UTF-8', () => asForm(new Uint8Array([97, 61, 0xff]))],
    ['a NUL character', () => asForm('grant_type=client_credentials%00')],
    ['a NUL character in an unknown field', () => asForm('grant_type=client_credentials&x=%00')],
    ['a lone surrogate', () => asForm('scope=%ED%A0%80')],
    ['a repeated field', () => asForm('grant_type=client_credentials&grant_type=client_credentials')],
    ['a repeated unknown field', () => asForm('grant_type=client_credentials&x=1&x=2')],
    ['a field that objects inherit', () => asForm('__proto__=1&constructor=2&grant_type=client_credentials')],
  ])('%s', async (_, ask) => expectRefusal(await ask()));

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('%s, with the method to use', async (method) => {
    const answer = await send({ method });
    expectRefusal(answer);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('for any content type and bytes', async () => {
    const types = fc.constantFrom(
      form,
      `${form}; charset=utf-16`,
      'application/json',
      'text/plain',
      'multipart/form-data',
      '*/*',
    );
    const names = fc.constantFrom('grant_type', 'client_assertion', 'client_assertion_type', 'scope', 'client_id', 'x');
    const values = fc.oneof(
      fc.constantFrom('client_credentials', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', 'a.b.c'),
      fc.string({ unit: 'binary' }),
    );
    const fields = fc.array(fc.tuple(names, values)).map((pairs) => new TextEncoder().encode(`${new URLSearchParams(pairs)}`));
    const bytes = fc.oneof(fields, fc.uint8Array({ minLength: 1, maxLength: 50 }));
    await fc.assert(
      fc.asyncProperty(types, bytes, async (type, body) => {
        expectRefusal(await send({ body: new Uint8Array(body), headers: { 'content-type': type } }));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a client assertion', () => {
  const refused = async (assertion: string, code: string) => {
    const before = (await world.rows('access_tokens')).length;
    const answer = await world.tool.requestToken(scopes.score, assertion);
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(answer.body.error_description).toMatch(new RegExp(`^${code}: `));
    expect(await world.rows('access_tokens')).toHaveLength(before);
  };

  it.each([
    ['for another audience', () => ({ claims: { aud: 'https://elsewhere.example/token' } }), 'audience-mismatch'],
    ['for no audience', () => ({ claims: { aud: undefined } }), 'audience-mismatch'],
    ['that has expired', () => ({ claims: { iat: now() - 300, exp: now() - 61 } }), 'assertion-expired'],
    ['from the future', () => ({ claims: { iat: now() + 120, exp: now() + 180 } }), 'assertion-from-future'],
    ['that lives too long', () => ({ claims: { exp: now() + 7200 } }), 'assertion-too-long'],
    ['without an end', () => ({ claims: { exp: undefined } }), 'claim-invalid'],
    ['without a beginning', () => ({ claims: { iat: undefined } }), 'claim-invalid'],
    ['without a jti', () => ({ claims: { jti: undefined } }), 'jti-missing'],
    ['with an empty jti', () => ({ claims: { jti: '' } }), 'jti-missing'],
    ['about somebody else', () => ({ claims: { sub: 'somebody-else' } }), 'subject-mismatch'],
    ['of nobody', () => ({ claims: { iss: 'nobody', sub: 'nobody' } }), 'client-unknown'],
    ['of a name that no database stores', () => ({ claims: { iss: 'a\0b' } }), 'client-unknown'],
    [
      'signed with a key that is not published',
      async () => ({ key: (await generateKeyPair('RS256')).privateKey }),
      'signature-invalid',
    ],
    ['signed with a shared secret', () => ({ header: { alg: 'HS256' }, key: randomBytes(32) }), 'algorithm-refused'],
    [
      'signed with PS256',
      async () => ({ header: { alg: 'PS256' }, key: (await generateKeyPair('PS256')).privateKey }),
      'algorithm-refused',
    ],
  ])('%s is refused', async (_, changes, code) => {
    await refused(await world.tool.assertion(await changes()), code);
  });

  it('without a signature is refused', async () => {
    const [, body] = (await world.tool.assertion()).split('.') as [string, string, string];
    const head = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    await refused(`${head}.${body}.`, 'algorithm-refused');
  });

  it('whose clock is a little off is accepted', async () => {
    for (const claims of [
      { iat: now() + 30, exp: now() + 90 },
      { iat: now() - 90, exp: now() - 30 },
    ]) {
      expect((await world.tool.requestToken(scopes.score, await world.tool.assertion({ claims }))).status).toBe(200);
    }
  });

  it('can be used once, even if it arrives many times at once', async () => {
    const assertion = await world.tool.assertion();
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.tool.requestToken(scopes.score, assertion)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await refused(assertion, 'jti-replayed');
  });

  it('may have a jti that another tool used', async () => {
    const toolB = await world.addTool('jti-twin');
    const jti = randomUUID();
    for (const tool of [world.tool, toolB]) {
      expect((await tool.requestToken(scopes.score, await tool.assertion({ claims: { jti } }))).status).toBe(200);
    }
  });

  it('of a tool that is switched off is refused, and so are its tokens', async () => {
    const tool = await world.addTool('switched-off');
    const token = await tool.token(scopes.score);
    await world.platform.work('lti', ({ knex }) =>
      knex('registrations').where({ key: 'switched-off' }).update({ active: false }),
    );
    await refused(await tool.assertion(), 'client-unknown');
    expect(await world.platform.work('lti', ({ accessTokens }) => accessTokens.holder(token))).toBeNull();
  });
});

describe('the keys of a tool', () => {
  it('are fetched once for many calls', async () => {
    const tool = await world.addTool('key-holder');
    await Promise.all(Array.from({ length: 5 }, () => tool.token(scopes.score)));
    await tool.token(scopes.score);
    expect(tool.keyFetches()).toBe(1);
  });

  it('are not fetched for an unknown client', async () => {
    const tool = await world.addTool('left-alone');
    await tool.requestToken(scopes.score, await tool.assertion({ claims: { iss: 'nobody' } }));
    expect(tool.keyFetches()).toBe(0);
  });

  it.each([
    ['redirects', { status: 302, body: '', headers: { location: 'http://169.254.169.254/latest/meta-data' } }],
    ['fails', { status: 500, body: 'oops' }],
    ['is no key set', { status: 200, body: '{"hello":"world"}' }],
    ['is endless', { status: 200, body: `{"keys":[],"filler":"${'x'.repeat(300_000)}"}` }],
  ])('give a clear error when their address %s', async (what, answer) => {
    const tool = await world.addTool(`keys-${what.replaceAll(' ', '-')}`);
    tool.answerKeysWith(answer);
    const refused = await tool.requestToken(scopes.score);
    expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(refused.body.error_description).toMatch(/^jwks-invalid: the registered JWKS address /);
  });
});

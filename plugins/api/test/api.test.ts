import { createTestPlatform } from '@ilearn/core/testing';
import { school, schoolClass } from '@ilearn/plugin-directory/testing';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  appBody,
  approvedApp,
  askToken,
  classesScope,
  createWorld,
  membersScope,
  plugins,
  progressScope,
  tokenOf,
  type World,
  withSandbox,
} from './world.js';

let world: World;
let app: { id: string; secret: string };
beforeAll(async () => {
  world = await createWorld({ plugins: withSandbox });
  app = await approvedApp(world);
  await world.wissel.principal.put(`/api/api/schools/${world.wissel.id}/apps/${app.id}`, {
    scopes: [classesScope, membersScope],
  });
});
afterAll(() => world?.portal.stop());

const grant = (scopes: string[], school = world.wissel, id = app.id) =>
  school.principal.put(`/api/api/schools/${school.id}/apps/${id}`, { scopes });
const namesOf = async (client: { get(path: string): Promise<{ body: any }> }) =>
  (await client.get('/api/directory/classes')).body.classes.map(({ name }: { name: string }) => name);

describe('an app', () => {
  test('is invisible to schools until the portal approved it, and cannot get a token', async () => {
    const { developer, providerId, wissel } = world;
    const { status, body: made } = await developer.post('/api/api/apps', { ...appBody({ name: 'Nieuw' }), provider: providerId });
    expect([status, made.state, made.approved]).toEqual([201, 'submitted', null]);
    const { body } = await wissel.principal.get(`/api/api/schools/${wissel.id}/apps`);
    expect(body.apps.map(({ name }: { name: string }) => name)).toEqual(['Weekoverzicht']);
    expect((await grant([classesScope], wissel, made.id)).status).toBe(404);
    const { body: secret } = await developer.post(`/api/api/apps/${made.id}/secrets`, {});
    const { status: refused, body: why } = await askToken(world, { client_id: made.id, client_secret: secret.secret });
    expect([refused, why]).toEqual([401, { error: 'invalid_client', error_description: 'the portal has not approved the app' }]);
    expect((await developer.delete(`/api/api/apps/${made.id}`)).status).toBe(204);
  });

  test('belongs to its provider: others do not find it, and cannot register one for it', async () => {
    const { stranger, providerId, wissel } = world;
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', appBody()],
      ['DELETE', '', undefined],
      ['POST', '/secrets', {}],
      ['POST', '/end-tokens', undefined],
      ['POST', '/endpoints', { url: 'https://example.org/hook', types: ['myway.step-done'] }],
      ['GET', '/deliveries', undefined],
    ] as const) {
      const { status } = await stranger.request(method, `/api/api/apps/${app.id}${path}`, { body });
      expect([method, path, status]).toEqual([method, path, 404]);
    }
    expect((await stranger.get('/api/api/apps')).body.apps).toEqual([]);
    expect((await stranger.post('/api/api/apps', { ...appBody(), provider: providerId })).status).toBe(404);
    expect((await stranger.post(`/api/api/apps/${app.id}/approve`, appBody())).status).toBe(403);
    expect((await wissel.principal.get(`/api/api/apps/${app.id}`)).status).toBe(403);
  });

  test('that is changed keeps what was approved until the portal approves the change as it was read', async () => {
    const { developer, administrator } = world;
    const changed = appBody({ scopes: [classesScope, membersScope, progressScope, 'library.activities:read'].sort() });
    expect((await developer.put(`/api/api/apps/${app.id}`, changed)).body).toMatchObject({ pending: true, state: 'approved' });
    expect((await grant(['library.activities:read'])).body.type).toBe('/problems/api/scope-not-approved');
    expect((await administrator.post(`/api/api/apps/${app.id}/approve`, appBody())).status).toBe(409);
    expect((await administrator.get('/api/api/approvals')).body.apps.map(({ id }: { id: string }) => id)).toEqual([app.id]);
    await administrator.post(`/api/api/apps/${app.id}/approve`, changed);
    await developer.put(`/api/api/apps/${app.id}`, appBody());
    expect((await administrator.post(`/api/api/apps/${app.id}/refuse`, { reason: 'Te vaag' })).body).toMatchObject({
      state: 'approved',
      pending: false,
      reason: 'Te vaag',
    });
    expect((await developer.put(`/api/api/apps/${app.id}`, appBody({ scopes: ['nothing.here'] }))).body.type).toBe(
      '/problems/api/unknown-scope',
    );
  });
});

describe('a grant', () => {
  test('is given and taken by the principal of that school only', async () => {
    const { wissel, brug, developer } = world;
    const address = `/api/api/schools/${wissel.id}/apps`;
    expect((await wissel.coordinator.put(`${address}/${app.id}`, { scopes: [classesScope] })).status).toBe(403);
    expect((await wissel.coordinator.get(address)).status).toBe(200);
    expect((await brug.principal.get(address)).status).toBe(404);
    expect((await brug.principal.put(`${address}/${app.id}`, { scopes: [classesScope] })).status).toBe(404);
    expect((await brug.principal.delete(`${address}/${app.id}`)).status).toBe(404);
    expect((await brug.principal.get(`${address}/${app.id}/usage`)).status).toBe(404);
    expect((await grant([progressScope, 'x.y:z'])).body.detail).toBe('The portal did not approve x.y:z for this app.');
    const { body } = await developer.get(`/api/api/apps/${app.id}`);
    expect(body.grants).toMatchObject([{ school: { name: 'De Wissel' }, scopes: [classesScope, membersScope] }]);
  });

  test('ends for scopes that the portal does not approve any more, and does not come back with them', async () => {
    const { developer, administrator, wissel } = world;
    const { id } = await approvedApp(world, { name: 'Smaller', scopes: [classesScope, membersScope] });
    await grant([classesScope, membersScope], wissel, id);
    const { id: other } = await approvedApp(world, { name: 'Other', scopes: [membersScope] });
    await grant([membersScope], wissel, other);
    const approveAs = async (app: string, name: string, scopes: string[]) => {
      const body = appBody({ name, scopes });
      await developer.put(`/api/api/apps/${app}`, body);
      expect((await administrator.post(`/api/api/apps/${app}/approve`, body)).status).toBe(200);
      return (await developer.get(`/api/api/apps/${app}`)).body.grants.map(
        ({ scopes: granted }: { scopes: string[] }) => granted,
      );
    };
    expect(await approveAs(id, 'Smaller', [classesScope])).toEqual([[classesScope]]);
    expect(await approveAs(id, 'Smaller', [classesScope, membersScope])).toEqual([[classesScope]]);
    expect(await approveAs(other, 'Other', [classesScope])).toEqual([]);
    for (const each of [id, other]) await developer.delete(`/api/api/apps/${each}`);
  });

  test('lets a token read its school, and no other', async () => {
    const client = await tokenOf(world, app, { scope: classesScope });
    expect(await namesOf(client)).toEqual(['De Wissel 3A']);
    const members = await tokenOf(world, app, { scope: membersScope });
    expect((await members.get(`/api/directory/classes/${world.wissel.classId}`)).body.pupils).toHaveLength(1);
    expect((await members.get(`/api/directory/classes/${world.brug.classId}`)).status).toBe(404);
  });

  test('of two schools reaches both, or the one that the token names', async () => {
    await grant([classesScope], world.brug);
    expect(await namesOf(await tokenOf(world, app, { scope: classesScope }))).toEqual(['De Brug 3A', 'De Wissel 3A']);
    expect(await namesOf(await tokenOf(world, app, { scope: classesScope, school: world.brug.number }))).toEqual(['De Brug 3A']);
    // Only schools that granted all scopes of the token.
    const both = await tokenOf(world, app, { scope: `${classesScope} ${membersScope}` });
    expect(await namesOf(both)).toEqual(['De Wissel 3A']);
  });

  test('that is taken back ends tokens that were issued, at once and on another process', async () => {
    const { portal, brug } = world;
    const second = await createTestPlatform({ plugins, beside: portal });
    try {
      const { body } = await askToken(world, {
        client_id: app.id,
        client_secret: app.secret,
        scope: classesScope,
        school: brug.number,
      });
      const there = second.client().setHeader('authorization', `Bearer ${body['access_token']}`);
      expect(await namesOf(there)).toEqual(['De Brug 3A']);
      const started = performance.now();
      expect((await brug.principal.delete(`/api/api/schools/${brug.id}/apps/${app.id}`)).status).toBe(204);
      const { status, body: problem } = await there.get('/api/directory/classes');
      expect(performance.now() - started).toBeLessThan(1_000);
      expect([status, problem.type, problem.scope]).toEqual([403, '/problems/api/no-grant', classesScope]);
    } finally {
      await second.stop();
    }
  });
});

describe('the token endpoint', () => {
  test.each([
    ['a wrong secret', { client_secret: 'ils_wrong' }, 401, 'invalid_client'],
    ['an unknown client', { client_id: '00000000-0000-4000-8000-000000000099' }, 401, 'invalid_client'],
    ['a client that is no id', { client_id: "' or true --" }, 401, 'invalid_client'],
    ['no secret', { client_secret: '' }, 401, 'invalid_client'],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['a scope that was not approved', { scope: 'library.curriculum:read' }, 400, 'invalid_scope'],
    ['a scope that no school granted', { scope: progressScope }, 400, 'invalid_scope'],
    ['a school that granted nothing', { scope: classesScope, school: '999999' }, 400, 'invalid_scope'],
    ['two ways', { client_assertion: 'x.y.z' }, 400, 'invalid_request'],
  ])('refuses %s', async (_, values, status, error) => {
    const answer = await askToken(world, { client_id: app.id, client_secret: app.secret, ...values } as Record<string, string>);
    expect([answer.status, answer.body['error']]).toEqual([status, error]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('names the scope and the school that are missing', async () => {
    const values = { client_id: app.id, client_secret: app.secret, scope: membersScope, school: world.brug.number };
    expect((await askToken(world, values)).body['error_description']).toBe(
      `the school ${world.brug.number} has not switched on ${membersScope} for this app`,
    );
  });

  test('takes the secret in the header', async () => {
    const basic = `Basic ${Buffer.from(`${app.id}:${app.secret}`).toString('base64')}`;
    expect((await askToken(world, { scope: classesScope }, { authorization: basic })).status).toBe(200);
  });

  test('keeps two secrets alive while one replaces the other', async () => {
    const { developer } = world;
    const { body } = await developer.post(`/api/api/apps/${app.id}/secrets`, {});
    expect((await developer.post(`/api/api/apps/${app.id}/secrets`, {})).status).toBe(409);
    for (const secret of [app.secret, body.secret]) {
      expect((await askToken(world, { client_id: app.id, client_secret: secret, scope: classesScope })).status).toBe(200);
    }
    const client = await tokenOf(world, { id: app.id, secret: body.secret }, { scope: classesScope });
    const { body: shown } = await developer.get(`/api/api/apps/${app.id}`);
    expect(JSON.stringify(shown)).not.toContain(body.secret);
    const old = shown.secrets.find(({ hint }: { hint: string }) => app.secret.endsWith(hint));
    await developer.delete(`/api/api/apps/${app.id}/secrets/${old.id}`);
    expect((await askToken(world, { client_id: app.id, client_secret: app.secret, scope: classesScope })).status).toBe(401);
    expect((await client.get('/api/directory/classes')).status).toBe(401);
    app = { id: app.id, secret: body.secret };
  });

  test('issues no token for a secret that is being removed', async () => {
    const { developer, portal } = world;
    const { body } = await developer.post(`/api/api/apps/${app.id}/secrets`, {});
    const { secrets } = (await developer.get(`/api/api/apps/${app.id}`)).body;
    const { id } = secrets.find(({ hint }: { hint: string }) => body.secret.endsWith(hint));
    let removed: Promise<unknown> = Promise.resolve();
    await new Promise<void>((begun) => {
      removed = portal.work('api', async ({ credentials }) => {
        await credentials.removeSecret(app.id, id);
        begun();
        await new Promise((later) => setTimeout(later, 300));
      });
    });
    const { status } = await askToken(world, { client_id: app.id, client_secret: body.secret, scope: classesScope });
    expect(status).toBe(401);
    await removed;
  });

  test('stores neither secrets nor tokens', async () => {
    const { body } = await askToken(world, { client_id: app.id, client_secret: app.secret, scope: classesScope });
    const { token } = { token: body['access_token'] as string };
    const rows = await world.portal.work('api', async ({ knex }) => [
      ...(await knex('app_secrets')),
      ...(await knex('access_tokens')),
    ]);
    const stored = JSON.stringify(rows, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
    for (const secret of [token, app.secret]) expect(stored).not.toContain(secret.slice(4, 30));
    expect(world.portal.log.join('')).not.toContain(app.secret);
  });

  test('ends a token that the app gives back', async () => {
    const { body } = await askToken(world, { client_id: app.id, client_secret: app.secret, scope: classesScope });
    const client = world.portal.client().setHeader('authorization', `Bearer ${body['access_token']}`);
    expect((await client.get('/api/directory/classes')).status).toBe(200);
    const response = await fetch(`${world.portal.url}/api/api/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: app.id, client_secret: app.secret, token: body['access_token'] as string }),
    });
    expect(response.status).toBe(200);
    expect((await client.get('/api/directory/classes')).status).toBe(401);
  });
});

describe('private_key_jwt', () => {
  let key: CryptoKey;
  const sign = (claims: JWTPayload = {}, kid = 'first', by = key) =>
    new SignJWT({ jti: crypto.randomUUID(), iss: app.id, sub: app.id, aud: world.portal.url, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(by);
  const ask = (assertion: string) =>
    askToken(world, {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: classesScope,
    });

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    key = pair.privateKey;
    const { developer } = world;
    const add = (jwk: object) => developer.post(`/api/api/apps/${app.id}/keys`, { jwk });
    expect((await add({ ...(await exportJWK(pair.privateKey)), kid: 'first' })).body.detail).toContain('private key');
    expect((await add({ kty: 'oct', k: 'AAAA' })).status).toBe(400);
    expect((await add({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' })).status).toBe(422);
    const weak = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
      true,
      ['sign', 'verify'],
    );
    expect((await add(await exportJWK(weak.publicKey))).status).toBe(422);
    expect((await add({ ...(await exportJWK(pair.publicKey)), kid: 'first' })).status).toBe(201);
  });

  test('is accepted once', async () => {
    const assertion = await sign();
    expect((await ask(assertion)).status).toBe(200);
    expect((await ask(assertion)).body['error_description']).toBe('an assertion with this jti was used before');
  });

  test.each<[string, JWTPayload, string]>([
    ['the token endpoint as audience', { aud: 'https://elsewhere.example/token' }, 'aud must be'],
    ['a list of audiences', { aud: ['PORTAL'] }, 'aud must be the text'],
    ['another subject', { sub: 'someone' }, 'sub is missing or wrong'],
    ['no jti', { jti: '' }, 'jti must be a text'],
  ])('is refused with %s', async (_, claims, why) => {
    const real = JSON.parse(JSON.stringify(claims).replace('PORTAL', world.portal.url));
    const { status, body } = await ask(await sign(real));
    expect([status, body['error']]).toEqual([401, 'invalid_client']);
    expect(body['error_description']).toContain(why);
  });

  test('is refused if another key signed it, and after its key was removed', async () => {
    const other = await generateKeyPair('ES256');
    expect((await ask(await sign({}, 'first', other.privateKey))).body['error_description']).toContain('signature');
    expect((await ask(await sign({}, 'second'))).body['error_description']).toContain('no key with this kid');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign()).split('.')[1]}.`;
    expect((await ask(none)).status).toBe(401);
    const { body } = await world.developer.get(`/api/api/apps/${app.id}`);
    await world.developer.delete(`/api/api/apps/${app.id}/keys/${body.keys[0].id}`);
    expect((await ask(await sign())).body['error_description']).toBe('the app has no public key');
  });
});

describe('trying an app out', () => {
  test('is done in the school in which nobody is real, without a principal, and nowhere else', async () => {
    const { wissel } = world;
    const tried = await approvedApp(world);
    const ask = (by = world.developer, id = tried.id) => by.post(`/api/api/apps/${id}/sandbox`, {});
    expect(await ask()).toMatchObject({ status: 409, body: { type: expect.stringContaining('no-sandbox') } });
    const real = await school(world.portal, { name: 'Een school van mensen', instellingsnummer: '000000' });
    await schoolClass(world.portal, real, { name: 'Echte klas' });
    expect((await ask()).status, 'a number proves nothing').toBe(409);
    const sandbox = await school(world.portal, { name: 'Oefenschool' });
    await world.portal.work('joining', ({ demoAccounts }) => demoAccounts.setSandbox(sandbox.id));
    const klas = await schoolClass(world.portal, sandbox, { name: 'Oefenklas' });
    expect((await ask(world.stranger)).status, 'another provider').toBe(404);
    expect((await ask(wissel.principal)).status).toBe(403);
    const { status, body } = await ask();
    expect({ status, body }).toMatchObject({ status: 201, body: { school: 'Oefenschool', expiresIn: expect.any(Number) } });
    const client = world.portal.client().setHeader('authorization', `Bearer ${body.token}`);
    const { body: found } = await client.get('/api/directory/classes');
    expect(found.classes.map((each: { id: string }) => each.id)).toEqual([klas.id]);
    expect((await client.get(`/api/directory/classes/${wissel.classId}`)).status).toBe(404);
    const live = { client_id: tried.id, client_secret: tried.secret, scope: classesScope };
    expect((await askToken(world, live)).body['error_description'], 'nothing for the live app').toContain(
      'no school has switched on',
    );
    expect((await askToken(world, { ...live, school: sandbox.instellingsnummer })).status).toBe(400);
    await wissel.principal.put(`/api/api/schools/${wissel.id}/apps/${tried.id}`, { scopes: [classesScope] });
    const { body: classes } = await (await tokenOf(world, tried, { scope: classesScope })).get('/api/directory/classes');
    expect(classes.classes.map((each: { id: string }) => each.id)).toEqual([wissel.classId]);
    expect((await wissel.principal.delete(`/api/api/schools/${wissel.id}/apps/${tried.id}`)).status).toBe(204);
    expect((await client.get('/api/directory/classes')).status, 'the token is a grant of its own').toBe(200);
    const { body: switchedOn } = await world.developer.get(`/api/api/apps/${tried.id}`);
    expect(JSON.stringify(switchedOn)).not.toContain('Oefenschool');
    const { body: draft } = await world.developer.post('/api/api/apps', { ...appBody(), provider: world.providerId });
    expect(await ask(world.developer, draft.id)).toMatchObject({
      status: 409,
      body: { type: expect.stringContaining('not-approved') },
    });
    await world.administrator.post(`/api/api/apps/${tried.id}/suspend`, { reason: 'Te veel vragen.' });
    expect((await ask()).status).toBe(409);
    expect((await client.get('/api/directory/classes')).status).toBe(401);
  });
});

describe('what an app did', () => {
  test('is shown to the school: which routes, how often', async () => {
    const { wissel, brug, portal } = world;
    const client = await tokenOf(world, app, { scope: membersScope });
    for (const id of [wissel.classId, wissel.classId, brug.classId]) await client.get(`/api/directory/classes/${id}`);
    await client.get('/api/directory/classes');
    const routeOf = (routes: { route: string }[], route: string) => routes.find((each) => each.route === route);
    await expect
      .poll(async () => {
        const { body } = await wissel.coordinator.get(`/api/api/schools/${wissel.id}/apps/${app.id}/usage`);
        return [
          routeOf(body.routes, 'GET /api/directory/classes/:id'),
          (routeOf(body.routes, 'GET /api/directory/classes') as { refused?: number } | undefined)?.refused,
        ];
      })
      .toMatchObject([{ answered: 3, refused: 2 }, 1]);
    expect((await brug.coordinator.get(`/api/api/schools/${brug.id}/apps/${app.id}/usage`)).body.routes).toMatchObject([
      { route: 'GET /api/directory/classes' },
    ]);
    expect(portal.log.join('')).not.toContain('are lost');
  });

  test('ends when the portal suspends it, and no school can switch it on', async () => {
    const { administrator, wissel } = world;
    const client = await tokenOf(world, app, { scope: classesScope });
    await administrator.post(`/api/api/apps/${app.id}/suspend`, { reason: 'Lekte gegevens' });
    expect((await client.get('/api/directory/classes')).status).toBe(401);
    expect((await grant([classesScope])).status).toBe(404);
    const { body } = await askToken(world, { client_id: app.id, client_secret: app.secret });
    expect(body['error_description']).toContain('suspended');
    const { body: shown } = await wissel.principal.get(`/api/api/schools/${wissel.id}/apps`);
    expect(shown.apps).toMatchObject([{ name: 'Weekoverzicht', active: false, granted: [classesScope, membersScope] }]);
  });
});

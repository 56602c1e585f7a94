import lti from '@ilearn/plugin-lti';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { withParameters } from '../src/launches/addresses.js';
import { ask, claim, initiate, launched } from './support/flow.js';
import { authenticate, call, scopes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

/* Launches and tokens as tools of others ask for them. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const launchRow = async (initiation: URLSearchParams) =>
  (await world.rows('launches', { login_hint: initiation.get('login_hint') }))[0];

describe('queries of registered addresses', () => {
  const parameters = { iss: 'https://portal.example', login_hint: 'a b+c', client_id: 'words' };

  test('LTI F2: a query is kept byte for byte, whatever it contains', () => {
    const character = fc.constantFrom(...'azAZ09-._~!$\'()*+,;:@/?[]{}|^`"<>\\%=&'.split(''));
    const raw = fc.oneof(
      fc.string({ unit: character, maxLength: 40 }),
      fc.constantFrom('tenant=a%20b', 'a=x%2Fy:z', 'x=~', 'tenant', 'tenant=', '%7e=%7E', 'a=1&a=2', 'a=%zz', '%'),
    );
    fc.assert(
      fc.property(raw, (query) => {
        const address = withParameters(`https://tool.example/connect?${query}`, parameters);
        const start = `https://tool.example/connect?${query}${query === '' ? '' : '&'}`;
        expect(address.startsWith(start)).toBe(true);
        expect(Object.fromEntries(new URLSearchParams(address.slice(start.length)))).toEqual(parameters);
      }),
      { numRuns: 300 },
    );
  });

  test('LTI F2: characters that a Location header cannot contain are percent-encoded; a parameter of the same name is replaced', () => {
    expect(withParameters('https://tool.example/é?naam=Zoë', { iss: 'p' })).toBe(
      'https://tool.example/%C3%A9?naam=Zo%C3%AB&iss=p',
    );
    expect(withParameters('https://tool.example/?iss=evil&x=%7e&%69ss=evil', { iss: 'p' })).toBe(
      'https://tool.example/?x=%7e&iss=p',
    );
    expect(withParameters('https://tool.example/', { iss: 'p' })).toBe('https://tool.example/?iss=p');
  });

  it.each([
    '?tenant=a%20b',
    '?a=x%2Fy:z',
    '?x=~',
    '?tenant',
    '/deep;v=1?a=(b)',
  ])('LTI F2: a tool that derives its redirect URI from the address of its login (%s) gets its token', async (ending) => {
    const key = `derives-${Buffer.from(ending).toString('hex')}`;
    const url = `https://tool.example/connect${ending}`;
    const tool = await world.addTool(key, { loginUrl: url, redirectUris: [url] });
    const opened = await world.pupil.client.get(
      await world.launch(world.pupil.client, world.request({ registration: key, resourceLinkId: key })),
    );
    const location = opened.headers.get('location') as string;
    const mark = ending.includes('?') ? '&' : '?';
    const derived = location.slice(0, location.indexOf(`${mark}iss=`));
    expect(derived).toBe(url);
    const post = await ask(world, new URL(location).searchParams, { redirect_uri: derived }, tool);
    expect(post.fields).toHaveProperty('id_token');
    expect(post.action).toBe(url);
  });
});

describe('HEAD', () => {
  test('LTI F5: a HEAD request does not change the launch', async () => {
    const initiation = await initiate(world);
    const before = await launchRow(initiation);
    const query = new URLSearchParams(world.tool.authentication(initiation));
    for (let time = 0; time < 2; time += 1) {
      const answer = await call(`${world.platform.url}/api/lti/auth?${query}`, { method: 'HEAD' });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
    }
    expect(await launchRow(initiation)).toEqual(before);
    expect((await ask(world, initiation)).fields).toHaveProperty('id_token');
  });

  test('LTI F5: no GET route that changes something answers HEAD; the others do', async () => {
    const changing = (lti.routes ?? []).filter(({ changes }) => changes !== undefined);
    expect(changing.map(({ path }) => path).sort()).toEqual([
      '/auth',
      '/launches/:id',
      '/launches/:id/again',
      '/launches/:id/return',
    ]);
    const id = crypto.randomUUID();
    for (const { path } of changing) {
      expect((await call(`${world.platform.url}/api/lti${path.replace(':id', id)}`, { method: 'HEAD' })).status).toBe(405);
    }
    for (const path of ['/jwks', '/openid-configuration']) {
      expect((await call(`${world.platform.url}/api/lti${path}`, { method: 'HEAD' })).status).toBe(200);
    }
  });
});

describe('state', () => {
  test('LTI F9: is returned unchanged, with an id_token or an error, whatever its length', async () => {
    const states = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.integer({ min: 1, max: 12_000 }).map((length) => 's'.repeat(length)),
    );
    await fc.assert(
      fc.asyncProperty(states, fc.boolean(), fc.boolean(), async (text, wrong, post) => {
        const state = text.replace(/\p{C}/gu, '');
        const request = world.tool.authentication(await initiate(world), { state, ...(wrong ? { prompt: 'login' } : {}) });
        const method = post || encodeURIComponent(state).length > 12_000 ? 'POST' : 'GET';
        const { fields } = await authenticate(world.platform.url, request, { method });
        expect(fields.state).toBe(state);
        expect(Object.keys(fields)).toContain(wrong ? 'error' : 'id_token');
      }),
      {
        numRuns: 20,
        examples: [
          ['s'.repeat(2049), false, false],
          ['s'.repeat(4096), false, true],
          ['s'.repeat(4096), true, false],
        ],
      },
    );
  });

  test('LTI F9: with control characters is refused, and returned unless a form would change it', async () => {
    const refusedWith = async (state: string) =>
      (await ask(world, await initiate(world), { state })).fields as { error?: string; state?: string };
    expect(await refusedWith('a\u0001b')).toMatchObject({ error: 'invalid_request', state: 'a\u0001b' });
    expect(await refusedWith('a\tb')).toMatchObject({ error: 'invalid_request', state: 'a\tb' });
    expect(await refusedWith('a\r\nb')).not.toHaveProperty('state');
    const nonce = await ask(world, await initiate(world), { nonce: 'n'.repeat(2049), state: 's' });
    expect(nonce.fields).toMatchObject({ error: 'invalid_request', state: 's' });
  });
});

describe('the return from a tool', () => {
  const returnUrl = async (client = world.pupil.client, request = world.request()) =>
    (await launched(world, { client, request }))[claim('launch_presentation')] as { return_url: string };
  const back = (url: string, query: Record<string, string>, client = world.pupil.client) =>
    client.get(`${url}?${new URLSearchParams(query)}`);

  test('LTI F14: messages for the person are shown on the page of the launch, those for the log are stored in its record', async () => {
    const request = world.request({ returnPath: '/mijn-paden/1?terug=step-1' });
    const { return_url: url } = await returnUrl(world.pupil.client, request);
    const answer = await back(url, {
      lti_errormsg: ' De oefening\n is stuk ',
      lti_errorlog: 'E42: no such exercise',
      lti_log: 'opened',
    });
    const id = url.split('/').at(-2);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(
      `${world.platform.url}/mijn-paden/1?terug=step-1&lti_errormsg=De+oefening+is+stuk&lti_launch=${id}`,
    );
    expect((await world.rows('launches', { id }))[0].tool_log).toBe('E42: no such exercise\nopened');
    expect(world.platform.log.join('')).not.toContain('E42');
    // A return without messages does not change the record.
    expect((await back(url, {})).headers.get('location')).toBe(`${world.platform.url}/mijn-paden/1?terug=step-1`);
    expect((await world.rows('launches', { id }))[0].tool_log).toContain('E42');
  });

  test('LTI F14: works without a session; somebody else sees no messages and leaves none', async () => {
    const { return_url: url } = await returnUrl();
    const id = url.split('/').at(-2);
    const other = await world.person('pupil', world.school);
    const path = `${world.platform.url}/mijn-paden/1`;
    expect((await back(url, { lti_errormsg: 'x', lti_log: 'y' }, other.client)).headers.get('location')).toBe(path);
    expect((await world.rows('launches', { id }))[0].tool_log).toBeNull();
    const signedOut = await call(`${url}?lti_msg=Tot+ziens&lti_msg=twice&lti_log=${'l'.repeat(5000)}`);
    expect([signedOut.status, signedOut.headers.get('location')]).toEqual([302, path]);
    expect((await world.rows('launches', { id }))[0].tool_log).toHaveLength(2000);
    const long = await back(url, { lti_msg: '😀'.repeat(400) });
    expect(new URL(long.headers.get('location') as string).searchParams.get('lti_msg')).toBe('😀'.repeat(300));
  });

  test('LTI F14: of an unknown or unconsumed launch leads to the portal without a message', async () => {
    const waiting = await launchRow(await initiate(world));
    for (const id of [crypto.randomUUID(), 'abc', waiting.id]) {
      const answer = await call(`${world.platform.url}/api/lti/launches/${id}/return?lti_errormsg=x&lti_log=y`);
      expect(answer.headers.get('location')).toBe(`${world.platform.url}/`);
    }
    expect((await world.rows('launches', { id: waiting.id }))[0].tool_log).toBeNull();
  });
});

describe('claims', () => {
  test('extra of §2: no text in an id_token has surrounding white space, or repeated white space or line breaks inside', async () => {
    const request = world.request({
      title: '  Tafel \n van 7 ',
      context: { id: 'path-1', title: '\tRekenen  3A' },
      custom: { level: '  x  ', note: 'a\nb', ' spaced  name ': ' y', empty: '   ', who: ' $User.id ' },
    });
    const claims = await launched(world, { request });
    const texts: string[] = [];
    JSON.stringify(claims, (_, value) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
    for (const text of texts) expect(text).toBe(text.replace(/\s+/g, ' ').trim());
    expect(claims[claim('custom')]).toEqual({ level: 'x', note: 'a b', 'spaced name': 'y', empty: '', who: claims.sub });
  });
});

describe('redirect URIs', () => {
  const register = async (redirectUris: string[], key: string) => {
    const admin = await world.person('portal-administrator', null);
    const { release: _, ...registration } = world.tool.registration;
    return admin.client.post('/api/lti/registrations', { ...registration, key, clientId: key, redirectUris });
  };
  const activities = (count: number) => Array.from({ length: count }, (_, index) => `https://tool.example/activity/${index}`);

  test('Cvmcosta/ltijs#102: a tool with an address for each activity is registered, and launched at the last one', async () => {
    expect((await register(activities(21), 'twenty-one')).status).toBe(201);
    const tool = await world.addTool('many', { redirectUris: activities(1000) });
    const initiation = await initiate(world, world.request({ registration: 'many', resourceLinkId: 'many' }));
    const post = await ask(world, initiation, { redirect_uri: 'https://tool.example/activity/999' }, tool);
    expect(post.fields).toHaveProperty('id_token');
    const refused = await register(activities(1001), 'too-many');
    expect([refused.status, refused.body.errors[0].message]).toEqual([400, expect.stringContaining('at most 1000 addresses')]);
  });

  it.each([
    'https://tool.example/a b',
    'https://tool.example/a\u00a0b',
    'https://tool.example/\u0085',
  ])('an address with white space (%j) is refused, because no tool could send it so', async (address) => {
    const refused = await register([address], 'blank');
    expect([refused.status, refused.body.errors[0]]).toMatchObject([400, { pointer: '/redirectUris/0' }]);
  });
});

describe('token requests', () => {
  const ask_ = (changes: Record<string, string>) => world.tool.requestToken(scopes.score, undefined, changes);

  test('LTI F10: client_id must be the client of the assertion, if it is present', async () => {
    await world.addTool('someone-else');
    for (const client_id of ['someone-else', 'client-of-someone-else', 'CLIENT-OF-TOOL-A', ' client-of-tool-a']) {
      const { status, body } = await ask_({ client_id });
      expect([status, body.error, body.error_description]).toEqual([
        401,
        'invalid_client',
        expect.stringMatching(/^client-mismatch: /),
      ]);
    }
    for (const client_id of ['client-of-tool-a', '']) expect((await ask_({ client_id })).status).toBe(200);
  });

  test('LTI F12: any repeated field is invalid_request', async () => {
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await world.tool.assertion(),
      scope: scopes.score,
      client_id: 'client-of-tool-a',
      other: 'x',
    };
    for (const [name, value] of Object.entries(form)) {
      for (const again of [value, '', 'y']) {
        const body = new URLSearchParams(form);
        body.append(name, again);
        const answer = await call(`${world.platform.url}/api/lti/token`, { method: 'POST', body });
        expect([name, answer.status, answer.body]).toEqual([
          name,
          400,
          { error: 'invalid_request', error_description: 'a parameter is repeated' },
        ]);
      }
    }
    expect((await world.tool.requestToken(scopes.score, form.client_assertion)).status).toBe(200);
  });

  test('LTI F12: a repeated field of a posted authentication request gets the error page with its code', async () => {
    const body = new URLSearchParams(world.tool.authentication(await initiate(world)));
    body.append('nonce', 'again');
    const answer = await call(`${world.platform.url}/api/lti/auth`, { method: 'POST', body });
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('parameter-repeated')]);
  });

  test('instructure/canvas-lms#1925: aud may end with a slash; another address is not accepted', async () => {
    const { url } = world.platform;
    const answer = async (aud: unknown) =>
      (await world.tool.requestToken(scopes.score, await world.tool.assertion({ claims: { aud } }))).status;
    for (const aud of [`${url}/api/lti/token`, `${url}/api/lti/token/`, url, `${url}/`, ['x', `${url}/api/lti/token/`]]) {
      expect(await answer(aud)).toBe(200);
    }
    for (const aud of [`${url}/api/lti/token//`, `${url}/api/lti`, `${url}.evil.example/`, []])
      expect(await answer(aud)).toBe(401);
  });
});

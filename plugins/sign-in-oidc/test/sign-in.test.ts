import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginDefinition } from '@ilearn/core';
import type { TestClient } from '@ilearn/core/testing';
import { pupil, school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import google from '@ilearn/plugin-sign-in-google';
import leerid from '@ilearn/plugin-sign-in-leerid';
import microsoft from '@ilearn/plugin-sign-in-microsoft';
import { checkProvider } from '@ilearn/plugin-sign-in-oidc/provider';
import smartschool from '@ilearn/plugin-sign-in-smartschool';
import { createJiti } from 'jiti';
import * as jose from 'jose';
import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { exportOf } from '../../../core/test/support/exports.js';
import { follow, type Journey, pathOf, travel, visitProvider } from './support/browser.js';
import { microsoftOrigin, password, type SignInPortal, startSignIn } from './support/portal.js';

/** Tenants of Microsoft: of the school, of another school, and of private accounts. */
const tenant = '11111111-2222-4333-8444-555555555555';
const otherTenant = '66666666-2222-4333-8444-555555555555';
const consumers = '9188040d-6c67-4c5b-b112-36a304b66dad';
type Key = 'koepel' | 'google' | 'microsoft' | 'leerid' | 'smartschool';

let portal: SignInPortal;
let wissel: { id: string };
let linde: { id: string };
let an: { id: string };

const realms: Record<Key, string> = {
  koepel: '',
  google: 'wissel.example',
  microsoft: tenant,
  leerid: '',
  smartschool: 'wissel',
};

beforeAll(async () => {
  portal = await startSignIn();
  wissel = await school(portal, { name: 'De Wissel', instellingsnummer: '023456' });
  linde = await school(portal, { name: 'De Linde', instellingsnummer: '654321' });
  an = await teacher(portal, wissel as never);
  for (const [key, realm] of Object.entries(realms)) await uses(wissel, key, realm);
});
afterAll(() => portal?.stop());
beforeEach(() => {
  for (const provider of Object.values(portal.providers)) {
    provider.alter = () => {};
    provider.down = null;
  }
});

const uses = (where: { id: string }, key: string, realm: string, byRoster = true) =>
  portal.work('sign-in-oidc', ({ schoolProviders }) => schoolProviders.set(where.id, key, { realm, byRoster }));
const keysOf = (where: { id: string }, provider: string, ...keys: [person: string, key: string][]) =>
  portal.work('sign-in-oidc', ({ rosterKeys }) =>
    rosterKeys.replace(
      where.id,
      provider,
      keys.map(([person, key]) => ({ person, key })),
    ),
  );
const told = async (person: { id: string }): Promise<string[]> =>
  (await (await portal.signIn(person.id)).get('/api/notifications/inbox')).body.items.map(({ text }: { text: string }) => text);
const inKernel = (sql: string, values: unknown[] = []) => portal.platform.runner.run({}, ({ unit }) => unit.kernel(sql, values));
const whoIs = async (client: TestClient) => (await client.get('/api/kernel/session')).body.session?.personId ?? null;
const reasonOf = ({ to }: Journey) =>
  to.pathname === '/aanmelden/niet-gelukt' ? to.searchParams.get('reden') : `signed in: ${to.pathname}`;
const identities = (): Promise<{ person_id: string; provider: string; subject: string }[]> =>
  portal.work('sign-in-oidc', ({ knex }) => knex('identities').select('person_id', 'provider', 'subject'));
const waiting = (where: { id: string }): Promise<{ id: string; provider: string; name: string | null }[]> =>
  portal.work('sign-in-oidc', ({ knex }) => knex('waiting').where({ school_id: where.id }));
const restore = () =>
  portal.work('sign-in-oidc', async ({ knex }) => {
    for (const table of ['identities', 'waiting', 'roster_keys']) await knex(table).delete();
  });

/** Whoever signs in next at a provider, with the claims that it gives its accounts. */
function account(key: Exclude<Key, 'smartschool'>, sub: string, more: Record<string, unknown> = {}): void {
  const own: Record<typeof key, Record<string, unknown>> = {
    koepel: {},
    google: { hd: 'wissel.example' },
    microsoft: { tid: tenant, oid: sub, iss: `${microsoftOrigin}/${more.tid ?? tenant}/v2.0` },
    leerid: { vo_orgcode: '023456' },
  };
  portal.providers[key].claims = { sub, name: 'Somebody', email: 'lien@wissel.example', ...own[key], ...more };
}
const smartschoolAccount = (userID: string, more: Record<string, unknown> = {}) => {
  portal.smartschool.userInfo = {
    userID,
    platform: 'wissel.smartschool.be',
    name: 'Lien',
    surname: 'Peeters',
    isCoAccount: 0,
    nrCoAccount: 0,
    ...more,
  };
};

/** Signs in with a new browser. */
async function arrive(key: Key, query = ''): Promise<Journey & { client: TestClient; person: string | null }> {
  const client = portal.client();
  const journey = await travel(client, key, query);
  return { ...journey, client, person: await whoIs(client) };
}

describe('ilearn provider check', () => {
  const providerOf = (key: Key) =>
    portal.work('sign-in-oidc', async ({ signInProviders }) => ({
      provider: signInProviders.get(key),
      redirectUri: signInProviders.redirectUri(key),
    }));

  test.each<Key>(['koepel', 'google', 'microsoft', 'leerid', 'smartschool'])('%s passes every check', async (key) => {
    const { provider, redirectUri } = await providerOf(key);
    const checks = await checkProvider(provider, { http: provider.http(), redirectUri, now: new Date() });
    expect(checks.filter(({ fault }) => fault !== null)).toEqual([]);
    expect(checks).toHaveLength(12);
  });

  test('finds what a careless provider does', async () => {
    const careless = {
      responseMode: 'query' as const,
      start: async ({ verifier }: { verifier: string }) => new URL(`http://id.example/?code_verifier=${verifier}&state=always`),
      finish: async ({ answer }: { answer: URL }) => {
        if (answer.searchParams.has('error')) throw new TypeError('unexpected');
        return {} as never;
      },
      logout: async () => null,
      notice: async () => ({ issuer: 'x', id: 'x', sid: null, subject: 'anybody' }),
    };
    const http = (await providerOf('koepel')).provider.http();
    const checks = await checkProvider(
      { protocol: careless },
      { http, redirectUri: 'https://here.example/back', now: new Date() },
    );
    expect(checks.filter(({ fault }) => fault === null)).toEqual([]);
    expect(checks.find(({ name }) => name.includes('refusal'))?.fault).toContain('TypeError');
  });

  test('finds that the state is not compared, although the provider refuses the code', async () => {
    const { provider, redirectUri } = await providerOf('smartschool');
    const { protocol } = provider;
    const trusting = {
      ...protocol,
      finish: (input: Parameters<typeof protocol.finish>[0]) =>
        protocol.finish({ ...input, state: input.answer.searchParams.get('state') as string }),
    };
    const checks = await checkProvider({ protocol: trusting }, { http: provider.http(), redirectUri, now: new Date() });
    const faulty = checks.filter(({ fault }) => fault !== null);
    expect(faulty.map(({ name }) => name)).toEqual(['refuses an answer with another state', 'refuses an answer without a state']);
    expect(faulty[0]?.fault).toContain('before it checks');
  });

  test('takes no silence of the provider for a refusal', async () => {
    const { provider, redirectUri } = await providerOf('smartschool');
    const { HttpFailed } = await import('@ilearn/core');
    const silent = async () => {
      throw new HttpFailed('unreachable', 'not reached', 'id.example');
    };
    const http = { ...provider.http(), fetch: silent, json: silent, refusal: () => null };
    const checks = await checkProvider(provider, { http, redirectUri, now: new Date() });
    expect(checks.filter(({ fault }) => fault?.includes('did not answer')).map(({ name }) => name)).toContain(
      'refuses a code that the provider did not give',
    );
  });
});

describe('each of the four, and a generic provider, as they answer', () => {
  const oid = randomUUID();
  test.each<[Key, string]>([
    ['koepel', 'Koepel-1'],
    ['google', '1100220033'],
    ['microsoft', oid],
    ['leerid', 'Leer-1'],
    ['smartschool', 'aBcD+/=='],
  ])('%s: the roster of the school knows the account', async (key, subject) => {
    if (key === 'smartschool') smartschoolAccount(subject);
    else account(key, subject);
    await keysOf(wissel, key, [an.id, subject]);
    const first = await arrive(key, '?terug=/account');
    expect([first.to.pathname, first.person], portal.log.slice(-3).join('')).toEqual(['/account', an.id]);
    // From then on the identity counts, whatever the roster says.
    await keysOf(wissel, key);
    expect((await arrive(key)).person).toBe(an.id);
    expect(await identities()).toContainEqual({ person_id: an.id, provider: key, subject });
  });

  test('the session acts in the school that the provider proved', async () => {
    account('google', '1100220033');
    const { client } = await arrive('google');
    expect((await client.get('/api/sign-in-oidc/own-schools')).body).toMatchObject({ current: wissel.id });
  });

  test('a school with another number is proved by LeerID with either', async () => {
    const es = await school(portal, { name: 'De Es', instellingsnummer: '101010' });
    await uses(es, 'leerid', '');
    await portal.work('directory', ({ schoolNumbers }) =>
      schoolNumbers.change(es.id, { renumber: '202020', add: null, forget: null }),
    );
    for (const vo_orgcode of ['101010', '202020', '303030']) {
      account('leerid', `of ${vo_orgcode}`, { vo_orgcode });
      expect(reasonOf(await arrive('leerid'))).toBe(vo_orgcode === '303030' ? 'school' : 'ask');
    }
    expect(await waiting(es)).toHaveLength(2);
  });

  test('a key of Smartschool in another case is another account', async () => {
    smartschoolAccount('abcd+/==');
    expect(reasonOf(await arrive('smartschool'))).toBe('ask');
  });
});

describe('attacks', () => {
  test('1: an id_token of a tenant that is on no list, although the issuer fits every tenant', async () => {
    account('microsoft', randomUUID(), { tid: otherTenant });
    expect(reasonOf(await arrive('microsoft')), portal.log.slice(-6).join('')).toBe('school');
    account('microsoft', randomUUID(), { tid: consumers });
    expect(reasonOf(await arrive('microsoft'))).toBe('private-account');
    account('microsoft', randomUUID(), { acct: 1 });
    expect(reasonOf(await arrive('microsoft'))).toBe('guest');
    // No number is not the number zero.
    await uses(await school(portal, { name: 'De Nul', instellingsnummer: '000000' }), 'leerid', '');
    account('leerid', 'nobody', { vo_orgcode: [' ', ''] });
    expect(reasonOf(await arrive('leerid'))).toBe('school');
    // The tenant in the issuer must be that of the token.
    account('microsoft', randomUUID(), { iss: `${microsoftOrigin}/${otherTenant}/v2.0` });
    expect(reasonOf(await arrive('microsoft'))).toBe('invalid');
    expect(portal.log.some((line) => line.includes('a sign-in was refused'))).toBe(true);
    const audited = await inKernel("select 1 from kernel.audit_entries where route like '%/callback' limit 1");
    expect(audited.rows).toHaveLength(1);
  });

  test('2: a Google account without hd, or of another domain', async () => {
    account('google', '777', { hd: undefined });
    expect(reasonOf(await arrive('google'))).toBe('private-account');
    account('google', '777', { hd: 'evil.example' });
    expect(reasonOf(await arrive('google'))).toBe('school');
    account('google', '777', { hd: 'wissel.example.evil.example' });
    expect(reasonOf(await arrive('google'))).toBe('school');
  });

  test('3: the same e-mail address with another sub is somebody else', async () => {
    await restore();
    account('google', 'old-owner');
    await keysOf(wissel, 'google', [an.id, 'old-owner']);
    expect((await arrive('google')).person).toBe(an.id);
    // The domain was sold, or the mailbox given to somebody else.
    account('google', 'new-owner', { email_verified: true });
    const journey = await arrive('google');
    expect([reasonOf(journey), journey.person]).toEqual(['ask', null]);
    // Not even if the roster now has the new key: a second account of a person at one issuer is for a person to decide.
    await keysOf(wissel, 'google', [an.id, 'new-owner']);
    expect(reasonOf(await arrive('google'))).toBe('ask');
  });

  test('4: an own account made before does not survive the first proof, and is not joined silently', async () => {
    await restore();
    const eve = await teacher(portal, wissel as never);
    await portal.account(eve.id, 'planted');
    const planted = portal.client();
    expect((await planted.post('/api/login/session', { username: 'planted', password })).status).toBe(200);
    account('google', 'eve');
    // By its e-mail address alone the account is nobody's.
    expect(reasonOf(await arrive('google'))).toBe('ask');
    expect(await whoIs(planted)).toBe(eve.id);
    expect(await waiting(wissel)).toHaveLength(1);
    await keysOf(wissel, 'google', [eve.id, 'eve']);
    expect((await arrive('google')).person).toBe(eve.id);
    expect(await waiting(wissel)).toEqual([]);
    expect(await whoIs(planted)).toBeNull();
    expect((await portal.client().post('/api/login/session', { username: 'planted', password })).status).toBe(401);
    await portal.drain();
    expect(await told(eve)).toEqual([expect.stringContaining('password-ended')]);
    // A temporary account stays, since its person would not end without it.
    const substitute = await teacher(portal, wissel as never);
    await portal.account(substitute.id, 'substitute');
    const temporary = ({ knex }: { knex: Knex }) => knex('accounts').where({ person_id: substitute.id });
    await portal.work('login', (services) => temporary(services).update({ expires_at: new Date(Date.now() + 86_400_000) }));
    account('google', 'substitute');
    await keysOf(wissel, 'google', [substitute.id, 'substitute']);
    expect((await arrive('google')).person).toBe(substitute.id);
    expect(await portal.work('login', (services) => temporary(services).whereNotNull('expires_at'))).toHaveLength(1);
  });

  test('5: session fixation: a new session id, and the old session ends', async () => {
    await restore();
    account('google', 'an');
    await keysOf(wissel, 'google', [an.id, 'an']);
    const planted = 'A'.repeat(43);
    const client = portal.client().setCookie('ilearn', planted);
    await travel(client, 'google');
    expect(await whoIs(client)).toBe(an.id);
    const first = client.cookie('ilearn') as string;
    expect(first).not.toBe(planted);
    await travel(client, 'google');
    expect(client.cookie('ilearn')).not.toBe(first);
    expect(await whoIs(portal.client().setCookie('ilearn', first))).toBeNull();
    // Signed in as somebody else: that session ends before an identity is added.
    await restore();
    const bo = await teacher(portal, wissel as never);
    account('google', 'bo');
    await keysOf(wissel, 'google', [bo.id, 'bo']);
    const shared = await portal.signIn(an.id);
    const again = await travel(shared, 'google');
    expect([again.to.pathname, await whoIs(shared)]).toEqual(['/api/sign-in-oidc/google/start', null]);
    await follow(shared, 'google', await shared.get(pathOf(again.to)));
    expect(await whoIs(shared)).toBe(bo.id);
  });

  test('6: two tabs both work; a second callback, the back button and a replayed code do not', async () => {
    await restore();
    account('google', 'an');
    await keysOf(wissel, 'google', [an.id, 'an']);
    const client = portal.client();
    const one = await client.get('/api/sign-in-oidc/google/start?terug=/een');
    const two = await client.get('/api/sign-in-oidc/google/start?terug=/twee');
    const second = await follow(client, 'google', two);
    expect(second.to.pathname).toBe('/twee');
    expect((await follow(client, 'google', one)).to.pathname).toBe('/een');
    // Whoever is signed in stays so; whoever is not may start again.
    expect((await client.get(second.callback)).headers.get('location')).toBe('/');
    expect(await whoIs(client)).toBe(an.id);
    const other = portal.client().setCookie('ilearn-flow', client.cookie('ilearn-flow') as string);
    expect((await other.get(second.callback)).headers.get('location')).toContain('reden=flow');
    // The code in a flow of one's own.
    const start = await other.get('/api/sign-in-oidc/google/start');
    const state = new URL(start.headers.get('location') as string).searchParams.get('state') as string;
    const replayed = new URL(second.callback, portal.url);
    replayed.searchParams.set('state', state);
    expect((await other.get(pathOf(replayed))).headers.get('location')).toContain('reden=invalid');
    // Twice at once: it signs in once at most.
    const twice = portal.client();
    const begun = await twice.get('/api/sign-in-oidc/google/start?terug=/eens');
    const answered = await visitProvider(begun.headers.get('location') as string, portal.platform.portal.url);
    const path = pathOf(('location' in answered && answered.location) as URL);
    const back = await Promise.all([1, 2].map(async () => (await twice.get(path)).headers.get('location')));
    expect(back.filter((to) => to === '/eens').length).toBeLessThan(2);
    expect((await twice.get(path)).headers.get('location')).toMatch(/^\/$|reden=flow/);
    // Ten minutes later.
    const late = await other.get('/api/sign-in-oidc/google/start');
    await portal.work('sign-in-oidc', ({ knex }) =>
      knex('flows').update({ expires_at: knex.raw("now() - interval '1 second'") }),
    );
    expect((await follow(other, 'google', late)).to.searchParams.get('reden')).toBe('flow');
  });

  test('6b: whoever begins sign-ins without end neither fills the table nor keeps others from signing in', async () => {
    const first = portal.client();
    const start = await first.get('/api/sign-in-oidc/google/start');
    await portal.work('sign-in-oidc', ({ knex }) =>
      knex.raw(`insert into flows (state_hash, browser_hash, address_hash, provider, return_path, created_at, expires_at)
        select decode(md5(n::text), 'hex'), browser_hash, address_hash, 'filled', '/', created_at + n * interval '1 microsecond', expires_at
        from generate_series(1, 2100) n, (select * from flows order by created_at desc limit 1) one`),
    );
    expect((await arrive('google')).person).toBe(an.id);
    expect((await follow(first, 'google', start)).to.searchParams.get('reden')).toBe('flow');
    const filled = await portal.work('sign-in-oidc', ({ knex }) => knex('flows').where({ provider: 'filled' }).delete());
    expect(filled).toBe(1_999);
  });

  test('7: behind a proxy, the redirect address is that of the portal, whatever the request says', async () => {
    const headers = { host: 'internal.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const start = await portal.client().get('/api/sign-in-oidc/google/start', { headers });
    const redirect = new URL(start.headers.get('location') as string).searchParams.get('redirect_uri');
    expect(redirect).toBe(`${portal.platform.portal.url}/api/sign-in-oidc/google/callback`);
  });

  test('8: a provider that is down leaves the others working, and comes back', async () => {
    await restore();
    account('google', 'an');
    account('koepel', 'an');
    await keysOf(wissel, 'google', [an.id, 'an']);
    const client = portal.client();
    const started = await client.get('/api/sign-in-oidc/koepel/start');
    portal.providers.koepel.down = 503;
    const query = new URL(started.headers.get('location') as string).searchParams;
    const back = `/api/sign-in-oidc/koepel/callback?code=x&state=${query.get('state')}&iss=${encodeURIComponent(portal.providers.koepel.issuer)}`;
    expect((await client.get(back)).headers.get('location')).toContain('reden=unavailable');
    expect((await arrive('google')).person).toBe(an.id);
    portal.providers.koepel.down = null;
    expect(reasonOf(await arrive('koepel'))).toBe('ask');
  });

  test('9: keys are fetched again for a key that is not known, and not for each token', async () => {
    await restore();
    const { leerid } = portal.providers;
    account('leerid', 'an');
    await keysOf(wissel, 'leerid', [an.id, 'an']);
    expect((await arrive('leerid')).person).toBe(an.id);
    await leerid.rotate();
    // The library asks again once its keys are a minute old.
    const now = Date.now;
    const asked = () => leerid.requests.filter((each) => each.endsWith('/jwks')).length;
    const before = asked();
    expect(reasonOf(await arrive('leerid'))).toBe('invalid');
    expect(asked()).toBe(before);
    try {
      Date.now = () => now() + 61_000;
      leerid.alter = (claims) => {
        claims.iat = Number(claims.iat) - 61;
      };
      expect((await arrive('leerid')).person).toBe(an.id);
    } finally {
      Date.now = now;
    }
    expect(asked()).toBe(before + 1);
  });

  test('10: mix-up: the answer of one provider is no answer of another', async () => {
    await restore();
    account('google', 'an');
    account('koepel', 'an');
    await keysOf(wissel, 'google', [an.id, 'an']);
    const client = portal.client();
    const start = await client.get('/api/sign-in-oidc/google/start');
    const answer = await visitProvider(start.headers.get('location') as string, portal.platform.portal.url);
    const callback = new URL(('location' in answer && answer.location) as URL);
    // At the address of another provider the state is unknown.
    expect((await client.get(pathOf(callback).replace('/google/', '/koepel/'))).headers.get('location')).toContain('reden=flow');
    // The parameter iss names who answered (RFC 9207).
    callback.searchParams.set('iss', portal.providers.koepel.issuer);
    expect((await client.get(pathOf(callback))).headers.get('location')).toContain('reden=invalid');
    // Its own refusal is logged by its code; whatever else it writes there is not.
    for (const [error, logged] of [
      ['access_denied', 'access_denied'],
      ['lien@wissel.example', 'another error'],
    ] as const) {
      const begun = await client.get('/api/sign-in-oidc/google/start');
      const state = new URL(begun.headers.get('location') as string).searchParams.get('state') as string;
      const refusal = new URLSearchParams({ error, state, iss: portal.providers.google.issuer });
      const refused = await client.get(`/api/sign-in-oidc/google/callback?${refusal}`);
      expect(refused.headers.get('location')).toContain('reden=denied');
      expect(portal.log.join('')).toContain(`the provider: ${logged}`);
    }
    expect(await whoIs(client)).toBeNull();
  });

  test('11: clocks that differ by 25 seconds are fine, by five minutes not', async () => {
    await restore();
    account('google', 'an');
    await keysOf(wissel, 'google', [an.id, 'an']);
    const shifted = async (seconds: number) => {
      portal.providers.google.alter = (claims) => {
        claims.iat = Number(claims.iat) + seconds;
        claims.exp = Number(claims.exp) + seconds;
      };
      return arrive('google');
    };
    expect((await shifted(25)).person).toBe(an.id);
    expect((await shifted(-25)).person).toBe(an.id);
    expect(reasonOf(await shifted(300))).toBe('invalid');
    expect(reasonOf(await shifted(-300))).toBe('invalid');
    portal.providers.google.alter = (claims) => {
      claims.exp = Math.floor(Date.now() / 1000) - 60;
    };
    expect(reasonOf(await arrive('google'))).toBe('invalid');
  });

  test('12: the page to return to lies in this portal; a callback without state, or with that of others, signs nobody in', async () => {
    await restore();
    account('google', 'an');
    smartschoolAccount('an');
    await keysOf(wissel, 'google', [an.id, 'an']);
    await keysOf(wissel, 'smartschool', [an.id, 'an']);
    for (const evil of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/\tevil',
      '/aanmelden',
      '/api/kernel/session',
      'javascript:1',
    ]) {
      expect((await arrive('google', `?${new URLSearchParams({ terug: evil })}`)).to.href, evil).toBe('http://portal.invalid/');
    }
    // Login CSRF: the attacker's callback, in the victim's browser.
    for (const key of ['google', 'smartschool'] as const) {
      const attacker = portal.client();
      const start = await attacker.get(`/api/sign-in-oidc/${key}/start`);
      const answer = await visitProvider(start.headers.get('location') as string, portal.platform.portal.url);
      const callback = ('location' in answer && answer.location) as URL;
      const victim = portal.client();
      await victim.get(`/api/sign-in-oidc/${key}/start`);
      expect((await victim.get(pathOf(callback))).headers.get('location')).toContain('reden=flow');
      const stateless = new URL(callback);
      stateless.searchParams.delete('state');
      expect((await attacker.get(pathOf(stateless))).headers.get('location')).toContain('reden=flow');
      expect([await whoIs(victim), await whoIs(attacker)]).toEqual([null, null]);
    }
  });

  test('a wrong nonce, a wrong audience, a foreign signature and no id_token are refused', async () => {
    account('google', 'an');
    const { google } = portal.providers;
    for (const [name, value] of [
      ['nonce', 'another'],
      ['nonce', undefined],
      ['aud', 'another'],
      ['iss', 'https://evil.example'],
      ['sub', undefined],
    ] as const) {
      google.alter = (claims) => {
        claims[name] = value;
      };
      expect(reasonOf(await arrive('google')), name).toBe('invalid');
    }
    google.alter = () => {};
    const { privateKey } = await jose.generateKeyPair('RS256');
    const { sign } = google;
    google.sign = (claims) => sign.call(google, claims, { key: privateKey });
    expect(reasonOf(await arrive('google'))).toBe('invalid');
    google.sign = sign;
  });

  test('a co-account of Smartschool is not the pupil, nor an answer that does not say so', async () => {
    await restore();
    const noor = await pupil(portal, wissel as never);
    await keysOf(wissel, 'smartschool', [noor.id, 'noor']);
    for (const parent of [{ isCoAccount: true }, { nrCoAccount: 1 }, { isMainAccount: 0 }, { isCoAccount: 'true' }]) {
      smartschoolAccount('noor', parent);
      expect(reasonOf(await arrive('smartschool')), JSON.stringify(parent)).toBe('co-account');
    }
    smartschoolAccount('noor', { isCoAccount: undefined, nrCoAccount: undefined });
    expect(reasonOf(await arrive('smartschool'))).toBe('invalid');
    smartschoolAccount('noor', { platform: 'evil.example/x' });
    expect(reasonOf(await arrive('smartschool'))).toBe('invalid');
    smartschoolAccount('noor', { platform: 'linde' });
    expect(reasonOf(await arrive('smartschool'))).toBe('school');
    smartschoolAccount('noor');
    expect((await arrive('smartschool')).person).toBe(noor.id);
  });

  test('a provider that answers by a form accepts nothing in the address, and the form alone signs nobody in', async () => {
    await restore();
    account('leerid', 'an');
    await keysOf(wissel, 'leerid', [an.id, 'an']);
    const client = portal.client();
    const start = await client.get('/api/sign-in-oidc/leerid/start');
    const answer = await visitProvider(start.headers.get('location') as string, portal.platform.portal.url);
    if (!('form' in answer)) throw new Error('no form');
    const { action, fields } = answer.form;
    expect((await client.get(`${action.pathname}?${new URLSearchParams(fields)}`)).headers.get('location')).toContain(
      'reden=flow',
    );
    // Another browser that gets the form into its hands.
    const thief = portal.client();
    await thief.get('/api/sign-in-oidc/leerid/start');
    const sent = await thief.post(action.pathname, undefined, { form: fields, headers: { origin: 'https://evil.example' } });
    expect((await thief.get(sent.headers.get('location') as string)).headers.get('location')).toContain('reden=flow');
    expect(await whoIs(thief)).toBeNull();
    // A provider that answers in the address takes no form.
    const form = await client.post('/api/sign-in-oidc/google/callback', undefined, { form: { state: 'x', code: 'y' } });
    expect(form.status).toBe(303);
  });
});

describe('linking', () => {
  const linked = async (client: TestClient, key: string): Promise<Journey> => {
    const begun = await client.post(`/api/sign-in-oidc/${key}/link`);
    expect(begun.status, JSON.stringify(begun.body)).toBe(200);
    const headers = new Headers({ location: begun.body.location });
    return follow(client, key, { ...begun, headers });
  };

  test('a second account is added shortly after signing in, told, and undone', async () => {
    await restore();
    await uses(linde, 'microsoft', otherTenant);
    const client = await portal.signIn(an.id);
    const oid = randomUUID();
    account('microsoft', oid, { tid: otherTenant });
    expect((await linked(client, 'microsoft')).to.pathname).toBe('/account');
    await portal.drain();
    expect(await told(an)).toEqual(expect.arrayContaining([expect.stringContaining('identity-added')]));
    // Whoever linked it acts with it in their own schools.
    const own = await arrive('microsoft');
    expect(own.person).toBe(an.id);
    expect((await own.client.get('/api/sign-in-oidc/own-schools')).body.current).toBe(wissel.id);
    const {
      identities: [one],
    } = (await client.get('/api/sign-in-oidc/identities')).body;
    expect(one).toMatchObject({ provider: 'microsoft', made: 'own' });
    const other = await portal.signIn((await teacher(portal, wissel as never)).id);
    expect((await other.delete(`/api/sign-in-oidc/identities/${one.id}`)).status).toBe(404);
    expect((await client.delete(`/api/sign-in-oidc/identities/${one.id}`)).status).toBe(204);
    expect(await whoIs(own.client)).toBeNull();
    expect(reasonOf(await arrive('microsoft'))).toBe('ask');
  });

  test('before a sensitive act, the provider asks again who somebody is', async () => {
    await restore();
    account('koepel', 'again');
    await keysOf(wissel, 'koepel', [an.id, 'again']);
    const { client } = await arrive('koepel');
    const recent = async () => (await client.get('/api/kernel/session')).body.session.recent;
    expect(await client.post('/api/sign-in-oidc/google/link')).toMatchObject({
      status: 403,
      body: { type: '/problems/sign-in-again' },
    });
    const start = await client.get('/api/sign-in-oidc/koepel/start');
    const asked = new URL(start.headers.get('location') as string).searchParams;
    expect([asked.get('prompt'), asked.get('max_age')]).toEqual(['login', '0']);
    expect(reasonOf(await follow(client, 'koepel', start))).toBe('signed in: /');
    expect(await recent()).toBe(true);
    expect((await client.post('/api/sign-in-oidc/google/link')).status).toBe(200);

    // Whoever sits at the browser takes the question out of the address.
    const silent = await client.get('/api/sign-in-oidc/koepel/start');
    const address = new URL(silent.headers.get('location') as string);
    for (const name of ['prompt', 'max_age']) address.searchParams.delete(name);
    expect(reasonOf(await follow(client, 'koepel', { ...silent, headers: new Headers({ location: address.href }) }))).toBe(
      'invalid',
    );
    for (const time of [undefined, null, String(Math.floor(Date.now() / 1000)), -1]) {
      portal.providers.koepel.alter = (claims) => {
        claims['auth_time'] = time;
      };
      expect(reasonOf(await travel(client, 'koepel')), String(time)).toBe('invalid');
    }

    // It did not ask, but took the sign-in of an hour ago.
    portal.providers.koepel.alter = (claims) => {
      claims['auth_time'] = Math.floor(Date.now() / 1000) - 3_600;
    };
    expect(reasonOf(await travel(client, 'koepel'))).toBe('invalid');
    const other = await arrive('koepel');
    expect((await other.client.get('/api/kernel/session')).body.session).toMatchObject({ personId: an.id, recent: false });
  });

  test('Microsoft is asked for the claim that says when', async () => {
    await restore();
    const start = await (await portal.signIn(an.id)).get('/api/sign-in-oidc/microsoft/start');
    const asked = new URL(start.headers.get('location') as string).searchParams;
    expect([asked.get('prompt'), asked.get('max_age'), JSON.parse(asked.get('claims') as string)]).toEqual([
      'login',
      '0',
      { id_token: { auth_time: { essential: true } } },
    ]);
  });

  test('a provider that does not say when it asked is taken at its word, once it was sent there for that', async () => {
    await restore();
    smartschoolAccount('Ag==');
    await keysOf(wissel, 'smartschool', [an.id, 'Ag==']);
    const { client } = await arrive('smartschool');
    const recent = async () => (await client.get('/api/kernel/session')).body.session.recent;
    expect(await recent()).toBe(false);
    await travel(client, 'smartschool');
    expect(await recent()).toBe(true);
  });

  test('not five minutes later, not in another session, and not after the session ended', async () => {
    await restore();
    account('google', 'second');
    const client = await portal.signIn(an.id);
    const begun = await client.post('/api/sign-in-oidc/google/link');
    const goOn = (browser: TestClient) =>
      follow(browser, 'google', { ...begun, headers: new Headers({ location: begun.body.location }) });
    // The same person in another session of the same browser.
    const other = (await portal.signIn(an.id)).setCookie('ilearn-flow', client.cookie('ilearn-flow') as string);
    expect(reasonOf(await goOn(other))).toBe('stale');
    await inKernel("update kernel.sessions set created_at = created_at - interval '6 minutes' where person_id = $1", [an.id]);
    expect(await client.post('/api/sign-in-oidc/google/link')).toMatchObject({
      status: 403,
      body: { type: '/problems/sign-in-again' },
    });
    expect(await identities()).toEqual([]);
    expect((await portal.client().post('/api/sign-in-oidc/google/link')).status).toBe(401);
    // Only a page of the portal begins it.
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await (await portal.signIn(an.id)).post('/api/sign-in-oidc/google/link', undefined, { headers })).status).toBe(403);
  });

  test('an account of somebody else stays theirs', async () => {
    await restore();
    account('google', 'theirs');
    await keysOf(wissel, 'google', [an.id, 'theirs']);
    await arrive('google');
    const bo = await teacher(portal, wissel as never);
    expect(reasonOf(await linked(await portal.signIn(bo.id), 'google'))).toBe('taken');
    expect(await identities()).toEqual([{ person_id: an.id, provider: 'google', subject: 'theirs' }]);
  });

  test('an account that is removed while somebody signs in with it leaves no session', async () => {
    await restore();
    account('google', 'second');
    const owner = await portal.signIn(an.id);
    for (let round = 0; round < 5; round += 1) {
      await linked(owner, 'google');
      const [{ id }] = (await owner.get('/api/sign-in-oidc/identities')).body.identities;
      const client = portal.client();
      const start = await client.get('/api/sign-in-oidc/google/start');
      const answer = await visitProvider(start.headers.get('location') as string, portal.platform.portal.url);
      const callback = pathOf(('location' in answer && answer.location) as URL);
      const [arrived, removed] = await Promise.all([client.get(callback), owner.delete(`/api/sign-in-oidc/identities/${id}`)]);
      expect([arrived.status, removed.status]).toEqual([303, 204]);
      expect(await whoIs(client)).toBeNull();
    }
  });

  test('an account of one school opens no other school of its person, nor the whole portal, whatever is linked with it', async () => {
    await restore();
    const both = await teacher(portal, [wissel, linde] as never);
    account('google', 'one');
    await keysOf(wissel, 'google', [both.id, 'one']);
    await portal.account(both.id, 'in.both');
    const { client } = await arrive('google');
    const open = async (session: TestClient) => (await session.get('/api/sign-in-oidc/own-schools')).body;
    expect(await open(client)).toEqual({ schools: [{ id: wissel.id, name: 'De Wissel' }], current: wissel.id });
    expect((await client.put('/api/sign-in-oidc/own-schools/current', { school: linde.id })).status).toBe(403);
    // An account of a school in which the person holds no role.
    const elsewhere = await school(portal, { name: 'De Es' });
    const tid = randomUUID();
    await uses(elsewhere, 'microsoft', tid);
    account('microsoft', randomUUID(), { tid });
    await travel(client, 'google');
    expect((await linked(client, 'microsoft')).to.pathname).toBe('/account');
    expect(reasonOf(await arrive('microsoft'))).toBe('ask');
    // With the own account, which stays, the person may open what is theirs; a new password keeps the session in the chosen school.
    const own = portal.client();
    await own.post('/api/login/session', { username: 'in.both', password });
    expect((await own.put('/api/sign-in-oidc/own-schools/current', { school: linde.id })).status).toBe(204);
    const changed = await own.put('/api/login/password', { current: password, password: 'bord-en-krijt-3b' });
    expect([changed.status, (await open(own)).current]).toEqual([204, linde.id]);
    expect((await linked(own, 'microsoft')).to.pathname).toBe('/account');
    expect((await arrive('microsoft')).person).toBe(both.id);
    await portal.grant(both.id, [
      { tenant: wissel.id, role: 'teacher' },
      { tenant: null, role: 'portal-administrator' },
    ]);
    expect(reasonOf(await arrive('google'))).toBe('ask');
    expect((await arrive('microsoft')).person).toBe(both.id);
    await restore();
    await keysOf(wissel, 'google', [both.id, 'one']);
    expect(reasonOf(await arrive('google'))).toBe('ask');
    expect(await identities()).toEqual([]);
  });
});

describe('a pupil in two schools who comes with a badge', () => {
  test('stays in the school of the badge, and links no account', async () => {
    const klas = await schoolClass(portal, wissel as never);
    const noor = await pupil(portal, klas as never);
    await portal.grant(noor.id, [
      { tenant: wissel.id, role: 'pupil' },
      { tenant: linde.id, role: 'pupil' },
    ]);
    const by = await portal.signIn((await teacher(portal, klas as never)).id);
    const path = `/api/login/classes/${klas.id}`;
    const secret = (await by.post(`${path}/pupils/${noor.id}/badge`)).body.short;
    await by.put(`${path}/badge-window`, { minutes: 30 });
    const client = portal.client();
    const body = { secret, pictures: ['sun', 'moon', 'star'] };
    expect((await client.post('/api/login/badge', body)).status).toBe(200);
    expect((await client.get('/api/sign-in-oidc/own-schools')).body).toEqual({
      schools: [{ id: wissel.id, name: 'De Wissel' }],
      current: wissel.id,
    });
    expect((await client.put('/api/sign-in-oidc/own-schools/current', { school: linde.id })).status).toBe(403);
    const linking = await client.post('/api/sign-in-oidc/google/link');
    expect(linking).toMatchObject({ status: 403, body: { type: '/problems/sign-in-again' } });
    // Nor does a session that a school's account began become more by a new password.
    await restore();
    const both = await teacher(portal, [wissel, linde] as never);
    account('google', 'renewing');
    await keysOf(wissel, 'google', [both.id, 'renewing']);
    await arrive('google');
    await portal.account(both.id, 'renewing');
    const limited = (await arrive('google')).client;
    expect((await limited.put('/api/login/password', { current: password, password: 'bord-en-krijt-3b' })).status).toBe(204);
    expect((await limited.put('/api/sign-in-oidc/own-schools/current', { school: linde.id })).status).toBe(403);
  });
});

describe('one person in two schools', () => {
  test('is asked for the school, and the session acts in that one only', async () => {
    await restore();
    const both = await teacher(portal, [wissel, linde] as never);
    const here = await schoolClass(portal, wissel, { name: 'Hier' });
    const there = await schoolClass(portal, linde, { name: 'Daar' });
    // One provider for a school group.
    await uses(linde, 'koepel', '');
    account('koepel', 'both');
    await keysOf(wissel, 'koepel', [both.id, 'both']);
    const { client, to } = await arrive('koepel', '?terug=/klassen');
    expect([to.pathname, to.searchParams.get('terug')]).toEqual(['/aanmelden/school', '/klassen']);
    const sees = async ({ id }: { id: string }) => (await client.get(`/api/directory/classes/${id}`)).status === 200;
    const sessionBefore = client.cookie('ilearn');
    const { current } = (await client.get('/api/sign-in-oidc/own-schools')).body;
    expect([await sees(here), await sees(there)]).toEqual([current === wissel.id, current === linde.id]);
    expect((await client.put('/api/sign-in-oidc/own-schools/current', { school: linde.id })).status).toBe(204);
    expect([await sees(here), await sees(there)]).toEqual([false, true]);
    expect(client.cookie('ilearn')).not.toBe(sessionBefore);
    expect(await whoIs(portal.client().setCookie('ilearn', sessionBefore as string))).toBeNull();
    const stranger = await school(portal, { name: 'Vreemd' });
    expect((await client.put('/api/sign-in-oidc/own-schools/current', { school: stranger.id })).status).toBe(403);
    // Whoever left a school does not come in by its provider.
    await portal.work('sign-in-oidc', ({ schoolProviders }) => schoolProviders.remove(linde.id, 'koepel', ''));
    await portal.grant(both.id, [{ tenant: linde.id, role: 'teacher' }]);
    expect(reasonOf(await arrive('koepel'))).toBe('ask');
  });

  test('two people whom the rosters know by one key are nobody', async () => {
    await restore();
    const [one, two] = [await teacher(portal, wissel as never), await teacher(portal, wissel as never)];
    account('google', 'double');
    await keysOf(wissel, 'google', [one.id, 'double'], [two.id, 'double']);
    expect(reasonOf(await arrive('google'))).toBe('ask');
  });
});

describe('a school', () => {
  const coordinator = async (where: { id: string }) => {
    const someone = await teacher(portal, where as never);
    await portal.grant(someone.id, [{ tenant: where.id, role: 'ict-coordinator' }]);
    return portal.signIn(someone.id);
  };

  test('says whose an account is that waits, of its own people only', async () => {
    await restore();
    const noor = await pupil(portal, wissel as never);
    const there = await pupil(portal, linde as never);
    account('google', 'noor', { name: 'Noor\u0007 El Amrani' });
    const first = await arrive('google');
    expect([reasonOf(first), first.to.searchParams.get('school'), first.to.searchParams.get('wacht')]).toEqual([
      'ask',
      wissel.id,
      'ja',
    ]);
    await arrive('google');
    expect(await waiting(wissel)).toEqual([expect.objectContaining({ provider: 'google', name: 'Noor El Amrani' })]);
    const [{ id }] = (await waiting(wissel)) as [{ id: string }];

    const stranger = await coordinator(linde);
    expect((await stranger.get(`/api/sign-in-oidc/waiting?school=${wissel.id}`)).body.waiting).toEqual([]);
    expect((await stranger.put(`/api/sign-in-oidc/waiting/${id}/person`, { person: there.id })).status).toBe(404);
    const own = await coordinator(wissel);
    expect((await own.put(`/api/sign-in-oidc/waiting/${id}/person`, { person: there.id })).status).toBe(404);
    const principal = await teacher(portal, wissel as never);
    await portal.grant(principal.id, [{ tenant: wissel.id, role: 'principal' }]);
    expect((await own.put(`/api/sign-in-oidc/waiting/${id}/person`, { person: principal.id })).status).toBe(403);
    const pupils = await portal.signIn(noor.id);
    expect((await pupils.put(`/api/sign-in-oidc/waiting/${id}/person`, { person: noor.id })).status).toBe(403);
    // Of two decisions at once one counts.
    const people = [noor, await pupil(portal, wissel as never)];
    const decided = await Promise.all(
      people.map(async (person) => (await own.put(`/api/sign-in-oidc/waiting/${id}/person`, { person: person.id })).status),
    );
    expect([...decided].sort()).toEqual([204, 404]);
    expect(await waiting(wissel)).toEqual([]);
    expect((await arrive('google')).person).toBe(people[decided.indexOf(204)]?.id);
  });

  test('names its providers; what another school could own, an administrator confirms', async () => {
    const own = await coordinator(linde);
    const path = `/api/sign-in-oidc/schools/${linde.id}/providers`;
    const put = (body: object, client = own, where = path) => client.put(where, { byRoster: false, ...body });
    for (const realm of ['gmail.com', 'linde', 'a b.be', 'https://linde.be', '']) {
      expect((await put({ provider: 'google', realm })).status, realm).toBe(422);
    }
    for (const realm of [consumers, '00000000-0000-0000-0000-000000000000', 'common']) {
      expect((await put({ provider: 'microsoft', realm })).status, realm).toBe(422);
    }
    expect((await put({ provider: 'smartschool', realm: 'evil.example/x' })).status).toBe(422);
    expect((await put({ provider: 'none', realm: '' })).status).toBe(404);
    expect((await put({ provider: 'google', realm: 'Linde.example' })).status).toBe(204);
    // Its own number needs no confirmation.
    expect((await put({ provider: 'leerid', realm: '023456' })).status).toBe(204);
    const used = async () =>
      (await own.get(path)).body.used.map((one: { realm: string; confirmed: boolean }) => [one.realm, one.confirmed]);
    expect(await used()).toEqual(
      expect.arrayContaining([
        ['linde.example', false],
        ['654321', true],
      ]),
    );
    account('google', 'linde', { hd: 'linde.example' });
    expect(reasonOf(await arrive('google'))).toBe('school');
    const confirm = { provider: 'google', realm: 'linde.example' };
    expect((await own.post(`${path}/confirm`, confirm)).status).toBe(403);
    // A helper of the whole portal who is ICT coordinator of the school too.
    const helper = randomUUID();
    await portal.grant(helper, [
      { tenant: linde.id, role: 'ict-coordinator' },
      { tenant: null, role: 'helper' },
    ]);
    expect((await put({ provider: 'google', realm: 'helper.example' }, await portal.signIn(helper))).status).toBe(204);
    expect(await used()).toContainEqual(['helper.example', false]);
    const beheer = randomUUID();
    await portal.grant(beheer, [{ tenant: null, role: 'portal-administrator' }]);
    const administrator = await portal.signIn(beheer);
    expect((await put({ provider: 'google', realm: 'helper.example' }, administrator)).status).toBe(204);
    expect(await used()).toContainEqual(['helper.example', true]);
    expect((await administrator.post(`${path}/confirm`, confirm)).status).toBe(204);
    expect(reasonOf(await arrive('google'))).toBe('ask');

    const elsewhere = `/api/sign-in-oidc/schools/${wissel.id}/providers`;
    expect((await put({ provider: 'google', realm: 'linde.example' }, own, elsewhere)).status).toBe(403);
    expect((await own.get(elsewhere)).body.used).toEqual([]);
    await own.post(`${elsewhere}/remove`, { provider: 'google', realm: 'wissel.example' });

    const anyone = portal.client();
    const found = (await anyone.get('/api/sign-in-oidc/schools?q=wissel')).body;
    expect(found).toEqual({ schools: [{ id: wissel.id, name: 'De Wissel' }], more: false });
    expect(
      (await anyone.get(`/api/sign-in-oidc/schools/${wissel.id}/ways`)).body.providers.map(({ key }: { key: string }) => key),
    ).toEqual(['google', 'koepel', 'leerid', 'microsoft', 'smartschool']);
  });
});

describe('signing out', () => {
  const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';

  test('here leads to the provider that offers it, with its own token', async () => {
    await restore();
    account('koepel', 'an');
    account('google', 'an');
    await keysOf(wissel, 'koepel', [an.id, 'an']);
    await keysOf(wissel, 'google', [an.id, 'an']);
    const { client } = await arrive('koepel');
    const { location } = (await client.post('/api/sign-in-oidc/sign-out')).body;
    const url = new URL(location);
    expect([url.origin, url.searchParams.get('post_logout_redirect_uri')]).toEqual([
      portal.providers.koepel.issuer,
      `${portal.platform.portal.url}/aanmelden`,
    ]);
    expect(jose.decodeJwt(url.searchParams.get('id_token_hint') as string).sub).toBe('an');
    expect(await whoIs(client)).toBeNull();
    const stored = await portal.work('sign-in-oidc', ({ knex }) => knex('provider_sessions').pluck('id_token'));
    expect(stored.some((token: Buffer | null) => token?.includes('eyJ'))).toBe(false);
  });

  test('at the provider ends the sessions that it says, once, and nothing else is believed', async () => {
    await restore();
    const { koepel, google } = portal.providers;
    account('koepel', 'an', { sid: 'first' });
    await keysOf(wissel, 'koepel', [an.id, 'an']);
    const [first, own] = [(await arrive('koepel')).client, await portal.signIn(an.id)];
    account('koepel', 'an', { sid: 'second' });
    const second = (await arrive('koepel')).client;
    const now = Math.floor(Date.now() / 1000);
    let last = 0;
    const claims = (more: object = {}) => ({
      iss: koepel.issuer,
      aud: 'i-learn',
      iat: now,
      exp: now + 120,
      jti: `j${++last}`,
      events: { [LOGOUT]: {} },
      ...more,
    });
    const send = async (token: string, key = 'koepel') =>
      portal.client().post(`/api/sign-in-oidc/${key}/backchannel-logout`, undefined, {
        form: { logout_token: token },
        headers: { origin: koepel.issuer },
      });
    const { privateKey } = await jose.generateKeyPair('RS256');
    const wrong = [
      await koepel.sign(claims({ sub: 'an', nonce: 'x' })),
      await koepel.sign(claims({ sub: 'an', events: {} })),
      await koepel.sign(claims({ sub: 'an', events: undefined })),
      await koepel.sign(claims()),
      await koepel.sign(claims({ sub: 'an', jti: undefined })),
      await koepel.sign(claims({ sub: 'an', aud: 'another' })),
      await koepel.sign(claims({ sub: 'an', iss: google.issuer })),
      await koepel.sign(claims({ sub: 'an', iat: now - 900, exp: now - 600 })),
      await koepel.sign(claims({ sub: 'an' }), { key: privateKey }),
      new jose.UnsecuredJWT(claims({ sub: 'an' })).encode(),
      'nonsense',
    ];
    for (const token of wrong) expect(await send(token)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect((await send(await koepel.sign(claims({ sub: 'an' })), 'google')).status).toBe(400);
    expect([await whoIs(first), await whoIs(second)]).toEqual([an.id, an.id]);

    const ofSession = await koepel.sign(claims({ sid: 'first' }), { typ: 'logout+jwt' });
    const answer = await send(ofSession);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect((await send(ofSession)).status).toBe(400);
    expect([await whoIs(first), await whoIs(second)]).toEqual([null, an.id]);
    expect((await send(await koepel.sign(claims({ sub: 'an' })))).status).toBe(200);
    expect([await whoIs(second), await whoIs(own)]).toEqual([null, an.id]);
  });
});

test('a member of staff hears of a sign-in with the own account on a new device, once for the device', async () => {
  const bo = await teacher(portal, wissel as never);
  await portal.account(bo.id, 'bo.claes');
  const signIn = (client: TestClient) => client.post('/api/login/session', { username: 'bo.claes', password });
  const [first, second] = [portal.client(), portal.client()];
  for (const client of [first, first, second, second]) expect((await signIn(client)).status).toBe(200);
  await portal.drain();
  expect(await told(bo)).toEqual([expect.stringContaining('newDevice')]);
  const inbox = (await (await portal.signIn(bo.id)).get('/api/notifications/inbox')).body;
  expect(inbox.items[0].count ?? 1).toBe(1);
});

test('an export has the accounts of a person; erasure removes them, with keys, flows and sessions', async () => {
  await restore();
  const bo = await teacher(portal, wissel as never);
  account('google', 'of-bo-only');
  await keysOf(wissel, 'google', [bo.id, 'of-bo-only']);
  const { client } = await arrive('google');
  await client.post('/api/sign-in-oidc/google/link');
  const files = await exportOf(portal, bo.id);
  expect(Buffer.from(files['export.json'] as Uint8Array).toString()).toContain('of-bo-only');
  // What one school holds tells nothing of accounts and sessions elsewhere.
  await portal.grant(bo.id, [
    { tenant: wissel.id, role: 'teacher' },
    { tenant: linde.id, role: 'teacher' },
  ]);
  const ofLinde = await exportOf(portal, bo.id, 'nl', [linde.id]);
  const limited = Buffer.from(ofLinde['export.json'] as Uint8Array).toString();
  expect(limited).not.toMatch(/of-bo-only|identities|De Wissel/);
  expect(limited).not.toContain(wissel.id);
  await erase(portal, bo.id);
  for (const table of ['identities', 'provider_sessions', 'roster_keys', 'flows']) {
    const rows = await portal.work('sign-in-oidc', ({ knex }) => knex(table).select());
    expect(JSON.stringify(rows), table).not.toMatch(new RegExp(`of-bo-only|${bo.id}`));
  }
  expect(await whoIs(client)).toBeNull();
  expect(reasonOf(await arrive('google'))).toBe('ask');
});

test('the log has no account, name, code or state', () => {
  const log = portal.log.join('');
  for (const secret of ['of-bo-only', 'old-owner', 'Noor El Amrani', 'lien@wissel.example', 'code=', 'state='])
    expect(log).not.toContain(secret);
});

test('a provider without configuration adds nothing; the provider of docs/sign-in.md works as it stands there', async () => {
  const page = readFileSync(new URL('../../../docs/sign-in.md', import.meta.url), 'utf8');
  const [, source = ''] = /## Write a provider[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const file = join(import.meta.dirname, `example-${process.pid}.ts`);
  writeFileSync(file, source);
  const example = await createJiti(import.meta.url)
    .import<{ default: PluginDefinition }>(file)
    .finally(() => rmSync(file));
  const added = ({ config, contributes }: PluginDefinition, given: object) =>
    Object.values((contributes as (config: unknown) => Record<string, unknown[]>)(config?.parse(given))).flat();
  for (const plugin of [example.default, google, microsoft, smartschool, leerid])
    expect(added(plugin, {}), plugin.id).toEqual([]);
  expect(added(example.default, { clientId: 'i-learn', clientSecret: 'a secret' })).toEqual([
    expect.objectContaining({ key: 'example', startPath: '/api/sign-in-oidc/example/start', ofSchools: true }),
    expect.objectContaining({ key: 'example', realm: 'domain', sessionHours: 12 }),
  ]);
});

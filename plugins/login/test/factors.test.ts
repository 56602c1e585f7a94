import type { TestClient } from '@ilearn/core/testing';
import { pupil as addPupil, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import login from '@ilearn/plugin-login';
import operations from '@ilearn/plugin-operations';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { badgeHash } from '../dist/badges/badge-hash.js';
import { codeAt, stepAt } from '../dist/factors/totp.js';
import { type LoginPlatform, startLogin } from './platform.js';
import { SoftKey, type Wish } from './support/authenticator.js';

const password = 'krijt-en-bord-3a';
let platform: LoginPlatform;
let lien: string;

beforeAll(async () => {
  platform = await startLogin({}, { plugins: [operations] });
});
afterAll(() => platform?.stop());

let count = 0;
let username: string;
beforeEach(async () => {
  count += 1;
  username = `lien.${count}`;
  lien = await platform.person({ username, password });
});

const signIn = async (client: TestClient, name = username) => platform.attempt(name, password, client);
/** A session of the person that began with their own account, or in another way. */
async function signedIn(startedBy: string | null = 'login'): Promise<TestClient> {
  const client = await platform.signIn(lien);
  const { id } = (await client.get('/api/kernel/sessions')).body.sessions.find(({ current }: { current: boolean }) => current);
  await inKernel('update kernel.sessions set started_by = $2 where handle = $1', [id, startedBy]);
  return client;
}
const whoIs = async (client: TestClient) => (await client.get('/api/kernel/session')).body.session?.personId ?? null;
/** What is stored as bytes, one after another. */
const bytesOf = (stored: object[]): Buffer =>
  Buffer.concat(stored.flatMap((row) => Object.values(row)).filter((value) => Buffer.isBuffer(value)));
const rows = (table: string) => platform.work('login', ({ knex }) => knex(table).where('person_id', lien));
const codeOf = (secret: string, shift = 0): string => codeAt(secret, stepAt(new Date()) + shift);

/** Adds an app; returns its secret and the recovery codes. */
async function addApp(client: TestClient): Promise<{ secret: string; codes: string[] }> {
  const { secret, ticket } = (await client.post('/api/login/factors/app')).body;
  const answer = await client.post('/api/login/factors/app/first-code', { ticket, code: codeOf(secret, -1) });
  expect(answer.status).toBe(200);
  return { secret, codes: answer.body.codes };
}
const origin = (): string => platform.url;
async function addPasskey(client: TestClient, key: SoftKey, wish: Partial<Wish> = {}) {
  const { options } = (await client.post('/api/login/factors/passkeys/options')).body;
  const credential = key.create(options, { origin: origin(), ...wish });
  return client.post('/api/login/factors/passkeys', { name: 'Sleutel', credential });
}
async function usePasskey(client: TestClient, key: SoftKey, wish: Partial<Wish> = {}) {
  const { options } = (await client.post('/api/login/passkey/options')).body;
  return client.post('/api/login/passkey', { credential: key.get(options, { origin: origin(), ...wish }) });
}
const inKernel = (sql: string, values: unknown[]) => platform.platform.runner.run({}, ({ unit }) => unit.kernel(sql, values));
const inPlugin = (plugin: string, sql: string, ...values: string[]) => platform.work(plugin, ({ knex }) => knex.raw(sql, values));
const typeOf = (answer: { body: { type?: string } }) => answer.body.type?.replace('/problems/', '');

let admins = 0;
async function require(roles: string[], graceDays: number): Promise<void> {
  admins += 1;
  const id = await platform.person({ username: `beheer.${admins}`, password, role: 'portal-administrator' });
  const admin = await platform.signIn(id);
  const [of] = (await admin.get('/api/operations/settings/portal')).body.filter(
    (each: { plugin: string }) => each.plugin === 'login',
  );
  const values = { secondFactorRoles: roles, secondFactorGraceDays: graceDays };
  const answer = await admin.patch('/api/operations/settings/portal/login', { version: of.version, values });
  expect(answer.status).toBeLessThan(300);
}

test('TOTP makes the codes of RFC 6238, appendix B', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const codes = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000].map((at) =>
    codeAt(secret, stepAt(new Date(at * 1000))),
  );
  expect(codes).toEqual(['287082', '081804', '050471', '005924', '279037', '353130']);
});

describe('an authenticator app', () => {
  test('is asked for after the password; each code works once, of the step before, of now and of the step after', async () => {
    const { secret, codes } = await addApp(await signedIn());
    expect(codes).toHaveLength(10);
    const client = platform.client();
    expect(await signIn(client)).toMatchObject({ status: 202, body: { step: 'confirm' } });
    expect(await whoIs(client)).toBeNull();
    // This code added the app.
    expect(typeOf(await client.post('/api/login/step/code', { code: codeOf(secret, -1) }))).toBe('login/wrong-factor');
    const code = codeOf(secret);
    expect((await client.post('/api/login/step/code', { code: `${code.slice(0, 3)} ${code.slice(3)}` })).status).toBe(200);
    expect(await whoIs(client)).toBe(lien);
    const other = platform.client();
    await signIn(other);
    expect(typeOf(await other.post('/api/login/step/code', { code }))).toBe('login/wrong-factor');
    expect((await other.post('/api/login/step/code', { code: codeOf(secret, 1) })).status).toBe(200);
    // The next user of the device is not past the password.
    await other.delete('/api/kernel/session');
    expect(typeOf(await other.post('/api/login/step/code', { code: codes[0] }))).toBe('login/step-ended');
    expect(await whoIs(other)).toBeNull();
  });

  test('of two uses of a code at once, one signs in', async () => {
    const { secret } = await addApp(await signedIn());
    const clients = [platform.client(), platform.client(), platform.client()];
    for (const client of clients) await signIn(client);
    const code = codeOf(secret);
    const answers = await Promise.all(clients.map((client) => client.post('/api/login/step/code', { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });

  test('slows down guesses for the person, from whatever address and whatever sign-in', async () => {
    await addApp(await signedIn());
    const statuses: number[] = [];
    for (let guess = 0; guess < 8; guess += 1) {
      const client = platform.client();
      await signIn(client);
      statuses.push((await client.post('/api/login/step/code', { code: '000000' })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
  });

  test('guesses of somebody who knows the password make nobody wait on a device of their own', async () => {
    const own = platform.client();
    expect((await signIn(own)).status).toBe(200);
    const { codes } = await addApp(own);
    for (let guess = 0; guess < 7; guess += 1) {
      const thief = platform.client();
      await signIn(thief);
      await thief.post('/api/login/step/code', { code: '000000' });
    }
    await own.delete('/api/kernel/session');
    expect((await signIn(own)).status).toBe(202);
    expect((await own.post('/api/login/step/code', { code: codes[0] })).status).toBe(200);
  });

  test('the secret is stored sealed, recovery codes as hashes, and neither is in the log', async () => {
    const { secret, codes } = await addApp(await signedIn());
    const stored = bytesOf([...(await rows('authenticator_apps')), ...(await rows('recovery_codes'))]);
    expect(stored.length).toBeGreaterThan(300);
    for (const each of [secret, ...codes, ...codes.map((code) => code.replace('-', ''))]) {
      expect(stored.includes(each)).toBe(false);
      expect(platform.log.join('')).not.toContain(each);
    }
  });

  test('a ticket of somebody else adds nothing', async () => {
    const { secret, ticket } = (await (await signedIn()).post('/api/login/factors/app')).body;
    const other = platform.client();
    await platform.person({ username: `other.${count}`, password });
    await signIn(other, `other.${count}`);
    expect((await other.post('/api/login/factors/app/first-code', { ticket, code: codeOf(secret) })).status).toBe(401);
  });
});

test('a recovery code signs in once, however it is typed; new ones end the others', async () => {
  const first = await signedIn();
  const { codes } = await addApp(first);
  const [code = '', next = ''] = codes;
  const enter = async (typed: string) => {
    const client = platform.client();
    await signIn(client);
    return (await client.post('/api/login/step/code', { code: typed })).status;
  };
  expect(await enter(code.toUpperCase().replace('-', ' '))).toBe(200);
  expect(await enter(code)).toBe(401);
  expect((await first.get('/api/login/factors')).body.recoveryCodes).toBe(9);
  const renewed = (await first.post('/api/login/factors/recovery-codes')).body.codes;
  expect(await enter(next)).toBe(401);
  // Twice at once: it signs in once, and of new ones ten work.
  expect((await Promise.all([enter(renewed[0]), enter(renewed[0])])).sort()).toEqual([200, 401]);
  await Promise.all([1, 2].map(() => first.post('/api/login/factors/recovery-codes')));
  expect(await rows('recovery_codes')).toHaveLength(10);
});

describe('a passkey', () => {
  test('signs in without a password, and after one', async () => {
    const key = new SoftKey();
    expect(await addPasskey(await signedIn(), key)).toMatchObject({ status: 200, body: { codes: expect.any(Array) } });
    const client = platform.client();
    expect((await usePasskey(client, key)).status).toBe(200);
    expect(await whoIs(client)).toBe(lien);
    const other = platform.client();
    expect((await signIn(other)).status).toBe(202);
    expect((await usePasskey(other, key)).status).toBe(200);
  });

  test.each<[string, Partial<Wish>]>([
    ['made for another origin', { origin: 'https://evil.example', rpId: '127.0.0.1' }],
    ['of another host', { rpId: 'evil.example' }],
    ['without verification of the person', { verified: false }],
    ['with a challenge that nobody made', { challenge: 'A'.repeat(75) }],
  ])('%s is refused, when it is added and when it is used', async (_, wish) => {
    expect((await addPasskey(await signedIn(), new SoftKey(), wish)).status).toBe(401);
    const key = new SoftKey();
    await addPasskey(await signedIn(), key);
    const client = platform.client();
    expect(typeOf(await usePasskey(client, key, wish))).toBe('login/wrong-factor');
    expect(await whoIs(client)).toBeNull();
  });

  test('a challenge works once, in the browser and the session that asked for it', async () => {
    const key = new SoftKey();
    const client = await signedIn();
    const { options } = (await client.post('/api/login/factors/passkeys/options')).body;
    const credential = key.create(options, { origin: origin() });
    const body = { name: 'Sleutel', credential };
    expect((await (await signedIn()).post('/api/login/factors/passkeys', body)).status).toBe(401);
    expect((await client.post('/api/login/factors/passkeys', body)).status).toBe(200);
    // Another key, which is not stored yet, with the same challenge.
    const second = { name: 'Sleutel', credential: new SoftKey().create(options, { origin: origin() }) };
    expect((await client.post('/api/login/factors/passkeys', second)).status).toBe(401);

    const browser = platform.client();
    const asked = (await browser.post('/api/login/passkey/options')).body.options;
    const answer = { credential: key.get(asked, { origin: origin() }) };
    const thief = platform.client();
    await thief.post('/api/login/passkey/options');
    expect((await thief.post('/api/login/passkey', answer)).status).toBe(401);
    expect((await browser.post('/api/login/passkey', answer)).status).toBe(200);
    const again = { credential: key.get(asked, { origin: origin() }) };
    expect((await browser.post('/api/login/passkey', again)).status).toBe(401);
  });

  test('whose counter went back is refused, since it may be a copy', async () => {
    const key = new SoftKey();
    await addPasskey(await signedIn(), key);
    key.counter = 7;
    expect((await usePasskey(platform.client(), key)).status).toBe(200);
    key.counter = 6;
    expect((await usePasskey(platform.client(), key)).status).toBe(401);
    key.counter = 8;
    expect((await usePasskey(platform.client(), key)).status).toBe(200);
  });

  test('that names nobody signs in only after the password of its person', async () => {
    const key = new SoftKey();
    await addPasskey(await signedIn(), key);
    const nameless = async (client: TestClient) => {
      const { options } = (await client.post('/api/login/passkey/options')).body;
      const { response, ...credential } = key.get(options, { origin: origin() });
      const { userHandle: _, ...rest } = response;
      return client.post('/api/login/passkey', { credential: { ...credential, response: rest } });
    };
    expect((await nameless(platform.client())).status).toBe(401);
    const client = platform.client();
    await signIn(client);
    expect((await nameless(client)).status).toBe(200);
  });

  test('signs nobody in whose account expired', async () => {
    const key = new SoftKey();
    await addPasskey(await signedIn(), key);
    await platform.work('login', ({ knex }) =>
      knex('accounts')
        .where('person_id', lien)
        .update({ expires_at: new Date(Date.now() - 1000) }),
    );
    expect((await usePasskey(platform.client(), key)).status).toBe(401);
  });
});

describe('who may', () => {
  test('pupils, sessions that began with an account elsewhere and old sessions add and remove nothing', async () => {
    const noor = platform.client();
    await platform.person({ username: `noor.${count}`, password, role: 'pupil' });
    await signIn(noor, `noor.${count}`);
    expect((await noor.post('/api/login/factors/app')).status).toBe(403);
    // Of a portal administrator such a session acts in no school, like one of the own account.
    for (const startedBy of ['sign-in-oidc', null]) {
      const elsewhere = await signedIn(startedBy);
      expect((await elsewhere.post('/api/login/factors/app')).status).toBe(403);
      expect((await elsewhere.get('/api/login/factors')).body.may).toBe(false);
    }
    // The own account stays what it is after its person chose a school.
    const chosen = await signedIn();
    await inKernel('update kernel.sessions set tenant_id = $2 where person_id = $1', [lien, platform.schools[0].id]);
    expect((await chosen.post('/api/login/factors/app')).status).toBe(200);
    const old = await signedIn();
    await inKernel("update kernel.sessions set created_at = now() - interval '6 minutes' where person_id = $1", [lien]);
    for (const path of ['/factors/app', '/factors/passkeys/options', '/factors/recovery-codes']) {
      expect(typeOf(await old.post(`/api/login${path}`)), path).toBe('sign-in-again');
    }
    expect(typeOf(await old.delete('/api/login/factors/app'))).toBe('sign-in-again');
    expect(await rows('authenticator_apps')).toEqual([]);
  });

  test('a new password makes an old session neither recent nor one of the own account', async () => {
    const client = await signedIn('sign-in-oidc');
    await inKernel(
      `update kernel.sessions set created_at = now() - interval '1 hour', expires_at = now() + interval '10 minutes', tenant_id = $2
       where person_id = $1`,
      [lien, platform.schools[0].id],
    );
    const facts = async () =>
      (
        await inKernel('select handle, created_at, expires_at, tenant_id, started_by from kernel.sessions where person_id = $1', [
          lien,
        ])
      ).rows;
    const before = await facts();
    const body = { current: password, password: 'bord-en-krijt-3b' };
    expect((await client.put('/api/login/password', body)).status).toBe(204);
    expect(await facts()).toEqual(before);
    expect(typeOf(await client.post('/api/login/factors/app'))).toBe('sign-in-again');
  });

  test('a member of staff whom a roster makes a pupil still needs their factor, and keeps it', async () => {
    const client = await signedIn();
    await addApp(client);
    await inPlugin('directory', "update people set kind = 'pupil' where id = ?", lien);
    expect((await signIn(platform.client())).body).toEqual({ step: 'confirm' });
    expect((await client.get('/api/login/factors')).body).toMatchObject({ may: true, appAddedAt: expect.any(String) });
  });

  test('another password keeps the factors, and ends a sign-in that is half done', async () => {
    const { codes } = await addApp(await signedIn());
    const half = platform.client();
    await signIn(half);
    const coordinator = await platform.signIn(
      await platform.person({ username: `ict.${count}`, password, role: 'ict-coordinator' }),
    );
    const renewed = (await coordinator.post(`/api/login/people/${lien}/password`)).body.password;
    expect(typeOf(await half.post('/api/login/step/code', { code: codes[0] }))).toBe('login/step-ended');
    expect((await platform.attempt(username, renewed)).status).toBe(202);
  });

  test('a session of one school exports what that school stores, and not what another session exported', async () => {
    const everywhere = await signedIn();
    expect((await everywhere.post('/api/kernel/privacy/export')).status).toBe(202);
    const ofSchool = await signedIn();
    const handle = (await ofSchool.get('/api/kernel/sessions')).body.sessions[0].id;
    await inKernel('update kernel.sessions set tenant_id = $2 where handle = $1', [handle, platform.schools[0].id]);
    expect((await ofSchool.get('/api/kernel/privacy/export')).body.export).toBeNull();
    expect((await ofSchool.post('/api/kernel/privacy/export')).status).toBe(202);
    const { rows: made } = await inKernel('select tenants from kernel.exports where person_id = $1 order by requested_at', [
      lien,
    ]);
    expect(made).toEqual([{ tenants: null }, { tenants: [platform.schools[0].id] }]);
  });

  test('an ICT coordinator removes the factors of their people, not of others and not their own', async () => {
    await addApp(await signedIn());
    const reset = async (role: string, school = platform.schools[0]) => {
      const by = await platform.signIn(
        await platform.person({ username: `${role}.${count}.${school.number}`, password, role, school }),
      );
      return (await by.delete(`/api/login/people/${lien}/factors`)).status;
    };
    const head = await platform.signIn(await platform.person({ username: `head.${count}`, password, role: 'principal' }));
    expect((await head.get(`/api/login/people/${lien}/factors`)).body).toEqual({ removable: true });
    expect(await reset('teacher')).toBe(403);
    expect(await reset('ict-coordinator', platform.schools[1])).toBe(404);
    expect(await reset('ict-coordinator')).toBe(204);
    expect((await signIn(platform.client())).status).toBe(200);
    // Not even a portal administrator.
    lien = await platform.person({ username: `admin.own.${count}`, password, role: 'portal-administrator' });
    const own = await signedIn();
    await addApp(own);
    expect((await own.get(`/api/login/people/${lien}/factors`)).body).toEqual({ removable: false });
    expect((await own.delete(`/api/login/people/${lien}/factors`)).status).toBe(403);
    expect(await rows('authenticator_apps')).toHaveLength(1);
  });

  test('ilearn user reset-factors removes them, ends the sessions, and is in the audit log', async () => {
    const client = await signedIn();
    await addApp(client);
    const audited: string[] = [];
    const command = login.commands?.find(({ name }) => name === 'user reset-factors');
    const context = {
      options: {},
      progress: { start() {}, advance() {}, stop() {} },
      print() {},
      http: undefined as never,
      store: undefined as never,
    };
    const run = () =>
      command?.run({
        ...context,
        args: [username],
        work: (fn) => platform.work('login', fn),
        audit: async (id) => void audited.push(id),
      });
    await run();
    expect(audited).toEqual([lien]);
    expect(await whoIs(client)).toBeNull();
    expect(await rows('recovery_codes')).toEqual([]);
    expect((await signIn(platform.client())).status).toBe(200);
    await expect(run()).rejects.toThrow('no second factor');
  });
});

describe('a role that requires a factor', () => {
  test('gives time first, then asks to add one before anybody is signed in, and lets nobody remove the last', async () => {
    await require(['teacher'], 3);
    const early = platform.client();
    expect((await signIn(early)).status).toBe(200);
    expect((await early.get('/api/login/factors')).body).toMatchObject({ required: true, neededFrom: expect.any(String) });
    await platform.work('login', ({ knex }) =>
      knex('factor_periods')
        .where('person_id', lien)
        .update({ since: new Date(Date.now() - 4 * 86_400_000) }),
    );
    const client = platform.client();
    expect(await signIn(client)).toMatchObject({ status: 202, body: { step: 'enrol' } });
    expect(await whoIs(client)).toBeNull();
    // Nobody else's second factor will do, and no code.
    expect(typeOf(await client.post('/api/login/step/code', { code: '123456' }))).toBe('login/step-ended');
    const { secret, ticket } = (await client.post('/api/login/step/app')).body;
    const body = { ticket, code: codeOf(secret) };
    const added = await client.post('/api/login/step/app/first-code', body);
    expect([added.status, added.body.codes?.length, await whoIs(client)]).toEqual([200, 10, lien]);
    // The step is taken: it adds no second app for whoever has the cookie.
    expect(typeOf(await client.post('/api/login/step/app'))).toBe('login/step-ended');
    expect(typeOf(await client.delete('/api/login/factors/app'))).toBe('login/factor-required');
    expect(await rows('authenticator_apps')).toHaveLength(1);
    const key = new SoftKey();
    await addPasskey(client, key);
    expect((await client.delete('/api/login/factors/app')).status).toBe(204);
    await require([], 3);
  });

  test('cannot lock out the only administrator: with the password they add a factor, also after theirs were reset', async () => {
    await require(['portal-administrator'], 0);
    const client = platform.client();
    await platform.person({ username: `admin.${count}`, password, role: 'portal-administrator' });
    expect((await signIn(client, `admin.${count}`)).body.step).toBe('enrol');
    const { options } = (await client.post('/api/login/step/passkey/options')).body;
    const credential = new SoftKey().create(options, { origin: origin() });
    expect((await client.post('/api/login/step/passkey', { name: 'Sleutel', credential })).status).toBe(200);
    await require([], 14);
  });
});

describe('a badge', () => {
  const three = ['sun', 'moon', 'star'];
  const others = ['sun', 'moon', 'bus'];

  async function setUp() {
    const [school, elsewhere] = platform.schools;
    const klas = await schoolClass(platform, school);
    const child = await addPupil(platform, klas);
    const by = await platform.signIn((await teacher(platform, klas)).id);
    const stranger = await platform.signIn((await teacher(platform, await schoolClass(platform, elsewhere))).id);
    const path = `/api/login/classes/${klas.id}`;
    const made = await by.post(`${path}/pupils/${child.id}/badge`);
    expect(made.status).toBe(200);
    return { by, stranger, klas, child, path, secret: made.body.short as string, school, elsewhere };
  }
  const use = (secret: string, pictures: string[] | null, client = platform.client()) =>
    client.post('/api/login/badge', { secret, pictures });

  test('works while the teacher lets it, with three pictures in any order, for that school only', async () => {
    const { by, child, path, secret, school } = await setUp();
    expect(typeOf(await use(secret, null))).toBe('login/badge-closed');
    await by.put(`${path}/badge-window`, { minutes: 30 });
    expect((await use(secret, null)).body).toEqual({ state: 'choose', displayName: null });
    const first = platform.client();
    expect((await use(secret, three, first)).body.state).toBe('signed-in');
    expect(await whoIs(first)).toBe(child.id);
    const [session] = (
      await inKernel('select tenant_id, expires_at - created_at < $2 as short from kernel.sessions where person_id = $1', [
        child.id,
        '5 hours',
      ])
    ).rows;
    expect(session).toEqual({ tenant_id: school.id, short: true });
    expect((await use(secret, null)).body.state).toBe('ask');
    expect(typeOf(await use(secret, others))).toBe('login/wrong-pictures');
    expect((await use(secret.toUpperCase(), [...three].reverse())).status).toBe(200);
    await by.put(`${path}/badge-window`, { minutes: 0 });
    expect((await use(secret, three)).status).toBe(403);
  });

  test('guesses of pictures are slowed down for the badge, and the teacher lets the child choose again', async () => {
    const { by, child, path, secret } = await setUp();
    await by.put(`${path}/badge-window`, { minutes: 30 });
    await use(secret, three);
    const statuses: number[] = [];
    for (let guess = 0; guess < 7; guess += 1) statuses.push((await use(secret, others)).status);
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.at(-1)).toBe(429);
    expect((await use(secret, three)).status).toBe(429);
    await platform.coolDown();
    expect((await by.delete(`${path}/pupils/${child.id}/pictures`)).status).toBe(204);
    expect((await use(secret, null)).body.state).toBe('choose');
  });

  test('ends when a new one is made, when it is ended, and when all are', async () => {
    const { by, child, path, secret } = await setUp();
    await by.put(`${path}/badge-window`, { minutes: 30 });
    const renewed = (await by.post(`${path}/pupils/${child.id}/badge`)).body.short;
    expect(typeOf(await use(secret, null))).toBe('login/badge-unknown');
    expect((await use(renewed, null)).status).toBe(200);
    await by.delete(`${path}/pupils/${child.id}/badge`);
    expect((await use(renewed, null)).status).toBe(401);
    const again = (await by.post(`${path}/pupils/${child.id}/badge`)).body.short;
    await by.delete(`${path}/badges`);
    expect((await use(again, null)).status).toBe(401);
  });

  test('of another school is seen, made, opened and ended by nobody else', async () => {
    const { by, stranger, child, path, secret } = await setUp();
    const answers = [
      await stranger.get(`${path}/badges`),
      await stranger.put(`${path}/badge-window`, { minutes: 30 }),
      await stranger.post(`${path}/pupils/${child.id}/badge`),
      await stranger.delete(`${path}/badges`),
      await stranger.delete(`${path}/pupils/${child.id}/pictures`),
      await by.post(`${path}/pupils/${(await addPupil(platform, platform.schools[1])).id}/badge`),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect((await (await platform.signIn(child.id)).get(`${path}/badges`)).status).toBe(403);
    await by.put(`${path}/badge-window`, { minutes: 30 });
    expect((await use(secret, null)).status).toBe(200);
  });

  test('of somebody who is more than a pupil is neither made nor of any use', async () => {
    const { by, klas, child, path, secret, school, elsewhere } = await setUp();
    await by.put(`${path}/badge-window`, { minutes: 30 });
    // In the class as a pupil, in the school or the portal as more.
    const roles = [{ tenant: school.id, role: 'pupil' }];
    for (const more of [
      { tenant: school.id, role: 'principal' },
      { tenant: null, role: 'portal-administrator' },
    ]) {
      await platform.grant(child.id, [...roles, more]);
      expect(typeOf(await use(secret, null)), more.role).toBe('login/badge-unknown');
      expect((await by.post(`${path}/pupils/${child.id}/badge`)).status, more.role).toBe(404);
      expect((await by.get(`${path}/badges`)).body.pupils, more.role).toEqual([]);
    }
    const colleague = await teacher(platform, klas);
    const enrol = "insert into enrolments (school_id, class_id, person_id, role) values (?, ?, ?, 'pupil')";
    await inPlugin('directory', enrol, school.id, klas.id, colleague.id);
    expect((await by.post(`${path}/pupils/${colleague.id}/badge`)).status).toBe(404);
    // What they are in another school is no matter: the session does not act there.
    await platform.grant(child.id, [...roles, { tenant: elsewhere.id, role: 'teacher' }]);
    expect((await use(secret, three)).status).toBe(200);
  });

  test('begins a session that is good for learning only, and ends with a lost badge', async () => {
    const { by, child, path, secret, school, elsewhere } = await setUp();
    await platform.grant(child.id, [
      { tenant: school.id, role: 'pupil' },
      { tenant: elsewhere.id, role: 'pupil' },
    ]);
    await by.put(`${path}/badge-window`, { minutes: 30 });
    const client = platform.client();
    await use(secret, three, client);
    expect(typeOf(await client.post('/api/kernel/privacy/export'))).toBe('sign-in-again');
    const other = await platform.signIn(child.id);
    await by.delete(`${path}/badges`);
    expect(await whoIs(client)).toBe(child.id);
    const renewed = (await by.post(`${path}/pupils/${child.id}/badge`)).body.short;
    expect(await whoIs(client)).toBeNull();
    await use(renewed, three, client);
    expect(await whoIs(client)).toBe(child.id);
    await by.delete(`${path}/pupils/${child.id}/badge`);
    expect([await whoIs(client), await whoIs(other)]).toEqual([null, child.id]);
  });

  test('that is scanned works wherever others type wrong codes', async () => {
    const { by, path, child, secret } = await setUp();
    await by.put(`${path}/badge-window`, { minutes: 30 });
    expect(typeOf(await use('zzzzz-zzzzz', null))).toBe('login/badge-unknown');
    const scan = 'S'.repeat(32);
    await platform.work('login', async ({ knex, secrets }) => {
      await knex('throttles').update({ blocked_until: knex.raw("now() + interval '1 minute'") });
      await knex('badges')
        .where('pupil_id', child.id)
        .update({ secret_hash: await badgeHash(secrets, scan) });
    });
    expect((await use(secret, null)).status).toBe(429);
    expect((await use(scan, null)).status).toBe(200);
    await inPlugin('login', 'delete from throttles');
  });

  test('is closed after fifteen wrong choices, however many right ones are between, until the teacher opens it', async () => {
    const { by, path, child, secret } = await setUp();
    await by.put(`${path}/badge-window`, { minutes: 30 });
    const guess = async (times: number) => {
      for (let done = 0; done < times; done += 1) {
        await platform.coolDown();
        expect((await use(secret, others)).status).not.toBe(200);
      }
      await platform.coolDown();
    };
    await use(secret, three);
    const wrong = async () => (await platform.work('login', ({ knex }) => knex('badges').where('pupil_id', child.id)))[0].wrong;
    await guess(2);
    expect([(await use(secret, three)).status, await wrong()]).toEqual([200, 0]);
    await inPlugin('login', 'update badges set wrong = 12 where pupil_id = ?', child.id);
    await guess(2);
    expect([(await use(secret, three)).status, await wrong()]).toEqual([200, 14]);
    await guess(1);
    expect(typeOf(await use(secret, three))).toBe('login/badge-closed');
    const shown = async () => (await by.get(`${path}/badges`)).body.pupils[0].guessed;
    expect(await shown()).toBe(true);
    await by.delete(`${path}/pupils/${child.id}/pictures`);
    await inPlugin('login', 'delete from throttles');
    expect([await shown(), (await use(secret, three)).status]).toEqual([false, 200]);
  });

  test('is stored as hashes, and its secret is in no log', async () => {
    const { by, path, child, secret } = await setUp();
    const [row] = await platform.work('login', ({ knex }) => knex('badges').where('pupil_id', child.id));
    const plain = secret.replace('-', '');
    expect(bytesOf([row]).includes(plain)).toBe(false);
    await use(secret, null);
    await by.put(`${path}/badge-window`, { minutes: 30 });
    for (const pictures of [null, three, others]) await use(secret, pictures);
    const log = platform.log.join('');
    for (const each of [plain, secret]) expect(log).not.toContain(each);
    expect([row.secret_hash.length, row.short_hash.length, row.pictures_hash]).toEqual([32, 32, null]);
  });
});

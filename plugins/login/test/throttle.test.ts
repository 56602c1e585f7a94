import type { TestClient } from '@ilearn/core/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type LoginPlatform, startLogin } from './platform.js';

const password = 'krijt-en-bord-3a';
let platform: LoginPlatform;

beforeAll(async () => {
  platform = await startLogin(
    {
      throttle: {
        account: { free: 3, firstWaitSeconds: 60 },
        everywhere: { free: 10, firstWaitSeconds: 60 },
        address: { free: 12, firstWaitSeconds: 60 },
      },
    },
    { settings: { trustProxy: true } },
  );
  await platform.person({ username: 'lien', password });
  await platform.person({ username: 'bart', password });
});
afterEach(() => platform.work('login', ({ knex }) => knex('throttles').delete()));
afterAll(() => platform?.stop());

/** One attempt from an address; a client of its own keeps the cookies of a device. */
function attempt(username: string, typed: string, address = '203.0.113.1', client: TestClient = platform.client()) {
  const headers = { 'x-forwarded-for': address };
  return client.post('/api/login/session', { username, password: typed }, { headers });
}

async function fail(username: string, times: number, address?: string, client?: TestClient) {
  let last = await attempt(username, 'wrong-password-0', address, client);
  for (let i = 1; i < times; i++) last = await attempt(username, `wrong-password-${i}`, address, client);
  return last;
}

describe('an account from one address', () => {
  test('the first attempts are free; the next makes that address wait, even with the right password', async () => {
    expect(await fail('lien', 3)).toMatchObject({ status: 401, body: { retryAfter: 0 } });
    expect(await fail('lien', 1)).toMatchObject({ status: 401, body: { retryAfter: 60 } });

    const waiting = await attempt('lien', password);
    expect(waiting).toMatchObject({ status: 429, body: { type: '/problems/login/too-many-attempts' } });
    expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(waiting.headers.get('set-cookie')).toBeNull();
  });

  test('after the wait, the right password signs in and resets the counter', async () => {
    await fail('lien', 4);
    await platform.coolDown();
    expect((await attempt('lien', password)).status).toBe(200);
    expect(await fail('lien', 3)).toMatchObject({ status: 401, body: { retryAfter: 0 } });
  });

  test('each further failure doubles the wait, up to the maximum', async () => {
    const waits: number[] = [];
    await fail('lien', 3);
    for (let i = 0; i < 6; i++) {
      waits.push((await fail('lien', 1)).body.retryAfter);
      await platform.coolDown();
    }
    expect(waits).toEqual([60, 120, 240, 480, 900, 900]);
  });

  test('attempts during the wait do not extend it', async () => {
    await fail('lien', 4);
    for (let i = 0; i < 3; i++) expect((await attempt('lien', 'wrong-again')).status).toBe(429);
    await platform.coolDown();
    expect((await fail('lien', 1)).body.retryAfter).toBe(120);
  });

  test('an account that does not exist is throttled in the same way', async () => {
    const known = [await fail('lien', 3), await fail('lien', 1), await attempt('lien', 'x')];
    await platform.work('login', ({ knex }) => knex('throttles').delete());
    const unknown = [await fail('nobody', 3), await fail('nobody', 1), await attempt('nobody', 'x')];
    // The seconds that passed since the failure are not the account's.
    const comparable = (answers: typeof known) =>
      answers.map(({ status, body: { requestId, retryAfter, ...body } }) => ({
        status,
        waits: retryAfter === undefined ? undefined : Math.abs(retryAfter - 60) <= 10,
        body: JSON.stringify(body).replace(/\d+ seconds/, 'n seconds'),
      }));
    expect(comparable(unknown)).toEqual(comparable(known));
    expect(known[2]?.body.retryAfter).toBeGreaterThan(50);
  });

  test('another spelling of the name counts as the same account', async () => {
    for (const typed of ['lien', 'LIEN', ' Lien ', 'ｌien']) await attempt(typed, 'wrong-password');
    expect((await attempt('lien', password)).status).toBe(429);
  });

  test('other people are not affected', async () => {
    await fail('lien', 4);
    expect((await attempt('bart', password)).status).toBe(200);
  });

  test('concurrent guesses are counted one by one', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => attempt('lien', `guess-number-${i}`)));
    const looked = answers.filter(({ status }) => status === 401);
    expect(looked).toHaveLength(4);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(6);
  });
});

describe('an account from several places', () => {
  test('attack 10: failures elsewhere make only their sender wait', async () => {
    await fail('lien', 4);
    expect((await attempt('lien', password, '203.0.113.2')).status).toBe(200);
    expect((await attempt('lien', password)).status).toBe(429);
  });

  test('attack 10: a known device is not locked out by any number of guesses from elsewhere', async () => {
    const device = platform.client();
    expect((await attempt('lien', password, '203.0.113.1', device)).status).toBe(200);
    expect(device.cookie('ilearn-device')).toMatch(/^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}$/);
    for (let i = 1; i <= 13; i++) await fail('lien', 1, `198.51.100.${i}`);
    for (let i = 0; i < 13; i++) await fail(`name-${i}`, 1);
    expect((await attempt('lien', password, '203.0.113.1', device)).status).toBe(200);
    expect((await attempt('lien', password, '203.0.113.77')).status, 'any other device, everywhere').toBe(429);
  });

  test('a known device has a separate counter, which does not affect the account elsewhere', async () => {
    const device = platform.client();
    await attempt('lien', password, '203.0.113.1', device);
    expect(await fail('lien', 4, '203.0.113.1', device)).toMatchObject({ status: 401, body: { retryAfter: 60 } });
    expect((await attempt('lien', password, '203.0.113.50', device)).status, 'from another address too').toBe(429);
    expect((await attempt('lien', password)).status).toBe(200);
  });

  test('a device is known for each account that signed in on it, and for no other', async () => {
    const device = platform.client();
    await attempt('lien', password, '203.0.113.1', device);
    await attempt('bart', password, '203.0.113.1', device);
    for (const name of ['lien', 'bart']) {
      await fail(name, 4);
      expect((await attempt(name, password, '203.0.113.1', device)).status, name).toBe(200);
    }
    await platform.person({ username: 'mia', password });
    await fail('mia', 4);
    expect((await attempt('mia', password, '203.0.113.1', device)).status).toBe(429);
  });

  test.each([
    ['another device', (cookie: string) => `${'A'.repeat(22)}.${cookie.split('.')[1]}`],
    ['a mark that nobody made', (cookie: string) => `${cookie.split('.')[0]}.${'A'.repeat(22)}`],
    ['something else', () => 'x'],
    ['very many marks', (cookie: string) => `${cookie}${`.${'A'.repeat(22)}`.repeat(500)}`],
  ])('a cookie with %s does not make a device known', async (_, forge) => {
    const device = platform.client();
    await attempt('lien', password, '203.0.113.1', device);
    await fail('lien', 4);
    const forged = platform.client().setCookie('ilearn-device', forge(device.cookie('ilearn-device') as string));
    expect((await attempt('lien', password, '203.0.113.1', forged)).status).toBe(429);
  });

  test('guessing from many addresses is limited: one at a time once the common counter is full', async () => {
    const answers = [];
    for (let i = 0; i < 40; i++) answers.push(await fail('lien', 1, `198.51.100.${i}`));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(11);
    await platform.coolDown();
    expect((await fail('lien', 1, '198.51.100.200')).body.retryAfter).toBe(120);
    expect((await fail('lien', 1, '198.51.100.201')).status).toBe(429);
  });

  test('a success removes its own attempt, not the guesses of others', async () => {
    for (let i = 0; i < 10; i++) await fail('lien', 1, `198.51.100.${i}`);
    for (let i = 0; i < 3; i++) expect((await attempt('lien', password)).status).toBe(200);
    expect((await fail('lien', 1, '198.51.100.100')).body.retryAfter).toBe(60);
  });

  test('a password change is counted separately', async () => {
    const device = platform.client();
    await attempt('lien', password, '203.0.113.1', device);
    for (let i = 1; i <= 13; i++) await fail('lien', 1, `198.51.100.${i}`);
    const change = (current: string) => device.put('/api/login/password', { current, password: 'een-heel-ander-woord' });
    for (const retryAfter of [0, 0, 0, 60]) expect((await change('mis')).body).toMatchObject({ retryAfter });
    expect((await change(password)).status).toBe(429);
    expect((await attempt('lien', password, '203.0.113.1', device)).status).toBe(200);
  });
});

describe('per address', () => {
  test('one address that tries many names has to wait, for any name', async () => {
    for (let i = 0; i < 13; i++) await attempt(`name-${i}`, 'the-same-password');
    expect((await attempt('bart', password)).status).toBe(429);
  });

  test('a success does not reset the counter of its address', async () => {
    for (let i = 0; i < 12; i++) await attempt(`name-${i}`, 'the-same-password');
    expect((await attempt('bart', password)).status).toBe(200);
    expect((await attempt('name-13', 'the-same-password')).body.retryAfter).toBe(60);
    expect((await attempt('bart', password)).status).toBe(429);
  });
});

describe('the stored counters', () => {
  test('contain neither names nor addresses, in clear or as an unkeyed hash', async () => {
    const { createHash } = await import('node:crypto');
    await fail('lien', 1);
    const rows: Record<string, unknown>[] = await platform.work('login', ({ knex }) => knex('throttles'));
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(Object.keys(row).sort()).toEqual(['blocked_until', 'forgotten_at', 'key']);
    const keys = rows.map(({ key }) => (key as Buffer).toString('hex'));
    for (const text of ['lien', '["account","lien"]', '203.0.113.1', '["address","203.0.113.1"]']) {
      expect(keys).not.toContain(createHash('sha256').update(text).digest('hex'));
    }
  });

  test('failures expire, and the job removes the row', async () => {
    await fail('lien', 3);
    await platform.work('login', ({ knex }) =>
      knex('throttles').update({ forgotten_at: knex.raw(`now() - interval '1 second'`) }),
    );
    expect(await platform.work('login', ({ throttle }) => throttle.removeForgotten())).toBe(3);
    await fail('lien', 3);
    expect(await platform.work('login', ({ throttle }) => throttle.removeForgotten())).toBe(0);
  });

  test('a row that still makes somebody wait is kept', async () => {
    await fail('lien', 4);
    await platform.work('login', ({ knex }) =>
      knex('throttles').update({ forgotten_at: knex.raw(`now() - interval '1 second'`) }),
    );
    await platform.work('login', ({ throttle }) => throttle.removeForgotten());
    expect((await attempt('lien', password)).status).toBe(429);
  });
});

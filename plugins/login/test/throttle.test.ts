import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type LoginPlatform, startLogin } from './platform.js';

const password = 'krijt-en-bord-3a';
let platform: LoginPlatform;

beforeAll(async () => {
  platform = await startLogin({
    throttle: { account: { free: 3, firstWaitSeconds: 60 }, address: { free: 12, firstWaitSeconds: 60 } },
  });
  await platform.person({ username: 'lien', password });
  await platform.person({ username: 'bart', password });
});
afterEach(() => platform.work('login', ({ knex }) => knex('throttles').delete()));
afterAll(() => platform?.stop());

async function fail(username: string, times: number) {
  let last = await platform.attempt(username, 'wrong-password-1');
  for (let i = 1; i < times; i++) last = await platform.attempt(username, `wrong-password-${i}`);
  return last;
}

describe('per account', () => {
  test('free attempts cost nothing; the next one makes everybody wait, with the right password too', async () => {
    expect(await fail('lien', 3)).toMatchObject({ status: 401, body: { retryAfter: 0 } });
    expect(await fail('lien', 1)).toMatchObject({ status: 401, body: { retryAfter: 60 } });

    const waiting = await platform.attempt('lien', password);
    expect(waiting).toMatchObject({ status: 429, body: { type: '/problems/login/too-many-attempts' } });
    expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(waiting.headers.get('set-cookie')).toBeNull();
  });

  test('once it has cooled down the right password opens the account and clears it', async () => {
    await fail('lien', 4);
    await platform.coolDown();
    expect((await platform.attempt('lien', password)).status).toBe(200);
    expect(await fail('lien', 3)).toMatchObject({ status: 401, body: { retryAfter: 0 } });
  });

  test('each further failure doubles the wait, up to the longest', async () => {
    const waits: number[] = [];
    await fail('lien', 3);
    for (let i = 0; i < 6; i++) {
      waits.push((await fail('lien', 1)).body.retryAfter);
      await platform.coolDown();
    }
    expect(waits).toEqual([60, 120, 240, 480, 900, 900]);
  });

  test('attempts while it waits do not make it longer', async () => {
    await fail('lien', 4);
    for (let i = 0; i < 3; i++) expect((await platform.attempt('lien', 'wrong-again')).status).toBe(429);
    await platform.coolDown();
    expect((await fail('lien', 1)).body.retryAfter).toBe(120);
  });

  test('an account that does not exist is throttled just the same', async () => {
    const known = [await fail('lien', 3), await fail('lien', 1), await platform.attempt('lien', 'x')];
    await platform.work('login', ({ knex }) => knex('throttles').delete());
    const unknown = [await fail('nobody', 3), await fail('nobody', 1), await platform.attempt('nobody', 'x')];
    const comparable = (answers: typeof known) => answers.map(({ status, body: { requestId, ...body } }) => ({ status, body }));
    expect(comparable(unknown)).toEqual(comparable(known));
  });

  test('another spelling of the name is the same account', async () => {
    for (const typed of ['lien', 'LIEN', ' Lien ', 'ｌien']) await platform.attempt(typed, 'wrong-password');
    expect((await platform.attempt('lien', password)).status).toBe(429);
  });

  test('somebody else is not held up', async () => {
    await fail('lien', 4);
    expect((await platform.attempt('bart', password)).status).toBe(200);
  });

  test('guesses sent at once count one by one', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => platform.attempt('lien', `guess-number-${i}`)));
    const looked = answers.filter(({ status }) => status === 401);
    expect(looked).toHaveLength(4);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(6);
  });
});

describe('per address', () => {
  test('one address that tries many names has to wait, whatever the name', async () => {
    for (let i = 0; i < 13; i++) await platform.attempt(`name-${i}`, 'the-same-password');
    expect((await platform.attempt('bart', password)).status).toBe(429);
  });

  test('a success of its own does not wash the address clean', async () => {
    for (let i = 0; i < 12; i++) await platform.attempt(`name-${i}`, 'the-same-password');
    expect((await platform.attempt('bart', password)).status).toBe(200);
    expect((await platform.attempt('name-13', 'the-same-password')).body.retryAfter).toBe(60);
    expect((await platform.attempt('bart', password)).status).toBe(429);
  });
});

describe('what the counters hold', () => {
  test('neither names nor addresses, in clear or as a bare hash', async () => {
    const { createHash } = await import('node:crypto');
    await fail('lien', 1);
    const rows: Record<string, unknown>[] = await platform.work('login', ({ knex }) => knex('throttles'));
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(Object.keys(row).sort()).toEqual(['blocked_until', 'forgotten_at', 'key']);
    const keys = rows.map(({ key }) => (key as Buffer).toString('hex'));
    for (const text of ['lien', 'account:lien', '127.0.0.1', 'address:127.0.0.1']) {
      expect(keys).not.toContain(createHash('sha256').update(text).digest('hex'));
    }
  });

  test('failures are forgotten with time, and the job removes the row', async () => {
    await fail('lien', 3);
    await platform.work('login', ({ knex }) =>
      knex('throttles').update({ forgotten_at: knex.raw(`now() - interval '1 second'`) }),
    );
    expect(await platform.work('login', ({ throttle }) => throttle.removeForgotten())).toBe(2);
    await fail('lien', 3);
    expect(await platform.work('login', ({ throttle }) => throttle.removeForgotten())).toBe(0);
  });

  test('a row that still makes somebody wait is kept', async () => {
    await fail('lien', 4);
    await platform.work('login', ({ knex }) =>
      knex('throttles').update({ forgotten_at: knex.raw(`now() - interval '1 second'`) }),
    );
    await platform.work('login', ({ throttle }) => throttle.removeForgotten());
    expect((await platform.attempt('lien', password)).status).toBe(429);
  });
});

import { preparePassword } from '@ilearn/plugin-login';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Turns } from '../dist/accounts/turns.js';
import { type LoginPlatform, startLogin } from './platform.js';

const text = 'krijt-en-bord-3a';
const RUSH = 50;
let platform: LoginPlatform;
beforeAll(async () => {
  platform = await startLogin();
  const password = await preparePassword(text);
  await platform.work('login', async ({ directory, accounts }) => {
    const roles = [{ tenant: platform.schools[0].id, role: 'pupil' }];
    for (let each = 0; each < RUSH; each++) {
      const personId = await directory.people.create({ givenName: 'Noor', familyName: 'Peeters', kind: 'pupil', roles });
      await accounts.set({ personId, username: `pupil-${each}`, password });
    }
  });
});
afterAll(() => platform?.stop());

test('operator 8: 50 people who sign in at once use no connection while their passwords are hashed', async () => {
  const { pool } = await platform.platform.home();
  const reader = await platform.signIn(crypto.randomUUID());
  let ended = 0;
  let mostWaiting = 0;
  const look = setInterval(() => {
    mostWaiting = Math.max(mostWaiting, pool.waitingCount);
  }, 1);
  const rush = Array.from({ length: RUSH }, (_, each) => platform.attempt(`pupil-${each}`, text).finally(() => ended++));

  // Readers have their answers while the others still wait for their turn.
  for (let each = 0; each < 10; each++) expect((await reader.get('/api/kernel/session')).status).toBe(200);
  expect(ended).toBeLessThan(RUSH);
  const answers = await Promise.all(rush);
  clearInterval(look);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  // Who holds a connection while hashing leaves all the others waiting for one.
  expect(mostWaiting).toBeLessThan(RUSH / 4);
  const { rows } = await pool.query(
    `select count(distinct actor)::int as people, count(*)::int as entries from kernel.audit_entries
     where route = 'POST /api/login/session' and status = 200 and actor_kind = 'person'`,
  );
  expect(rows).toEqual([{ people: RUSH, entries: RUSH }]);
});

test('a password that is changed while it is checked, or an attempt that has to wait by then, opens no session', async () => {
  const client = { username: 'pupil-0', address: '127.0.0.9', cookies: undefined };
  const begun = await platform.work('login', ({ signIn }) => signIn.begin(client));
  expect(begun).toEqual({ wait: 0, hash: expect.stringMatching(/^\$argon2id\$/) });
  await platform.work('login', ({ knex, accounts }) =>
    accounts.byUsername('pupil-0').then(({ person_id, password_hash }: { person_id: string; password_hash: string }) =>
      knex('accounts')
        .where({ person_id })
        .update({ password_hash: password_hash.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) }),
    ),
  );
  const attempt = (checked: object): Promise<unknown> => platform.work('login', ({ signIn }) => signIn.attempt(client, checked));
  expect(await attempt({ ...begun, fits: true })).toMatchObject({ kind: 'refused' });
  expect(await attempt({ ...begun, wait: 7, fits: true })).toEqual({ kind: 'throttled', wait: 7 });
  const unknown = { ...client, username: 'nobody' };
  expect(await platform.work('login', ({ signIn }) => signIn.begin(unknown))).toEqual({ wait: 0, hash: null });
});

test('turns: a limited number at once, first come first served, and whoever aborts leaves the queue', async () => {
  const turns = new Turns(2, 4);
  const order: number[] = [];
  const ends: (() => void)[] = [];
  const begin = (each: number, signal?: AbortSignal) =>
    turns.take(signal, () => {
      order.push(each);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const giveUp = new AbortController();
  const all = [begin(0), begin(1), begin(2), begin(3, giveUp.signal), begin(4), begin(5)];
  await expect(begin(6)).rejects.toMatchObject({ status: 503, type: 'login/busy' });
  expect(order).toEqual([0, 1]);
  giveUp.abort(new Error('gave up'));
  await expect(all[3]).rejects.toThrow('gave up');
  await expect(begin(7, giveUp.signal)).rejects.toThrow('gave up');
  for (let each = 0; each < 5; each++) {
    ends[each]?.();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(all.filter((_, each) => each !== 3));
  expect(order).toEqual([0, 1, 2, 4, 5]);
  await expect(turns.take(undefined, () => Promise.reject(new Error('fails')))).rejects.toThrow('fails');
  expect(await turns.take(undefined, async () => 'free again')).toBe('free again');
});

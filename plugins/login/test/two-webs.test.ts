import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LoginPlatform, startLogin } from './platform.js';

const password = 'krijt-en-bord-3a';
const config = { throttle: { account: { free: 3, firstWaitSeconds: 60 } } };
let first: LoginPlatform;
/** Another web process of the same portal, as behind a load balancer. */
let second: TestPlatform;
beforeAll(async () => {
  first = await startLogin(config);
  second = await createTestPlatform({
    plugins: first.platform.plugins.map(({ definition }) => definition),
    config: { login: config },
    settings: { publicUrl: first.platform.portal.url },
    beside: first,
    only: 'web',
  });
  for (const username of ['lien', 'bart']) await first.person({ username, password });
});
afterAll(async () => {
  await second?.stop();
  await first?.stop();
});

test('who signs in at one web is signed in at the other, and signed out at both', async () => {
  const here = first.client();
  expect((await first.attempt('lien', password, here)).status).toBe(200);
  const there = second.client().setCookie('ilearn', here.cookie('ilearn') as string);
  const { body } = await there.get('/api/kernel/session');
  expect(body.session).toMatchObject({ displayName: 'Lien Peeters' });
  expect((await there.delete('/api/kernel/session')).status).toBe(204);
  expect((await here.get('/api/kernel/session')).body).toEqual({ session: null });
});

test('failed attempts are counted across both', async () => {
  const at = (platform: TestPlatform) => first.attempt('bart', 'wrong-password', platform.client());
  for (const web of [first, second, first]) expect((await at(web)).body).toMatchObject({ retryAfter: 0 });
  expect((await at(second)).body).toMatchObject({ retryAfter: 60 });
  for (const web of [first, second]) expect((await first.attempt('bart', password, web.client())).status).toBe(429);
});

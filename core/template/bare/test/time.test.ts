import { randomUUID } from 'node:crypto';
import type { TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startPortal } from './portal.js';

let portal: TestPlatform;

beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal?.stop());

test('a pupil can read the time, a visitor who is not signed in cannot', async () => {
  const pupil = await signIn(portal, 'pupil', randomUUID());
  const { status, body } = await pupil.get('/api/sample/time');
  expect([status, body]).toEqual([200, { now: expect.any(String) }]);
  expect((await portal.client().get('/api/sample/time')).status).toBe(401);
});

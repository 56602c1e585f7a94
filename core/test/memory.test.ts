import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diary } from './support/diary.js';
import { lotte, north } from './support/fixtures.js';

let portal: TestPlatform;
let pupil: TestClient;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [diary] });
  await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
  pupil = await portal.signIn(lotte);
});
afterAll(() => portal?.stop());

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function heapAfter(requests: number, from: number): Promise<number> {
  for (let n = from; n < from + requests; n += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, each) => ask(n + each)));
  }
  portal.log.length = 0;
  await new Promise((resolve) => setTimeout(resolve, 200));
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** No two alike: whatever remembers by what it was sent grows. */
function ask(n: number): Promise<unknown> {
  const headers = { 'x-request-id': `request-${n}`, 'accept-language': `nl;q=0.${n % 10}` };
  if (n % 5 === 0) return pupil.get(`/api/diary/pupils/${lotte}/pages/nick${n}`, { headers });
  if (n % 5 === 1) return pupil.get(`/api/nowhere/${n}?n=${n}`, { headers });
  if (n % 5 === 2) return pupil.post('/api/diary/pages', { tenant: north, text: `page ${n}` }, { headers });
  if (n % 5 === 3) return portal.client().setCookie('ilearn', `${n}`.padStart(43, 'x')).get('/api/kernel/session', { headers });
  return pupil.get(`/some/page/${n}`, { headers });
}

test('operator: 2,000 requests of all kinds leave nothing in the heap', async () => {
  const before = await heapAfter(600, 0);
  const after = await heapAfter(2_000, 600);
  expect(after - before).toBeLessThan(4);
}, 300_000);

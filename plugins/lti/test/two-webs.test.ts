import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, initiate } from './support/flow.js';
import { authenticate, call, scopes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

let world: World;
/** A second web process of the same portal, as behind a load balancer. */
let other: TestPlatform;
beforeAll(async () => {
  world = await createWorld();
  other = await createTestPlatform({
    plugins: world.platform.platform.plugins.map(({ definition }) => definition),
    settings: { publicUrl: world.platform.url },
    beside: world.platform,
    only: 'web',
  });
});
afterAll(async () => {
  await other?.stop();
  await world?.stop();
});

it('an assertion that one web accepted is refused by the other', async () => {
  const assertion = await world.tool.assertion();
  expect((await world.tool.requestToken(scopes.score, assertion)).status).toBe(200);
  const form = (client_assertion: string) => ({
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      scope: scopes.score,
      client_assertion,
    }),
  });
  const replayed = await call(`${other.url}/api/lti/token`, form(assertion));
  expect(replayed).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  // Only the replay is refused: the second process accepts a new assertion.
  expect((await call(`${other.url}/api/lti/token`, form(await world.tool.assertion()))).status).toBe(200);
});

it('a launch that one web answered is refused by the other', async () => {
  const initiation = await initiate(world);
  expect((await ask(world, initiation)).fields).toHaveProperty('id_token');
  const replayed = await authenticate(other.url, world.tool.authentication(initiation));
  expect(replayed).toMatchObject({ status: 400, action: null });
  expect(replayed.html).toContain('launch-used');
  const fresh = await initiate(world);
  expect((await authenticate(other.url, world.tool.authentication(fresh))).fields).toHaveProperty('id_token');
});

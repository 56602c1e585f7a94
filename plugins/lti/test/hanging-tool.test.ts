import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, scopes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

let world: World;
/** Accepts connections and never answers. */
let silent: Server;
const sockets = new Set<Socket>();

beforeAll(async () => {
  world = await createWorld();
  silent = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    socket.resume();
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await world?.stop();
  for (const socket of sockets) socket.destroy();
  silent?.close();
});

/** A forged assertion, which anyone who has seen a launch can send: its address contains the client id. */
const forged = (clientId: string) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', kid: 'i' })}.${part({ iss: clientId })}.AAAA`;
};
const ask = (assertion: string) =>
  call(`${world.platform.url}/api/lti/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: scopes.score,
    }),
  });

test('attack 5: tools whose key sets hang do not delay others', async () => {
  const { port } = silent.address() as AddressInfo;
  const hanging = [];
  for (let each = 0; each < 12; each++) {
    const jwksUrl = `http://localhost:${port}/${each}`;
    hanging.push(await world.addTool(`hangs-${each}`, { jwksUrl }));
  }
  const { pool } = await world.platform.platform.home();
  let ended = 0;
  let free = false;
  // No database connection is held while the portal waits for a key set.
  const look = setInterval(() => {
    if (sockets.size > 0 && ended < 12 && pool.totalCount - pool.idleCount + pool.waitingCount === 0) free = true;
  }, 1);
  const waiting = hanging.map((tool) => ask(forged(tool.registration.clientId)).finally(() => ended++));
  // Other requests are answered, also by the same route.
  expect((await world.pupil.client.get('/api/kernel/session')).status).toBe(200);
  expect((await world.tool.requestToken(scopes.score)).status).toBe(200);

  for (const answer of await Promise.all(waiting)) {
    expect([answer.status, answer.body.error_description]).toEqual([401, expect.stringMatching(/^jwks-unreachable: /)]);
  }
  clearInterval(look);
  expect(free).toBe(true);
  const line = world.platform.log.find((each) => each.includes('jwks-unreachable'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ check: 'jwks-unreachable', tool: expect.stringMatching(/^hangs-/) });
});

test('a tool that is switched off while its keys are fetched gets no token', async () => {
  const tool = await world.addTool('switched-off-meanwhile');
  const assertion = await tool.assertion();
  const verified = await world.platform.work('lti', ({ clientAssertions }) => clientAssertions.claimed(assertion));
  await world.platform.work('lti', ({ knex }) =>
    knex('registrations').where({ key: tool.registration.key }).update({ active: false }),
  );
  const used = world.platform.work('lti', ({ clientAssertions }) =>
    clientAssertions.use({ registration: verified, payload: {} }),
  );
  await expect(used).rejects.toThrow('client-unknown');
});

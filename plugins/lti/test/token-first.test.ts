import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpointOf, launched } from './support/flow.js';
import { callService, mediaTypes, scopes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

let world: World;
let items: string;
let item: string;

beforeAll(async () => {
  world = await createWorld();
  ({ lineitems: items, lineitem: item } = endpointOf(await launched(world)) as { lineitems: string; lineitem: string });
});
afterAll(() => world?.stop());

const bodies: [string, string | undefined, unknown][] = [
  ['none', undefined, undefined],
  ['an empty one', mediaTypes.score, ''],
  ['not JSON', mediaTypes.score, '{"userId":'],
  ['of another type', 'text/plain', 'x'],
  ['a form', 'application/x-www-form-urlencoded', 'a=b'],
  ['of the wrong shape', mediaTypes.score, { userId: 1, scoreGiven: 'x', timestamp: 'yesterday' }],
  ['a lone surrogate', mediaTypes.score, '{"comment":"\\ud83d"}'],
  ['NUL', mediaTypes.lineItem, { label: 'a\0b', scoreMaximum: 1 }],
  ['a number without end', mediaTypes.lineItem, '{"scoreMaximum":1e400}'],
  ['deeply nested', mediaTypes.lineItem, `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['__proto__', mediaTypes.lineItem, '{"__proto__":{"label":"x"}}'],
  ['too large', mediaTypes.score, JSON.stringify({ comment: 'x'.repeat(1_500_000) })],
];
const tokens: [string, string | null][] = [
  ['no token', null],
  ['an unknown token', 'A'.repeat(43)],
  ['a hostile token', "x'--%00"],
];

test.each(tokens)('attack 17: a call with %s is 401, whatever its body, address or query', async (_, token) => {
  const writes = [
    ['POST', items],
    ['PUT', item],
    ['POST', `${item}/scores`],
    ['POST', `${items}/no-uuid/scores`],
    ['DELETE', `${items}/no-uuid`],
  ] as const;
  for (const [method, address] of writes) {
    for (const [name, type, body] of bodies) {
      // If the body is not read, the connection may be cut before the sender sees the answer.
      const answer = await callService(address, token, { method, type, body }).catch(() => null);
      if (answer === null && name === 'too large') continue;
      expect([answer?.status, answer?.body?.type], `${method} ${address} with ${name}`).toEqual([
        401,
        expect.stringMatching(/lti\/token-invalid$/),
      ]);
    }
  }
  for (const query of ['?limit=x', '?limit=-1', '?limit=1e400', '?after=%00']) {
    expect((await callService(`${items}${query}`, token)).status, query).toBe(401);
    expect((await callService(`${item}/results${query}`, token)).status, query).toBe(401);
  }
});

test('attack 17: a token without the scope is 403 before its body is checked; with it, the faults are reported', async () => {
  const reading = await world.tool.token(scopes.result);
  const writing = await world.tool.token(scopes.lineItem, scopes.score);
  const send = (token: string, body: unknown) =>
    callService(`${item}/scores`, token, { method: 'POST', type: mediaTypes.score, body });
  for (const body of ['{"userId":', { userId: 1 }, '{"comment":"\\ud83d"}']) {
    expect((await send(reading, body)).status).toBe(403);
    expect((await send(writing, body)).status).toBe(400);
  }
});

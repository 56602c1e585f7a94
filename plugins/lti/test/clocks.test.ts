import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { shiftDate } from '../../../core/test/support/shifted.js';
import { ask, endpointOf, initiate, launched } from './support/flow.js';
import { callService, mediaTypes, scopes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());
afterEach(() => shiftDate(0));

const DAY = 86_400_000;
/** The clock of the tool and the database, which the tests do not change. */
const rightTime = Date.now;

/**
 * Only the portal's clock is wrong, but the portal runs in the test's process. So the tool creates its timestamps before the clock changes,
 * and checks those of the portal after it is reset. With the embedded database, this clock is also the database's; a tool with another
 * clock is then rightly refused.
 */
describe('operator 15: a portal whose process has a wrong clock', () => {
  it.each(
    process.env['ILEARN_TEST_POSTGRES'] ? [-400, -2, 2, 400] : [],
  )('by %s days launches and accepts scores as usual', async (days) => {
    const assertion = await world.tool.assertion();
    shiftDate(days * DAY);
    const initiated = await initiate(world);
    const post = await ask(world, initiated);
    shiftDate(0);
    const claims = await world.tool.verify(post.fields.id_token as string);
    expect(Math.abs((claims.iat as number) - rightTime() / 1000)).toBeLessThan(60);

    shiftDate(days * DAY);
    const token = await world.tool.requestToken(scopes.score, assertion);
    expect(token.status).toBe(200);
    const send = (timestamp: string) =>
      callService(`${endpointOf(claims).lineitem}/scores`, token.body.access_token, {
        method: 'POST',
        type: mediaTypes.score,
        body: {
          userId: claims.sub,
          scoreGiven: 8,
          scoreMaximum: 10,
          activityProgress: 'Completed',
          gradingProgress: 'FullyGraded',
          timestamp,
        },
      });
    expect((await send(new Date(rightTime()).toISOString())).status).toBe(204);
    const later = await send(new Date(rightTime() + 3_600_000).toISOString());
    expect([later.status, later.body.type]).toEqual([400, expect.stringContaining('score-from-future')]);
  });
});

it('launches and accepts scores with a correct clock too', async () => {
  const claims = await launched(world);
  expect(Math.abs((claims.iat as number) - rightTime() / 1000)).toBeLessThan(60);
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { EmbeddedWorld, mayMount, mayUnshare } from './chaos/embedded.js';

const nothingLost = { lost: 0, twice: 0, triesMissing: 0, auditMissing: 0, stuck: 0 };

let world: EmbeddedWorld;
beforeEach(() => {
  world = new EmbeddedWorld();
});
afterEach(() => world.stop());

test('the embedded database keeps what it confirmed, however often its portal is killed', { timeout: 400_000 }, async () => {
  await world.start();
  await world.under(async () => {
    for (let kill = 0; kill < 20; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 1_500));
      await world.kill();
    }
  });
  expect(await world.tally()).toMatchObject(nothingLost);
});

test('a second portal on the same folder is refused clearly, also from another container', { timeout: 240_000 }, async () => {
  await world.start();
  await world.under(async () => {
    for (const elsewhere of mayUnshare() ? [false, true] : [false]) {
      const { code, log } = await world.second(elsewhere);
      expect(code, log).toBe(2);
    }
  });
  const { reasons, ...counted } = await world.tally();
  expect(counted).toMatchObject(nothingLost);
  expect(reasons).toEqual({});
});

test('a full disk refuses writes, and loses none that were confirmed', { timeout: 240_000 }, async () => {
  if (!mayMount()) {
    console.log('not shown on this machine: a full disk (needs the right to mount one)');
    return;
  }
  await world.start(600);
  await world.under(async () => {
    world.fillDisk();
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    world.emptyDisk();
    await new Promise((resolve) => setTimeout(resolve, 8_000));
  });
  const { reasons, ...counted } = await world.tally();
  expect(counted).toMatchObject(nothingLost);
  expect(Object.keys(reasons).filter((reason) => !reason.startsWith('503 '))).toEqual([]);
});

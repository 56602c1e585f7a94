import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { academyPortal, training, type World } from './support/academy.js';

let world: World;
beforeAll(async () => {
  world = await academyPortal();
});
afterAll(() => world?.portal.stop());

test('the trainings of a provider carry its new name, and are found by it', async () => {
  const id = await training(world);
  const { portal, kaai } = world;
  const administrator = randomUUID();
  await portal.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
  const client = await portal.signIn(administrator);
  const changed = await client.put(`/api/directory/providers/${kaai.id}`, { name: 'Het Dok', email: null });
  expect(changed.status, JSON.stringify(changed.body)).toBeLessThan(300);
  await portal.drain();
  const [row] = await portal.work('academy', ({ knex }) => knex('trainings').where({ id }));
  expect(row.provider_name).toBe('Het Dok');
});

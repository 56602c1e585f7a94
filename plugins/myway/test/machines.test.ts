import type { TestClient } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

/** The ids of a list, page by page, along the links; `between` runs after the first page. */
async function followed(client: TestClient, address: string, between = async () => {}): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | undefined = address; next !== undefined; ) {
    const { status, body, headers } = await client.get(next);
    expect([next, status]).toEqual([next, 200]);
    pages.push((Array.isArray(body) ? body : body.paths).map(({ id }: { id: string }) => id));
    next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]?.replace(world.platform.url, '');
    if (pages.length === 1) await between();
  }
  return pages;
}

test('lists of paths and assignments are read along links, without gaps or repeats while rows are added', async () => {
  const { teacher, platform, school } = world;
  const activity = await world.activity();
  const add = async (title: string) => (await world.path([activity], { title })).id as string;
  const given: string[] = [];
  for (const n of [1, 2, 3, 4, 5]) given.push((await world.assign(await add(`Spoor ${n}`))).id);
  await platform.work('myway', async ({ knex }) => {
    // Rows of one moment are told apart by their ids.
    await knex('paths').update({ updated_at: '2026-11-01T10:00:00.123456Z' });
    await knex('assignments').update({ created_at: '2026-11-01T10:00:00.123456Z' });
    await knex('paths').insert(
      ['nl', 'en', 'nl-BE', 'fr', 'nl'].map((language, n) => ({ school_id: null, title: `Gedeeld ${n % 2}`, language })),
    );
  });
  const machine = platform.machine({ scopes: ['myway.paths:read', 'myway.progress:read'], tenants: [school] });
  for (const client of [teacher.client, machine]) {
    const own = client === machine ? 'school' : 'own';
    for (const address of [
      `/api/myway/paths?scope=${own}`,
      '/api/myway/paths?scope=shared',
      '/api/myway/assignments?ended=false',
    ]) {
      const [whole = []] = await followed(client, address);
      const pages = await followed(client, `${address}&limit=2`);
      expect([address, pages.map((page) => page.length)]).toEqual([address, [2, 2, 1]]);
      expect([address, pages.flat()]).toEqual([address, whole]);
      const rest = (await client.get(`${address}&offset=3`)).body;
      expect((Array.isArray(rest) ? rest : rest.paths).map(({ id }: { id: string }) => id)).toEqual(whole.slice(3));
    }
  }
  const before = (await followed(teacher.client, '/api/myway/paths?scope=own')).flat();
  const pages = await followed(teacher.client, '/api/myway/paths?scope=own&limit=2', async () => void (await add('Nieuw')));
  expect(pages.flat()).toEqual(before);
  expect(new Set((await followed(machine, '/api/myway/assignments')).flat())).toEqual(new Set(given));
  expect((await machine.get('/api/myway/paths?after=nothing')).status).toBe(400);
});

test('a machine reads the progress of whole classes, not of groups or of chosen pupils', async () => {
  const { teacher, platform, school, pupils } = world;
  const group = await world.group({ school, name: 'Extra hulp', kind: 'group', teachers: [teacher], pupils: [pupils[0]] });
  const path = async () => (await world.path([await world.activity()])).id as string;
  const whole = await world.assign(await path());
  const chosen = await world.assign(await path(), { pupilIds: [pupils[0].id] });
  const grouped = await world.assign(await path(), { classId: group });
  const machine = platform.machine({ scopes: ['myway.progress:read'], tenants: [school] });
  const listed = async (client: TestClient) => (await followed(client, '/api/myway/assignments?limit=1')).flat();
  expect(await listed(teacher.client)).toEqual(expect.arrayContaining([whole.id, chosen.id, grouped.id]));
  const seen = await listed(machine);
  expect(seen).toContain(whole.id);
  for (const { id } of [chosen, grouped]) {
    expect(seen).not.toContain(id);
    for (const part of ['progress', 'tool-results', `pupils/${pupils[0].id}`]) {
      const address = `/api/myway/assignments/${id}/${part}`;
      expect([address, (await machine.get(address)).status]).toEqual([address, 404]);
      expect([address, (await teacher.client.get(address)).status]).toEqual([address, 200]);
    }
  }
  expect((await machine.get(`/api/myway/assignments/${whole.id}/progress`)).status).toBe(200);
});

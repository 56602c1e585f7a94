import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestRoster, twoSchools, zip } from './roster.js';

let platform: TestPlatform;
let ann: TestClient;
let ida: TestClient;
let school: string;
let people: Record<string, string>;
let group: string;

beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [directory] });
  await send(twoSchools());
  people = await platform.work('directory', async ({ knex }) =>
    Object.fromEntries(
      (await knex('memberships').select('sourced_id', 'person_id')).map((row: any) => [row.sourced_id, row.person_id]),
    ),
  );
  school = await platform.work('directory', async ({ knex }) => (await knex('schools').where({ sourced_id: 'a' }).first()).id);
  ann = await platform.signIn(people['ann'] as string);
  ida = await platform.signIn(people['ida'] as string);
});
afterAll(() => platform?.stop());
beforeEach(async () => {
  await send(twoSchools());
  const made = await ann.post('/api/directory/groups', { school, name: 'Lezers', pupils: [people['ali'], people['cas']] });
  expect(made.status).toBe(201);
  group = made.body.class.id;
});

const send = (roster: TestRoster) => platform.work('directory', ({ importer }) => importer.run(zip(roster)));
const without = (leaves: (line: Record<string, string>) => boolean): TestRoster => {
  const roster = twoSchools();
  return { ...roster, enrollments: roster.enrollments.filter((line) => !leaves(line)) };
};
const inGroup = async (client = ann) =>
  (await client.get(`/api/directory/classes/${group}`)).body.pupils.map(({ givenName }: any) => givenName).sort();

describe('attack 9: a group', () => {
  test('contains only pupils whom its maker still teaches, and includes them again when they are taught again', async () => {
    expect(await inGroup()).toEqual(['Ali', 'Cas']);
    await send(without(({ userSourcedId }) => userSourcedId === 'ali'));
    expect(await inGroup(), 'a pupil who left the class').toEqual(['Cas']);
    await send(without(({ userSourcedId, classSourcedId }) => userSourcedId === 'ann' && classSourcedId === '2a'));
    expect(await inGroup(), 'a class that the teacher left').toEqual(['Ali']);
    await send(twoSchools());
    expect(await inGroup()).toEqual(['Ali', 'Cas']);
  });

  test('belongs to nobody once its maker teaches none of its pupils: it has no members and cannot be changed', async () => {
    await send(without(({ userSourcedId }) => userSourcedId === 'ann'));
    const { body } = await ann.get(`/api/directory/classes/${group}`);
    expect([body.pupils, body.teachers]).toEqual([[], []]);
    expect((await ann.get('/api/directory/classes')).body.classes).toEqual([]);
    const same = { name: 'Nog steeds', pupils: [people['ali'], people['cas']] };
    expect((await ann.put(`/api/directory/groups/${group}`, same)).status).toBe(422);
    const ali = await platform.signIn(people['ali'] as string);
    const names = (await ali.get('/api/directory/classes')).body.classes.map(({ name }: any) => name);
    expect(names).toEqual(['1A']);
  });

  test('can be found and ended by the ICT coordinator and the principal of its school, and by nobody else', async () => {
    const listed = (await ida.get(`/api/directory/classes?of=school&school=${school}`)).body.classes;
    expect(listed.find(({ id }: any) => id === group)).toMatchObject({ kind: 'group', name: 'Lezers' });
    expect((await ida.get(`/api/directory/classes/${group}`)).body).toMatchObject({ own: false, removable: true });
    expect((await ida.put(`/api/directory/groups/${group}`, { name: 'x', pupils: [people['ali']] })).status).toBe(403);
    for (const [who, status] of [
      ['kim', 404],
      ['bert', 404],
      ['ali', 403],
      ['ida', 204],
    ] as const)
      expect((await (await platform.signIn(people[who] as string)).delete(`/api/directory/groups/${group}`)).status, who).toBe(
        status,
      );
    expect((await ann.get(`/api/directory/classes/${group}`)).status).toBe(404);
  });
});

import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { pupil, school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Names that compare differently in the database and in JavaScript, and equal ones, which only their ids tell apart. */
const names = ['3A', '3A', '3a', '10A', 'É', 'E', 'Z', '4B', '3A '];
const scopes = ['directory.classes:read', 'directory.members:read'];

let portal: TestPlatform;
let schools: { id: string }[];
let stranger: { id: string };
let classId: string;
let machine: TestClient;
let staff: TestClient;

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [directory] });
  schools = [];
  for (const name of ['De Wissel', 'De Wissel', 'Élan']) schools.push(await school(portal, { name }));
  stranger = await school(portal, { name: 'Elders' });
  await schoolClass(portal, stranger, { name: '3A' });
  const [first] = schools as [{ id: string }];
  const an = await teacher(portal, schools);
  const members = [];
  for (const familyName of names) members.push(await pupil(portal, first, { familyName }));
  ({ id: classId } = await schoolClass(portal, first, { name: '3A', teachers: [an], pupils: members }));
  for (const name of names) await schoolClass(portal, first, { name });
  machine = portal.machine({ scopes, tenants: schools.map(({ id }) => id), budget: 100_000 });
  staff = await portal.signIn(an.id);
});
afterAll(() => portal?.stop());

interface List {
  address: string;
  client(): TestClient;
  rows(body: any): { id: string }[];
  /** Adds a row that comes first in the list, or last. */
  add(name: string): Promise<unknown>;
}

const home = () => schools[0] as { id: string };
const lists: [string, () => List][] = [
  [
    'schools',
    () => ({
      address: '/api/directory/schools',
      client: () => machine,
      rows: (body) => body.schools,
      // Beyond the scope of the machine, so it must never appear.
      add: (name) => school(portal, { name }),
    }),
  ],
  [
    'classes',
    () => ({
      address: '/api/directory/classes',
      client: () => machine,
      rows: (body) => body.classes,
      add: (name) => schoolClass(portal, home(), { name }),
    }),
  ],
  [
    'classes of one school',
    () => ({
      address: `/api/directory/classes?of=school&school=${home().id}`,
      client: () => staff,
      rows: (body) => body.classes,
      add: (name) => schoolClass(portal, home(), { name }),
    }),
  ],
  [
    'members of a class',
    () => ({
      address: `/api/directory/classes/${classId}`,
      client: () => machine,
      rows: (body) => [...body.teachers, ...body.pupils],
      add: (familyName) => pupil(portal, { id: classId, school: home().id }, { familyName }),
    }),
  ],
  [
    'people',
    () => ({
      address: '/api/directory/people?kind=pupil',
      client: () => staff,
      rows: (body) => body.people,
      add: (familyName) => pupil(portal, home(), { familyName }),
    }),
  ],
];

const nextOf = ({ headers }: { headers: Headers }): string | undefined =>
  /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
const limited = (address: string, limit: number) => `${address}${address.includes('?') ? '&' : '?'}limit=${limit}`;
const cursorOf = async (client: TestClient, address: string): Promise<string> =>
  new URL(nextOf(await client.get(limited(address, 1))) as string, portal.url).searchParams.get('after') as string;

describe('K16: a list read to its end', () => {
  test.each(lists)('of %s has each row once while rows are added', async (name, make) => {
    const { address, client, rows, add } = make();
    const before = rows((await client().get(address)).body).map(({ id }) => id);
    const found: string[] = [];
    const rest = ['!', 'zzz'];
    let next: string | undefined = limited(address, 2);
    while (next !== undefined) {
      const page: { status: number; body: any; headers: Headers } = await client().get(next);
      expect([next, page.status]).toEqual([next, 200]);
      const ids = rows(page.body).map(({ id }) => id);
      expect(ids.length).toBeLessThanOrEqual(2);
      found.push(...ids);
      next = nextOf(page);
      expect(page.body.more ?? next !== undefined).toBe(next !== undefined);
      const added = rest.shift();
      if (added !== undefined) await add(added);
    }
    expect(before.length).toBeGreaterThan(2);
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((id) => before.includes(id)).sort()).toEqual([...before].sort());
    // Of the rows added, the one behind the first page is found, unless it is of a school that the caller may not read.
    expect(found.length - before.length).toBe(name === 'schools' ? 0 : 1);
  });

  test.each(lists)('of %s opens with no cursor of another list or query, or one that was changed', async (name, make) => {
    const { address, client } = make();
    const cursor = await cursorOf(client(), address);
    const joined = (more: string) => `${address}${address.includes('?') ? '&' : '?'}${more}`;
    expect((await client().get(joined(`after=${cursor}&limit=3`))).status).toBe(200);
    const [other] = lists.filter(([each]) => each !== name).map(([, make]) => make()) as [List];
    const wrong = [
      await cursorOf(other.client(), other.address),
      `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`,
      cursor.slice(0, -1),
      '',
    ].map((text) => joined(`after=${text}`));
    for (const asked of [...wrong, joined(`after=${cursor}&x=1`)]) {
      const { status, body } = await client().get(asked);
      expect([asked, status, body.type]).toEqual([asked, 400, '/problems/unknown-cursor']);
    }
  });

  test('with the cursor of another client has only the rows that the caller may read', async () => {
    const elsewhere = portal.machine({ scopes, tenants: [stranger.id] });
    for (const [kind, address] of [
      ['schools', '/api/directory/schools'],
      ['classes', '/api/directory/classes'],
    ]) {
      const own = (await elsewhere.get(address as string)).body[kind as string];
      const after = await cursorOf(machine, address as string);
      const { status, body } = await elsewhere.get(`${address}?after=${after}`);
      expect(status).toBe(200);
      for (const row of body[kind as string]) expect(own).toContainEqual(row);
    }
    const members = `/api/directory/classes/${classId}`;
    expect((await elsewhere.get(`${members}?after=${await cursorOf(machine, members)}`)).status).toBe(404);
  });
});

test('the numbered pages of people go on as before', async () => {
  const page = async (query: string) => (await staff.get(`/api/directory/people?kind=pupil&${query}`)).body;
  const whole = (await page('limit=100')).people;
  expect((await page('size=4&page=2')).people).toEqual(whole.slice(4, 8));
  expect(await page('limit=4&page=2')).toEqual(await page('size=4&page=2'));
  expect((await page('size=4')).total).toBe(whole.length);
});

import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { school, teacher } from '@ilearn/plugin-directory/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { exportOf } from '../../../core/test/support/exports.js';

let portal: TestPlatform;
let admin: TestClient;
/** Id of the portal administrator. */
const root = '88888888-8888-4888-8888-888888888888';
const nobody = '99999999-9999-4999-8999-999999999999';
let academy: string;
let rival: string;
let tools: string;
/** Clients and ids of people, by given name. */
const clients: Record<string, TestClient> = {};
const ids: Record<string, string> = {};

const api = (path: string) => `/api/directory${path}`;
const as = (name: string): TestClient => clients[name] as TestClient;

async function addProvider(kind: string, name: string): Promise<string> {
  const { status, body } = await admin.post(api('/providers'), { kind, name, email: 'info@aanbieder.example' });
  expect(status).toBe(201);
  return body.id;
}

async function addPerson(by: TestClient, provider: string, givenName: string, ...roles: string[]): Promise<void> {
  const person = { givenName, familyName: 'Aanbod', email: `${givenName.toLowerCase()}@aanbieder.example`, roles };
  const { status, body } = await by.post(api(`/providers/${provider}/people`), person);
  expect([status, body]).toEqual([201, { id: expect.any(String) }]);
  ids[givenName] = body.id;
  clients[givenName] = await portal.signIn(body.id, givenName);
}

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [directory] });
  await portal.grant(root, [{ tenant: null, role: 'portal-administrator' }]);
  admin = await portal.signIn(root);
  academy = await addProvider('training-provider', 'Nascholing Noord');
  rival = await addProvider('training-provider', 'Nascholing Zuid');
  tools = await addProvider('tool-provider', 'Rekenwerk');
  await addPerson(admin, academy, 'Petra', 'planner');
  await addPerson(admin, rival, 'Rik', 'planner');
  await addPerson(admin, tools, 'Tine', 'tool-manager');
  await addPerson(as('Petra'), academy, 'Lut', 'trainer', 'coach');
  await addPerson(as('Tine'), tools, 'Hans', 'first-line-helper');
  const one = await school(portal);
  const an = await teacher(portal, one);
  clients['An'] = await portal.signIn(an.id, 'An');
});
afterAll(() => portal?.stop());

const details = async (by: TestClient, id: string) => (await by.get(api(`/providers/${id}`))).body;
const people = async (by: TestClient, id: string) =>
  (await details(by, id)).people.map(
    ({ givenName, roles, changeable }: { givenName: string; roles: string[]; changeable: boolean }) => [
      givenName,
      roles.join('+'),
      changeable,
    ],
  );

test('issue 12: portal administrators manage all providers, planners and tool managers the people of their own', async () => {
  const { body } = await admin.get(api('/providers'));
  expect(body.providers.map(({ name, kind }: { name: string; kind: string }) => [name, kind])).toEqual([
    ['Nascholing Noord', 'training-provider'],
    ['Nascholing Zuid', 'training-provider'],
    ['Rekenwerk', 'tool-provider'],
  ]);
  expect(await details(as('Petra'), academy)).toMatchObject({
    email: 'info@aanbieder.example',
    grantable: ['planner', 'trainer', 'coach', 'first-line-helper'],
  });
  expect(await people(as('Petra'), academy)).toEqual([
    ['Lut', 'trainer+coach', true],
    ['Petra', 'planner', false],
  ]);
  // A trainer sees colleagues without their addresses, and changes nothing.
  expect(await people(as('Lut'), academy)).toEqual([
    ['Lut', 'trainer+coach', false],
    ['Petra', 'planner', false],
  ]);
  expect((await details(as('Lut'), academy)).people[0].email).toBeNull();
  expect((await details(as('Tine'), tools)).grantable).toEqual(['tool-manager', 'first-line-helper']);

  const place = api(`/providers/${academy}/people/${ids['Lut']}`);
  expect((await as('Petra').put(place, { roles: ['coach', 'coach'] })).status).toBe(204);
  expect((await people(admin, academy))[0]).toEqual(['Lut', 'coach', true]);
  const held = await portal.work('directory', ({ access }) => access.rolesOf(ids['Lut'] as string));
  expect(held).toEqual([{ tenant: academy, role: 'coach' }]);

  const renamed = { name: 'Nascholing Noord vzw', email: null };
  expect((await as('Petra').put(api(`/providers/${academy}`), renamed)).status).toBe(403);
  expect((await admin.put(api(`/providers/${academy}`), renamed)).status).toBe(204);
  expect(await details(as('Petra'), academy)).toMatchObject({ name: 'Nascholing Noord vzw', email: null });
});

test('issue 12: a provider and a school see and change nothing of another provider', async () => {
  const { body } = await as('Rik').get(api('/providers'));
  expect(body.providers.map(({ id }: { id: string }) => id)).toEqual([rival]);
  const person = { givenName: 'In', familyName: 'Dringer', email: 'in@dringer.example', roles: ['trainer'] };
  for (const stranger of [as('Rik'), as('Tine')]) {
    const answers = [
      await stranger.get(api(`/providers/${academy}`)),
      await stranger.post(api(`/providers/${academy}/people`), person),
      await stranger.put(api(`/providers/${academy}/people/${ids['Petra']}`), { roles: ['trainer'] }),
      await stranger.delete(api(`/providers/${academy}/people/${ids['Petra']}`)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  }
  // A person of another provider is not reached through one's own provider either.
  expect((await as('Rik').delete(api(`/providers/${rival}/people/${ids['Petra']}`))).status).toBe(404);
  for (const path of ['/providers', `/providers/${academy}`]) expect((await as('An').get(api(path))).status).toBe(403);
  // The tables themselves: as row-level security has it, without the conditions of the services.
  const seen = (person: string) =>
    portal.work('directory', async ({ actAs, access }) =>
      actAs(
        await access.principalFor(person),
        async ({ knex }: { knex: (table: string) => { pluck(name: string): Promise<string[]> } }) => ({
          providers: await knex('providers').pluck('id'),
          members: (await knex('provider_members').pluck('person_id')).sort(),
          people: (await knex('people').pluck('given_name')).sort(),
          schools: await knex('schools').pluck('id'),
        }),
      ),
    );
  const own = await seen(ids['Rik'] as string);
  expect(own).toEqual({ providers: [rival], members: [ids['Rik']], people: ['Rik'], schools: [] });
  expect((await as('Rik').get(api(`/people/${ids['Petra']}`))).status).toBe(403);
});

test('issue 12: nobody gives a role that they may not give, or one of another kind of provider', async () => {
  const add = (by: TestClient, provider: string, roles: string[], email = 'nieuw@aanbieder.example') =>
    by.post(api(`/providers/${provider}/people`), { givenName: 'Nieuw', familyName: 'Iemand', email, roles });
  const wrongKind = await add(as('Petra'), academy, ['trainer', 'tool-manager']);
  expect([wrongKind.status, wrongKind.body.errors[0].pointer]).toEqual([422, '/roles/1']);
  expect((await add(admin, tools, ['planner'])).status).toBe(422);
  for (const role of ['teacher', 'portal-administrator', 'pupil'])
    expect((await add(as('Petra'), academy, [role])).status).toBe(400);
  expect((await add(as('Petra'), academy, [])).status).toBe(400);
  expect((await add(as('Lut'), academy, ['trainer'])).status).toBe(403);
  expect((await add(as('Petra'), academy, ['trainer'], 'geen adres')).status).toBe(400);
  expect((await add(as('Petra'), academy, ['trainer'], 'LUT@aanbieder.example')).body.type).toContain('address-known');
  expect((await add(admin, nobody, ['trainer'])).status).toBe(404);
  // Nobody locks themselves out.
  const self = api(`/providers/${academy}/people/${ids['Petra']}`);
  expect((await as('Petra').put(self, { roles: ['trainer'] })).body.type).toContain('own-roles');
  expect((await as('Petra').delete(self)).status).toBe(409);
  expect(await portal.work('directory', ({ knex }) => knex('people').where({ given_name: 'Nieuw' }))).toEqual([]);
});

test('issue 12: whoever is removed loses access at once, with name and address', async () => {
  await addPerson(as('Petra'), academy, 'Weg', 'trainer');
  expect((await as('Weg').get(api('/providers'))).status).toBe(200);
  expect((await as('Petra').delete(api(`/providers/${academy}/people/${ids['Weg']}`))).status).toBe(204);
  expect((await as('Weg').get(api('/providers'))).status).toBe(403);
  expect(await portal.work('directory', ({ knex }) => knex('people').where({ id: ids['Weg'] }))).toEqual([]);
  expect((await as('Petra').delete(api(`/providers/${academy}/people/${ids['Weg']}`))).status).toBe(404);
});

test('issue 12: who also has a role in the whole portal stays, however their id is written', async () => {
  await addPerson(admin, academy, 'Beide', 'trainer');
  const id = ids['Beide'] as string;
  const roles = [
    { tenant: academy, role: 'trainer' },
    { tenant: null, role: 'portal-administrator' },
  ];
  await portal.grant(id, roles);
  expect((await as('Petra').delete(api(`/providers/${academy}/people/${id.toUpperCase()}`))).status).toBe(204);
  expect(await portal.work('directory', ({ access }) => access.rolesOf(id))).toEqual([roles[1]]);
  const left = await portal.work('directory', ({ knex }) => knex('people').where({ id }).pluck('provider_ids'));
  expect(left).toEqual([[]]);
});

test('issue 12: a provider is removed with its people, as many as were shown', async () => {
  const leaving = await addProvider('training-provider', 'Nascholing Tijdelijk');
  await addPerson(admin, leaving, 'Leo', 'planner');
  const remove = (count: number) => admin.request('DELETE', api(`/providers/${leaving}?people=${count}`));
  const refused = await remove(0);
  expect([refused.status, refused.body.type]).toEqual([409, expect.stringContaining('provider-changed')]);
  expect((await as('Leo').request('DELETE', api(`/providers/${leaving}?people=1`))).status).toBe(403);
  expect((await remove(1)).status).toBe(204);
  expect((await admin.get(api(`/providers/${leaving}`))).status).toBe(404);
  expect((await as('Leo').get(api('/providers'))).status).toBe(403);
  expect(await portal.work('directory', ({ knex }) => knex('people').where({ id: ids['Leo'] }))).toEqual([]);
  const registered = await portal.work('directory', ({ tenants }) => tenants.list('training-provider'));
  expect(registered.map(({ id }: { id: string }) => id)).not.toContain(leaving);
});

test('issue 12: the list of providers comes in pages', async () => {
  const names: string[] = [];
  let path: string | undefined = api('/providers?limit=2');
  while (path !== undefined) {
    const answer: Awaited<ReturnType<TestClient['get']>> = await admin.get(path);
    names.push(...answer.body.providers.map(({ name }: { name: string }) => name));
    const link: string | undefined = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    expect(answer.body.more).toBe(link !== undefined);
    path = link === undefined ? undefined : new URL(link, portal.url).pathname + new URL(link, portal.url).search;
  }
  expect(names).toEqual(['Nascholing Noord vzw', 'Nascholing Zuid', 'Rekenwerk']);
});

test('issue 12: people of a provider are exported and erased like others', async () => {
  await addPerson(admin, tools, 'Els', 'tool-manager');
  const id = ids['Els'] as string;
  const rows = () =>
    portal.work('directory', async ({ knex }) => [
      await knex('people').where({ id }).pluck('given_name'),
      await knex('provider_members').where({ person_id: id }).pluck('roles'),
    ]);
  expect(await rows()).toEqual([['Els'], [['tool-manager']]]);
  const exported = Object.values(await exportOf(portal, id))
    .map((file) => Buffer.from(file).toString())
    .join();
  for (const own of ['els@aanbieder.example', 'tool-manager', tools]) expect(exported).toContain(own);
  await erase(portal, id);
  expect(await rows()).toEqual([[], []]);
});

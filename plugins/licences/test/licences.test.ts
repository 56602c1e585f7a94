import { countStatements, createTestPlatform, type TestClient } from '@ilearn/core/testing';
import { pupil, schoolClass } from '@ilearn/plugin-directory/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import type { Person } from '../../myway/test/world.js';
import { createWorld, endOn, inDays, membersScope, plan, terms, type World, withoutPlans } from './support/world.js';

const isLong = process.env['ILEARN_LONG_TESTS'] === '1';

const lineItemScope = 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem';

let world: World;
/** An assignment of a path with the exercise of the tool and its website, given to class 3A, and its steps. */
let given: { id: string };
let [exercise, website]: { id: string }[] = [];

beforeAll(async () => {
  world = await createWorld();
  const path = await world.path([await world.exercise('rekenrally', 'tafels'), await world.exercise('rekenrally', 'spel')], {
    title: 'Maal en deel',
    sequence: 'free',
  });
  given = await world.assign(path.id);
  [exercise, website] = path.steps;
  await need('rekenrally');
});
afterAll(() => world?.stop());
beforeEach(async () => {
  await withoutPlans(world);
  // The tool has needed a licence for long.
  await world.platform.work('licences', ({ knex }) => knex('tools').update({ since: '2020-01-01' }));
});

const need = async (tool: string) => {
  const body = { provider: world.rekenhuis.id, name: 'Rekenrally' };
  expect((await world.administrator.put(`/api/licences/tools/${tool}`, body)).status).toBe(204);
};
const open = (client: TestClient, step: { id: string } = exercise as { id: string }) =>
  client.post(`/api/myway/my-paths/${given.id}/steps/${step.id}/open`, {});
const seatsOf = (id: string) =>
  world.platform.work('licences', ({ knex }) =>
    knex('seats').where({ plan_id: id }).whereNull('withdrawn_at').orderBy('person_id').pluck('person_id'),
  );
const school = (path = '') => `/api/licences/schools/${world.school}${path}`;
const launched = (person: Person, role: 'Learner' | 'Instructor' = 'Learner') =>
  world.platform.work('licences', ({ decisions }) =>
    decisions.enter({ tool: 'rekenrally', school: world.school, person: person.id, role }),
  );

test('a pupil enters a tool with a licence only, is refused in words, and takes one seat', async () => {
  const [aerts, peeters] = world.pupils;
  expect((await open(aerts.client)).status).toBe(409);
  const id = await plan(world, { seats: 1 });
  expect(await open(aerts.client)).toMatchObject({ status: 200, body: { kind: 'lti' } });
  expect((await open(aerts.client)).status).toBe(200);
  expect(await seatsOf(id)).toEqual([aerts.id]);
  expect(await open(peeters.client)).toMatchObject({ status: 409 });
  await expect(launched(peeters)).rejects.toMatchObject({ type: 'licences/full' });
  // Nothing of a refused launch stays.
  expect(await seatsOf(id)).toEqual([aerts.id]);
  // Staff need no seat, in a plan that counts pupils.
  const preview = await world.teacher.client.post(`/api/myway/assignments/${given.id}/steps/${exercise?.id}/open`);
  expect(preview.status).toBe(200);
  expect(await seatsOf(id)).toEqual([aerts.id]);
  // A website of the tool is closed just the same, and takes a seat where none was taken.
  expect((await open(aerts.client, website)).status).toBe(200);
  expect((await open(peeters.client, website)).status).toBe(409);
  await withoutPlans(world);
  const next = await plan(world, { seats: 1 });
  expect((await open(peeters.client, website)).status).toBe(200);
  expect(await seatsOf(next)).toEqual([peeters.id]);
  expect((await open(aerts.client)).status).toBe(409);
  expect((await open(aerts.client, website)).status).toBe(409);
  await world.coordinator.post(school(`/licences/${next}/seats/${peeters.id}/removal`));
  expect((await open(peeters.client, website)).status).toBe(409);
});

test('a tool is told of no member who could not enter it', async () => {
  const [aerts, peeters] = world.pupils;
  const id = await plan(world);
  expect((await open(aerts.client)).status).toBe(200);
  const listed = (role: 'Learner' | 'Instructor' = 'Learner') =>
    world.platform.work('lti', async ({ actAs, registrations }) => {
      const { id: tool } = await registrations.activeByKey('rekenrally');
      return actAs({ kind: 'tool', id: tool, roles: [], tenants: [world.school] }, async ({ members }: any) => {
        const page = await members.page(given.id, { limit: 100, role });
        return page.members.length;
      });
    });
  expect(await listed()).toBe(2);
  // Handed out to another class only.
  await world.coordinator.put(school(`/licences/${id}/choice`), { onlyChosen: true });
  await world.coordinator.post(school(`/licences/${id}/classes`), { class: world.class3B });
  expect(await listed()).toBe(0);
  expect(await listed('Instructor')).toBe(2);
  await withoutPlans(world);
  // Of a full licence, those who have a seat; of one with a free seat, all who could take it, but not whoever lost theirs.
  const full = await plan(world, { seats: 1 });
  await launched(aerts);
  expect(await listed()).toBe(1);
  await world.manager.post(`/api/licences/plans/${full}/seats`, { seats: 3 });
  expect(await listed()).toBe(2);
  await world.coordinator.post(school(`/licences/${full}/seats/${aerts.id}/removal`));
  const among = await world.platform.work('licences', ({ decisions }) =>
    decisions.among('rekenrally', world.school, [
      { person: aerts.id, role: 'Learner' },
      { person: peeters.id, role: 'Learner' },
    ]),
  );
  expect([...among]).toEqual([peeters.id]);
});

test('staff are told where they may enter and their pupils may not', async () => {
  const refusesPupils = async ({ client }: { client: TestClient }) => {
    const { activities } = (await client.get('/api/library/activities?sort=title')).body;
    const { licence } = activities.find(({ title }: { title: string }) => title === 'Tafels rijden');
    return [licence.allowed, licence.refusesPupils];
  };
  const coordinator = { client: world.coordinator };
  const full = await plan(world, { seats: 2 });
  expect(await refusesPupils(world.colleague)).toEqual([true, null]);
  // Who teaches both classes has more pupils than there are seats, or than the school chose.
  const both = await world.person('teacher', world.school, 'Baert');
  const of = (name: string, each: Person[]) => world.group({ school: world.school, name, teachers: [both], pupils: each });
  const groups = [await of('3A tekenen', world.pupils), await of('3B tekenen', [world.otherPupil])];
  expect(await refusesPupils(both)).toEqual([true, 'full']);
  // Handed out to 3A, all seats are taken: its teachers lack none.
  await world.coordinator.post(school(`/licences/${full}/classes`), { class: world.class3A });
  expect(await refusesPupils(world.teacher)).toEqual([true, null]);
  expect(await refusesPupils(world.colleague)).toEqual([true, 'full']);
  expect(await refusesPupils(coordinator)).toEqual([true, 'full']);
  const tafels = await world.exercise('rekenrally', 'tafels');
  const built = async (by: Person) =>
    (await by.client.post('/api/myway/paths', { title: 'Nieuw', activityIds: [tafels] })).body.steps;
  expect(await built(world.colleague)).toMatchObject([{ available: true, noLicence: false, notForPupils: true }]);
  expect(await built(world.teacher)).toMatchObject([{ available: true, notForPupils: false }]);
  await withoutPlans(world);
  const whole = await plan(world);
  await world.coordinator.put(school(`/licences/${whole}/choice`), { onlyChosen: true });
  await world.coordinator.post(school(`/licences/${whole}/classes`), { class: world.class3A });
  expect(await refusesPupils(world.teacher)).toEqual([true, null]);
  expect(await refusesPupils(world.colleague)).toEqual([true, 'not-chosen']);
  expect(await refusesPupils(both)).toEqual([true, 'not-chosen']);
  expect(await refusesPupils(coordinator)).toEqual([true, null]);
  // Another licence for the others is enough, and a seat that was taken back is none.
  const few = await plan(world, { seats: 1 });
  expect(await refusesPupils(both)).toEqual([true, null]);
  await launched(world.otherPupil);
  expect(await refusesPupils(both)).toEqual([true, null]);
  await world.coordinator.post(school(`/licences/${few}/seats/${world.otherPupil.id}/removal`));
  expect(await refusesPupils(both)).toEqual([true, 'seat-withdrawn']);
  await world.platform.work('directory', ({ knex }) => knex('classes').whereIn('id', groups).update({ active: false }));
});

test('deep linking, and what a tool asks of the portal, need the licence too', async () => {
  const choose = () =>
    world.teacher.client.post('/api/lti/choices', { tool: 'rekenrally', school: world.school, returnPath: '/paden' });
  expect(await choose()).toMatchObject({ status: 409, body: { type: expect.stringContaining('licences/none') } });
  const serves = (what: string) =>
    world.platform.work('licences', ({ decisions }) => decisions.serves('rekenrally', world.school, what));
  expect([await serves('use'), await serves('results')]).toEqual([false, false]);
  const id = await plan(world);
  expect((await choose()).status).toBe(200);
  expect([await serves('use'), await serves('results')]).toEqual([true, true]);
  // Withdrawn while pupils work: no new launch, and what they finish counts, also where the tool makes a line item for it.
  expect((await open(world.pupils[0].client)).status).toBe(200);
  const token = await world.platform.work('lti', async ({ registrations, accessTokens }) =>
    accessTokens.issue((await registrations.activeByKey('rekenrally')).id, [lineItemScope]),
  );
  const items = `${world.platform.url}/api/lti/contexts/${given.id}/lineitems`;
  const asTool = async (method: string, address = items) => {
    const type = 'application/vnd.ims.lis.v2.lineitem+json';
    const headers = { authorization: `Bearer ${token}`, ...(method === 'POST' ? { 'content-type': type } : {}) };
    const body = method === 'POST' ? JSON.stringify({ label: 'Deel 2', scoreMaximum: 10 }) : null;
    const answer = await fetch(address, { method, headers, body });
    return { status: answer.status, location: answer.headers.get('location') };
  };
  await world.manager.post(`/api/licences/plans/${id}/withdrawal`, { withdrawn: true });
  const made = await asTool('POST');
  expect(made.status).toBe(201);
  expect((await asTool('DELETE', made.location as string)).status).toBe(403);
  expect((await choose()).body.type).toContain('licences/withdrawn');
  expect([await serves('use'), await serves('results')]).toEqual([false, true]);
  await world.manager.post(`/api/licences/plans/${id}/withdrawal`, { withdrawn: false });
  await endOn(world, id, inDays(-29));
  expect([await serves('use'), await serves('results')]).toEqual([false, true]);
  await endOn(world, id, inDays(-31));
  expect(await serves('results')).toBe(false);
  // A plan that was withdrawn long before its end leaves no open door.
  await endOn(world, id, inDays(100));
  const withdrawnOn = (day: string) =>
    world.platform.work('licences', ({ knex }) => knex('plans').where({ id }).update({ withdrawn_at: day }));
  await withdrawnOn(inDays(-29));
  expect(await serves('results')).toBe(true);
  await withdrawnOn(inDays(-32));
  expect(await serves('results')).toBe(false);
  // When a tool begins to need a licence, those who are at work finish.
  await world.platform.work('licences', ({ knex }) => knex('tools').update({ since: new Date() }));
  expect([await serves('use'), await serves('results')]).toEqual([false, true]);
  await withoutPlans(world);
  expect([await serves('use'), await serves('results')]).toEqual([false, true]);
  // All seats taken, and in its days of grace, a licence still serves those who have them.
  const full = await plan(world, { seats: 1, counts: 'everyone', graceDays: 5 });
  await launched(world.pupils[0]);
  expect(await serves('use')).toBe(true);
  await endOn(world, full, inDays(-2));
  expect(await serves('use')).toBe(true);
  expect(await world.platform.work('licences', ({ decisions }) => decisions.serves('vrij', world.school, 'use'))).toBe(true);
});

test('after its licence has ended, a tool hands in what was begun, and learns and changes nothing else', async () => {
  const id = await plan(world);
  expect((await open(world.pupils[0].client)).status).toBe(200);
  const scope = (name: string) => `https://purl.imsglobal.org/spec/lti-ags/scope/${name}`;
  const token = await world.platform.work('lti', async ({ registrations, accessTokens }) =>
    accessTokens.issue((await registrations.activeByKey('rekenrally')).id, [scope('lineitem'), membersScope]),
  );
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`${world.platform.url}/api/lti/contexts/${given.id}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/vnd.ims.lis.v2.lineitem+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer.status;
  };
  const answers = async () => [
    await ask('lineitems'),
    await ask('lineitems', { label: 'Extra', scoreMaximum: 5 }),
    await ask('memberships'),
  ];
  expect(await answers()).toEqual([200, 201, 200]);
  await endOn(world, id, inDays(-5));
  // A tool may make its line item only when the work is handed in.
  expect(await answers()).toEqual([200, 201, 403]);
  await endOn(world, id, inDays(-31));
  expect(await answers()).toEqual([403, 403, 403]);
});

test('the last day is included, until midnight in Brussels; in the days of grace those with a seat go on', async () => {
  const [aerts, peeters] = world.pupils;
  const id = await plan(world, { seats: 5, graceDays: 3 });
  await endOn(world, id, inDays(0));
  await launched(aerts);
  await endOn(world, id, inDays(-1));
  await launched(aerts);
  await expect(launched(peeters)).rejects.toMatchObject({ type: 'licences/ended' });
  await endOn(world, id, inDays(-4));
  await expect(launched(aerts)).rejects.toMatchObject({ type: 'licences/ended' });
  const { body } = await world.manager.get(`/api/licences/plans/${id}`);
  expect(body).toMatchObject({ state: 'ended', endsOn: inDays(-4) });
  expect(new Date(body.endsAt).toLocaleString('nl-BE', { timeZone: 'Europe/Brussels', hour: 'numeric', minute: 'numeric' })).toBe(
    '00:00',
  );
});

test('a provider gives and withdraws by number and by table, on a page or by its app, and sees numbers only', async () => {
  const [aerts] = world.pupils;
  const id = await plan(world, { seats: 3 });
  await launched(aerts);
  const app = world.platform.machine({
    scopes: ['licences.licences:read', 'licences.licences:write'],
    tenants: [world.rekenhuis.id],
  });
  const reader = world.platform.machine({ scopes: ['licences.licences:read'], tenants: [world.rekenhuis.id] });
  const grants = await app.get(`/api/licences/plans/${id}/grants`);
  expect(grants.body.grants).toEqual([{ number: world.number, school: 'De Wijzer', mostSeats: null, used: 1, withdrawn: false }]);
  expect(JSON.stringify([grants.body, (await app.get(`/api/licences/plans/${id}`)).body])).not.toContain(aerts.id);
  expect((await reader.put(`/api/licences/plans/${id}/grants/${world.otherNumber}`, {})).status).toBe(403);
  expect((await app.put(`/api/licences/plans/${id}/grants/${world.otherNumber}`, { mostSeats: 2 })).status).toBe(204);
  expect((await app.put(`/api/licences/plans/${id}/grants/000001`, {})).status).toBe(422);
  expect((await app.get(school('/licences'))).status).toBe(403);

  const send = (text: string, dryRun = false) =>
    world.manager.request('POST', `/api/licences/plans/${id}/grants?dryRun=${dryRun}`, {
      raw: text,
      headers: { 'content-type': 'text/csv' },
    });
  const wrong = await send(`instellingsnummer;actie;plaatsen\n${world.number};weg;\n000001;geef;\n${world.otherNumber};geef;nul`);
  expect(wrong.body).toMatchObject({
    stored: false,
    faultCount: 3,
    faults: [
      { row: 2, column: 'actie', code: 'act' },
      { row: 3, column: 'instellingsnummer', code: 'school-unknown' },
      { row: 4, column: 'plaatsen', code: 'seats' },
    ],
  });
  expect((await send('naam;actie\nA;geef')).body.faults).toEqual([{ row: 1, column: 'naam', code: 'column-unknown' }]);
  const right = `\ufeffinstellingsnummer,actie,plaatsen\r\n${world.number},intrekken,\r\n${world.otherNumber},geef,2`;
  expect((await send(right, true)).body).toMatchObject({ stored: false, withdrawn: 1, granted: 0, unchanged: 1 });
  await launched(aerts);
  expect((await send(right)).body).toMatchObject({ stored: true, withdrawn: 1, granted: 0, unchanged: 1 });
  await expect(launched(aerts)).rejects.toMatchObject({ type: 'licences/withdrawn' });
  const { body: text } = await world.manager.get(`/api/licences/plans/${id}/grants.csv`);
  // What the page gives is what it takes.
  expect((await send(text)).body).toMatchObject({ faultCount: 0, unchanged: 2 });
  // Given again, the seat that was taken is there still.
  await world.manager.put(`/api/licences/plans/${id}/grants/${world.number}`, {});
  await launched(aerts);
  expect(await seatsOf(id)).toEqual([aerts.id]);
});

test('a second school and a second provider see and change nothing', async () => {
  const id = await plan(world, { seats: 3 });
  await launched(world.pupils[0]);
  const { otherManager, otherCoordinator } = world;
  const asked = (await world.coordinator.post(school('/requests'), { tool: 'rekenrally', seats: 2, note: 'Graag' })).body.id;
  for (const path of [
    `/plans/${id}`,
    `/plans/${id}/grants`,
    `/plans/${id}/grants.csv`,
    `/plans/${id}/groups`,
    `/providers/${world.rekenhuis.id}/plans`,
    `/providers/${world.rekenhuis.id}/requests`,
  ])
    expect([path, (await otherManager.get(`/api/licences${path}`)).status]).toEqual([path, 404]);
  const writes: [string, object][] = [
    [`/plans/${id}/seats`, { seats: 9 }],
    [`/plans/${id}/withdrawal`, { withdrawn: true }],
    [`/plans/${id}/renewal`, { startsOn: inDays(101), endsOn: inDays(300), seats: 3, price: '' }],
    [`/plans/${id}/grants/${world.number}/withdrawal`, {}],
    [`/providers/${world.rekenhuis.id}/plans`, terms()],
    [`/requests/${asked}/refusal`, { answer: 'Nee' }],
  ];
  for (const [path, body] of writes)
    expect([path, (await otherManager.post(`/api/licences${path}`, body)).status]).toEqual([path, 404]);
  for (const path of ['/licences', `/licences/${id}`, `/licences/${id}/seats`, '/requests', '/tools'])
    expect([path, (await otherCoordinator.get(school(path))).status]).toEqual([path, 404]);
  // Its own school has no part of the plan.
  const own = `/api/licences/schools/${world.otherSchool}/licences`;
  expect((await otherCoordinator.get(own)).body.licences).toEqual([]);
  expect((await otherCoordinator.get(`${own}/${id}`)).status).toBe(404);
  expect((await otherCoordinator.post(`${own}/${id}/seats`, { person: world.strangePupil.id })).status).toBe(404);
  expect((await otherCoordinator.post(`/api/licences/requests/${asked}/withdrawal`)).status).toBe(404);
  // A school's coordinator gives its licence neither to people nor to classes of another.
  expect((await world.coordinator.post(school(`/licences/${id}/seats`), { person: world.strangePupil.id })).status).toBe(422);
  expect((await world.coordinator.post(school(`/licences/${id}/classes`), { class: world.strangeClass })).status).toBe(404);
  // A school changes nothing of its plan, and pupils and teachers nothing at all.
  expect((await world.coordinator.post(`/api/licences/plans/${id}/seats`, { seats: 9 })).status).toBe(403);
  expect((await world.teacher.client.get(school('/licences'))).status).toBe(403);
  expect((await world.otherManager.get('/api/licences/tools')).status).toBe(403);
  // A tool that is another provider's cannot be granted.
  const anders = (await otherManager.get('/api/licences/providers')).body.providers;
  expect(anders).toHaveLength(1);
  expect((await otherManager.post(`/api/licences/providers/${anders[0].id}/plans`, terms())).status).toBe(422);
});

test('a school hands out to classes and people, all or none, and takes back', async () => {
  const [aerts, peeters] = world.pupils;
  const id = await plan(world, { seats: 2 });
  const one = school(`/licences/${id}`);
  expect((await world.coordinator.post(`${one}/classes`, { class: world.class3A })).status).toBe(204);
  expect(await seatsOf(id)).toEqual([aerts.id, peeters.id].sort());
  const full = await world.coordinator.post(`${one}/seats`, { person: world.otherPupil.id });
  expect(full).toMatchObject({ status: 409, body: { needed: 1, free: 0 } });
  // Done again, it needs no seat.
  expect((await world.coordinator.post(`${one}/classes`, { class: world.class3A })).status).toBe(204);
  expect((await world.coordinator.get(one)).body).toMatchObject({
    licence: { used: 2, usedHere: 2, seats: 2 },
    classes: [{ name: '3A', pupils: 2 }],
  });
  expect((await world.coordinator.get(`${one}/seats`)).body.seats.map(({ name }: { name: string }) => name).sort()).toEqual([
    'Noor Aerts',
    'Noor Peeters',
  ]);

  // Taken back, nobody gets the seat again by entering; another takes it, and only then is it gone.
  expect((await world.coordinator.post(`${one}/seats/${aerts.id}/removal`)).status).toBe(204);
  expect((await world.coordinator.post(`${one}/seats/${aerts.id}/removal`)).status).toBe(404);
  await expect(launched(aerts)).rejects.toMatchObject({ type: 'licences/seat-withdrawn' });
  await launched(world.otherPupil);
  expect((await world.coordinator.post(`${one}/seats`, { person: aerts.id })).status).toBe(409);
  await world.coordinator.post(`${one}/seats/${world.otherPupil.id}/removal`);
  expect((await world.coordinator.post(`${one}/seats`, { person: aerts.id })).status).toBe(204);
  await launched(aerts);
  expect(await seatsOf(id)).toHaveLength(2);

  // Only those to whom it was handed out.
  await world.manager.post(`/api/licences/plans/${id}/seats`, { seats: 3 });
  expect((await world.coordinator.put(`${one}/choice`, { onlyChosen: true })).status).toBe(204);
  const later = await pupil(world.platform, { id: world.school } as never, { givenName: 'Later' });
  await expect(launched({ id: later.id } as Person)).rejects.toMatchObject({ type: 'licences/not-chosen' });
  await world.platform.work('directory', ({ classes }) => classes.addMember(world.class3A, later.id, 'pupil'));
  await launched({ id: later.id } as Person);
  expect(await seatsOf(id)).toHaveLength(3);
  expect((await world.coordinator.post(`${one}/classes/${world.class3A}/removal`)).status).toBe(204);
  // Who was given a seat by name keeps it.
  expect(await seatsOf(id)).toEqual([aerts.id]);
  await expect(launched(peeters)).rejects.toMatchObject({ type: 'licences/seat-withdrawn' });
  // What was taken back from their class comes back by another class of theirs; what was taken back from a person does not.
  const group = await world.group({ school: world.school, name: '3C', teachers: [world.teacher], pupils: [peeters, later] });
  expect((await world.coordinator.post(`${one}/seats/${aerts.id}/removal`)).status).toBe(204);
  await world.platform.work('licences', ({ knex }) =>
    knex('class_choices').insert({ plan_id: id, class_id: group, school_id: world.school }),
  );
  await launched(peeters);
  expect((await world.coordinator.post(`${one}/seats/${peeters.id}/removal`)).status).toBe(204);
  expect((await world.coordinator.post(`${one}/classes`, { class: group })).status).toBe(204);
  expect(await seatsOf(id)).toEqual([later.id]);
  await expect(launched(peeters)).rejects.toMatchObject({ type: 'licences/seat-withdrawn' });
  expect((await world.coordinator.post(`${one}/seats`, { person: peeters.id })).status).toBe(204);
  await launched(peeters);
  await world.platform.work('directory', ({ people }) => people.remove(later.id));
});

test('several licences count together, also of a school group, and one school has no more than its part', async () => {
  const [aerts, peeters] = world.pupils;
  const pooled = await plan(world, { seats: 2 }, []);
  await world.manager.put(`/api/licences/plans/${pooled}/grants/${world.number}`, { mostSeats: 1 });
  await world.manager.put(`/api/licences/plans/${pooled}/grants/${world.otherNumber}`, {});
  await launched(aerts);
  await expect(launched(peeters)).rejects.toMatchObject({ type: 'licences/full' });
  // Another plan of the school has room: what costs nothing more comes first.
  const group = '6b0f0a2e-3f0a-4c9d-9a55-0b1f6d3c7e01';
  await world.platform.work('directory', async ({ knex }) => {
    await knex('school_groups').insert({ id: group, code: 'SGR9', name: 'Scholengroep 9' }).onConflict('id').ignore();
    await knex('schools').where({ id: world.school }).update({ group_id: group });
  });
  const whole = await plan(world, { name: 'Groep' }, []);
  expect((await world.manager.post(`/api/licences/plans/${whole}/groups`, { group })).body).toEqual({ schools: 1 });
  await launched(peeters);
  expect(await seatsOf(pooled)).toEqual([aerts.id]);
  // Who joins the group gets it, who leaves it loses it.
  const synchronise = () => world.platform.work('licences', ({ groupGrants }) => groupGrants.synchronise());
  await world.platform.work('directory', ({ knex }) =>
    knex('schools').whereIn('id', [world.otherSchool]).update({ group_id: group }),
  );
  await synchronise();
  const numbers = async () =>
    (await world.manager.get(`/api/licences/plans/${whole}/grants`)).body.grants
      .filter(({ withdrawn }: { withdrawn: boolean }) => !withdrawn)
      .map(({ number }: { number: string }) => number);
  expect(await numbers()).toEqual([world.number, world.otherNumber].sort());
  await world.platform.work('directory', ({ knex }) =>
    knex('schools').whereIn('id', [world.school, world.otherSchool]).update({ group_id: null }),
  );
  await synchronise();
  expect(await numbers()).toEqual([]);
  // A school that comes back gets it again.
  await world.platform.work('directory', ({ knex }) =>
    knex('schools').where({ id: world.otherSchool }).update({ group_id: group }),
  );
  await synchronise();
  expect(await numbers()).toEqual([world.otherNumber]);
  await world.platform.work('directory', ({ knex }) => knex('schools').update({ group_id: null }));
  await expect(launched(peeters)).rejects.toMatchObject({ type: 'licences/full' });
});

test('a school from which a provider withdrew a plan does not get it back by its school group, nor by a renewal', async () => {
  const group = '6b0f0a2e-3f0a-4c9d-9a55-0b1f6d3c7e02';
  const join = (to: string | null) =>
    world.platform.work('directory', ({ knex }) => knex('schools').where({ id: world.school }).update({ group_id: to }));
  await world.platform.work('directory', ({ knex }) =>
    knex('school_groups').insert({ id: group, code: 'SGR8', name: 'Scholengroep 8' }).onConflict('id').ignore(),
  );
  await join(group);
  const id = await plan(world);
  const synchronise = () => world.platform.work('licences', ({ groupGrants }) => groupGrants.synchronise());
  const withdrawn = async (of: string) =>
    (await world.manager.get(`/api/licences/plans/${of}/grants`)).body.grants.map(
      (each: { withdrawn: boolean }) => each.withdrawn,
    );
  await world.manager.post(`/api/licences/plans/${id}/groups`, { group });
  await world.manager.post(`/api/licences/plans/${id}/grants/${world.number}/withdrawal`);
  await synchronise();
  expect(await withdrawn(id)).toEqual([true]);
  await world.manager.post(`/api/licences/plans/${id}/groups`, { group });
  expect(await withdrawn(id)).toEqual([true]);
  const renewal = { startsOn: inDays(0), endsOn: inDays(465), seats: null, price: '' };
  const next = (await world.manager.post(`/api/licences/plans/${id}/renewal`, renewal)).body.id;
  await synchronise();
  expect(await withdrawn(next)).toEqual([true]);

  // A school that comes back to the group has it again; a group that has it no more takes it from its schools.
  const whole = await plan(world, { name: 'Groep' }, []);
  await world.manager.post(`/api/licences/plans/${whole}/groups`, { group });
  for (const [to, expected] of [
    [null, true],
    [group, false],
  ] as const) {
    await join(to);
    await synchronise();
    expect(await withdrawn(whole)).toEqual([expected]);
  }
  expect((await world.otherManager.post(`/api/licences/plans/${whole}/groups/${group}/removal`)).status).toBe(404);
  expect((await world.manager.post(`/api/licences/plans/${whole}/groups/${group}/removal`)).status).toBe(204);
  expect((await world.manager.post(`/api/licences/plans/${whole}/groups/${group}/removal`)).status).toBe(404);
  expect(await withdrawn(whole)).toEqual([true]);
  await join(null);
});

test('a seat goes along with a pupil who changes school, and is free when they leave', async () => {
  const moving = await world.person('pupil', world.school, 'Verhuizer');
  const enter = (school: string) =>
    world.platform.work('licences', ({ decisions }) =>
      decisions.enter({ tool: 'rekenrally', school, person: moving.id, role: 'Learner' }),
    );
  const at = (schools: string[]) =>
    world.platform.work('directory', async ({ knex }) => {
      await knex('people').where({ id: moving.id }).update({ school_ids: schools });
    });
  const id = await plan(world, { seats: 1 }, [world.number, world.otherNumber]);
  await enter(world.school);
  // Of two schools, they have one seat, which stays where it is.
  await at([world.school, world.otherSchool]);
  await enter(world.otherSchool);
  const schoolOf = () => world.platform.work('licences', ({ knex }) => knex('seats').where({ plan_id: id }).pluck('school_id'));
  expect(await schoolOf()).toEqual([world.school]);
  await at([world.otherSchool]);
  const left = () => world.platform.work('licences', ({ seatLedger }) => seatLedger.free(world.school, [moving.id]));
  await left();
  await enter(world.otherSchool);
  expect(await schoolOf()).toEqual([world.otherSchool]);
  await expect(launched(world.pupils[0])).rejects.toMatchObject({ type: 'licences/full' });
  // A renewal hands no seat on to somebody who left.
  await at([world.school]);
  const renewal = { startsOn: inDays(101), endsOn: inDays(465), seats: 1, price: '' };
  const renewed = (await world.manager.post(`/api/licences/plans/${id}/renewal`, renewal)).body;
  expect([renewed.left, await seatsOf(renewed.id)]).toEqual([0, []]);
  await at([world.school]);
  await enter(world.school);
  await world.platform.work('directory', ({ people }) => people.remove(moving.id));
  await world.platform.drain();
  await left();
  expect(await seatsOf(id)).toEqual([]);
  await launched(world.pupils[0]);
});

test('a licence that was handed out to a class goes along with it to the next school year, and comes back', async () => {
  const { platform, school: of, class3A, class3B } = world;
  const id = await plan(world);
  await world.coordinator.post(school(`/licences/${id}/classes`), { class: class3A });
  const handedOut = () =>
    platform.work('licences', ({ knex }) => knex('class_choices').where({ plan_id: id }).orderBy('class_id').pluck('class_id'));
  const startOn = (sql: string) =>
    platform.work('directory', ({ knex }) =>
      knex('school_years')
        .where({ school_id: of })
        .update({ starts_on: knex.raw(sql) }),
    );
  await startOn("current_date - interval '1 year'");
  const { client } = await world.person('principal', of, 'Directie');
  const address = `/api/directory/schools/${of}/rollover`;
  const seen = (await client.get(address)).body;
  const classes = [class3A, class3B].map((each) => ({ id: each, goes: { outcome: 'to', name: '4A' } }));
  const choices = { version: seen.version, teachers: 'along', paths: false, classes, pupils: [] };
  expect((await client.put(address, choices)).status).toBe(204);
  const { version } = (await client.get(address)).body;
  expect((await client.post(`${address}/apply`, { version })).status).toBe(204);
  await platform.drain();
  const after = await handedOut();
  expect(after).toHaveLength(2);
  expect(after).toContain(class3A);
  expect((await client.post(`${address}/undo`, { to: seen.to })).status).toBe(200);
  await platform.drain();
  expect(await handedOut()).toEqual([class3A]);
  await startOn('current_date - 80');
});

test('a school is known by the number that it had, and a table without a column changes nothing of it', async () => {
  const id = await plan(world, { seats: 9 });
  const send = (text: string) =>
    world.manager.request('POST', `/api/licences/plans/${id}/grants`, { raw: text, headers: { 'content-type': 'text/csv' } });
  await world.manager.put(`/api/licences/plans/${id}/grants/${world.number}`, { mostSeats: 4 });
  const mostSeats = async () =>
    (await world.manager.get(`/api/licences/plans/${id}/grants`)).body.grants.map(
      (each: { mostSeats: number }) => each.mostSeats,
    );
  expect((await send(`instellingsnummer;actie\n${world.number};geef`)).body).toMatchObject({
    stored: true,
    unchanged: 1,
    changed: 0,
  });
  expect(await mostSeats()).toEqual([4]);
  expect((await send(`sep=;\ninstellingsnummer;plaatsen\n${world.number};5`)).body).toMatchObject({ changed: 1, granted: 0 });
  expect(await mostSeats()).toEqual([5]);
  expect((await send(`instellingsnummer;plaatsen\n${world.number};5;6`)).body.faults).toEqual([
    { row: 2, column: null, code: 'cells-many' },
  ]);
  // Rows after many empty ones are read.
  const sparse = `instellingsnummer\n${'\n;\n'.repeat(3_000)}999998`;
  expect((await send(sparse)).body).toMatchObject({ stored: false, faultCount: 1 });
  expect((await send(`instellingsnummer\n${';\n'.repeat(26_000)}`)).body.faults).toMatchObject([{ code: 'rows-many' }]);

  const renumber = (number: string) =>
    world.platform.work('directory', ({ knex }) =>
      knex('schools').where({ id: world.school }).update({ instellingsnummer: number }),
    );
  await renumber('987654');
  await world.platform.work('directory', ({ knex }) =>
    knex('school_numbers').insert({ number: world.number, school_id: world.school }),
  );
  const listed = (await world.manager.get(`/api/licences/plans/${id}/grants`)).body.grants;
  expect(listed).toMatchObject([{ number: '987654', mostSeats: 5 }]);
  expect((await send((await world.manager.get(`/api/licences/plans/${id}/grants.csv`)).body)).body).toMatchObject({
    unchanged: 1,
  });
  const both = `instellingsnummer\n987654\n${world.number}`;
  expect((await send(both)).body.faults).toEqual([{ row: 3, column: 'instellingsnummer', code: 'twice' }]);
  expect((await world.manager.post(`/api/licences/plans/${id}/grants/${world.number}/withdrawal`)).status).toBe(204);
  expect((await world.manager.put(`/api/licences/plans/${id}/grants/${world.number}`, {})).status).toBe(204);
  await world.platform.work('directory', ({ knex }) => knex('school_numbers').where({ school_id: world.school }).delete());
  await renumber(world.number);
});

test('a restricted person keeps a seat that counts', async () => {
  const [aerts, peeters] = world.pupils;
  await plan(world, { seats: 1 });
  await launched(aerts);
  const restrict = (sql: string) => world.platform.platform.runner.run({}, ({ unit }) => unit.kernel(sql, [aerts.id]));
  await restrict(`insert into kernel.restrictions (person_id, ground) values ($1, 'accuracy')`);
  try {
    await expect(launched(peeters)).rejects.toMatchObject({ type: 'licences/full' });
    await launched(aerts);
  } finally {
    await restrict('delete from kernel.restrictions where person_id = $1');
  }
});

test('a renewal is a new plan of the same agreement: schools, choices and seats go along, once', async () => {
  const [aerts, peeters] = world.pupils;
  const id = await plan(world, { seats: 3 });
  await launched(aerts);
  await launched(peeters);
  await world.coordinator.post(school(`/licences/${id}/seats/${peeters.id}/removal`));
  await world.coordinator.post(school(`/licences/${id}/seats`), { person: world.otherPupil.id });
  const renewal = { startsOn: inDays(101), endsOn: inDays(465), seats: 1, price: '€ 5' };
  const both = await Promise.all([0, 1].map(() => world.manager.post(`/api/licences/plans/${id}/renewal`, renewal)));
  const ids = new Set(both.map(({ body }) => body.id));
  expect([both.map(({ status }) => status), ids.size]).toEqual([[200, 200], 1]);
  expect(both.map(({ body }) => body.left).sort()).toEqual([0, 1]);
  const [next = ''] = ids;
  // The first seat that was taken fits; the old plan stays as it was.
  expect(await seatsOf(next)).toEqual([aerts.id]);
  expect(await seatsOf(id)).toHaveLength(2);
  expect((await world.manager.get(`/api/licences/plans/${next}`)).body).toMatchObject({ state: 'to-come', schools: 1, used: 1 });
  expect((await world.manager.get(`/api/licences/plans/${id}`)).body).toMatchObject({ renewedBy: next, seats: 3 });
  await endOn(world, id, inDays(-1));
  await expect(launched(aerts)).rejects.toMatchObject({ type: 'licences/not-begun' });
  await world.platform.work('licences', ({ knex }) =>
    knex('plans')
      .where({ id: next })
      .update({ starts_on: inDays(0) }),
  );
  await launched(aerts);
  // A seat that the school took back is not given again by a renewal.
  await expect(launched(peeters)).rejects.toMatchObject({ type: 'licences/seat-withdrawn' });
});

test('a school asks, the provider offers, the school accepts what it saw, once', async () => {
  const asked = await world.coordinator.post(school('/requests'), { tool: 'rekenrally', seats: 25, note: 'Voor 3A' });
  expect(asked.status).toBe(201);
  expect((await world.coordinator.post(school('/requests'), { tool: 'rekenrally', seats: 1 })).status).toBe(409);
  const request = `/api/licences/requests/${asked.body.id}`;
  const listed = (await world.manager.get(`/api/licences/providers/${world.rekenhuis.id}/requests`)).body.requests;
  expect(listed).toMatchObject([{ number: world.number, state: 'asked', wantedSeats: 25, note: 'Voor 3A', offer: null }]);
  const { name: _name, tools: _tools, ...offer } = terms({ seats: 25 }) as Record<string, unknown>;
  expect((await world.coordinator.post(`${request}/offer`, { until: inDays(5), offer })).status).toBe(403);
  expect((await world.manager.post(`${request}/offer`, { until: inDays(-1), offer })).status).toBe(422);
  expect((await world.manager.post(`${request}/offer`, { until: inDays(5), offer, answer: 'Welkom' })).status).toBe(204);
  // What changed meanwhile is not accepted by accident.
  const seen = offer;
  for (const over of [{ counts: 'everyone' }, { graceDays: 3 }, { startsOn: inDays(-9) }])
    expect((await world.coordinator.post(`${request}/acceptance`, { ...seen, ...over })).body.type).toContain('offer-changed');
  expect((await world.manager.post(`${request}/offer`, { until: inDays(101), offer })).status).toBe(422);
  expect((await world.coordinator.post(`${request}/acceptance`, { ...seen, price: '€ 1' })).body.type).toContain('offer-changed');
  const both = await Promise.all([0, 1].map(() => world.coordinator.post(`${request}/acceptance`, seen)));
  expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
  expect((await world.coordinator.get(school('/licences'))).body.licences).toMatchObject([
    { name: 'Rekenrally', provider: 'Rekenhuis', seats: 25, used: 0, state: 'current', price: '€ 4 per leerling' },
  ]);
  await launched(world.pupils[0]);
  expect((await world.manager.post(`${request}/refusal`, { answer: 'Toch niet' })).status).toBe(409);
});

test('the library and the builder say what may be used, with one question for all', async () => {
  const find = async (query = '') => (await world.teacher.client.get(`/api/library/activities?sort=title${query}`)).body;
  const licencesIn = ({ activities }: { activities: { title: string; licence: { reason: string } | null }[] }) =>
    Object.fromEntries(activities.map(({ title, licence }) => [title, licence?.reason ?? null]));
  expect(licencesIn(await find())).toEqual({ Rekenspel: 'none', 'Tafels rijden': 'none', 'Vrij rekenen': null });
  const facet = async () =>
    (await find()).facets
      .find(({ key }: { key: string }) => key === 'licence')
      ?.values.map((each: any) => [each.value, each.count]);
  expect(await facet()).toEqual([
    ['ready', 1],
    ['missing', 2],
  ]);
  expect(licencesIn(await find('&licence=ready'))).toEqual({ 'Vrij rekenen': null });
  const tafels = await world.exercise('rekenrally', 'tafels');
  const { body: path } = await world.teacher.client.post('/api/myway/paths', { title: 'Nieuw', activityIds: [tafels] });
  expect(path.steps).toMatchObject([{ available: false, noLicence: true }]);
  const dead = async () => (await world.teacher.client.get('/api/myway/dead-activities')).body.activities;
  expect((await dead()).map(({ reason }: { reason: string }) => reason)).toEqual(['licence', 'licence']);
  // Alternatives are those that can be opened.
  const proposed = await world.teacher.client.get(`/api/myway/dead-activities/${tafels}/alternatives`);
  expect(proposed.body).toMatchObject([{ title: 'Vrij rekenen' }]);

  const id = await plan(world);
  expect(licencesIn(await find())).toEqual({ Rekenspel: 'school', 'Tafels rijden': 'school', 'Vrij rekenen': null });
  expect(await facet()).toBeUndefined();
  expect(await dead()).toEqual([]);
  await endOn(world, id, inDays(20));
  expect((await find()).activities[0].licence).toMatchObject({ endsSoon: true, day: inDays(20) });
  expect((await dead()).map(({ reason }: { reason: string }) => reason)).toEqual(['licence-ends', 'licence-ends']);

  const statements = async () => {
    await find();
    const counting = countStatements();
    await find();
    return counting.stop();
  };
  const few = await statements();
  for (let each = 0; each < 20; each += 1) await need(`ander-${each}`);
  const many = await statements();
  for (let each = 0; each < 20; each += 1) await world.administrator.post(`/api/licences/tools/ander-${each}/free`);
  expect(many).toEqual(few);
});

test('a tool does not change its provider under plans that are not over', async () => {
  const { providers } = (await world.otherManager.get('/api/licences/providers')).body;
  const move = (provider: string) => world.administrator.put('/api/licences/tools/rekenrally', { provider, name: 'Rekenrally' });
  const id = await plan(world);
  expect(await move(providers[0].id)).toMatchObject({ status: 409, body: { type: expect.stringContaining('tool-has-plans') } });
  await endOn(world, id, inDays(-1));
  expect((await move(providers[0].id)).status).toBe(204);
  expect((await move(world.rekenhuis.id)).status).toBe(204);
});

test('a tool without licences, and one that needs none any more, is open to everybody', async () => {
  expect((await open(world.pupils[0].client)).status).toBe(409);
  expect((await world.administrator.post('/api/licences/tools/rekenrally/free')).status).toBe(204);
  expect((await open(world.pupils[0].client)).status).toBe(200);
  await need('rekenrally');
  expect((await open(world.pupils[0].client)).status).toBe(409);
});

test('schools and makers of paths are warned 30, 7 and 1 days before, once, with what is hit and where to replace it', async () => {
  const warned = (person: string) =>
    world.platform.work('notifications', ({ knex }) =>
      knex('notifications')
        .where({ person_id: person })
        .whereRaw(`kind like '%ends-%'`)
        .orderBy('kind')
        .select('kind', 'place', 'params'),
    ) as Promise<{ kind: string; place: string; params: Record<string, string> }[]>;
  const coordinator = (
    await world.platform.work('directory', ({ peopleSearch }) =>
      peopleSearch.find({ search: 'Wouters', school: world.school, page: 1, size: 1 }),
    )
  ).people[0].id;
  const send = async () => {
    await world.platform.work('licences', ({ warnings }) => warnings.send());
    await world.platform.drain();
  };
  const id = await plan(world, { endsOn: inDays(31) });
  await send();
  expect(await warned(coordinator)).toEqual([]);
  for (const [days, kind] of [
    [30, 'ends-in-month'],
    [7, 'ends-in-week'],
    [1, 'ends-tomorrow'],
  ] as const) {
    await endOn(world, id, inDays(days));
    await send();
    await send();
    expect((await warned(coordinator)).map((each) => each.kind)).toContain(`licences.${kind}`);
    expect((await warned(world.teacher.id)).map((each) => each.kind)).toContain(`myway.licence-${kind}`);
  }
  expect(await warned(coordinator)).toHaveLength(3);
  const [told] = await warned(world.teacher.id);
  expect(told).toMatchObject({
    place: '/paden/vervangen',
    params: { tool: 'Rekenrally', classes: '3A', pupils: '2', paths: expect.stringContaining('Maal en deel') },
  });
  expect(await warned(world.stranger.id)).toEqual([]);
  expect(JSON.stringify(await warned(world.teacher.id))).not.toMatch(/Noor|Aerts/);

  // Nobody is warned of a licence that another one follows, nor of what ends within a week by the warning of a month.
  await withoutPlans(world);
  await plan(world, { endsOn: inDays(5), name: 'Vrij' });
  await world.administrator.post('/api/licences/tools/rekenrally/free');
  await send();
  expect(await world.platform.work('licences', ({ knex }) => knex('warnings'))).toEqual([]);
  await need('rekenrally');
  await withoutPlans(world);
  const other = await plan(world, { endsOn: inDays(5), name: 'Kort' });
  await plan(world, { endsOn: inDays(200), name: 'Lang' });
  await send();
  expect(await world.platform.work('licences', ({ knex }) => knex('warnings').where({ plan_id: other }))).toEqual([]);
});

test('a school is told once that three quarters of its seats are taken, and again only after more seats were added', async () => {
  const told = async () => {
    await world.platform.work('licences', ({ seatWarnings }) => seatWarnings.send());
    return world.platform.work('notifications', ({ knex }) =>
      knex('notifications').where({ kind: 'licences.few-seats' }).pluck('params'),
    );
  };
  const id = await plan(world, { seats: 4 }, []);
  await world.manager.put(`/api/licences/plans/${id}/grants/${world.number}`, { mostSeats: 3 });
  await world.manager.put(`/api/licences/plans/${id}/grants/${world.otherNumber}`, {});
  await launched(world.pupils[0]);
  await launched(world.pupils[1]);
  expect(await told()).toEqual([]);
  await launched(world.otherPupil);
  const params = { tool: 'Rekenrally', free: '0' };
  const first = await told();
  expect(first).toEqual(first.map(() => params));
  expect(first).not.toEqual([]);
  expect(await told()).toEqual(first);
  await world.manager.post(`/api/licences/plans/${id}/seats`, { seats: 9 });
  await world.manager.put(`/api/licences/plans/${id}/grants/${world.number}`, { mostSeats: 4 });
  await told();
  const counted = await world.platform.work('licences', ({ knex }) => knex('seat_warnings').orderBy('seats').pluck('seats'));
  expect(counted).toEqual([3, 4]);
});

/** Tries again while the portal says that the database is busy and nothing was stored. */
async function openPatiently(client: TestClient): Promise<number> {
  for (;;) {
    const { status } = await open(client);
    if (status !== 503) return status;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test('first launches that race for the seats of a licence in two processes take exactly its seats', {
  timeout: 600_000,
}, async () => {
  const [racers, seats] = isLong ? [500, 100] : [60, 12];
  const id = await plan(world, { seats });
  const beside = await createTestPlatform({ plugins: world.plugins, beside: world.platform, only: 'web' });
  try {
    const people: { id: string }[] = [];
    for (let each = 0; each < racers; each += 1)
      people.push(await pupil(world.platform, { id: world.school } as never, { givenName: `P${each}` }));
    const klas = await schoolClass(
      world.platform,
      { id: world.school },
      { name: '6Z', pupils: people, teachers: [world.teacher] },
    );
    const path = await world.path([await world.exercise('rekenrally', 'tafels')], { title: 'Race' });
    const race = await world.assign(path.id, { classId: klas.id }, world.teacher);
    [given, exercise] = [race, path.steps[0]];
    const clients = await Promise.all(people.map((each, at) => (at % 2 === 0 ? world.platform : beside).signIn(each.id)));
    const statuses = await Promise.all(clients.map(openPatiently));
    expect(statuses.filter((status) => status === 200)).toHaveLength(seats);
    expect(statuses.filter((status) => status === 409)).toHaveLength(racers - seats);
    expect(await seatsOf(id)).toHaveLength(seats);
    // Who has a seat enters again, and takes no second one.
    const [winner] = clients.filter((_, at) => statuses[at] === 200);
    expect((await open(winner as TestClient)).status).toBe(200);
    expect(await seatsOf(id)).toHaveLength(seats);
  } finally {
    await beside.stop();
  }
});

test('erasing a person clears their seat, and others can take it', async () => {
  const someone = await world.person('pupil', world.school, 'Vergeten');
  const id = await plan(world, { seats: 1 });
  await launched(someone);
  await expect(launched(world.pupils[0])).rejects.toMatchObject({ type: 'licences/full' });
  await erase(world.platform, someone.id);
  expect(await seatsOf(id)).toEqual([]);
  await launched(world.pupils[0]);
});

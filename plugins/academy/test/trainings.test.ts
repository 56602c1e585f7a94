import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { academyPortal, enrol, event, inDays, type Person, passDays, training, type World } from './support/academy.js';

let world: World;
beforeAll(async () => {
  world = await academyPortal();
});
afterAll(() => world?.portal.stop());

const titles = async (who: Person) =>
  (await who.get('/api/academy/catalogue')).body.trainings.map(({ title }: { title: string }) => title) as string[];

/** A school group with these schools; as an import for the whole portal makes it. */
async function group(name: string, schools: { id: string }[]): Promise<string> {
  const id = randomUUID();
  await world.portal.work('directory', async ({ knex }) => {
    await knex('school_groups').insert({ id, code: id.slice(0, 8), name });
    await knex('schools')
      .whereIn(
        'id',
        schools.map((each) => each.id),
      )
      .update({ group_id: id });
  });
  return id;
}

test('a training is published for all, for named schools, or for the schools of a group; others neither see it nor sign up', async () => {
  const { an, bart, planner, wegwijzer, linde } = world;
  const noord = await group('Scholengroep Noord', [linde]);
  const named = await training(world, { title: 'Voor de Wegwijzer', forAll: false, schools: [wegwijzer.id] });
  const grouped = await training(world, { title: 'Voor Noord', forAll: false, groups: [noord] });
  expect(await titles(an)).toContain('Voor de Wegwijzer');
  expect(await titles(an)).not.toContain('Voor Noord');
  expect(await titles(bart)).toEqual(['Voor Noord']);
  expect((await an.get(`/api/academy/catalogue/${grouped}`)).status).toBe(404);
  expect((await enrol(an, await event(world, grouped), wegwijzer)).status).toBe(404);
  expect((await enrol(bart, await event(world, grouped), linde)).status).toBe(201);
  expect((await bart.get(`/api/academy/catalogue/${named}`)).status).toBe(404);
  // Nobody reads for which other schools it is.
  expect((await bart.get(`/api/academy/catalogue/${grouped}`)).body).toMatchObject({ schools: [], groups: [] });
  const { body } = await planner.get('/api/academy/desk/audience?q=noord');
  expect(body.found).toEqual([{ id: noord, name: 'Scholengroep Noord', kind: 'group' }]);
  expect((await planner.get(`/api/academy/desk/audience?q=${wegwijzer.instellingsnummer}`)).body.found).toMatchObject([
    { id: wegwijzer.id },
  ]);
  expect((await planner.get(`/api/academy/desk/trainings/${grouped}`)).body.audienceNames).toEqual(body.found);
  for (const who of [an, world.trainer]) expect((await who.get('/api/academy/desk/audience?q=noord')).status).toBe(403);
});

test('suggestions have their reason, are about what the person chose, and leave out what they signed up for', async () => {
  const [zoe, piet] = [await world.at(world.wegwijzer), await world.at(world.wegwijzer)];
  const { wegwijzer } = world;
  const reading = await training(world, { title: 'Vlot lezen', foci: ['vlot lezen', 'evaluatie'] });
  await training(world, { title: 'Evalueren', foci: ['evaluatie'] });
  await training(world, { title: 'Besturen', foci: ['evaluatie'], audience: ['principal'] });
  await training(world, { title: 'Ontwerp', foci: ['evaluatie'], state: 'draft' });
  const suggested = async (who: Person) =>
    (await who.get('/api/academy/suggestions')).body.suggestions.map(({ title, foci, tools }: any) => [title, foci, tools]);
  expect(await suggested(zoe)).toEqual([]);
  expect((await zoe.get('/api/academy/suggestions')).body.offered).toEqual(['evaluatie', 'vlot lezen']);
  const choose = (who: Person, foci: string[]) => who.put('/api/academy/my-interests', { foci });
  expect((await choose(zoe, ['evaluatie', 'vlot lezen'])).status).toBe(204);
  expect(await suggested(zoe)).toEqual([
    ['Vlot lezen', ['vlot lezen', 'evaluatie'], []],
    ['Evalueren', ['evaluatie'], []],
  ]);
  // What others chose or do changes nothing.
  expect(await suggested(piet)).toEqual([]);
  await enrol(zoe, await event(world, reading), wegwijzer);
  expect(await suggested(zoe)).toEqual([['Evalueren', ['evaluatie'], []]]);
  await choose(zoe, []);
  expect(await suggested(zoe)).toEqual([]);
  const kept = await world.portal.work('academy', ({ knex }) => knex('interests').where({ person_id: zoe.personId }));
  expect(kept).toEqual([]);
  expect(
    (
      await choose(
        zoe,
        Array.from({ length: 21 }, (_, at) => `f${at}`),
      )
    ).status,
  ).toBe(400);
});

test('programs that the school uses are a reason too, where the portal knows them', async () => {
  const { Suggestions } = await import('../dist/trainings/suggestions.js');
  const id = await training(world, { title: 'Met Oefen-Hoek', tools: ['Oefen-Hoek', 'Iets anders'] });
  const found = (given: string[], usable: string[]) =>
    world.portal.work('academy', async (services) => {
      const principal = {
        kind: 'person',
        id: world.an.personId,
        tenants: [world.wegwijzer.id],
        roles: [{ tenant: world.wegwijzer.id, role: 'teacher' }],
      };
      return new Suggestions({
        ...services,
        knex: services.knex,
        actAs: services.actAs,
        myway: { paths: { sourcesGiven: async () => given } },
        library: { activities: { usableToolSources: async () => usable } },
        principal,
      }).list([world.wegwijzer.id]);
    });
  expect(await found(['tool:oefenhoek', 'tool:elders'], ['tool:oefenhoek', 'tool:ietsanders'])).toMatchObject([
    { id, tools: ['Oefen-Hoek'], foci: [] },
  ]);
  // What it may use is no reason, and neither is what it used and may not any more.
  expect(await found(['tool:elders'], ['tool:oefenhoek'])).toEqual([]);
  expect(await found(['tool:oefenhoek'], [])).toEqual([]);
});

test('the search box finds published trainings, of one’s own schools only', async () => {
  const { an, bart, wegwijzer } = world;
  await training(world, { title: 'Zonnewijzers bouwen' });
  await training(world, { title: 'Zonnewijzers voor ons', forAll: false, schools: [wegwijzer.id] });
  await training(world, { title: 'Zonnewijzers later', state: 'draft' });
  const found = async (who: Person) =>
    (await who.get('/api/academy/search/trainings?q=zonnewijz')).body.results.map(({ title }: { title: string }) => title).sort();
  expect(await found(an)).toEqual(['Zonnewijzers bouwen', 'Zonnewijzers voor ons']);
  expect(await found(bart)).toEqual(['Zonnewijzers bouwen']);
  expect((await an.get('/api/academy/search/trainings?q=zonnewijz&limit=1')).body.more).toBe(true);
});

test('trainers are people of the provider with that role, and participants’ desk shows their names', async () => {
  const { planner, trainer, otherPlanner, an } = world;
  const { body } = await planner.get('/api/academy/desk/trainers');
  expect(body.trainers).toEqual([{ id: trainer.personId, name: 'Lut Claes' }]);
  expect((await otherPlanner.get('/api/academy/desk/trainers')).body.trainers).toEqual([]);
  const id = await training(world);
  const eventId = await event(world, id, { trainers: [trainer.personId] });
  expect((await trainer.get(`/api/academy/desk/events/${eventId}`)).body.trainerNames).toEqual(['Lut Claes']);
  const add = (trainers: string[]) =>
    planner.post(`/api/academy/desk/trainings/${id}/events`, { capacity: 2, sessions: [], trainers });
  for (const stranger of [an.personId, planner.personId, otherPlanner.personId])
    expect((await add([stranger])).body.type).toBe('/problems/academy/not-a-trainer');
});

test('attendance at sessions advises and changes no state; who was absent at one gets no certificate for all of them', async () => {
  const { planner, trainer, otherPlanner, wegwijzer } = world;
  const id = await training(world, { certificate: 'all-sessions' });
  const sessions = [30, 31].map((days) => ({ day: inDays(days), starts: '14:00', ends: '16:00' }));
  const eventId = await event(world, id, { capacity: 3, sessions });
  const people = [await world.at(wegwijzer), await world.at(wegwijzer)];
  const ids: string[] = [];
  for (const who of people) ids.push((await enrol(who, eventId, wegwijzer)).body.id);
  const { body } = await planner.get(`/api/academy/desk/events/${eventId}`);
  const [first, second] = body.sessions.map((each: { id: string }) => each.id) as [string, string];
  const note = (who: Person, enrolment: string | undefined, session: string, present: boolean | null) =>
    who.put(`/api/academy/desk/enrolments/${enrolment}/sessions/${session}`, { present });
  expect((await note(trainer, ids[0], first, true)).body.type).toBe('/problems/academy/too-early-to-mark');
  await passDays(world, eventId, 40);
  expect((await note(otherPlanner, ids[0], first, true)).status).toBe(404);
  expect((await note(people[0] as Person, ids[0], first, true)).status).toBe(403);
  expect((await note(trainer, ids[0], randomUUID(), true)).status).toBe(409);
  for (const session of [first, second]) await note(trainer, ids[0], session, true);
  await note(trainer, ids[1], first, true);
  expect((await note(trainer, ids[1], first, false)).body).toMatchObject({ presentIn: [], absentFrom: [first] });
  expect((await note(trainer, ids[1], first, null)).body).toMatchObject({ presentIn: [], absentFrom: [] });
  await note(trainer, ids[1], first, false);
  const shown = (await trainer.get(`/api/academy/desk/events/${eventId}`)).body.enrolments;
  expect(shown.map(({ state, presentIn }: any) => [state, presentIn.length])).toEqual([
    ['booked', 2],
    ['booked', 0],
  ]);
  for (const each of ids) await trainer.put(`/api/academy/desk/enrolments/${each}/mark`, { mark: 'attended' });
  expect((await planner.post(`/api/academy/desk/events/${eventId}/certificates`)).body).toEqual({ issued: 1, more: false });
});

test('the start page of a teacher has their own next sessions and offers, soonest first, and nothing of others', async () => {
  const [zoe, piet] = [await world.at(world.wegwijzer), await world.at(world.wegwijzer)];
  const { wegwijzer } = world;
  const start = async (who: Person) => (await who.get('/api/academy/start/mine')).body;
  const later = await event(world, await training(world, { title: 'Later' }), {}, 20);
  const full = await event(world, await training(world, { title: 'Vol' }), { capacity: 1, promotion: 'offer' }, 40);
  const soon = await event(world, await training(world, { title: 'Eerst' }), {}, 3);
  const { body } = await enrol(piet, full, wegwijzer);
  for (const each of [later, full, soon]) await enrol(zoe, each, wegwijzer);
  expect((await start(zoe)).sessions).toMatchObject([{ event: soon, title: 'Eerst', starts: '14:00' }, { event: later }]);
  expect((await start(zoe)).offered).toEqual([]);
  await piet.post(`/api/academy/enrolments/${body.id}/cancellation`, {});
  expect((await start(zoe)).offered).toMatchObject([{ event: full, title: 'Vol' }]);
  expect(await start(piet)).toEqual({ offered: [], sessions: [] });
  expect((await world.planner.get('/api/academy/start/mine')).status).toBe(403);
});

test('the start page of a provider has its own sessions to come and requests that wait, and nothing of another', async () => {
  const { planner, otherPlanner, trainer, an, principal, wegwijzer } = world;
  const id = await training(world, { title: 'Op de startpagina' });
  const eventId = await event(world, id, { approval: 'provider', capacity: 4 }, 1);
  const { body } = await enrol(an, eventId, wegwijzer);
  await principal.post('/api/academy/team/approvals', { ids: [body.id], approves: true });
  const start = async (who: Person) => (await who.get('/api/academy/start/desk')).body;
  expect(await start(planner)).toMatchObject({
    sessions: [{ event: eventId, title: 'Op de startpagina', starts: '14:00' }, {}, {}, {}, {}],
    approvals: 1,
  });
  expect(await start(trainer)).toMatchObject({ approvals: 1 });
  expect(await start(otherPlanner)).toEqual({ sessions: [], booked: 0, bookedMore: false, approvals: 0, coachings: 0 });
  expect((await an.get('/api/academy/start/desk')).status).toBe(403);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { academyPortal, type Person, training, type World } from './support/academy.js';

let world: World;
let coach: Person;
let other: Person;
beforeAll(async () => {
  world = await academyPortal();
  coach = await world.of(world.kaai, 'coach');
  other = await world.of(world.kaai, 'coach');
  // Providers are known by their trainings.
  await training(world);
});
afterAll(() => world?.portal.stop());

const api = '/api/academy/coachings';
const act = (who: Person, id: string, action: string, reason = '') => who.post(`${api}/${id}/actions`, { action, reason });
const entry = (over: object = {}) => ({ day: '2026-11-10', minutes: 90, kind: 'visit', note: 'Les bijgewoond', ...over });

async function requested(): Promise<string> {
  const { wegwijzer, kaai, an } = world;
  const body = { school: wegwijzer.id, provider: kaai.id, goal: 'Leersporen in de klas', tool: 'MyWay', wishedMinutes: 360 };
  return (await an.post('/api/academy/coachings', body)).body.id;
}

async function active(): Promise<string> {
  const id = await requested();
  await act(world.principal, id, 'approve');
  await world.planner.post(`${api}/${id}/proposal`, { coach: coach.personId, agreedMinutes: 240 });
  await act(coach, id, 'accept');
  return id;
}

test('from the request to the report: each step by who may, and by nobody else', async () => {
  const id = await requested();
  const { an, principal, planner, otherPlanner, bart, otherPrincipal } = world;
  expect((await act(an, id, 'approve')).status).toBe(409);
  expect((await act(otherPrincipal, id, 'approve')).status).toBe(404);
  expect((await act(principal, id, 'approve')).body.state).toBe('matching');
  expect((await planner.post(`${api}/${id}/proposal`, { coach: an.personId, agreedMinutes: 240 })).body.type).toBe(
    '/problems/academy/not-a-coach',
  );
  expect((await planner.post(`${api}/${id}/proposal`, { coach: coach.personId, agreedMinutes: 240 })).body.state).toBe(
    'proposed',
  );
  expect((await act(other, id, 'accept')).status).toBe(404);
  expect((await act(coach, id, 'pass')).status).toBe(422);
  expect((await act(coach, id, 'pass', 'Geen tijd dit jaar')).body.state).toBe('matching');
  await planner.post(`${api}/${id}/proposal`, { coach: coach.personId, agreedMinutes: 240 });
  expect((await act(coach, id, 'accept')).body.state).toBe('active');
  expect((await coach.post(`${api}/${id}/reports`, { text: 'Er is veel veranderd.' })).body.state).toBe('report_submitted');
  expect((await coach.post(`${api}/${id}/entries`, entry())).status).toBe(409);
  expect((await act(an, id, 'send-back', 'Graag meer over de klas')).body.state).toBe('active');
  await coach.post(`${api}/${id}/reports`, { text: 'Meer over de klas.' });
  expect((await act(an, id, 'close')).body.state).toBe('closed');
  expect((await act(an, id, 'withdraw', 'Toch niet')).status).toBe(409);
  for (const stranger of [otherPlanner, bart, otherPrincipal, other]) {
    expect((await stranger.get(`${api}/${id}`)).status).toBe(404);
    expect((await stranger.get(api)).body.coachings).toEqual([]);
  }
});

test('hours are confirmed by both sides, taken back once, and more than agreed needs both signatures', async () => {
  const id = await active();
  const { an } = world;
  const add = (who: Person, over: object) => who.post(`${api}/${id}/entries`, entry(over));
  const first = (await add(coach, {})).body.id;
  const shown = async (who: Person) => (await who.get(`${api}/${id}`)).body;
  expect((await shown(an)).entries).toMatchObject([{ byCoach: true, bySchool: false }]);
  expect((await coach.post(`${api}/${id}/entries/${first}/confirmation`)).status).toBe(409);
  await an.post(`${api}/${id}/entries/${first}/confirmation`);
  expect((await shown(an)).entries).toMatchObject([{ byCoach: true, bySchool: true }]);
  expect((await add(coach, { minutes: 160 })).body.type).toBe('/problems/academy/amendment-needed');
  expect((await coach.put(`${api}/${id}/amendment`, { minutes: 300 })).status).toBe(200);
  expect((await coach.post(`${api}/${id}/amendment/signature`)).status).toBe(409);
  await an.post(`${api}/${id}/amendment/signature`);
  expect(await shown(an)).toMatchObject({ agreedMinutes: 300, amendedMinutes: null, usedMinutes: 90 });
  const second = (await add(coach, { minutes: 160 })).body.id;
  const reverse = () => coach.post(`${api}/${id}/entries/${second}/reversal`, { note: 'Dubbel genoteerd' });
  expect((await reverse()).status).toBe(201);
  expect((await reverse()).status).toBe(409);
  expect(await shown(an)).toMatchObject({ usedMinutes: 90 });
});

test('private notes are the coach’s own: nobody else reads them, no export has them, and they go with the coach', async () => {
  const id = await active();
  const secret = 'De leraar twijfelt aan zichzelf.';
  await coach.post(`${api}/${id}/entries`, entry({ privateNote: secret }));
  expect((await coach.get(`${api}/${id}`)).body.entries).toMatchObject([{ privateNote: secret }]);
  for (const who of [world.an, world.principal, world.planner]) {
    expect(JSON.stringify((await who.get(`${api}/${id}`)).body)).not.toContain(secret);
  }
  await world.portal.work('academy', async ({ knex }) => {
    await knex('coaching_notes').where({ coaching_id: id }).update({ author_id: other.personId });
  });
  expect(JSON.stringify((await coach.get(`${api}/${id}`)).body)).not.toContain(secret);
});

test('a coach who stands in writes hours and a report without reading those of the other', async () => {
  const id = await active();
  await coach.post(`${api}/${id}/entries`, entry({ note: 'Van de eerste coach' }));
  await coach.post(`${api}/${id}/reports`, { text: 'Eerste verslag' });
  await act(world.an, id, 'send-back', 'Nog een bezoek graag');
  expect((await world.planner.put(`/api/academy/coachings/${id}/stand-in`, { coach: other.personId })).status).toBe(200);
  await other.post(`${api}/${id}/entries`, entry({ note: 'Van de vervanger' }));
  const { body } = await other.get(`${api}/${id}`);
  expect(body.entries.map(({ note }: { note: string }) => note)).toEqual(['Van de vervanger']);
  expect(body.reports).toEqual([]);
  expect((await other.post(`${api}/${id}/reports`, { text: 'Tweede verslag' })).body.state).toBe('report_submitted');
  expect((await world.an.get(`${api}/${id}`)).body.reports).toHaveLength(2);
});

test('A20: the list to pay by has confirmed hours only, is a right of its own, and shows a provider no other', async () => {
  const id = await active();
  const confirmed = (await coach.post(`${api}/${id}/entries`, entry({ day: '2026-10-05', minutes: 75 }))).body.id;
  await world.an.post(`${api}/${id}/entries/${confirmed}/confirmation`);
  await coach.post(`${api}/${id}/entries`, entry({ day: '2026-10-06', minutes: 30 }));
  const address = '/api/academy/delivered-hours?from=2026-10-01&to=2026-10-31';
  const { body } = await world.planner.get(address);
  expect(body).toContain('De Kaai;De Wegwijzer;');
  expect(String(body).match(/2026-10-0\d/g)).toEqual(['2026-10-05']);
  expect(
    String((await world.otherPlanner.get(address)).body)
      .trim()
      .split('\n'),
  ).toHaveLength(1);
  for (const who of [world.trainer, coach, world.an, world.principal]) expect((await who.get(address)).status).toBe(403);
});

test('A19: a provider sees the participants of its own events only, whatever it asks for', async () => {
  const { planner, otherPlanner, kaai } = world;
  const { body: theirs } = await otherPlanner.post(`/api/academy/desk/providers/${kaai.id}/trainings`, { title: 'Ingeslopen' });
  expect(theirs.status).toBe(404);
  const { body: own } = await planner.get('/api/academy/desk/trainings');
  for (const { id } of own.trainings) {
    for (const call of [
      otherPlanner.get(`/api/academy/desk/trainings/${id}`),
      otherPlanner.put(`/api/academy/desk/trainings/${id}`, { title: 'Gekaapt' }),
      otherPlanner.post(`/api/academy/desk/trainings/${id}/copies`, { title: 'Kopie' }),
      otherPlanner.post(`/api/academy/desk/trainings/${id}/events`, { capacity: 1, sessions: [] }),
      otherPlanner.delete(`/api/academy/desk/trainings/${id}`),
    ]) {
      expect((await call).status).toBe(404);
    }
  }
  expect((await otherPlanner.get('/api/academy/desk/trainings')).body.trainings).toEqual([]);
  expect((await otherPlanner.get('/api/academy/desk/events')).body.events).toEqual([]);
});

test('both sides are reminded of a coaching in which nothing was noted for three weeks, once in that time', async () => {
  const [quiet, noted] = [await active(), await active()];
  const told = async (who: Person) =>
    JSON.stringify((await who.get('/api/notifications/inbox')).body).split(`/academie/coaching/${quiet}`).length - 1;
  const remindedAt = () =>
    world.portal.work('academy', ({ knex }) => knex('coachings').whereIn('id', [quiet, noted]).pluck('reminded_at'));
  const before = [await told(world.an), await told(coach)];
  await coach.post(`${api}/${noted}/entries`, entry());
  await world.portal.work('academy', ({ knex }) =>
    knex('coachings')
      .whereIn('id', [quiet, noted])
      .update({ updated_at: knex.raw(`now() - interval '22 days'`) }),
  );
  for (const _ of [1, 2]) {
    await world.portal.work('academy', ({ coachings }) => coachings.remindQuiet());
    await world.portal.drain();
  }
  expect((await remindedAt()).filter(Boolean)).toHaveLength(1);
  expect([await told(world.an), await told(coach)]).toEqual(before.map((count) => count + 1));
});

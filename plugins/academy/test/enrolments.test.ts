import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  academyPortal,
  enrol,
  event,
  eventBody,
  heard,
  type Person,
  passDays,
  statesOf,
  training,
  type World,
} from './support/academy.js';

let world: World;
beforeAll(async () => {
  world = await academyPortal();
});
afterAll(async () => {
  for (const line of world.portal.log.filter((each) => each.includes('"level":50')).slice(0, 5)) console.log(line);
  await world.portal.stop();
});

const teachers = async (number: number): Promise<Person[]> => {
  const people: Person[] = [];
  for (let each = 0; each < number; each++) people.push(await world.at(world.wegwijzer));
  return people;
};
const enrolAll = async (people: Person[], eventId: string) => {
  const ids: string[] = [];
  for (const who of people) ids.push((await enrol(who, eventId, world.wegwijzer)).body.id);
  return ids;
};
const statesBy = async (eventId: string, people: Person[]) => {
  const rows = await statesOf(world, eventId);
  return people.map(
    ({ personId }) => rows.findLast((row) => row.person_id === personId && row.state !== 'cancelled')?.state ?? 'cancelled',
  );
};
const cancel = (who: Person, id: string) => who.post(`/api/academy/enrolments/${id}/cancellation`, {});

test('a teacher signs up, sees the seat, and the next one waits with a place in the queue', async () => {
  const { an, wegwijzer, bart, linde } = world;
  const id = await training(world, { title: 'Begrijpend lezen' });
  const eventId = await event(world, id, { capacity: 1 });
  expect((await enrol(an, eventId, wegwijzer)).body.state).toBe('booked');
  expect((await enrol(an, eventId, wegwijzer)).body.type).toBe('/problems/academy/already-enrolled');
  expect((await enrol(bart, eventId, linde)).body.state).toBe('waitlisted');
  expect((await enrol(bart, eventId, wegwijzer)).status).toBe(404);
  const { body } = await bart.get('/api/academy/my-learning');
  expect(body.enrolments).toMatchObject([{ title: 'Begrijpend lezen', state: 'waitlisted', place: 1, providerName: 'De Kaai' }]);
  expect(await heard(world, an.personId)).toMatchObject({ booked: 1 });
});

test('A1: a seat that was offered and taken, then left, goes to the next; who signs up again is last', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { capacity: 1, promotion: 'offer' });
  const people = await teachers(3);
  const [first, second, third] = people as [Person, Person, Person];
  const ids = await enrolAll(people, eventId);
  await cancel(first, ids[0] as string);
  expect(await statesBy(eventId, people)).toEqual(['cancelled', 'offered', 'waitlisted']);
  expect((await second.post(`/api/academy/enrolments/${ids[1]}/answer`, { accepts: true })).body.state).toBe('booked');
  await cancel(second, ids[1] as string);
  expect(await statesBy(eventId, people)).toEqual(['cancelled', 'cancelled', 'offered']);
  expect((await second.post(`/api/academy/enrolments/${ids[1]}/answer`, { accepts: true })).status).toBe(409);
  expect((await enrol(first, eventId, world.wegwijzer)).body.state).toBe('waitlisted');
  expect((await enrol(second, eventId, world.wegwijzer)).body.state).toBe('waitlisted');
  // Who lets the deadline pass goes to the back as well.
  await passDays(world, eventId, 3);
  await world.portal.work('academy', ({ sweep }) => sweep.run());
  expect(await statesBy(eventId, [first, second, third])).toEqual(['offered', 'waitlisted', 'waitlisted']);
  expect(
    (await statesOf(world, eventId)).filter(({ state }) => state === 'waitlisted').map(({ person_id }) => person_id),
  ).toEqual([second.personId, third.personId]);
});

test('A2: seats above the capacity that are given back are not offered to anybody', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { capacity: 3 });
  const { body } = await world.principal.post(`/api/academy/events/${eventId}/reservations`, {
    school: world.wegwijzer.id,
    seats: 3,
  });
  const people = await teachers(2);
  const waiting = await enrolAll(people, eventId);
  await world.planner.post(`/api/academy/desk/enrolments/${waiting[0]}/promotion`, {});
  await world.planner.put(`/api/academy/desk/events/${eventId}`, eventBody({ capacity: 1 }));
  for (const { id: seat } of body.enrolments.slice(0, 2)) await cancel(world.principal, seat);
  // 2 of 1 seats are taken.
  expect(await statesBy(eventId, people)).toEqual(['booked', 'waitlisted']);
  await cancel(world.principal, body.enrolments[2].id);
  expect(await statesBy(eventId, people)).toEqual(['booked', 'waitlisted']);
});

test('A3: the queue of an event is first in, first out, whatever is changed meanwhile', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { capacity: 0 });
  const people = await teachers(4);
  await enrolAll(people, eventId);
  await world.planner.put(`/api/academy/desk/trainings/${id}`, { title: 'Archief', state: 'archived' });
  await world.planner.put(`/api/academy/desk/events/${eventId}`, eventBody({ capacity: 1, approval: 'principal' }));
  expect(await statesBy(eventId, people)).toEqual(['booked', 'waitlisted', 'waitlisted', 'waitlisted']);
  await world.planner.put(`/api/academy/desk/events/${eventId}`, eventBody({ capacity: 3 }));
  expect(await statesBy(eventId, people)).toEqual(['booked', 'booked', 'booked', 'waitlisted']);
});

test('A4: two cancellations at once and a promotion by hand give each free seat once', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { capacity: 2 });
  const people = await teachers(6);
  const ids = await enrolAll(people, eventId);
  await Promise.all([cancel(people[0] as Person, ids[0] as string), cancel(people[1] as Person, ids[1] as string)]);
  expect(await statesBy(eventId, people)).toEqual(['cancelled', 'cancelled', 'booked', 'booked', 'waitlisted', 'waitlisted']);
  await world.planner.post(`/api/academy/desk/enrolments/${ids[5]}/promotion`, {});
  await cancel(people[2] as Person, ids[2] as string);
  // The promotion took a third seat of two: nobody moves up.
  expect((await statesBy(eventId, people)).slice(3)).toEqual(['booked', 'waitlisted', 'booked']);
});

test('A5: the last seat is given once, whoever pressed first on whatever page', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { capacity: 2, waitingList: false });
  const people = await teachers(5);
  const answers = await Promise.all(people.map((who) => enrol(who, eventId, world.wegwijzer)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409]);
  expect((await statesOf(world, eventId)).filter(({ state }) => state === 'booked')).toHaveLength(2);
});

test('A6: a cancellation and a raised capacity book the next one and tell them', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { capacity: 1 });
  const people = await teachers(4);
  const ids = await enrolAll(people, eventId);
  await cancel(people[0] as Person, ids[0] as string);
  await world.planner.put(`/api/academy/desk/events/${eventId}`, eventBody({ capacity: 2 }));
  expect(await statesBy(eventId, people)).toEqual(['cancelled', 'booked', 'booked', 'waitlisted']);
  for (const who of people.slice(1, 3)) expect(await heard(world, who.personId)).toMatchObject({ waiting: 1, booked: 1 });
  expect(await heard(world, people[3]?.personId as string)).toEqual({ waiting: 1 });
});

test('A7: a capacity below what is booked is stored, takes nobody’s seat and gives none', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { capacity: 3 });
  const people = await teachers(3);
  const ids = await enrolAll(people, eventId);
  const { status, body } = await world.planner.put(`/api/academy/desk/events/${eventId}`, eventBody({ capacity: 1 }));
  expect(status).toBe(200);
  expect(body).toMatchObject({ capacity: 1, taken: 3 });
  const [late] = await teachers(1);
  expect((await enrol(late as Person, eventId, world.wegwijzer)).body.state).toBe('waitlisted');
  await cancel(people[0] as Person, ids[0] as string);
  expect(await statesBy(eventId, [...people, late as Person])).toEqual(['cancelled', 'booked', 'booked', 'waitlisted']);
});

test('A8: a cancelled event tells each participant once, and stays cancelled', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { capacity: 1 });
  const people = await teachers(2);
  await enrolAll(people, eventId);
  const cancelEvent = () =>
    world.planner.post(`/api/academy/desk/events/${eventId}/cancellation`, { reason: 'De lesgever is ziek.' });
  expect((await cancelEvent()).status).toBe(204);
  expect((await cancelEvent()).body.type).toBe('/problems/academy/event-cancelled');
  for (const who of people) expect(await heard(world, who.personId)).toMatchObject({ 'event-cancelled': 1 });
  expect(await heard(world, world.planner.personId)).toEqual({});
  expect((await world.planner.put(`/api/academy/desk/events/${eventId}`, eventBody({}))).status).toBe(409);
});

test('A9: a late cancellation that is refused tells nobody, and the provider still can', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { cancelBy: new Date(Date.now() + 86_400_000).toISOString() });
  const [who] = (await teachers(1)) as [Person];
  const [enrolment] = (await enrolAll([who], eventId)) as [string];
  await passDays(world, eventId, 2);
  expect((await cancel(who, enrolment)).body.type).toBe('/problems/academy/too-late-to-cancel');
  expect(await heard(world, who.personId)).toEqual({ booked: 1 });
  const { status } = await world.planner.post(`/api/academy/desk/enrolments/${enrolment}/cancellation`, {
    reason: 'Ziek gemeld',
  });
  expect(status).toBe(200);
  expect(await heard(world, who.personId)).toEqual({ booked: 1, cancelled: 1 });
  const { body } = await world.planner.get(`/api/academy/desk/events/${eventId}`);
  expect(body.enrolments).toMatchObject([{ state: 'cancelled', late: true, reason: 'Ziek gemeld' }]);
});

describe('approval', () => {
  test('the principal approves in bulk, in the order in which people asked, and declines with a reason', async () => {
    const id = await training(world);
    const eventId = await event(world, id, { capacity: 1, approval: 'principal' });
    const people = await teachers(3);
    const ids = await enrolAll(people, eventId);
    const { body } = await world.principal.get('/api/academy/team/approvals');
    expect(body.waiting.map((each: { id: string }) => each.id)).toEqual(ids);
    expect((await world.otherPrincipal.get('/api/academy/team/approvals')).body.waiting).toEqual([]);
    const decide = (who: Person, decision: object) => who.post('/api/academy/team/approvals', decision);
    expect((await decide(world.otherPrincipal, { ids, approves: true })).body.decided).toEqual([]);
    expect((await decide(world.coordinator, { ids, approves: true })).status).toBe(403);
    expect((await decide(world.principal, { ids: [ids[2]], approves: false })).status).toBe(422);
    await decide(world.principal, { ids: [ids[2]], approves: false, reason: 'Het budget is op.' });
    await decide(world.principal, { ids: [ids[1], ids[0]], approves: true });
    expect(await statesBy(eventId, people)).toEqual(['booked', 'waitlisted', 'declined']);
    const mine = await (people[2] as Person).get('/api/academy/my-learning');
    expect(mine.body.enrolments).toMatchObject([{ state: 'declined', reason: 'Het budget is op.' }]);
  });

  test('principal, then provider; asking for no approval any more lets in who waits', async () => {
    const id = await training(world);
    const eventId = await event(world, id, { capacity: 3, approval: 'provider' });
    const people = await teachers(2);
    const ids = await enrolAll(people, eventId);
    await world.principal.post('/api/academy/team/approvals', { ids: [ids[0]], approves: true });
    expect(await statesBy(eventId, people)).toEqual(['endorsed', 'requested']);
    await world.otherPlanner.post('/api/academy/desk/enrolments/decisions', { ids: [ids[0]], approves: true });
    expect(await statesBy(eventId, people)).toEqual(['endorsed', 'requested']);
    await world.planner.post('/api/academy/desk/enrolments/decisions', { ids, approves: true });
    expect(await statesBy(eventId, people)).toEqual(['booked', 'requested']);
    await world.planner.put(`/api/academy/desk/events/${eventId}`, eventBody({ capacity: 3 }));
    expect(await statesBy(eventId, people)).toEqual(['booked', 'booked']);
  });
});

test('seats are reserved now and named later, for people of the school only', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { capacity: 2 });
  const reserve = (who: Person, seats: number) =>
    who.post(`/api/academy/events/${eventId}/reservations`, { school: world.wegwijzer.id, seats });
  expect((await reserve(world.an, 1)).status).toBe(403);
  expect((await reserve(world.coordinator, 3)).body.type).toBe('/problems/academy/full');
  const { body } = await reserve(world.coordinator, 2);
  expect(body.enrolments).toMatchObject([{ state: 'booked' }, { state: 'booked' }]);
  const name = (who: Person, person: string) => who.put(`/api/academy/enrolments/${body.enrolments[0].id}/person`, { person });
  expect((await name(world.coordinator, world.bart.personId)).body.type).toBe('/problems/academy/not-of-school');
  expect((await name(world.otherPrincipal, world.bart.personId)).status).toBe(404);
  expect((await name(world.coordinator, world.an.personId)).status).toBe(200);
  expect((await world.an.get('/api/academy/my-learning')).body.enrolments[0]).toMatchObject({ event: eventId, state: 'booked' });
  const { body: team } = await world.principal.get('/api/academy/team');
  expect(team.reserved.filter((each: { event: string }) => each.event === eventId)).toHaveLength(2);
});

test('an interest list books its people, first come first, when it gets a date; without a date they wait again', async () => {
  const id = await training(world);
  const eventId = await event(world, id, { capacity: 2, sessions: [] });
  const people = await teachers(3);
  await enrolAll(people, eventId);
  expect(await statesBy(eventId, people)).toEqual(['waitlisted', 'waitlisted', 'waitlisted']);
  await world.planner.put(`/api/academy/desk/events/${eventId}`, eventBody());
  expect(await statesBy(eventId, people)).toEqual(['booked', 'booked', 'waitlisted']);
  await world.planner.put(`/api/academy/desk/events/${eventId}`, eventBody({ sessions: [] }));
  expect((await statesOf(world, eventId)).map(({ person_id }) => person_id)).toEqual(people.map(({ personId }) => personId));
});

test('a clash is told before it is accepted', async () => {
  const id = await training(world);
  const [one, other] = [await event(world, id), await event(world, id)];
  const [who] = (await teachers(1)) as [Person];
  await enrol(who, one, world.wegwijzer);
  const { body } = await who.get(`/api/academy/catalogue/${id}`);
  const clashes = body.events.map((each: { id: string; clash: boolean }) => [each.id, each.clash]);
  expect(Object.fromEntries(clashes)).toEqual({ [one]: false, [other]: true });
  expect((await enrol(who, other, world.wegwijzer)).body.type).toBe('/problems/academy/clash');
  expect((await enrol(who, other, world.wegwijzer, { acceptClash: true })).body.state).toBe('booked');
});

test('attendance is marked from a quarter before the start, and taken back', async () => {
  const id = await training(world);
  const eventId = await event(world, id);
  const [who] = (await teachers(1)) as [Person];
  const [enrolment] = (await enrolAll([who], eventId)) as [string];
  const mark = (value: string | null) => world.trainer.put(`/api/academy/desk/enrolments/${enrolment}/mark`, { mark: value });
  expect((await mark('attended')).body.type).toBe('/problems/academy/too-early-to-mark');
  await passDays(world, eventId, 31);
  expect((await mark('attended')).body.state).toBe('attended');
  expect((await mark('no_show')).body.state).toBe('no_show');
  expect((await mark(null)).body.state).toBe('booked');
});

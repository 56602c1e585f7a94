import ICAL from 'ical.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cert, startMailServer } from '../../notifications/test/mail-server.js';
import { office } from '../../notifications/test/sender.js';
import { icsOf } from '../dist/calendar/ics.js';
import {
  academyPortal,
  enrol,
  event,
  eventBody,
  heard,
  inDays,
  type Person,
  statesOf,
  training,
  type World,
} from './support/academy.js';

let world: World;
let mails: Awaited<ReturnType<typeof startMailServer>>;
beforeAll(async () => {
  mails = await startMailServer();
  // `office` may set the mail server, as the settings page does.
  world = await academyPortal({ more: [office], config: { notifications: { gatherSeconds: 0, mailsPerHour: 50, ca: cert } } });
  const values = { host: '127.0.0.1', port: mails.port, user: 'portal', password: 'a secret', from: 'spoor@portal.example' };
  await world.portal.work('office', async ({ allSettings }) => {
    const sections = await allSettings.sections(null);
    const { version } = sections.find(({ plugin }: { plugin: string }) => plugin === 'notifications');
    await allSettings.change({ plugin: 'notifications', tenant: null, version, values, reset: [] });
  });
});
afterAll(async () => {
  await world?.portal.stop();
  await mails?.stop();
});

/** What a parser that nobody here wrote reads in a file. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const entries = calendar.getAllSubcomponents('vevent').map((each) => {
    const entry = new ICAL.Event(each);
    return {
      uid: entry.uid,
      sequence: entry.sequence,
      title: entry.summary,
      at: entry.startDate.toJSDate().toISOString(),
      local: entry.startDate.toString(),
      status: each.getFirstPropertyValue('status'),
      stamp: String(each.getFirstPropertyValue('dtstamp')),
      attendees: each.getAllProperties('attendee').length,
    };
  });
  return { method: calendar.getFirstPropertyValue('method'), entries };
}

const file = async (who: Person, eventId: string) =>
  read((await who.get(`/api/academy/my-learning/${eventId}/calendar`)).body as string);
const move = async (eventId: string, day: string, over: object = {}) => {
  const { body } = await world.planner.get(`/api/academy/desk/events/${eventId}`);
  const [{ startsAt: _s, endsAt: _e, ...session }] = body.sessions;
  return world.planner.put(`/api/academy/desk/events/${eventId}`, eventBody({ sessions: [{ ...session, day, ...over }] }));
};

test('A10, A11: moved twice and cancelled: one UID, SEQUENCE 0 to 3, REQUEST and then CANCEL, in file and feed alike', async () => {
  const who = await world.at(world.wegwijzer);
  const eventId = await event(world, await training(world, { title: 'Lezen' }));
  const { body } = await enrol(who, eventId, world.wegwijzer);
  const { body: opened } = await who.post('/api/academy/my-calendar', undefined);
  const feed = async () => read((await world.portal.client().get(new URL(opened.address).pathname)).body as string);
  const seen = [await file(who, eventId)];
  for (const days of [31, 32]) {
    await move(eventId, inDays(days));
    seen.push(await file(who, eventId));
    expect((await feed()).entries).toMatchObject([
      { uid: seen[0]?.entries[0]?.uid, sequence: seen.length - 1, status: 'CONFIRMED' },
    ]);
  }
  await who.post(`/api/academy/enrolments/${body.id}/cancellation`, {});
  seen.push(await file(who, eventId));
  expect(seen.map(({ method }) => method)).toEqual(['REQUEST', 'REQUEST', 'REQUEST', 'CANCEL']);
  expect(seen.map(({ entries }) => entries.map(({ sequence, status }) => [sequence, status]))).toEqual([
    [[0, 'CONFIRMED']],
    [[1, 'CONFIRMED']],
    [[2, 'CONFIRMED']],
    [[3, 'CANCELLED']],
  ]);
  expect(new Set(seen.map(({ entries }) => entries[0]?.uid)).size).toBe(1);
  const inFeed = await feed();
  expect(inFeed).toMatchObject({ method: 'PUBLISH', entries: [{ sequence: 3, status: 'CANCELLED' }] });
  // Booked again, the entry comes back and is newer than its cancellation.
  await enrol(who, eventId, world.wegwijzer);
  expect((await file(who, eventId)).entries).toMatchObject([{ uid: seen[0]?.entries[0]?.uid, sequence: 4, status: 'CONFIRMED' }]);
  expect(await heard(world, who.personId)).toMatchObject({ booked: 2, changed: 2, cancelled: 1 });
});

test('the feed ends with its address, shows nobody else’s sign-ups, and a cancelled event as cancelled', async () => {
  const [who, other] = [await world.at(world.wegwijzer), await world.at(world.linde)];
  const eventId = await event(world, await training(world));
  await enrol(who, eventId, world.wegwijzer);
  await enrol(other, eventId, world.linde);
  const addressOf = async (person: Person) =>
    new URL((await person.post('/api/academy/my-calendar', undefined)).body.address).pathname;
  const [first, theirs] = [await addressOf(who), await addressOf(other)];
  const anyone = world.portal.client();
  expect(read((await anyone.get(first)).body as string).entries).toHaveLength(1);
  expect((await anyone.get(theirs)).body).not.toContain(read((await anyone.get(first)).body as string).entries[0]?.uid);
  const second = await addressOf(who);
  expect((await anyone.get(first)).status).toBe(404);
  await world.planner.post(`/api/academy/desk/events/${eventId}/cancellation`, { reason: 'Ziek' });
  expect(read((await anyone.get(second)).body as string).entries).toMatchObject([{ status: 'CANCELLED' }]);
  await who.delete('/api/academy/my-calendar');
  expect((await anyone.get(second)).status).toBe(404);
  expect((await anyone.get('/api/academy/calendar/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.ics')).status).toBe(404);
  expect((await other.get(`/api/academy/my-learning/${await event(world, await training(world))}/calendar`)).status).toBe(404);
});

/** The calendar files of the e-mails to an address, with the method that their header says. */
function filesIn(address: string) {
  return mails.to(address).flatMap(({ raw }) =>
    [...raw.matchAll(/Content-Type: text\/calendar;[\s\S]*?method=(\w+)[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g)].map(
      ([, method, content]) => ({
        method,
        ...read(Buffer.from(String(content), 'base64').toString('utf8')),
      }),
    ),
  );
}

test('A10, A11: e-mails carry the same entry, with the method of what happened, and to nobody else', async () => {
  const [who, other] = [await world.at(world.wegwijzer), await world.at(world.linde)];
  const addressOf = async ({ personId }: Person) =>
    (await world.portal.work('directory', ({ people }) => people.emailOf(personId))) as string;
  const [mine, theirs] = ['zoe@school.example', 'piet@school.example'];
  for (const [person, email] of [
    [who, mine],
    [other, theirs],
  ] as const)
    await world.portal.work('directory', ({ knex }) => knex('people').where({ id: person.personId }).update({ email }));
  expect(await addressOf(who)).toBe(mine);
  const eventId = await event(world, await training(world, { title: 'Lezen met post' }));
  const { body } = await enrol(who, eventId, world.wegwijzer);
  await enrol(other, eventId, world.linde);
  const seen = () =>
    expect.poll(() => filesIn(mine).map(({ method, entries }) => [method, entries[0]?.sequence]), { timeout: 20_000 });
  await seen().toEqual([['REQUEST', 0]]);
  await move(eventId, inDays(31));
  await seen().toEqual([
    ['REQUEST', 0],
    ['REQUEST', 1],
  ]);
  await who.post(`/api/academy/enrolments/${body.id}/cancellation`, {});
  await seen().toEqual([
    ['REQUEST', 0],
    ['REQUEST', 1],
    ['CANCEL', 2],
  ]);
  const [first, , last] = filesIn(mine);
  expect(first?.entries).toMatchObject([{ title: 'Lezen met post', status: 'CONFIRMED', attendees: 1 }]);
  expect(last?.entries).toMatchObject([{ uid: first?.entries[0]?.uid, status: 'CANCELLED' }]);
  expect((await file(who, eventId)).entries[0]?.uid).toBe(first?.entries[0]?.uid);
  await expect.poll(() => filesIn(theirs).length, { timeout: 20_000 }).toBe(2);
  expect(filesIn(theirs).map(({ entries }) => entries[0]?.uid)).not.toContain(first?.entries[0]?.uid);
});

const at = (day: string, starts: string, zone: string, startsAt: string) =>
  icsOf({
    method: 'PUBLISH',
    name: 'Vormingen',
    now: new Date('2027-01-15T09:00:00Z'),
    organizer: { name: 'De Kaai', email: 'no-reply@portal.example' },
    attendee: null,
    entries: [
      {
        ...{ uid: 'a@portal.example', sequence: 0, title: 'Lezen', day, starts, ends: '23:00', zone },
        ...{
          startsAt: new Date(startsAt),
          endsAt: new Date(startsAt),
          place: '',
          url: 'https://portal.example/',
          cancelled: false,
        },
        changedAt: new Date('2027-01-15T09:00:00Z'),
      },
    ],
  });

test('A12: a July session made in January stands at its hour, with the rules of the zone; other zones are in UTC', async () => {
  for (const [day, utc] of [
    ['2027-07-07', '2027-07-07T12:00:00.000Z'],
    ['2027-01-20', '2027-01-20T13:00:00.000Z'],
    ['2026-10-25', '2026-10-25T13:00:00.000Z'],
    ['2027-03-28', '2027-03-28T12:00:00.000Z'],
    ['2041-07-03', '2041-07-03T12:00:00.000Z'],
  ] as const) {
    const text = await at(day, '14:00', 'Europe/Brussels', utc);
    expect(text).toContain('DTSTART;TZID=Europe/Brussels:');
    expect(text.match(/RRULE:FREQ=YEARLY;BYMONTH=(?:3|10);BYDAY=-1SU/g)).toHaveLength(2);
    expect(read(text).entries, day).toMatchObject([{ at: utc, local: `${day}T14:00:00` }]);
  }
  const lisbon = await at('2027-07-07', '14:00', 'Europe/Lisbon', '2027-07-07T13:00:00Z');
  expect(lisbon).not.toContain('TZID');
  expect(read(lisbon).entries).toMatchObject([{ at: '2027-07-07T13:00:00.000Z' }]);
  expect(lisbon).toMatch(/DTSTAMP:20270115T090000Z/);
});

test('A13: a day stays that day, whatever zone it is looked at from', async () => {
  const eventId = await event(world, await training(world), {
    sessions: [{ day: '2027-03-28', starts: '00:30', ends: '01:30' }],
  });
  const { body } = await world.planner.get(`/api/academy/desk/events/${eventId}`);
  expect(body.sessions).toMatchObject([{ day: '2027-03-28', starts: '00:30', startsAt: '2027-03-27T23:30:00.000Z' }]);
});

test('A14: sessions keep their hour across both clock changes, and the reminder of the day before is sent once', async () => {
  const weekly = [
    { day: '2026-10-24', starts: '09:00', ends: '10:00' },
    { day: '2026-10-26', starts: '09:00', ends: '10:00' },
    { day: '2027-03-27', starts: '09:00', ends: '10:00' },
    { day: '2027-03-29', starts: '09:00', ends: '10:00' },
  ];
  const dated = await event(world, await training(world), { sessions: weekly });
  const { body } = await world.planner.get(`/api/academy/desk/events/${dated}`);
  expect(body.sessions.map(({ startsAt }: { startsAt: string }) => startsAt.slice(11, 16))).toEqual([
    '07:00',
    '08:00',
    '08:00',
    '07:00',
  ]);

  const [stays, leaves] = [await world.at(world.wegwijzer), await world.at(world.wegwijzer)];
  const today: string = await world.portal.work('academy', ({ calendar }) => calendar.today());
  const tomorrow = new Date(Date.parse(`${today}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  const eventId = await event(world, await training(world), { sessions: [{ day: tomorrow, starts: '23:00', ends: '23:30' }] });
  await enrol(stays, eventId, world.wegwijzer);
  const { body: leaving } = await enrol(leaves, eventId, world.wegwijzer);
  // A9: who left in between is not reminded.
  await leaves.post(`/api/academy/enrolments/${leaving.id}/cancellation`, {});
  for (let run = 0; run < 2; run++) await world.portal.work('academy', ({ reminders }) => reminders.send());
  expect(await heard(world, stays.personId)).toEqual({ booked: 1, reminder: 1 });
  expect(await heard(world, leaves.personId)).toEqual({ booked: 1, cancelled: 1 });
  expect(await statesOf(world, eventId)).toHaveLength(2);
});

test('A15: a title with line ends, properties, commas and emoji is one title, in lines of 75 octets', async () => {
  const title =
    'Lezen\r\nATTENDEE:mailto:x@y.example, samen; 📚 en nog heel wat woorden die de regel langer maken dan vijfenzeventig tekens';
  const text = await icsOf({
    ...{ method: 'REQUEST', name: title, now: new Date('2027-01-15T09:00:00Z'), attendee: 'an@school.example' },
    organizer: { name: 'De Kaai', email: 'no-reply@portal.example' },
    entries: [
      {
        ...{
          uid: 'a@portal.example',
          sequence: 0,
          title,
          day: '2027-02-03',
          starts: '14:00',
          ends: '16:00',
          zone: 'Europe/Brussels',
        },
        ...{
          startsAt: new Date(),
          endsAt: new Date(),
          place: 'Lokaal 3,\nGent',
          url: 'https://portal.example/',
          cancelled: false,
        },
        changedAt: new Date(),
      },
    ],
  });
  const { entries } = read(text);
  expect(entries).toMatchObject([{ title: title.replace(/\s+(?=ATT)/, ' '), attendees: 1 }]);
  for (const row of text.split('\r\n')) expect(Buffer.byteLength(row), row).toBeLessThanOrEqual(75);
  expect(text).not.toMatch(/(?<!\r)\n/);
});

import { definePlugin } from '@ilearn/core';
import type { TestClient } from '@ilearn/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDirectory, type TestDirectory } from './directory.js';
import { enrolment, klas, type TestRoster, twoSchools, user } from './roster.js';

const heard: [string, any][] = [];
const hear =
  (name: string) =>
  ({ payload }: { payload: unknown }) =>
    void heard.push([name, payload]);
const listener = definePlugin({
  id: 'listener',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  on: {
    'directory.school-year-turned': hear('turned'),
    'directory.school-year-restored': hear('restored'),
    'directory.people-removed': hear('left'),
    'directory.people-added': hear('came'),
  },
});
const office = definePlugin({ id: 'office', version: '1.0.0', privileges: ['privacy'] });

let directory: TestDirectory;
let piet: TestClient;
let ann: TestClient;
let people: Record<string, string>;
let schools: Record<string, string>;
let group: string;
const address = (what = '', school = 'a') => `/api/directory/schools/${schools[school]}/rollover${what}`;

beforeAll(async () => {
  directory = await createDirectory([listener, office]);
});
afterAll(() => directory?.platform.stop());
beforeEach(async () => {
  await directory.platform.work('directory', async ({ knex }) => {
    await knex('rollovers').delete();
  });
  await directory.empty();
  await directory.run(thisYear());
  await summer();
  const rows = await directory.platform.work('directory', async ({ knex }) => ({
    people: await knex('memberships').select('sourced_id', 'person_id'),
    schools: await knex('schools').select('sourced_id', 'id'),
  }));
  people = Object.fromEntries(rows.people.map((row: any) => [row.sourced_id, row.person_id]));
  schools = Object.fromEntries(rows.schools.map((row: any) => [row.sourced_id, row.id]));
  ann = await directory.platform.signIn(people['ann'] as string);
  piet = await directory.platform.signIn(people['piet'] as string);
  const pupils = [people['ali'], people['cas']];
  group = (await ann.post('/api/directory/groups', { school: schools['a'], name: 'Lezers', pupils })).body.class.id;
  await directory.platform.drain();
  heard.length = 0;
});

/** 1A with Ali and Bo, 2A with Cas; Deniz is in no class. */
function thisYear(): TestRoster {
  const roster = twoSchools();
  roster.users.push(user('deniz', 'Deniz', 'Demir'));
  roster.roles.push({
    ...(roster.roles.find(({ userSourcedId }) => userSourcedId === 'ali') as object),
    sourcedId: 'r-deniz',
    userSourcedId: 'deniz',
  });
  roster.enrollments.push(enrolment('1a', 'deniz', 'student', 'a'));
  return roster;
}

/** The same with the classes of next year beside those of this one. */
function nextYear(): TestRoster {
  const roster = thisYear();
  const session = {
    sourcedId: 'next',
    title: 'Volgend',
    type: 'schoolYear',
    startDate: '2027-09-01',
    endDate: '2028-08-31',
    schoolYear: '2028',
  };
  roster.academicSessions.push(session);
  roster.classes.push(klas('n2a', '2a', 'a', { termSourcedIds: 'next' }), klas('n2b', '2B', 'a', { termSourcedIds: 'next' }));
  roster.enrollments.push(
    enrolment('n2a', 'ali', 'student', 'a'),
    enrolment('n2a', 'ann', 'teacher', 'a'),
    enrolment('n2b', 'bo', 'student', 'a'),
  );
  return roster;
}

/** The year began almost a year ago, whatever day it is; the next one begins in 25 days. */
const summer = (daysLeft = 25) =>
  directory.platform.work('directory', async ({ knex }) => {
    const dates = (name: string, from: string, to: string) =>
      knex('school_years')
        .where({ name })
        .update({ starts_on: knex.raw(from), ends_on: knex.raw(to) });
    await dates('2026-2027', `current_date + ${daysLeft} - interval '1 year'`, `current_date + ${daysLeft - 1}`);
    await dates('2027-2028', `current_date + ${daysLeft}`, `current_date + ${daysLeft} + interval '1 year'`);
  });

const preview = async () => (await piet.get(address())).body;
const apply = async () => piet.post(address('/apply'), { version: (await preview()).version });
const undo = () => piet.post(address('/undo'), { to: '2027-2028' });
const keep = async (choices: object = {}) => {
  const { version } = await preview();
  return piet.put(address(), { version, teachers: 'same-name', paths: false, classes: [], pupils: [], ...choices });
};
const classIdOf = async (name: string) => (await preview()).classes.find((one: any) => one.name === name).id;

/** Every row of the directory's roster, and the roles in the portal. */
const everything = () =>
  directory.platform.work('directory', async ({ knex, access }) => {
    const rows: Record<string, unknown> = {};
    for (const table of ['school_years', 'classes', 'enrolments', 'people', 'memberships', 'roles'])
      rows[table] = (await knex.raw(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`)).rows;
    const roles = await access.rolesOfMany(Object.values(people));
    return {
      ...rows,
      roles: roles.map((one: any) => [one.personId, one.roles.map(({ role, tenant }: any) => `${role} ${tenant}`).sort()]),
    };
  });

/** Classes of next year with their members by sourcedId. */
const madeClasses = () =>
  directory.platform.work('directory', async ({ knex }) => {
    const rows = await knex('classes')
      .leftJoin('enrolments', 'enrolments.class_id', 'classes.id')
      .leftJoin('memberships', 'memberships.person_id', 'enrolments.person_id')
      .where({ 'classes.school_year': '2027-2028', 'classes.kind': 'class', 'classes.active': true })
      .where((either: any) =>
        either.whereNull('enrolments.id').orWhere({ 'enrolments.active': true, 'memberships.school_id': schools['a'] }),
      )
      .select('classes.name', 'enrolments.role', 'memberships.sourced_id as user');
    const found: Record<string, string[]> = {};
    for (const { name, role, user } of rows) found[name] = [...new Set([...(found[name] ?? []), `${user} ${role}`])].sort();
    return found;
  });

describe('the turn of the school year', () => {
  test('is shown before it happens: a class goes up a year, the last year leaves, a group stays with its teacher', async () => {
    const seen = await preview();
    expect(seen).toMatchObject({
      from: '2026-2027',
      to: '2027-2028',
      delivered: false,
      mayApply: true,
      mayUndo: false,
      made: 1,
      leavers: 1,
      classless: 0,
    });
    expect(seen.classes).toMatchObject([
      { name: '1A', pupils: 3, goes: { outcome: 'to', name: '2A' }, to: [{ name: '2A', pupils: 3 }] },
      { name: '2A', pupils: 1, goes: { outcome: 'leaves' }, leaving: 1 },
    ]);
    expect(seen.groups).toMatchObject([{ id: group, pupils: 2, taught: 1, goesAlong: true }]);
    expect(JSON.stringify(seen)).not.toMatch(/Ali|Cas/);
  });

  test('follows what the school chooses, also for one pupil, and keeps it until it is applied', async () => {
    const first = await classIdOf('1A');
    const bo = { classId: first, personId: people['bo'], goes: { outcome: 'to', name: '1A' } };
    const deniz = { classId: first, personId: people['deniz'], goes: { outcome: 'leaves' } };
    expect((await keep({ teachers: 'along', pupils: [bo, deniz, { ...deniz }] })).status).toBe(204);
    expect(
      (await keep({ teachers: 'along', classes: [{ id: await classIdOf('2A'), goes: { outcome: 'to', name: '3 Latijn' } }] }))
        .status,
    ).toBe(204);
    const { body } = await piet.get(address(`/classes/${first}/pupils`));
    expect(body.pupils.map(({ person, goes }: any) => [person.givenName, goes?.outcome ?? null])).toEqual([
      ['Ali', null],
      ['Bo', 'to'],
      ['Deniz', 'leaves'],
    ]);
    expect((await apply()).status).toBe(204);
    expect(await madeClasses()).toEqual({
      '1A': ['ann teacher', 'bo pupil'],
      '2A': ['ali pupil', 'ann teacher'],
      '3 Latijn': ['ann teacher', 'cas pupil', 'kim teacher'],
    });
    expect([await directory.rolesOf(people['deniz']), await directory.rolesOf(people['cas'])]).toEqual([[], ['pupil a']]);
  });

  test('is undone exactly: every row is as it was, and undone again after it was applied again', async () => {
    const before = await everything();
    for (const _ of [1, 2]) {
      expect((await apply()).status).toBe(204);
      expect(await madeClasses()).toEqual({ '2A': ['ali pupil', 'ann teacher', 'bo pupil', 'deniz pupil', 'kim teacher'] });
      expect(await directory.rolesOf(people['cas'])).toEqual([]);
      expect((await ann.get(`/api/directory/classes/${group}`)).body.class.schoolYear).toBe('2027-2028');
      expect(await undo()).toMatchObject({ status: 200, body: { away: 0 } });
      expect(await everything()).toEqual(before);
    }
    await directory.platform.drain();
    expect(heard.map(([name]) => name).sort()).toEqual([
      'came',
      'came',
      'left',
      'left',
      'restored',
      'restored',
      'turned',
      'turned',
    ]);
    expect((await undo()).body.type).toBe('/problems/directory/rollover-settled');
  });

  test('is undone for a pupil as a whole, whatever was changed of them since in another school', async () => {
    const cas = people['cas'] as string;
    const sql = (work: (knex: any) => Promise<unknown>) => directory.platform.work('directory', ({ knex }) => work(knex));
    const placeOf = async () => {
      const { kind, active, school_ids } = (await sql((knex) => knex('people').where({ id: cas }).first())) as any;
      const place = (await sql((knex) => knex('memberships').where({ person_id: cas, school_id: schools['a'] }).first())) as any;
      const roles = (await sql((knex) => knex('roles').where({ person_id: cas, school_id: schools['a'] }))) as any[];
      return { kind, active, here: school_ids.includes(schools['a']), place: place.active, roles: roles.length };
    };
    await sql((knex) => knex('memberships').insert({ person_id: cas, school_id: schools['b'], sourced_id: 'cas-b' }));
    await sql((knex) =>
      knex('people')
        .where({ id: cas })
        .update({ school_ids: [schools['a'], schools['b']] }),
    );
    const before = await placeOf();
    // The name is corrected in between: all of the place comes back, and the name stays.
    expect((await apply()).status).toBe(204);
    expect(await placeOf()).toMatchObject({ active: true, here: false, place: false, roles: 0 });
    await sql((knex) => knex('people').where({ id: cas }).update({ given_name: 'Casper', updated_at: knex.fn.now() }));
    expect(await undo()).toMatchObject({ status: 200, body: { away: 0 } });
    expect(await placeOf()).toEqual(before);
    expect(await sql((knex) => knex('people').where({ id: cas }).first('given_name'))).toEqual({ given_name: 'Casper' });
    expect(await directory.rolesOf(cas)).toEqual(['pupil a']);
    // The place is changed in between: nothing of it comes back, and the answer says so.
    expect((await apply()).status).toBe(204);
    await sql((knex) => knex('memberships').where({ person_id: cas, school_id: schools['a'] }).update({ sourced_id: 'cas-2' }));
    expect(await undo()).toMatchObject({ status: 200, body: { away: 1 } });
    expect(await placeOf()).toMatchObject({ active: true, here: false, place: false, roles: 0 });
    expect(await directory.rolesOf(cas)).toEqual([]);
  });

  test('is undone too where somebody’s data were restricted since', async () => {
    expect((await apply()).status).toBe(204);
    const restrict = (what: (privacy: any) => Promise<unknown>) =>
      directory.platform.work('office', ({ privacy }) => what(privacy));
    await restrict((privacy) => privacy.restrict(people['bo'], 'accuracy'));
    expect((await undo()).status).toBe(200);
    expect(await madeClasses()).toEqual({});
    expect((await apply()).status).toBe(204);
    expect((await undo()).status).toBe(200);
    await restrict((privacy) => privacy.endRestriction(people['bo']));
    expect(await madeClasses()).toEqual({});
  });

  test('is applied once, by two at once too, and only as it was seen', async () => {
    const { version } = await preview();
    expect((await keep({ teachers: 'none' })).status).toBe(204);
    const stale = { version, teachers: 'along', paths: false, classes: [], pupils: [] };
    expect((await piet.put(address(), stale)).body.type).toBe('/problems/directory/rollover-changed');
    expect((await piet.post(address('/apply'), { version })).body.type).toBe('/problems/directory/rollover-changed');
    const now = (await preview()).version;
    const both = await Promise.all([1, 2].map(() => piet.post(address('/apply'), { version: now })));
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect((await keep()).status).toBe(409);
  });

  test('waits for the summer holidays, and can be undone for fourteen days', async () => {
    await summer(70);
    expect((await apply()).body.type).toBe('/problems/directory/rollover-early');
    expect((await keep({ teachers: 'none' })).status).toBe(204);
    await summer(25);
    expect((await apply()).status).toBe(204);
    const until = (await preview()).undoUntil;
    expect(Math.round((Date.parse(until) - Date.now()) / 86_400_000)).toBe(14);
    await directory.platform.work('directory', async ({ knex }) => knex('rollovers').update({ undo_until: knex.raw('now()') }));
    expect((await undo()).body.type).toBe('/problems/directory/rollover-settled');
  });

  test('belongs to the school’s ICT coordinator and principal', async () => {
    const ida = await directory.platform.signIn(people['ida'] as string);
    expect((await ida.get(address())).status).toBe(200);
    const version = (await preview()).version;
    const choices = { version, teachers: 'none', paths: false, classes: [], pupils: [] };
    for (const [who, school, status] of [
      [ann, 'a', 403],
      [directory.platform.client(), 'a', 401],
      [piet, 'b', 404],
    ] as const) {
      expect((await who.get(address('', school))).status).toBe(status);
      expect((await who.put(address('', school), choices)).status).toBe(status);
      expect((await who.post(address('/apply', school), { version })).status).toBe(status);
      expect((await who.post(address('/undo', school), { to: '2027-2028' })).status).toBe(status);
    }
    const ofB = await directory.platform.work(
      'directory',
      async ({ knex }) => (await knex('classes').where({ sourced_id: '1b' }).first('id')).id,
    );
    expect((await keep({ classes: [{ id: ofB, goes: { outcome: 'leaves' } }] })).status).toBe(409);
    expect((await keep({ pupils: [{ classId: await classIdOf('1A'), personId: people['dina'], goes: null }] })).status).toBe(409);
    expect((await piet.get(address(`/classes/${ofB}/pupils`))).body.pupils).toEqual([]);
  });
});

describe('the school’s own data', () => {
  test('come first: with classes of next year in them, none are made and nobody is taken out', async () => {
    await directory.run(nextYear());
    await summer();
    const seen = await preview();
    expect(seen).toMatchObject({ delivered: true, made: 0, leavers: 0, classless: 2 });
    expect(seen.classes[0]).toMatchObject({
      name: '1A',
      goes: null,
      to: [
        { name: '2a', pupils: 1 },
        { name: '2B', pupils: 1 },
      ],
      without: 1,
    });
    expect((await apply()).status).toBe(204);
    expect(await directory.rolesOf(people['cas'])).toEqual(['pupil a']);
    expect(await undo()).toMatchObject({ status: 200, body: { away: 0 } });
    expect((await directory.run(nextYear())).tables.classes).toMatchObject({ added: 0, changed: 0, removed: 0 });
  });

  test('take over the classes that were made: the same class, and nobody is in two', async () => {
    expect((await apply()).status).toBe(204);
    const ids = () =>
      directory.platform.work('directory', ({ knex }) =>
        knex('classes').where({ school_year: '2027-2028', kind: 'class' }).pluck('id'),
      );
    const made = await ids();
    await directory.run(nextYear());
    expect(await madeClasses()).toEqual({ '2a': ['ali pupil', 'ann teacher', 'deniz pupil', 'kim teacher'], '2B': ['bo pupil'] });
    expect(await ids()).toEqual(expect.arrayContaining(made));
    await summer();
    expect((await undo()).body.type).toBe('/problems/directory/rollover-overtaken');
    const again = await directory.run(nextYear());
    expect([again.tables.classes, again.tables.enrolments]).toMatchObject([
      { added: 0, changed: 0, removed: 0 },
      { added: 0, changed: 0, removed: 0 },
    ]);
  });

  test('of the old year bring nobody back before the next one begins, and change nothing of what is undone', async () => {
    expect((await apply()).status).toBe(204);
    const old = await directory.run(thisYear());
    await summer();
    expect([old.outcome, old.removals]).toEqual(['imported', []]);
    expect(old.leftOut).toContainEqual(expect.objectContaining({ reason: 'left', count: 1 }));
    expect(await directory.rolesOf(people['cas'])).toEqual([]);
    // The same again changes nothing.
    const again = await directory.run(thisYear());
    expect(again.tables).toMatchObject({ people: { changed: 0 }, enrolments: { added: 0, changed: 0, removed: 0 } });
    // From the day on which it begins, what the files say holds; undoing leaves that as it is.
    await directory.platform.work('directory', ({ knex }) =>
      knex('rollover_leavers').update({ begins_on: knex.raw('current_date') }),
    );
    await directory.run(thisYear());
    await summer();
    expect(await directory.rolesOf(people['cas'])).toEqual(['pupil a']);
    expect(await undo()).toMatchObject({ status: 200, body: { away: 0 } });
    expect(await directory.rolesOf(people['cas'])).toEqual(['pupil a']);
    expect(await madeClasses()).toEqual({});

    // Undone, nobody stays away; and who has a place in a class of next year after all is back at once.
    expect((await apply()).status).toBe(204);
    await directory.run(thisYear());
    await summer();
    expect(await directory.rolesOf(people['cas'])).toEqual([]);
    const staying = nextYear();
    staying.enrollments.push(enrolment('n2a', 'cas', 'student', 'a'));
    await directory.run(staying);
    expect(await directory.rolesOf(people['cas'])).toEqual(['pupil a']);
  });
});

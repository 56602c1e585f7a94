import { definePlugin } from '@ilearn/core';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { events, mostInEvent } from '../dist/events.js';
import { createDirectory, type TestDirectory } from './directory.js';
import { enrolment, klas, role, type TestRoster, twoSchools, user } from './roster.js';

interface Heard {
  name: string;
  payload: any;
}

let heard: Heard[] = [];

/** Hears every event of the directory. */
const listener = definePlugin({
  id: 'listener',
  version: '1.0.0',
  requires: { directory: '^0.1.0' },
  on: Object.fromEntries(
    Object.keys(events).map((name) => [
      `directory.${name}`,
      ({ payload }: { payload: unknown }) => {
        heard.push({ name, payload });
      },
    ]),
  ),
});

let directory: TestDirectory;
beforeAll(async () => {
  directory = await createDirectory([listener]);
});
afterAll(() => directory?.platform.stop());
beforeEach(async () => {
  await directory.empty();
  await directory.platform.drain();
  heard = [];
});

/** What was heard since the last call, as `people-added a: ali bo`, in the sourcedIds of the files. */
async function told(): Promise<string[]> {
  await directory.platform.drain();
  const known = await directory.platform.work('directory', async ({ knex }) => {
    const names = new Map<string, string>();
    for (const table of ['schools', 'classes']) {
      for (const { id, name } of await knex(table).select('id', 'name')) names.set(id, name);
    }
    for (const { id, given_name } of await knex('people').select('id', 'given_name')) names.set(id, given_name);
    return names;
  });
  const nameOf = (id: string | null) => (id === null ? '-' : (known.get(id) ?? '?'));
  const lines = heard.map(({ name, payload }) => {
    const { school, personIds, classIds, enrolments, groupId } = payload;
    const what = (personIds ?? classIds ?? [groupId ?? []].flat()).map(nameOf);
    const placed = (enrolments ?? []).map((one: any) => `${nameOf(one.personId)}>${nameOf(one.classId)}`);
    return `${name} ${nameOf(school)}: ${[...what, ...placed].sort().join(' ')}`;
  });
  heard = [];
  return lines.sort();
}

const changed = (change: (roster: TestRoster) => void): TestRoster => {
  const roster = twoSchools();
  change(roster);
  return roster;
};

describe('newcomer 17: the directory publishes its changes', () => {
  test('an import publishes for each school who and what was added, changed and removed, and a second one publishes nothing', async () => {
    await directory.run(twoSchools());
    expect(await told()).toEqual([
      'classes-added School A: 1A 2A',
      'classes-added School B: 1B',
      'enrolments-added School A: Ali>1A Ann>1A Ann>2A Bo>1A Cas>2A Kim>2A',
      'enrolments-added School B: Bert>1B Dina>1B Kim>1B',
      'people-added School A: Ali Ann Bo Cas Ida Kim Piet',
      'people-added School B: Bert Dina Kim',
    ]);
    await directory.run(twoSchools());
    expect(await told()).toEqual([]);

    const later = changed((roster) => {
      // Ali leaves; Kim is called otherwise, in both schools; Bert becomes principal; 2A gets another name; Cas moves to 1A.
      roster.users = roster.users.filter(({ sourcedId }) => sourcedId !== 'ali');
      roster.roles = roster.roles.filter(({ userSourcedId }) => userSourcedId !== 'ali');
      roster.enrollments = roster.enrollments.filter(({ userSourcedId }) => !['ali', 'cas'].includes(userSourcedId ?? ''));
      roster.enrollments.push(enrolment('1a', 'cas', 'student', 'a'));
      Object.assign(roster.users.find(({ sourcedId }) => sourcedId === 'kim') ?? {}, { familyName: 'Kaya-Bos' });
      Object.assign(roster.roles.find(({ userSourcedId }) => userSourcedId === 'bert') ?? {}, { role: 'principal' });
      Object.assign(roster.classes.find(({ sourcedId }) => sourcedId === '2a') ?? {}, { title: '2A+' });
    });
    await directory.run(later, { allowRemovals: true, dryRun: true });
    expect(await told(), 'a dry run').toEqual([]);
    await directory.run(later, { allowRemovals: true });
    expect(await told()).toEqual([
      'classes-changed School A: 2A+',
      'enrolments-added School A: Cas>1A',
      'enrolments-removed School A: Ali>1A Cas>2A+',
      'people-changed School A: Kim',
      'people-changed School B: Bert Kim',
      'people-removed School A: Ali',
    ]);
  });

  test('changed dates of an enrolment are a change, and a returning person is added', async () => {
    await directory.run(twoSchools());
    const away = changed((roster) => {
      for (const files of ['users', 'roles', 'enrollments'] as const)
        roster[files] = roster[files].filter((line) => line['sourcedId'] !== 'bo' && line['userSourcedId'] !== 'bo');
      Object.assign(roster.enrollments[0] ?? {}, { beginDate: '2026-09-01', endDate: '2027-06-30' });
    });
    await told();
    await directory.run(away, { allowRemovals: true });
    expect(await told()).toEqual([
      'enrolments-changed School A: Ann>1A',
      'enrolments-removed School A: Bo>1A',
      'people-removed School A: Bo',
    ]);
    await directory.run(twoSchools());
    expect(await told()).toEqual([
      'enrolments-added School A: Bo>1A',
      'enrolments-changed School A: Ann>1A',
      'people-added School A: Bo',
    ]);
  });

  test('groups appear as classes that a teacher creates, changes and removes', async () => {
    await directory.run(twoSchools());
    const { platform } = directory;
    const idOf = new Map<string, string>(
      await platform.work('directory', async ({ knex }) =>
        (await knex('memberships').select('sourced_id', 'person_id')).map((row: any) => [row.sourced_id, row.person_id]),
      ),
    );
    const school = await platform.work(
      'directory',
      async ({ knex }) => (await knex('schools').where({ sourced_id: 'a' }).first()).id,
    );
    const ann = await platform.signIn(idOf.get('ann') ?? '');
    await told();
    const { body } = await ann.post('/api/directory/groups', {
      school,
      name: 'Lezers',
      pupils: [idOf.get('ali'), idOf.get('cas')],
    });
    const group = `/api/directory/groups/${body.class.id}`;
    expect(await told()).toEqual([
      'classes-added School A: Lezers',
      'enrolments-added School A: Ali>Lezers Ann>Lezers Cas>Lezers',
    ]);
    await ann.put(group, { name: 'Lezers', pupils: [idOf.get('ali'), idOf.get('bo')] });
    expect(await told()).toEqual(['enrolments-added School A: Bo>Lezers', 'enrolments-removed School A: Cas>Lezers']);
    await ann.put(group, { name: 'Boeken', pupils: [idOf.get('ali'), idOf.get('bo')] });
    expect(await told()).toEqual(['classes-changed School A: Boeken']);
    expect((await ann.put(group, { name: 'Anders', pupils: [idOf.get('dina')] })).status, 'not her pupil').toBe(422);
    expect(await told(), 'a refused change').toEqual([]);
    await ann.delete(group);
    expect(await told()).toEqual(['classes-removed School A: Boeken', 'group-removed School A: Boeken']);
  });

  test('people who are in no file, of a school or of none, are published too', async () => {
    const roles = (school: string | null) => [{ tenant: school, role: school === null ? 'portal-administrator' : 'teacher' }];
    const add = (givenName: string, school: string | null) =>
      directory.platform.work('directory', ({ people }) =>
        people.create({ givenName, familyName: 'Maes', kind: 'staff', roles: roles(school) }),
      );
    await directory.run(twoSchools());
    await told();
    const school = await directory.platform.work(
      'directory',
      async ({ knex }) => (await knex('schools').where({ sourced_id: 'b' }).first()).id,
    );
    const [els, eva] = [await add('Els', school), await add('Eva', null)];
    expect(await told()).toEqual(['people-added -: Eva', 'people-added School B: Els']);
    await directory.platform.work('directory', async ({ people }) => {
      for (const id of [els, eva, els]) await people.remove(id);
    });
    expect(await told()).toEqual(['people-removed -: ?', 'people-removed School B: ?']);
  });

  test('a large import publishes few events, each of bounded size', async () => {
    const pupils = Array.from({ length: 1100 }, (_, index) => `p${index}`);
    const large = changed((roster) => {
      for (const id of pupils) {
        roster.users.push(user(id, 'Pupil', id));
        roster.roles.push(role(id, 'student', 'a'));
        roster.enrollments.push(enrolment('1a', id, 'student', 'a'));
      }
    });
    await directory.run(large);
    await directory.platform.drain();
    const sizes = heard.flatMap(({ name, payload: { personIds } }) => (name === 'people-added' ? [personIds.length] : []));
    expect(sizes.sort((a, b) => a - b)).toEqual([3, 107, mostInEvent, mostInEvent]);
    expect(heard.length).toBe(10);
    expect(JSON.stringify(heard)).not.toMatch(/Pupil|Amrani/);
  });

  test('a subscriber that applies the events has the same data as the directory, whatever the imports', async () => {
    const line = fc.record({
      user: fc.constantFrom('ali', 'bo', 'cas', 'dina', 'kim', 'new'),
      what: fc.constantFrom('leave', 'move', 'rename', 'teach', 'close'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(line, { maxLength: 4 }), { minLength: 1, maxLength: 4 }), async (imports) => {
        await directory.empty();
        await directory.platform.drain();
        heard = [];
        for (const lines of imports) {
          const roster = twoSchools();
          for (const one of lines) apply(roster, one);
          await directory.run(roster, { allowRemovals: true });
        }
        await directory.platform.drain();
        expect(follow(heard)).toEqual(await stored());
      }),
      { numRuns: Number(process.env.ILEARN_PROPERTY_RUNS ?? 8) },
    );
  });
});

function apply(roster: TestRoster, { user: id, what }: { user: string; what: string }): void {
  const of = (line: Record<string, string>) => line['sourcedId'] === id || line['userSourcedId'] === id;
  if (what === 'leave') {
    for (const files of ['users', 'roles', 'enrollments'] as const) roster[files] = roster[files].filter((one) => !of(one));
  } else if (what === 'close') {
    roster.classes = roster.classes.filter(({ sourcedId }) => sourcedId !== '2a');
    roster.enrollments = roster.enrollments.filter(({ classSourcedId }) => classSourcedId !== '2a');
  } else if (!roster.users.some(of)) {
    roster.users.push(user(id, id, 'New'));
    roster.roles.push(role(id, 'student', 'b'));
    roster.classes.push(klas(`c-${id}`, 'New', 'b'));
    roster.enrollments.push(enrolment(`c-${id}`, id, 'student', 'b'));
  } else if (what === 'rename') Object.assign(roster.users.find(of) ?? {}, { familyName: 'Other' });
  else if (what === 'teach') Object.assign(roster.roles.find(of) ?? {}, { role: 'teacher' });
  else {
    const school = roster.roles.find(of)?.['orgSourcedId'] ?? 'a';
    roster.enrollments = roster.enrollments.filter((one) => !of(one));
    roster.enrollments.push(enrolment(school === 'a' ? '1a' : '1b', id, 'student', school));
  }
}

/** Active people, classes and enrolments, as a plugin that knows only the events counts them. */
function follow(all: readonly Heard[]): string[] {
  const count = new Map<string, number>();
  const add = (what: string, by: number) => count.set(what, (count.get(what) ?? 0) + by);
  // By difference, as the events of one import come in any order.
  for (const { name, payload } of all) {
    const by = name.endsWith('-added') ? 1 : name.endsWith('-removed') ? -1 : 0;
    for (const id of payload.personIds ?? []) add(`person ${payload.school} ${id}`, by);
    for (const id of payload.classIds ?? []) add(`class ${id}`, by);
    for (const one of payload.enrolments ?? []) add(`enrolment ${one.classId} ${one.personId} ${one.role}`, by);
  }
  return [...count].flatMap(([what, times]) => Array.from({ length: times }, () => what)).sort();
}

const stored = (): Promise<string[]> =>
  directory.platform.work('directory', async ({ knex }) => {
    const people = await knex('memberships').where({ active: true });
    const classes = await knex('classes').where({ active: true });
    const enrolments = await knex('enrolments').where({ active: true });
    return [
      ...people.map((row: any) => `person ${row.school_id} ${row.person_id}`),
      ...classes.map((row: any) => `class ${row.id}`),
      ...enrolments.map((row: any) => `enrolment ${row.class_id} ${row.person_id} ${row.role}`),
    ].sort();
  });

import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import cube, { periodOf } from '@ilearn/plugin-cube';
import directory from '@ilearn/plugin-directory';
import { pupil, school, teacher } from '@ilearn/plugin-directory/testing';
import library from '@ilearn/plugin-library';
import lti from '@ilearn/plugin-lti';
import reports from '@ilearn/plugin-reports';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { fillSchool } from '../dist/demo/fill.js';
import { daysAgo, launch, publish } from './support.js';

let portal: TestPlatform;
let places: { id: string }[];
let pupils: { id: string; school: string }[];
let principal: { id: string };
let day: string;

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [directory, library, lti, cube, reports] });
  places = await Promise.all(['De Wissel', 'Het Spoor', 'De Halte', 'Het Perron'].map((name) => school(portal, { name })));
  pupils = [];
  for (const [at, count] of [14, 4, 12, 5].entries()) {
    const place = places[at] as { id: string };
    for (let each = 0; each < count; each++) pupils.push({ ...(await pupil(portal, place)), school: place.id });
  }
  principal = await teacher(portal, places[0] as { id: string });
  await portal.grant(principal.id, [{ tenant: (places[0] as { id: string }).id, role: 'principal' }]);
  day = periodOf('week', await daysAgo(portal, 14)).startsOn;
});
afterAll(() => portal?.stop());

const cells = (of: object) => portal.work('cube', ({ knex }) => knex('cells').where(of).select('value', 'people'));
const figures = (of: object) =>
  portal.work('cube', ({ knex }) => knex('figures').where(of).orderBy('place').select('mark', 'value'));

it('counts a person once, a day once for each tool, and every launch', async () => {
  await launch(
    portal,
    pupils.flatMap(({ id: personId, school }) => [
      { school, personId, tool: 'blocks' },
      { school, personId, tool: 'blocks' },
      { school, personId, tool: 'music' },
    ]),
  );
  await portal.work('cube', ({ knex }) => knex('marks').update({ day }));
  await portal.work('cube', ({ counter }) => counter.countSome());
  const of = { school_id: places[0]?.id, grain: 'week', starts_on: day };
  expect(await cells({ ...of, measure: 'launches', item: '' })).toEqual([{ value: '42', people: 14 }]);
  expect(await cells({ ...of, measure: 'launches', item: 'blocks' })).toEqual([{ value: '28', people: 14 }]);
  expect(await cells({ ...of, measure: 'pupils', item: '' })).toMatchObject([{ people: 14 }]);
  expect(await cells({ ...of, measure: 'pupil-days', item: '' })).toMatchObject([{ value: '28' }]);
  expect(await portal.work('cube', ({ knex }) => knex('marks').select('id'))).toEqual([]);
});

it('leaves out whoever objects, from what is counted next', async () => {
  const [somebody] = pupils as [{ id: string; school: string }];
  await portal
    .work('cube', ({ knex }) => knex('seen').where({ person_id: somebody.id, grain: 'month' }).select('item'))
    .then((rows) => expect(rows.length).toBeGreaterThan(0));
  const { pool } = await portal.platform.home();
  await pool.query("insert into kernel.objections (person_id, purpose) values ($1, 'reports')", [somebody.id]);
  await launch(portal, [{ school: somebody.school, personId: somebody.id, tool: 'blocks' }]);
  expect(await portal.work('cube', ({ knex }) => knex('marks').select('id'))).toEqual([]);
  expect(await portal.work('cube', ({ knex }) => knex('seen').where({ person_id: somebody.id }).select('item'))).toEqual([]);
  await pool.query('delete from kernel.objections');
});

it('publishes what is over once, with small numbers left out and others rounded', async () => {
  const published = await publish(portal);
  expect(published).toContain(`week ${day}`);
  const of = { grain: 'week', starts_on: day, measure: 'pupils', item: '' };
  expect(await figures({ ...of, place_kind: 'all' })).toEqual([{ mark: 'shown', value: 35 }]);
  expect(await figures({ ...of, place_kind: 'school', place: places[0]?.id })).toEqual([{ mark: 'shown', value: 15 }]);
  expect(await figures({ ...of, place_kind: 'school', place: places[1]?.id })).toEqual([{ mark: 'small', value: null }]);
  expect(await publish(portal)).toEqual([]);
});

it('published totals survive an erasure, and nothing of the person does', async () => {
  const [somebody] = pupils as [{ id: string }];
  const before = await portal.work('cube', ({ knex }) =>
    knex('figures').orderBy(['grain', 'starts_on', 'measure', 'place', 'item']),
  );
  await erase(portal, somebody.id);
  const after = await portal.work('cube', ({ knex }) =>
    knex('figures').orderBy(['grain', 'starts_on', 'measure', 'place', 'item']),
  );
  expect(after).toEqual(before);
  expect(await cells({ school_id: places[0]?.id, grain: 'week', starts_on: day, measure: 'pupils', item: '' })).toMatchObject([
    { people: 14 },
  ]);
  expect(await portal.work('cube', ({ knex }) => knex('seen').where({ person_id: somebody.id }).select('item'))).toEqual([]);
});

it('the database denies the role of the reports every table of every plugin, and all views but those of what was published', async () => {
  const { pool } = await portal.platform.home();
  const { rows } = await pool.query(
    `select n.nspname || '.' || c.relname as name, has_table_privilege('ilearn_reports', c.oid, 'select') as readable
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('cube', 'directory', 'library', 'lti', 'kernel') order by 1`,
  );
  expect(rows.length).toBeGreaterThan(60);
  const readable = rows.flatMap(({ name, readable }) => (readable ? [name] : []));
  expect(readable).toEqual([
    'cube.item_names',
    'cube.measure_starts',
    'cube.published_figures',
    'cube.published_periods',
    'cube.school_places',
  ]);
  const columns = await pool.query(
    `select column_name as name from information_schema.columns where table_schema || '.' || table_name = any($1)`,
    [readable],
  );
  expect(columns.rows.filter(({ name }) => /person|pupil|teacher|owner/.test(name))).toEqual([]);
  for (const table of ['cube.seen', 'cube.marks', 'cube.cells', 'directory.people', 'directory.people_summaries']) {
    const session = await pool.connect();
    try {
      await session.query('begin');
      await session.query('set local role ilearn_reports');
      await expect(session.query(`select * from ${table}`)).rejects.toThrow('permission denied');
    } finally {
      await session.query('rollback');
      session.release();
    }
  }
});

it('a school reads its own figures, and nobody those of another', async () => {
  const client = await portal.signIn(principal.id);
  const [own, other] = places as [{ id: string }, { id: string }];
  const query = 'measure=launches&grain=week';
  const mine = (await client.get(`/api/reports/schools/${own.id}/figures?${query}`)).body;
  expect(mine.figures).toMatchObject([{ mark: 'shown', value: 40 }]);
  expect((await client.get(`/api/reports/schools/${other.id}/figures?${query}`)).body.figures).toEqual([]);
  expect((await portal.client().get(`/api/reports/schools/${own.id}/figures?${query}`)).status).toBe(401);
  const all = await portal.client().get('/api/reports/figures?measure=launches&grain=week');
  expect(all.body.figures).toMatchObject([{ mark: 'shown', value: 105 }]);
});

it('gives the counts behind a publication to the system, and to nobody who asks by a route', async () => {
  const rows = await portal.work('cube', ({ counts }) => counts.of('pupils', 'week', day));
  expect(rows.find(({ school, item }: any) => school === places[0]?.id && item === '')).toMatchObject({ people: 14 });
});

it('takes down what each event tells, and nothing of events without a school or a person', async () => {
  const [{ school, id: pupilId }] = pupils.slice(1) as [{ id: string; school: string }];
  const ids = { school, assignmentId: principal.id, stepId: principal.id, pathId: principal.id, classId: principal.id };
  const marksOf = async (event: string, payload: object) => {
    await portal.work('cube', (services) => (cube.on as any)[event]({ payload, services }));
    const rows = await portal.work('cube', ({ knex }) => knex('marks').orderBy('id').select('person_id', 'measure', 'amount'));
    await portal.work('cube', ({ knex }) => knex('marks').delete());
    return rows.map(({ person_id, measure, amount }: any) => [measure, person_id === pupilId ? 'pupil' : 'teacher', amount]);
  };
  const ofPupil = { ...ids, pupilId };
  expect(await marksOf('myway.step-done', { ...ofPupil, doneBy: 'pupil' })).toEqual([
    ['steps-done', 'pupil', 1],
    ['active', 'pupil', 1],
  ]);
  expect(await marksOf('myway.step-done', { ...ofPupil, doneBy: 'teacher' })).toEqual([]);
  expect(await marksOf('myway.path-finished', ofPupil)).toEqual([['paths-walked', 'pupil', 1]]);
  expect(await marksOf('myway.path-made', { ...ids, ownerId: principal.id })).toEqual([
    ['paths-made', 'teacher', 1],
    ['active', 'teacher', 1],
  ]);
  expect(await marksOf('myway.assignment-given', { ...ids, givenBy: principal.id })).toEqual([
    ['paths-given', 'teacher', 1],
    ['active', 'teacher', 1],
  ]);
  expect(await marksOf('myway.assignment-given', ids)).toEqual([]);
  const scored = { school, pupilId, activityId: principal.id, maximum: 10 };
  expect(await marksOf('myway.attempt-scored', { ...scored, given: 7 })).toEqual([
    ['results', 'pupil', 1],
    ['results-reached', 'pupil', 1],
  ]);
  expect(await marksOf('myway.attempt-scored', { ...scored, given: 6.9 })).toEqual([['results', 'pupil', 1]]);
  expect(await marksOf('academy.attended', { school, personId: principal.id, minutes: 90 })).toEqual([
    ['academy-minutes', 'teacher', 90],
  ]);
  const ticket = { ticketId: principal.id, school, askerId: principal.id, minutes: 30 };
  expect(await marksOf('helpdesk.ticket-answered', ticket)).toEqual([
    ['tickets', 'teacher', 1],
    ['ticket-minutes', 'teacher', 30],
  ]);
  expect(await marksOf('helpdesk.ticket-answered', { ...ticket, askerId: null })).toEqual([]);
});

it('fills the demonstration with invented schools, in numbers that hang together', async () => {
  const schools = places.slice(0, 2).map(({ id }) => id);
  const isMore = await portal.work('cube', (services) => fillSchool(services, { day, schools }, 5));
  expect(isMore).toBe(true);
  const [invented] = await portal.work('cube', ({ knex }) => knex('places').where('school_name', 'Voorbeeldschool 5'));
  const rows = await cells({ school_id: invented.school_id, measure: 'pupils', item: '' });
  expect(rows.length).toBeGreaterThan(20);
  for (const { value, people } of rows) expect(Number(value)).toBeGreaterThanOrEqual(people);
});

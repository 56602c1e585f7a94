import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { erase } from './support/erase.js';
import { exportOf } from './support/exports.js';
import { bram, lotte, north, south, within } from './support/fixtures.js';
import { office, survey } from './support/survey.js';

const officer = '55555555-5555-4555-8555-555555555555';
const teacher = '66666666-6666-4666-8666-666666666666';

let portal: TestPlatform;
let pupil: TestClient;
let other: TestClient;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [survey, office] });
  await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
  await portal.grant(teacher, [{ tenant: north, role: 'teacher' }]);
  await portal.grant(officer, [{ tenant: north, role: 'officer' }]);
  pupil = await portal.signIn(lotte);
  other = await portal.signIn(teacher);
});
afterAll(() => portal?.stop());

const work = <T>(fn: (services: any) => Promise<T>) => portal.work('survey', fn);
const privacy = <T>(fn: (service: any) => Promise<T>) => portal.work('office', (services) => fn(services.privacy));
const raw = async (text: string, values: unknown[] = []) => (await (await portal.platform.home()).pool.query(text, values)).rows;

beforeEach(async () => {
  await raw('truncate survey.opinions, survey.clicks, survey.answers, survey.scores, survey.remarks, survey.names');
  await raw('delete from kernel.objections; delete from kernel.restrictions; delete from kernel.consents');
});

describe('an objection', () => {
  const add = (person: string) =>
    work(async ({ knex }) => {
      await knex('opinions').insert({ school_id: north, person_id: person, text: 'x' });
      await knex('clicks').insert({ people: [person, officer], place: 'x' });
    });
  const counts = () =>
    within(portal, 'survey', [north], async ({ knex }) => [
      (await knex('opinions')).map((row: any) => row.person_id),
      (await knex('clicks')).map((row: any) => row.people[0]),
    ]);

  test('hides the rows that name the person at once, and shows them again when it is withdrawn', async () => {
    await add(lotte);
    await add(bram);
    await work(({ knex }) => knex('opinions').insert({ school_id: north, person_id: bram, about: lotte, text: 'of Bram' }));
    await privacy((service) => service.object(lotte, 'improving'));
    expect(await counts()).toEqual([[bram], [bram]]);
    // The person does not see them either, nor does work of the portal, nor an update or a deletion.
    expect(await work(({ knex }) => knex('opinions').where({ person_id: lotte }).update({ text: 'y' }))).toBe(0);
    expect(await work(({ knex }) => knex('opinions').where({ person_id: lotte }).delete())).toBe(0);
    await privacy((service) => service.withdrawObjection(lotte, 'improving'));
    expect(await counts()).toEqual([
      [lotte, bram, bram],
      [lotte, bram],
    ]);
  });

  test('keeps later rows from being stored, without failing what the person does', async () => {
    await privacy((service) => service.object(lotte, 'improving'));
    await add(lotte);
    await add(bram);
    await work(({ knex }) => knex('opinions').where({ person_id: bram }).update({ about: lotte, text: 'y' }));
    expect(await raw('select person_id, about, text from survey.opinions')).toEqual([
      { person_id: bram, about: null, text: 'x' },
    ]);
    expect(await raw('select people[1] as person from survey.clicks')).toEqual([{ person: bram }]);
    const asked = await work(({ objections }) =>
      Promise.all([
        objections.mayUse(lotte, 'improving'),
        objections.mayUse(lotte, 'helping'),
        objections.usable([bram, lotte, officer], 'improving'),
      ]),
    );
    expect(asked).toEqual([false, true, [bram, officer]]);
  });

  test('is reached by export, erasure and retention, and is part of the export', async () => {
    await add(lotte);
    await add(bram);
    await raw(`update survey.opinions set updated_at = now() - interval '2 years' where person_id = $1`, [bram]);
    for (const each of [lotte, bram]) await privacy((service) => service.object(each, 'improving'));
    const files = await exportOf(portal, lotte);
    const { kernel, plugins } = JSON.parse(new TextDecoder().decode(files['export.json']));
    const text = JSON.stringify(plugins ?? kernel);
    expect(text).toContain('opinions');
    expect(text).toContain('improving');
    const ended = await portal.platform.privacy.endExpired();
    expect(ended).toContainEqual({ plugin: 'survey', table: 'opinions', action: 'deleted', rows: 1 });
    await erase(portal, lotte);
    expect(await raw('select from survey.opinions')).toEqual([]);
    expect(await raw('select from kernel.objections where person_id = $1', [lotte])).toEqual([]);
    await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
    pupil = await portal.signIn(lotte);
  });

  test('is refused for a purpose that allows none', async () => {
    for (const purpose of ['helping', 'studying', 'unknown', 'safe-environment']) {
      await expect(privacy((service) => service.object(lotte, purpose))).rejects.toMatchObject({ status: 409 });
    }
  });
});

test('a purpose based on consent holds only those who consented', async () => {
  const answer = (person: string | null) => work(({ knex }) => knex('answers').insert({ person_id: person, text: 'x' }));
  const seen = () => work(async ({ knex }) => (await knex('answers')).map((row: any) => row.person_id));
  await answer(lotte);
  await answer(null);
  expect(await raw('select person_id from survey.answers')).toEqual([{ person_id: null }]);
  const consent = { purpose: 'studying', version: '1', textHash: 'a'.repeat(64), givenAs: 'self' };
  await privacy((service) => service.giveConsent(lotte, consent));
  await answer(lotte);
  expect(await seen()).toEqual([null, lotte]);
  await privacy((service) => service.giveConsent(lotte, { ...consent, version: '2' }));
  const { consents } = await privacy((service) => service.choices(lotte));
  expect(consents.map(({ version, withdrawnAt }: any) => [version, withdrawnAt === null])).toEqual([
    ['2', true],
    ['1', false],
  ]);
  await privacy((service) => service.withdrawConsent(lotte, 'studying'));
  expect(await seen()).toEqual([null]);
  expect(await work(({ objections }) => objections.mayUse(lotte, 'studying'))).toBe(false);
  await expect(privacy((service) => service.giveConsent(lotte, { ...consent, purpose: 'helping' }))).rejects.toMatchObject({
    status: 409,
  });
});

describe('a restriction', () => {
  beforeEach(async () => {
    await work(async ({ knex }) => {
      await knex('scores').insert([
        { school_id: north, pupil_id: lotte, marked_by: teacher, score: 5 },
        { school_id: north, pupil_id: bram, marked_by: lotte, score: 6 },
      ]);
      const [ofBram] = await knex('scores').where({ pupil_id: bram });
      await knex('remarks').insert({ score_id: ofBram.id, school_id: north, pupil_id: lotte, text: 'helped' });
      await knex('names').insert([
        { person_id: lotte, school_id: north, name: 'Lotte' },
        { person_id: bram, school_id: north, name: 'Bram' },
      ]);
    });
    await privacy((service) => service.restrict(lotte, 'accuracy'));
  });

  test('hides what is about the person from everybody but them and officers', async () => {
    expect((await other.get('/api/survey/scores')).body.of).toEqual([bram]);
    expect((await pupil.get('/api/survey/scores')).body.of).toEqual([lotte, bram]);
    const asOfficer = await portal.signIn(officer);
    expect((await asOfficer.get('/api/office/scores')).body.of).toEqual([lotte, bram]);
    expect((await other.get('/api/office/own/scores')).body.of).toEqual([bram]);
    expect(await work(({ knex }) => knex('scores').pluck('pupil_id'))).toEqual([bram]);
    expect(await within(portal, 'survey', [south], ({ knex }) => knex('scores').pluck('pupil_id'))).toEqual([]);
    await privacy((service) => service.endRestriction(lotte));
    expect((await other.get('/api/survey/scores')).body.of).toEqual([lotte, bram]);
  });

  test('hides from machines also what other people need to see', async () => {
    const { runner } = portal.platform;
    const seenBy = (principal: object) =>
      runner.run({ principal: { id: officer, roles: [], tenants: [north], ...principal } as any }, (frame) =>
        (runner.cradleOf('survey', frame) as any).knex('names').orderBy('name').pluck('name'),
      );
    expect(await seenBy({ kind: 'person' })).toEqual(['Bram', 'Lotte']);
    expect(await seenBy({ kind: 'service' })).toEqual(['Bram']);
    expect(await work(({ knex }) => knex('names').orderBy('name').pluck('name'))).toEqual(['Bram', 'Lotte']);
    await privacy((service) => service.endRestriction(lotte));
    expect(await seenBy({ kind: 'service' })).toEqual(['Bram', 'Lotte']);
  });

  test('keeps rows as they are, whoever tries to change them', async () => {
    const state = () =>
      raw(`select t::text from (select * from survey.scores where pupil_id = '${lotte}') t
      union all select t::text from survey.names t where person_id = '${lotte}'`);
    const before = await state();
    const refused = { status: 423, body: { type: '/problems/restricted' } };
    // A hidden row is not there to be changed.
    expect((await other.put('/api/survey/scores', {})).body).toEqual({ changed: 1 });
    const { id: ofLotte } = (await raw('select id from survey.scores where pupil_id = $1', [lotte]))[0] as any;
    expect((await other.delete(`/api/survey/scores/${ofLotte}`)).body).toEqual({ deleted: 0 });
    // Where the row is seen, or is to be added, the refusal says why.
    expect(await other.post('/api/survey/scores', { person: lotte, school: north })).toMatchObject(refused);
    expect(await other.put('/api/survey/names', { person: lotte })).toMatchObject(refused);
    expect((await other.put('/api/survey/names', { person: bram })).body).toEqual({ changed: 1 });
    expect(await pupil.put('/api/survey/scores', {})).toMatchObject(refused);
    // Work of the portal goes on with the others.
    expect(await work(({ knex }) => knex('names').update({ name: 'y' }))).toBe(1);
    await work(({ knex }) => knex('scores').insert({ school_id: north, pupil_id: lotte, score: 1 }));
    // A change of another row that would take one along is refused.
    const { id } = (await raw('select id from survey.scores where pupil_id = $1', [bram]))[0] as any;
    expect(await other.delete(`/api/survey/scores/${id}`)).toMatchObject(refused);
    await expect(work(({ knex }) => knex('scores').where({ id }).delete())).rejects.toMatchObject({ code: 'IL423' });
    expect(await state()).toEqual(before);
    expect((await raw('select text from survey.remarks')).length).toBe(1);
  });

  test('keeps rows past their time until it ends; an erasure still finds them', async () => {
    await raw(`update survey.scores set updated_at = now() - interval '2 years' where pupil_id = $1`, [lotte]);
    await raw(`update survey.names set updated_at = now() - interval '2 years' where person_id = $1`, [lotte]);
    expect(await portal.platform.privacy.endExpired()).toEqual([]);
    await erase(portal, lotte);
    expect(await raw('select pupil_id, marked_by from survey.scores')).toMatchObject([{ pupil_id: bram, marked_by: null }]);
    expect(await raw('select from kernel.restrictions')).toEqual([]);
    await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
    pupil = await portal.signIn(lotte);
  });
});

test('starting again changes no policy', async () => {
  const policies = () =>
    raw(`select c.relname, p.oid::int, p.polname from pg_policy p join pg_class c on c.oid = p.polrelid
      where c.relnamespace = 'survey'::regnamespace order by 1, 3`);
  const before = await policies();
  expect(before.map(({ relname, polname }) => `${relname}.${polname}`)).toContain('opinions.ilearn_choice');
  await raw(`update kernel.plugins set fingerprint = '' where id = 'survey'`);
  const second = await createTestPlatform({ plugins: [survey, office], beside: portal });
  await second.stop();
  expect(await policies()).toEqual(before);
});

/** The plan of a count, as the portal's role runs it. */
async function planOf(table: string): Promise<string> {
  return within(portal, 'survey', [north], async ({ knex }) => {
    const { rows } = await knex.raw(`explain (analyze, timing off, summary on) select count(*) from ${table}`);
    return rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
  });
}

test('who objected or is restricted is looked up once for a statement, not for each row', async () => {
  await raw(
    `insert into survey.opinions (school_id, person_id, text) select $1, gen_random_uuid(), 'x' from generate_series(1, 2000)`,
    [north],
  );
  for (const _ of ['nobody', 'somebody']) {
    const plan = await planOf('opinions');
    expect(plan).toContain('hashed SubPlan');
    expect(plan).toMatch(/Function Scan on kernel\.objectors|Function Scan on objectors/);
    expect(plan).not.toMatch(/loops=[1-9]\d/);
    await privacy((service) => service.object(lotte, 'improving'));
  }
});

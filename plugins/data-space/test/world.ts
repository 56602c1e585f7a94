import { definePlugin } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import cube, { addDays, periodOf } from '@ilearn/plugin-cube';
import dataSpace from '@ilearn/plugin-data-space';
import directory from '@ilearn/plugin-directory';
import { pupil, school } from '@ilearn/plugin-directory/testing';
import library from '@ilearn/plugin-library';
import lti from '@ilearn/plugin-lti';
import privacy from '@ilearn/plugin-privacy';

const id = (last: number) => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
export const billion = 1_000_000_000;

/** Carries out what people decide about their data. */
const office = definePlugin({ id: 'office', version: '1.0.0', privileges: ['privacy'] });

export interface World {
  portal: TestPlatform;
  steward: TestClient;
  principal: TestClient;
  schools: { id: string }[];
  pupils: { id: string; school: string }[];
  /** First day of a month that is over. */
  month: string;
}

/** A portal with two schools, eight pupils, and figures that the cube published for a month. */
export async function createWorld(options: Partial<Parameters<typeof createTestPlatform>[0]> = {}): Promise<World> {
  const portal = await createTestPlatform({ plugins: [directory, library, lti, privacy, cube, dataSpace, office], ...options });
  const schools = [await school(portal, { name: 'De Wissel' }), await school(portal, { name: 'De Brug' })];
  const pupils = [];
  for (const [at, place] of [0, 0, 0, 0, 0, 1, 1, 1].entries()) {
    const { id: own } = schools[place] as { id: string };
    pupils.push({ id: (await pupil(portal, schools[place] as { id: string }, { givenName: `Leerling ${at}` })).id, school: own });
  }
  await portal.grant(id(1), [{ tenant: null, role: 'data-steward' }]);
  await portal.grant(id(2), [{ tenant: (schools[0] as { id: string }).id, role: 'principal' }]);
  const today: string = await portal.work('cube', ({ calendar }) => calendar.today());
  const month = periodOf('month', addDays(periodOf('month', today).startsOn, -20)).startsOn;
  await publishFigures(portal, month);
  return { portal, steward: await portal.signIn(id(1)), principal: await portal.signIn(id(2)), schools, pupils, month };
}

/** As the cube publishes them: rounded, small ones without a number. */
async function publishFigures(portal: TestPlatform, month: string): Promise<void> {
  const { endsOn } = periodOf('month', month);
  await portal.work('cube', async ({ knex }) => {
    const figure = (place_kind: string, place: string, mark: string, value: number | null, item = '') => ({
      ...{ grain: 'month', starts_on: month, measure: 'pupils', place_kind, place, item, mark, value },
      tenant_ids: place_kind === 'school' ? [place] : null,
    });
    await knex('figures').insert([
      figure('all', '', 'shown', 145),
      figure('region', 'limburg', 'shown', 120),
      figure('region', 'antwerpen', 'small', null),
      figure('region', 'brussel', 'hidden', null),
      figure('school', id(77), 'shown', 25),
      // Tools: one that is hidden in a region, to protect another one, one that is hidden, and others of which the whole is shown.
      figure('all', '', 'hidden', null, 'ludo'),
      figure('region', 'unknown', 'hidden', null, 'draughts'),
      figure('level', 'unknown', 'shown', 25, 'draughts'),
      ...['chess', 'rare', 'alike', 'draughts', 'dominoes'].map((tool) => figure('all', '', 'shown', 25, tool)),
    ]);
    await knex('publications').insert({ grain: 'month', starts_on: month, ends_on: endsOn, school_days: 20 });
  });
}

/** What pupils did in a month, as the events would have been counted then. */
export async function act({ portal, month }: World, acts: { id: string; school: string; item?: string; amount?: number }[]) {
  await portal.work('data-space', async ({ knex }) => {
    for (const { id: person_id, school: school_id, item = 'maths', amount = 1 } of acts)
      await knex('activity').insert({ month, school_id, person_id, measure: 'launches', item, amount });
  });
}

export const openDefinition = ({ month }: World, changes: object = {}) => ({
  ...{ tier: 'open', measures: ['pupils'], by: 'region', grain: 'month', detail: 'whole', from: month },
  ...{ to: periodOf('month', month).endsOn, ...changes },
});

export const question = ({ month }: World, changes: object = {}) => ({
  ...{ measure: 'pupils', by: 'region', grain: 'month', startsOn: month, groups: 1, most: 1 },
  ...{ epsilon: billion / 2, delta: 0, ...changes },
});

/** Describes data, and brings them to a state. Returns the ids. */
export async function release(
  { steward, portal }: World,
  definition: object,
  until: 'draft' | 'approved' | 'published' = 'published',
): Promise<{ dataSet: string; release: string }> {
  const described = { title: 'Gebruik per provincie', description: 'Hoeveel leerlingen oefenen.', definition };
  const { status, body } = await steward.post('/api/data-space/data-sets', described);
  if (status !== 201) throw new Error(JSON.stringify(body));
  if (until !== 'draft') await steward.post(`/api/data-space/releases/${body.release}/approve`, {});
  if (until === 'published') {
    const answer = await steward.post(`/api/data-space/releases/${body.release}/publish`, {});
    if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
    await portal.drain();
  }
  return body;
}

/** The stored table of a version, line by line, without its head. */
export async function linesOf({ portal }: World, id: string): Promise<string[][]> {
  const { content } = await portal.work('data-space', ({ knex }) => knex('releases').where({ id }).first('content'));
  return content
    .replace('\uFEFF', '')
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line: string) => line.split(';'));
}

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ageBands, durationBands } from '../src/activities/filter.js';
import { smallConfig, smallFiles, v } from './fixtures.js';
import { type LibraryPlatform, libraryPlatform, record } from './platform.js';

/** Random queries: a few in the suite, more with `ILEARN_PROPERTY_RUNS`. */
const runs = Number(process.env['ILEARN_PROPERTY_RUNS'] ?? 40);

type Client = Awaited<ReturnType<LibraryPlatform['as']>>;
interface Made {
  title: string;
  kind: 'text' | 'link';
  language: string;
  provider: string;
  teacherOnly: boolean;
  minutes: number | null;
  ageFrom: number | null;
  ageTo: number | null;
  concepts: string[];
  school: string | null;
  mine: boolean;
  listed: boolean;
  tool: boolean;
}

/** Of each concept of the small curriculum, itself and all that is broader. */
const above: Record<string, string[]> = {
  wiskunde: ['wiskunde'],
  getallen: ['getallen', 'wiskunde'],
  breuken: ['breuken', 'getallen', 'wiskunde'],
  taal: ['taal'],
  'doel-1.2-77': ['doel-1.2-77'],
};
const inVak = ['taal', 'wiskunde', 'getallen', 'breuken'];

const tool = {
  id: 'tafeltool',
  version: '1.0.0',
  requires: { library: '^0.1.0' },
  contributes: {
    'library.tools': [
      {
        key: 'tafels',
        name: 'Tafels',
        provider: 'Aanbieder 1',
        activities: [1, 2, 3].map((n) => ({
          key: `t${n}`,
          kind: 'link' as const,
          title: `Tafel van ${n}`,
          url: 'https://tafels.voorbeeld.be/',
          minutes: n * 10,
          conceptUris: [v('getallen')],
        })),
      },
    ],
  },
};

let platform: LibraryPlatform;
let teacher: Client;
let coordinator: Client;
let school: string;
let all: Made[];

/** A small generator of its own, so that a failure can be repeated. */
function numbers(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function activity(next: (below: number) => number, owner: string | null): Made {
  const from = next(3) === 0 ? null : 4 + next(12);
  return {
    title: `Oefening ${next(1_000)} ${['kastanje', 'taart', 'tafels'][next(3)]}`,
    kind: next(2) === 0 ? 'text' : 'link',
    language: ['nl', 'en', 'fr'][next(3)] as string,
    provider: `Aanbieder ${next(4)}`,
    teacherOnly: next(4) === 0,
    minutes: next(4) === 0 ? null : 1 + next(80),
    ageFrom: from,
    ageTo: from === null || next(3) === 0 ? null : from + next(4),
    concepts: Object.keys(above).filter(() => next(3) === 0),
    school: owner,
    mine: false,
    listed: true,
    tool: false,
  };
}

beforeAll(async () => {
  platform = await libraryPlatform([tool], smallConfig);
  await platform.importSkos(smallFiles());
  const other = await platform.school('De Kleurdoos');
  school = await platform.school('De Regenboog');
  teacher = await platform.as('teacher', school);
  coordinator = await platform.as('ict-coordinator', school);
  const next = numbers(7);
  const made = Array.from({ length: 120 }, (_, n) => activity(next, n < 80 ? null : n < 105 ? school : other));
  const { ids } = await platform.upsert(
    ...made.map(({ concepts, mine: _mine, listed: _listed, tool: _tool, kind, ...each }) =>
      record({
        ...each,
        conceptUris: concepts.map(v),
        content: kind === 'text' ? { kind, markdown: 'Tekst.' } : { kind, url: 'https://voorbeeld.be/' },
      }),
    ),
  );
  await platform.work('library', async ({ knex }) => {
    for (const [n, one] of made.entries()) {
      if (one.school === null || n % 3 === 0) continue;
      one.listed = n % 3 === 1;
      await knex('activities').where({ id: ids[n] }).update({ listed: one.listed });
      if (n % 2 === 0) continue;
      one.mine = one.school === school;
      await knex('activity_authors').insert({ activity_id: ids[n], school_id: one.school, author_id: teacher.personId });
    }
  });
  const ofTool = [1, 2, 3].map(
    (n): Made => ({
      ...activity(() => 0, null),
      ...{ title: `Tafel van ${n}`, kind: 'link', language: 'nl', provider: 'Aanbieder 1', teacherOnly: false, minutes: n * 10 },
      ...{ ageFrom: null, ageTo: null, concepts: ['getallen'], tool: true },
    }),
  );
  all = [...made, ...ofTool];
});
afterAll(() => platform?.stop());

/** The values of an activity in a facet, by the plain words of docs/library.md. */
function valuesOf(one: Made, facet: string): string[] {
  const [from, to] = [one.ageFrom ?? one.ageTo, one.ageTo ?? one.ageFrom];
  switch (facet) {
    case 'kind':
      return [one.kind];
    case 'language':
      return [one.language];
    case 'provider':
      return [one.provider];
    case 'audience':
      return [one.teacherOnly ? 'teacher' : 'pupil'];
    case 'owner':
      return one.school === null ? ['shared'] : one.mine ? ['school', 'mine'] : ['school'];
    case 'age':
      return ageBands.filter((b) => from !== null && to !== null && from <= b.to && to >= b.from).map(({ value }) => value);
    case 'duration':
      return durationBands
        .filter((b) => one.minutes !== null && one.minutes >= b.from && one.minutes <= b.to)
        .map(({ value }) => value);
    case 'access':
      return one.kind === 'text' ? ['open'] : [];
    default: {
      const uris = new Set(one.concepts.flatMap((name) => above[name] as string[]));
      return [...uris].filter((name) => (facet === 'vak') === inVak.includes(name)).map(v);
    }
  }
}

const facets = ['kind', 'language', 'provider', 'audience', 'owner', 'age', 'duration', 'access', 'vak', 'doelen'];
type Choice = Record<string, string[]>;

function naive(choice: Choice, word: string | null, toolOff: boolean) {
  const visible = all.filter(
    (one) =>
      (one.school === null || one.school === school) &&
      (one.listed || one.mine) &&
      !(one.tool && toolOff) &&
      (word === null || one.title.includes(word)),
  );
  const passes = (one: Made, without?: string) =>
    facets.every((facet) => {
      const chosen = choice[facet] ?? [];
      return facet === without || chosen.length === 0 || valuesOf(one, facet).some((value) => chosen.includes(value));
    });
  const counts: Record<string, Record<string, number>> = {};
  for (const facet of facets) {
    const of: Record<string, number> = {};
    for (const one of visible.filter((each) => passes(each, facet)))
      for (const value of valuesOf(one, facet)) of[value] = (of[value] ?? 0) + 1;
    counts[facet] = of;
  }
  const found = visible.filter((one) => passes(one)).map(({ title }) => title);
  return { total: found.length, titles: found.sort(), counts };
}

async function asked(choice: Choice, word: string | null) {
  const query = new URLSearchParams({ pageSize: '100', limit: '100' });
  if (word !== null) query.set('q', word);
  for (const [facet, values] of Object.entries(choice)) {
    for (const value of values) query.append(facet === 'vak' || facet === 'doelen' ? 'concept' : facet, value);
  }
  const { body } = await teacher.get(`/api/library/activities?${query}`);
  const counts: Record<string, Record<string, number>> = Object.fromEntries(facets.map((facet) => [facet, {}]));
  for (const { key, values } of body.facets) {
    const name = key.endsWith('/doelen') ? 'doelen' : key;
    counts[name] = Object.fromEntries(
      values
        .filter(({ count }: { count: number }) => count > 0)
        .map(({ value, count }: { value: string; count: number }) => [value, count]),
    );
  }
  return { total: body.total, titles: body.activities.map(({ title }: { title: string }) => title).sort(), counts };
}

const some = (values: string[]) => fc.subarray(values, { maxLength: Math.min(2, values.length) });
const choices: fc.Arbitrary<Choice> = fc.record(
  {
    kind: some(['text', 'link']),
    language: some(['nl', 'en', 'fr']),
    provider: some(['Aanbieder 0', 'Aanbieder 1', 'Niemand']),
    audience: some(['pupil', 'teacher']),
    owner: some(['shared', 'school', 'mine']),
    age: some(ageBands.map(({ value }) => value)),
    duration: some(durationBands.map(({ value }) => value)),
    access: some(['open', 'paid']),
    vak: some(inVak.map(v)),
    doelen: some([v('doel-1.2-77')]),
  },
  { requiredKeys: [] },
);

describe('counts of facets', () => {
  it('and results are those of counting one by one, whatever is chosen', async () => {
    const words = fc.constantFrom(null, null, 'kastanje', 'taart');
    await fc.assert(
      fc.asyncProperty(choices, words, async (choice, word) => {
        const right = naive(choice, word, false);
        // What finds nothing may be searched for in other words.
        fc.pre(word === null || right.total > 0);
        const answer = await asked(choice, word);
        expect(answer.total).toBe(right.total);
        expect(answer.counts).toEqual(right.counts);
        if (right.total <= 100) expect(answer.titles).toEqual(right.titles);
      }),
      { numRuns: runs, seed: 20_261_128 },
    );
  });

  it('follow a tool that the school switches off, and a change of what everyone shares, at once', async () => {
    await coordinator.put(`/api/library/tools/tafels/schools/${school}`, { on: false });
    expect((await asked({}, null)).counts).toEqual(naive({}, null, true).counts);
    await coordinator.put(`/api/library/tools/tafels/schools/${school}`, { on: true });
    expect((await asked({}, null)).counts).toEqual(naive({}, null, false).counts);
    const before = (await asked({}, null)).total;
    const { ids } = await platform.upsert(record({ sourceId: 'nieuw', title: 'Nieuw' }));
    expect((await asked({}, null)).total).toBe(before + 1);
    await platform.upsert(record({ sourceId: 'nieuw', title: 'Nieuw', available: false }));
    expect([ids.length, (await asked({}, null)).total]).toEqual([1, before]);
  });

  it('of an import that is rolled back are never shown', async () => {
    const before = (await asked({}, null)).total;
    const failing = platform.work('library', async ({ activities }) => {
      await activities.upsert([record({ title: 'Toch niet' })]);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect((await asked({}, null)).total).toBe(before);
  });
});

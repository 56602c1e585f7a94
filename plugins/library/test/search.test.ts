import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curriculum, k, smallConfig, smallFiles, v, written } from './fixtures.js';
import { type LibraryPlatform, libraryPlatform, record } from './platform.js';

let platform: LibraryPlatform;
let teacher: Awaited<ReturnType<LibraryPlatform['as']>>;
let here: string;
let neighbour: Awaited<ReturnType<LibraryPlatform['as']>>;

beforeAll(async () => {
  platform = await libraryPlatform([], smallConfig);
  await platform.importSkos(smallFiles());
  here = await platform.school('De Regenboog');
  const there = await platform.school('De Kleurdoos');
  teacher = await platform.as('teacher', here);
  neighbour = await platform.as('teacher', there);
  await platform.upsert(
    record({
      sourceId: 'taart',
      title: 'Taart verdelen',
      conceptUris: [v('breuken')],
      minutes: 10,
      ageFrom: 8,
      ageTo: 10,
      provider: 'Klein',
    }),
    record({
      sourceId: 'optellen',
      title: 'Optellen tot honderd',
      conceptUris: [v('getallen')],
      minutes: 25,
      ageFrom: 7,
      ageTo: 8,
      language: 'nl',
    }),
    record({
      sourceId: 'spelling',
      title: 'Coördinatie en spelling',
      conceptUris: [v('taal')],
      minutes: 50,
      content: { kind: 'link', url: 'https://voorbeeld.be/spelling' },
    }),
    record({
      sourceId: 'reading',
      title: 'Reading together',
      language: 'en',
      content: { kind: 'text', markdown: 'A [story](https://verborgen.be/getallen) about <b>bees</b>.' },
    }),
    record({
      sourceId: 'handleiding',
      title: 'Handleiding breuken',
      teacherOnly: true,
      conceptUris: [v('breuken'), v('doel-1.2-77')],
      description: 'Hoe leg je breuken uit?',
    }),
    record({ sourceId: 'oud', title: 'Oude taart', available: false, conceptUris: [v('breuken')] }),
    record({
      sourceId: 'buur',
      title: 'Breuken van de buren',
      school: there,
      conceptUris: [v('breuken')],
      provider: 'De Kleurdoos',
    }),
  );
});
afterAll(() => platform?.stop());

type Query = Record<string, string> | [string, string][];
const find = async (query: Query = {}, client = teacher) =>
  (await client.get(`/api/library/activities?${new URLSearchParams(query)}`)).body;
const titles = async (query: Query, client = teacher): Promise<string[]> =>
  (await find(query, client)).activities.map(({ title }: { title: string }) => title);
const countsOf = async (key: string, query: Query = {}, client = teacher): Promise<Record<string, number>> => {
  const { facets } = await find(query, client);
  const facet = facets.find((one: { key: string }) => one.key === key);
  return Object.fromEntries((facet?.values ?? []).map(({ value, count }: { value: string; count: number }) => [value, count]));
};

describe('words', () => {
  it('find titles, descriptions, texts and the names of concepts', async () => {
    expect(await titles({ q: 'taart' })).toEqual(['Taart verdelen']);
    expect(await titles({ q: 'bees' })).toEqual(['Reading together']);
    expect(await titles({ q: 'uitleg breuken' })).toEqual([]);
    expect(await titles({ q: 'leg uit' })).toEqual(['Handleiding breuken']);
    expect(await titles({ q: 'rekenen' })).toContain('Optellen tot honderd');
  });

  it('find activities on a narrower concept, after those on the concept itself', async () => {
    const [first, ...others] = await titles({ q: 'getallenleer' });
    expect(first).toBe('Optellen tot honderd');
    expect(others.sort()).toEqual(['Handleiding breuken', 'Taart verdelen']);
    expect(await titles({ q: 'wiskunde' })).toHaveLength(3);
  });

  it('match by stem, incomplete, and without accents', async () => {
    expect(await titles({ q: 'taarten' })).toEqual(['Taart verdelen']);
    expect(await titles({ q: 'coordinat' })).toEqual(['Coördinatie en spelling']);
    expect(await titles({ q: 'SPELL' })).toEqual(['Coördinatie en spelling']);
    expect(await titles({ q: 'hoe leg je breu' })).toEqual(['Handleiding breuken']);
    expect(await titles({ q: '1.2' })).toEqual(['Handleiding breuken']);
  });

  it('rank a title above a description', async () => {
    expect((await titles({ q: 'breuken' }))[0]).toBe('Handleiding breuken');
  });

  it('do not match addresses and tags, nor punctuation', async () => {
    expect(await titles({ q: 'verborgen' })).toEqual([]);
    expect(await titles({ q: '!?&|():*' })).toEqual([]);
    expect(await titles({ q: '   ' })).toHaveLength(5);
  });
});

describe('facets', () => {
  it('count results, each with the other filters applied', async () => {
    expect(await countsOf('kind')).toEqual({ link: 1, text: 4 });
    expect(await countsOf('kind', { kind: 'link' })).toEqual({ link: 1, text: 4 });
    expect(await countsOf('language', { kind: 'link' })).toEqual({ nl: 1 });
    expect(await countsOf('audience')).toEqual({ pupil: 4, teacher: 1 });
    expect(await countsOf('age')).toEqual({ '6-7': 1, '8-9': 2, '10-11': 1 });
    expect(await countsOf('duration')).toEqual({ '1-10': 1, '21-50': 2 });
    expect(await countsOf('owner')).toEqual({ shared: 5 });
  });

  it('of a single-choice facet add up to the number of results', async () => {
    for (const key of ['kind', 'language', 'provider', 'audience'] as const) {
      for (const query of [{}, { q: 'breuken' }, { age: '8-9' }, { concept: v('wiskunde') }] as Query[]) {
        const { total } = await find(query);
        const sum = Object.values(await countsOf(key, query)).reduce((a, b) => a + b, 0);
        expect([key, query, sum]).toEqual([key, query, total]);
      }
    }
  });

  it('predict how many results a choice has', async () => {
    const { facets } = await find({ q: 'breuken' });
    for (const { key, type, values } of facets) {
      for (const { value, count } of values) {
        const { total } = await find({ q: 'breuken', [type === 'concept' ? 'concept' : key]: value });
        expect([key, value, total]).toEqual([key, value, count]);
      }
    }
  });

  it('of concepts form a tree in which a concept includes narrower ones', async () => {
    const { facets } = await find();
    const vak = facets.find(({ key }: { key: string }) => key === 'vak');
    expect(vak).toMatchObject({ type: 'concept', label: 'vakken', group: 'alles', more: 0 });
    expect(
      vak.values.map(({ label, depth, count }: { label: string; depth: number; count: number }) => [label, depth, count]),
    ).toEqual([
      ['Nederlands', 0, 1],
      ['wiskunde', 0, 3],
      ['getallenleer', 1, 3],
      ['breuken', 2, 2],
    ]);
  });

  it('come from every collection in use, except those that only contain collections', async () => {
    const keys = (await find()).facets.map(({ key }: { key: string }) => key);
    expect(keys).toContain(k('doelen'));
    expect(keys).not.toContain(k('alles'));
  });

  it('combine several values of one with “or”, and different ones with “and”', async () => {
    expect(
      await titles([
        ['concept', v('taal')],
        ['concept', v('breuken')],
      ]),
    ).toEqual(['Coördinatie en spelling', 'Handleiding breuken', 'Taart verdelen']);
    expect(
      await titles([
        ['concept', v('breuken')],
        ['concept', v('doel-1.2-77')],
      ]),
    ).toEqual(['Handleiding breuken']);
    expect(await titles({ concept: v('wiskunde'), duration: '1-10' })).toEqual(['Taart verdelen']);
  });

  it('show the chosen concepts, including unknown ones', async () => {
    const { chosenConcepts, total } = await find([
      ['concept', v('breuken')],
      ['concept', 'http://example.org/niets'],
    ]);
    expect(total).toBe(0);
    expect(chosenConcepts).toEqual([
      { uri: v('breuken'), label: 'breuken', facet: 'vak' },
      { uri: 'http://example.org/niets', label: 'http://example.org/niets', facet: null },
    ]);
  });
});

describe('pages', () => {
  it('contain each result exactly once', async () => {
    const seen = [];
    for (const page of ['1', '2', '3', '4']) seen.push(...(await titles({ page, pageSize: '2', facets: 'false' })));
    expect(seen).toEqual(await titles({ sort: 'title' }));
    expect(new Set(seen).size).toBe(5);
  });
});

describe('another school', () => {
  it('never sees, counts or names what a school has for itself', async () => {
    expect(await titles({ q: 'buren' })).toEqual([]);
    expect(JSON.stringify(await find())).not.toContain('Kleurdoos');
    expect(await countsOf('owner', {}, neighbour)).toEqual({ shared: 5, school: 1 });
    expect(await titles({ owner: 'school' }, neighbour)).toEqual(['Breuken van de buren']);
    const [{ id }] = (await find({ q: 'buren' }, neighbour)).activities;
    expect((await neighbour.get(`/api/library/activities/${id}`)).status).toBe(200);
    expect((await teacher.get(`/api/library/activities/${id}`)).status).toBe(404);
    expect((await teacher.get(`/api/library/activities/${id}/content`)).status).toBe(404);
  });

  it('is visible to a person who works in both', async () => {
    const both = await platform.as('teacher', await platform.school('Derde'), ...(await schoolsOf(neighbour)));
    expect(await titles({ q: 'buren' }, both)).toEqual(['Breuken van de buren']);
  });

  const schoolsOf = async (client: typeof teacher): Promise<string[]> =>
    (await client.get('/api/library/schools')).body.schools.map(({ id }: { id: string }) => id);
});

describe('who may search', () => {
  it('are staff: pupils and strangers get nothing', async () => {
    const pupil = await platform.as('pupil', await platform.school('De Beuk'));
    const principal = await platform.as('principal', await platform.school('De Eik'));
    for (const path of [
      '/activities',
      `/activities/${crypto.randomUUID()}`,
      `/activities/${crypto.randomUUID()}/content`,
      '/concepts',
      '/schemes',
    ]) {
      expect([path, (await pupil.get(`/api/library${path}`)).status]).toEqual([path, 403]);
      expect([path, (await platform.client().get(`/api/library${path}`)).status]).toEqual([path, 401]);
    }
    expect((await principal.get('/api/library/activities')).status).toBe(200);
    expect((await principal.post('/api/library/activities', { kind: 'text', title: 'x', markdown: 'y' })).status).toBe(403);
  });
});

describe('hostile input', () => {
  it.each([
    ['ten thousand characters', { q: 'a'.repeat(10_000) }, 400],
    ['a NUL character', { provider: 'a\0b' }, 400],
    ['an address of ten thousand characters', { concept: `http://x/${'a'.repeat(10_000)}` }, 400],
    ['an unknown kind', { kind: 'virus' }, 400],
    ['a page before the first', { page: '0' }, 400],
    ['a page far beyond the last', { page: '9999' }, 200],
    ['SQL', { q: `'; drop table activities; --` }, 200],
    ['SQL as provider', { provider: `' or 1=1 --` }, 200],
    ['tsquery operators', { q: `a & !b | (c <-> d):* '` }, 200],
    ['no concept address', { concept: 'javascript:alert(1)' }, 200],
    ['words of one letter', { q: 'a '.repeat(99) }, 200],
    ['lone surrogates', { q: '\ud800\udfff' }, 200],
  ])('of %s gets a clear answer and does no harm', async (_what, query, status) => {
    const answer = await teacher.get(`/api/library/activities?${new URLSearchParams(query as Record<string, string>)}`);
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.body.errors[0]).toMatchObject({ in: 'query' });
    expect((await find()).total).toBe(5);
  });
});

describe('K16: a list read to its end', () => {
  const nextOf = ({ headers }: { headers: Headers }) => /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
  const idsOf = (body: any): string[] =>
    body.schemes === undefined
      ? (body.activities ?? body.concepts).map(({ id, uri }: { id?: string; uri: string }) => id ?? uri)
      : body.schemes.flatMap(({ uri, versions }: any) => versions.map(({ version }: any) => `${uri} ${version}`));
  const lists = [
    '/activities?sort=title',
    '/activities?sort=newest&facets=false',
    '/activities?q=breuken',
    '/activities?q=breuksn',
    '/concepts?',
    '/concepts?q=wiskunde',
    `/concepts?collection=${encodeURIComponent(k('alles'))}`,
    `/concepts?version=1&scheme=${encodeURIComponent(v('_scheme'))}`,
    '/schemes?',
  ];
  const machine = () =>
    platform.machine({ scopes: ['library.activities:read', 'library.curriculum:read'], tenants: [here], budget: 100_000 });

  beforeAll(async () => {
    // A second version of a scheme, and concepts and activities that only their ids tell apart.
    const more = `${curriculum}v:rekenen a skos:Concept ; skos:inScheme v:_scheme ; skos:prefLabel "wiskunde"@nl .\n`;
    await platform.importSkos([written('vakken-2.ttl', more), ...smallFiles().slice(1)]);
    await platform.upsert(
      ...[1, 2, 3].map((n) => record({ sourceId: `gelijk${n}`, title: 'Breuken', conceptUris: [v('breuken')] })),
    );
    await platform.work('library', ({ knex }) =>
      knex('activities').where('source_id', 'like', 'gelijk%').update({ created_at: '2026-11-01T10:00:00.123456Z' }),
    );
  });

  it.each(lists)('of %s is whole and in its order', async (list) => {
    const client = machine();
    const address = `/api/library${list}`;
    const whole = idsOf((await client.get(`${address}&limit=100`)).body);
    expect(whole.length).toBeGreaterThan(1);
    const found: string[] = [];
    let next: string | undefined = `${address}&limit=1`;
    while (next !== undefined) {
      const page: { status: number; body: any; headers: Headers } = await client.get(next);
      expect([next, page.status]).toEqual([next, 200]);
      found.push(...idsOf(page.body));
      next = nextOf(page);
    }
    expect(found).toEqual(whole);
  });

  it('shows each row once while activities are added, and goes on from no other list', async () => {
    const client = machine();
    const address = '/api/library/activities?sort=title&limit=2';
    const whole = idsOf((await client.get('/api/library/activities?sort=title&limit=100')).body);
    const first = await client.get(address);
    await platform.upsert(record({ title: 'Aardappel' }));
    const found = idsOf(first.body);
    let next = nextOf(first);
    while (next !== undefined) {
      const page = await client.get(next);
      found.push(...idsOf(page.body));
      next = nextOf(page);
    }
    expect(found).toEqual(whole);
    const cursor = new URL(nextOf(first) as string, platform.url).searchParams.get('after');
    for (const other of [
      `/activities?sort=newest&after=${cursor}`,
      `/activities?sort=title&q=a&after=${cursor}`,
      `/concepts?after=${cursor}`,
      `/schemes?after=${cursor}`,
      `/activities?sort=title&after=${cursor}x`,
    ]) {
      expect([other, (await client.get(`/api/library${other}`)).status]).toEqual([other, 400]);
    }
  });
});

import type { Http } from '@ilearn/core';
import notifications from '@ilearn/plugin-notifications';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Counted, serve } from '../../../core/test/support/outgoing-servers.js';
import { checkByHost } from '../dist/links/check-host.js';
import type { CheckedLink, DueLink } from '../dist/links/check-link.js';
import { pace, pauseOf, waitAfter } from '../dist/links/pace.js';
import { type LibraryPlatform, libraryPlatform, record } from './platform.js';

let site: Counted;
let other: Counted;
const methods: string[] = [];
const arrivals: number[] = [];
let answering = 200;
let platform: LibraryPlatform;
let school: string;
let maker: Awaited<ReturnType<LibraryPlatform['as']>>;
let stranger: Awaited<ReturnType<LibraryPlatform['as']>>;

beforeAll(async () => {
  site = await serve((request, response) => {
    methods.push(request.method ?? '');
    arrivals.push(Date.now());
    const { pathname } = new URL(request.url ?? '', 'http://x');
    if (pathname === '/changing') response.writeHead(answering, { 'retry-after': '7200', location: '/new' }).end();
    else if (pathname === '/no-head' && request.method === 'HEAD') response.writeHead(405).end();
    else if (pathname === '/large') response.end(request.method === 'HEAD' ? '' : 'x'.repeat(2_000_000));
    else if (pathname === '/gone') response.writeHead(404).end();
    else if (pathname === '/busy') response.writeHead(429).end();
    else if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end();
    else response.writeHead(200, { etag: '"one"' }).end();
  });
  other = await serve((_, response) => response.end('other'));
  const hosts = [site, other].map(({ port }) => `http://127.0.0.1:${port}`);
  platform = await libraryPlatform([notifications], {}, null, { http: { library: { hosts } } });
  school = await platform.school('De Regenboog');
  maker = await platform.as('teacher', school);
  stranger = await platform.as('teacher', await platform.school('De Kleurdoos'));
});
afterAll(async () => {
  await platform?.stop();
  site?.stop();
  other?.stop();
});
beforeEach(() => {
  methods.length = 0;
  arrivals.length = 0;
});

const http = () => platform.platform.runner.httpOf('library') as Http;
const at = (path: string, server = site) => `http://127.0.0.1:${server.port}${path}`;
const link = (path: string, more: Partial<DueLink> = {}): DueLink => ({
  activity: path,
  url: at(path),
  etag: null,
  lastModified: null,
  ...more,
});
const check = async (links: DueLink[], spacing = 0) => checkByHost(http(), links, new AbortController().signal, spacing);
const one = async (path: string, more: Partial<DueLink> = {}) => (await check([link(path, more)]))[0] as CheckedLink;

describe('a check of a link', () => {
  test('asks without a body, and for the page itself only where the site does not answer that', async () => {
    expect(await one('/fine')).toMatchObject({ outcome: 'works', status: 200, etag: '"one"' });
    expect(methods).toEqual(['HEAD']);
    expect(await one('/no-head')).toMatchObject({ outcome: 'works' });
    expect(methods).toEqual(['HEAD', 'HEAD', 'GET']);
  });

  test('is conditional after the first, and says nothing about anybody', async () => {
    expect(await one('/fine', { etag: '"one"' })).toMatchObject({ outcome: 'works', status: 304, etag: '"one"' });
    const sent = Object.keys(site.headers.at(-1) ?? {}).sort();
    expect(sent.filter((name) => /cookie|referer|authorization|traceparent|forwarded/.test(name))).toEqual([]);
  });

  test.each([
    [404, 'gone'],
    [410, 'gone'],
    [301, 'moved'],
    [308, 'moved'],
    [302, 'works'],
    [401, 'works'],
    [403, 'works'],
    [429, 'busy'],
    [503, 'busy'],
    [500, 'failed'],
    [502, 'failed'],
  ])('reads the status %i as %s', async (status, outcome) => {
    answering = status;
    expect(await one('/changing')).toMatchObject({ outcome, status, retryAfter: outcome === 'busy' ? 7200 : null });
  });

  test('reads no answer, and an address that may not be called, as failed', async () => {
    const [lost, inner] = await check([
      { ...link('/x'), url: 'http://127.0.0.1:1/' },
      { ...link('/y'), url: 'http://169.254.169.254/latest' },
    ]);
    expect([lost?.outcome, inner?.outcome]).toEqual(['failed', 'failed']);
  });

  test('leaves a pause between two requests to one host, and stops asking one that is busy', async () => {
    const results = await check([link('/a'), link('/b'), link('/c'), { ...link('/d'), url: at('/d', other) }], 120);
    expect(results).toHaveLength(4);
    expect(arrivals.slice(1).map((time, index) => time - (arrivals[index] as number) >= 115)).toEqual([true, true]);
    expect(await check([link('/busy'), link('/a'), link('/b')])).toHaveLength(1);
  });
});

test('the pace grows slower with each failure, within bounds', () => {
  expect([0, 1, 2, 3].map(waitAfter)).toEqual([pace.works, 86_400, 172_800, 345_600]);
  expect(waitAfter(60)).toBe(pace.works);
  expect([pauseOf(1, null), pauseOf(2, null), pauseOf(1, 9_000), pauseOf(99, 1e9)]).toEqual([
    3_600,
    7_200,
    9_000,
    pace.longestBusy,
  ]);
});

describe('the links of the library', () => {
  const work = <T>(fn: (services: any) => Promise<T>): Promise<T> => platform.work('library', fn);
  /** One run of the job, after all waits. */
  const run = async () => {
    await work(({ knex }) => knex('link_checks').update({ next_at: knex.fn.now() }));
    const due: DueLink[] = await work(({ linkChecks }) => linkChecks.due());
    const results = await check(due);
    await work(async ({ linkChecks }) => {
      await linkChecks.record(results);
      await linkChecks.takeUp();
      await linkChecks.hurryReported();
    });
    return results.length;
  };
  const stateOf = async (id: string, client = maker) => (await client.get(`/api/library/activities/${id}/link`)).body.link;
  const add = async (path: string, title: string) =>
    (await maker.post('/api/library/activities', { kind: 'link', title, url: at(path) })).body.id as string;
  const told = async () =>
    (await maker.get('/api/notifications/inbox')).body.items.filter(
      ({ kind }: { kind: string }) => kind === 'library.link-broken',
    );

  test('are marked after several failures, the maker is told once, and they are well again with the site', async () => {
    const id = await add('/changing', 'Een spel');
    expect(await run()).toBe(0);
    answering = 404;
    await run();
    expect(await stateOf(id)).toMatchObject({ state: 'unknown', reports: 0 });
    await run();
    expect(await stateOf(id)).toMatchObject({ state: 'broken' });
    const [found] = (await maker.get('/api/library/activities?q=spel')).body.activities;
    expect(found).toMatchObject({ id, linkBroken: true });
    expect((await maker.get('/api/library/links')).body.links).toMatchObject([{ id, title: 'Een spel', state: 'broken' }]);
    // Nobody else sees the link of another school.
    expect((await stranger.get('/api/library/links')).body.links).toEqual([]);
    await run();
    await platform.drain();
    expect(await told()).toHaveLength(1);
    answering = 200;
    await run();
    expect(await stateOf(id)).toMatchObject({ state: 'works' });
    answering = 301;
    await run();
    expect(await stateOf(id)).toMatchObject({ state: 'moved', movedTo: null });
    await maker.delete(`/api/library/activities/${id}`);
    await run();
    expect(await work(({ knex }) => knex('link_checks').where({ activity_id: id }))).toEqual([]);
  });

  test('are checked soon after somebody reports one, without who it was', async () => {
    const { ids } = await platform.upsert(record({ title: 'Van iedereen', content: { kind: 'link', url: at('/fine') } }));
    const id = ids[0] as string;
    await run();
    await run();
    expect((await maker.post(`/api/library/activities/${id}/link/reports`, {})).status).toBe(204);
    expect((await maker.post(`/api/library/activities/${id}/link/reports`, {})).status).toBe(204);
    expect(await stateOf(id)).toMatchObject({ state: 'works', reports: 1 });
    expect((await stateOf(id, stranger)).reports).toBe(0);
    expect(await work(({ knex }) => knex('link_reports'))).toEqual([
      { activity_id: id, school_id: school, reported_at: expect.any(Date) },
    ]);
    await work(({ linkChecks }) => linkChecks.hurryReported());
    expect((await work(({ linkChecks }) => linkChecks.due())).map(({ activity }: DueLink) => activity)).toContain(id);
    await run();
    expect(await stateOf(id)).toMatchObject({ state: 'works', reports: 0 });
    const text = (await platform.upsert(record())).ids[0];
    expect((await maker.post(`/api/library/activities/${text}/link/reports`, {})).status).toBe(404);
  });

  test('of a busy host wait, and of one host only few are checked at once', async () => {
    await platform.upsert(
      ...Array.from({ length: 9 }, (_, n) => record({ title: `Link ${n}`, content: { kind: 'link', url: at(`/fine?${n}`) } })),
    );
    await run();
    await work(({ knex }) => knex('link_checks').update({ next_at: knex.fn.now() }));
    expect(await work(({ linkChecks }) => linkChecks.due())).toHaveLength(pace.perHost);
    const busy: CheckedLink = {
      ...{ activity: (await work<DueLink[]>(({ linkChecks }) => linkChecks.due()))[0]?.activity as string, url: at('/fine?0') },
      ...{ outcome: 'busy', status: 429, movedTo: null, etag: null, lastModified: null, retryAfter: 60 },
    };
    const rows: { activity_id: string; url: string }[] = await work(({ knex }) => knex('link_checks').where({ url: busy.url }));
    await work(({ linkChecks }) => linkChecks.record([{ ...busy, activity: rows[0]?.activity_id as string }]));
    expect(await work(({ linkChecks }) => linkChecks.due())).toEqual([]);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallConfig, smallFiles, v } from './fixtures.js';
import { type LibraryPlatform, libraryPlatform, record } from './platform.js';

type Client = Awaited<ReturnType<LibraryPlatform['as']>>;

let platform: LibraryPlatform;
let school: string;
let second: string;
let maker: Client;
let colleague: Client;
let coordinator: Client;
let stranger: Client;

beforeAll(async () => {
  platform = await libraryPlatform([], smallConfig);
  await platform.importSkos(smallFiles());
  [school, second] = [await platform.school('De Regenboog'), await platform.school('De Kleurdoos')];
  maker = await platform.as('teacher', school);
  colleague = await platform.as('teacher', school);
  coordinator = await platform.as('ict-coordinator', school);
  stranger = await platform.as('teacher', second);
});
afterAll(() => platform?.stop());

const path = '/api/library/activities';
const text = (over: object = {}) => ({
  kind: 'text',
  title: 'Mijn breukenblad',
  markdown: '# Breuken\n\nDeel de taart.',
  ...over,
});
const add = async (client: Client, body: unknown) => (await client.post(path, body)).body.id as string;
const titles = async (client: Client, query = '') =>
  (await client.get(`${path}?${query}`)).body.activities.map(({ title }: { title: string }) => title);

describe("a teacher's own activity", () => {
  it('is visible to its school under the school’s name, and to no other school', async () => {
    const id = await add(maker, text({ conceptUris: [v('breuken')], minutes: 20 }));
    expect((await colleague.get(`${path}/${id}`)).body).toMatchObject({
      title: 'Mijn breukenblad',
      provider: 'De Regenboog',
      origin: 'own',
      school,
      mayChange: false,
      concepts: [{ label: 'breuken' }],
    });
    expect((await maker.get(`${path}/${id}`)).body).toMatchObject({ mayChange: true });
    expect((await colleague.get(`${path}/${id}/content`)).body).toEqual({
      kind: 'text',
      language: 'nl',
      markdown: '# Breuken\n\nDeel de taart.',
    });
    expect((await stranger.get(`${path}/${id}`)).status).toBe(404);
    expect(await titles(maker, 'owner=mine')).toEqual(['Mijn breukenblad']);
    expect(await titles(colleague, 'owner=mine')).toEqual([]);
  });

  it('can be changed by its maker or the ICT coordinator, and by nobody else', async () => {
    const id = await add(maker, text());
    expect((await colleague.put(`${path}/${id}`, text({ title: 'Van mij nu' }))).status).toBe(403);
    expect((await stranger.put(`${path}/${id}`, text())).status).toBe(404);
    expect((await maker.put(`${path}/${id}`, { kind: 'link', title: 'Nu een link', url: 'https://voorbeeld.be' })).status).toBe(
      204,
    );
    expect((await maker.get(`${path}/${id}`)).body).toMatchObject({ kind: 'link', title: 'Nu een link', school });
    expect((await coordinator.put(`${path}/${id}`, text({ title: 'Nagekeken' }))).status).toBe(204);
    expect(await titles(colleague, 'q=nagekeken')).toEqual(['Nagekeken']);
  });

  it('taken out of the library is no longer found, remains visible to its maker and can be restored', async () => {
    const id = await add(maker, text({ title: 'Weg ermee' }));
    expect((await colleague.delete(`${path}/${id}`)).status).toBe(403);
    expect((await stranger.delete(`${path}/${id}`)).status).toBe(404);
    expect((await maker.delete(`${path}/${id}`)).status).toBe(204);
    expect(await titles(maker, 'q=weg')).toEqual([]);
    expect(await titles(maker, 'withdrawn=true')).toEqual(['Weg ermee']);
    expect((await maker.get(path)).body.withdrawn).toBe(1);
    expect(await titles(colleague, 'withdrawn=true')).toEqual([]);
    expect((await maker.get(`${path}/${id}`)).body).toMatchObject({ available: false });
    expect((await maker.put(`${path}/${id}`, text({ title: 'Weg ermee', available: true }))).status).toBe(204);
    expect(await titles(maker, 'q=weg')).toEqual(['Weg ermee']);
  });

  it('belongs to one school: who works in two chooses one', async () => {
    const both = await platform.as('teacher', school, second);
    const without = await both.post(path, text());
    expect(without.status).toBe(422);
    expect(without.body.errors).toEqual([{ in: 'body', pointer: '/school', message: 'say for which of your schools this is' }]);
    const id = await add(both, text({ title: 'Voor de Kleurdoos', school: second }));
    expect((await stranger.get(`${path}/${id}`)).status).toBe(200);
    expect((await colleague.get(`${path}/${id}`)).status).toBe(404);
    expect((await both.get('/api/library/schools')).body.schools).toHaveLength(2);
  });

  it('remains when its maker is erased', async () => {
    const id = await add(maker, text({ title: 'Blijft' }));
    await platform.work('library', ({ knex }) => knex('activity_authors').where({ author_id: maker.personId }).delete());
    expect((await colleague.get(`${path}/${id}`)).status).toBe(200);
    expect((await maker.get(`${path}/${id}`)).body).toMatchObject({ mayChange: false });
    expect((await coordinator.get(`${path}/${id}`)).body).toMatchObject({ mayChange: true });
  });
});

describe('an activity of no school', () => {
  it('cannot be changed by a teacher', async () => {
    const { ids } = await platform.upsert(record({ title: 'Van iedereen' }));
    for (const client of [maker, coordinator]) {
      expect((await client.put(`${path}/${ids[0]}`, text())).status).toBe(403);
      expect((await client.delete(`${path}/${ids[0]}`)).status).toBe(403);
    }
    expect(await titles(maker, 'q=iedereen')).toEqual(['Van iedereen']);
  });
});

describe('bad input', () => {
  it.each([
    ['a script as link', { kind: 'link', title: 'x', url: 'javascript:alert(1)' }, 400, '/url'],
    ['data as link', { kind: 'link', title: 'x', url: 'data:text/html,<script>' }, 400, '/url'],
    ['http to another machine', { kind: 'link', title: 'x', url: 'http://voorbeeld.be' }, 400, '/url'],
    ['white space before the scheme', { kind: 'link', title: 'x', url: 'java\nscript:alert(1)' }, 400, '/url'],
    ['an LTI launch', { kind: 'lti', title: 'x', lti: {} }, 400, '/kind'],
    ['no title', text({ title: '' }), 400, '/title'],
    ['a title of 10,000 characters', text({ title: 'a'.repeat(10_000) }), 400, '/title'],
    ['an unknown concept', text({ conceptUris: ['http://example.org/niets'] }), 422, '/conceptUris/0'],
    ['another school', text({ school: randomUUID() }), 422, '/school'],
    ['no object', ['x'], 400, ''],
  ])('of %s is refused at its field and stores nothing', async (_what, body, status, pointer) => {
    const before = (await maker.get(path)).body.total;
    const answer = await maker.post(path, body);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([status, pointer]);
    expect((await maker.get(path)).body.total).toBe(before);
  });

  it('of invalid JSON, or of a body that is too large, is refused', async () => {
    expect((await maker.request('POST', path, { raw: '{"kind":' })).status).toBe(400);
    expect((await maker.request('POST', path, { raw: JSON.stringify(text({ markdown: 'a'.repeat(2_000_000) })) })).status).toBe(
      413,
    );
    expect((await maker.put(`${path}/niets`, text())).status).toBe(400);
    expect((await maker.put(`${path}/${randomUUID()}`, text())).status).toBe(404);
  });

  it('in Markdown is stored unchanged: it is sanitised when shown', async () => {
    const markdown = '<script>alert(1)</script> **vet**';
    const id = await add(maker, text({ markdown }));
    expect((await maker.get(`${path}/${id}/content`)).body.markdown).toBe(markdown);
  });
});

import musicLab from '@ilearn/plugin-connector-music-lab';
import scratch from '@ilearn/plugin-connector-scratch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LibraryPlatform, libraryPlatform, record } from './platform.js';

type Client = Awaited<ReturnType<LibraryPlatform['as']>>;
let platform: LibraryPlatform;
let lien: Client;
let karim: Client;
let stranger: Client;
let editor: Client;
let guest: Client;
let shared: string;
let own: string;

beforeAll(async () => {
  platform = await libraryPlatform([musicLab, scratch]);
  const [here, there] = [await platform.school('De Regenboog'), await platform.school('De Kleurdoos')];
  [lien, karim, stranger] = [
    await platform.as('teacher', here),
    await platform.as('teacher', here),
    await platform.as('teacher', there),
  ];
  editor = await platform.as('portal-administrator');
  guest = await platform.as('guest-teacher', here);
  shared = (await platform.upsert(record({ title: 'Van iedereen' }))).ids[0] as string;
  own = (await lien.post('/api/library/activities', { kind: 'text', title: 'Van ons', markdown: 'Tekst.' })).body.id;
});
afterAll(() => platform?.stop());

const opinions = async (client: Client, id = shared) => (await client.get(`/api/library/activities/${id}/opinions`)).body;
const put = (client: Client, path: string, body: object) => client.put(`/api/library/${path}`, body);

describe('favourites', () => {
  test('are listed for who chose them, and counted for colleagues of the school only', async () => {
    for (const _ of [1, 2]) expect((await put(lien, `activities/${shared}/favourite`, { on: true })).status).toBe(204);
    await put(lien, `activities/${own}/favourite`, { on: true });
    expect((await lien.get('/api/library/favourites')).body.activities.map(({ title }: { title: string }) => title)).toEqual([
      'Van ons',
      'Van iedereen',
    ]);
    expect(await opinions(karim)).toMatchObject({ favourite: false, favourites: 1 });
    expect(await opinions(stranger)).toMatchObject({ favourite: false, favourites: 0 });
    expect((await karim.get('/api/library/favourites')).body.activities).toEqual([]);
    await put(lien, `activities/${own}/favourite`, { on: false });
    expect((await lien.get('/api/library/favourites')).body.activities).toHaveLength(1);
  });

  test('of what another school owns are refused', async () => {
    expect((await put(stranger, `activities/${own}/favourite`, { on: true })).status).toBe(404);
    expect((await put(editor, `activities/${shared}/favourite`, { on: true })).status).toBe(403);
  });
});

describe('a rating', () => {
  test('is one word, with a note that colleagues read without the name', async () => {
    expect((await put(lien, `activities/${shared}/rating`, { word: 'great' })).status).toBe(400);
    expect((await put(lien, `activities/${shared}/rating`, { word: 'usable', note: 'x'.repeat(501) })).status).toBe(400);
    await put(lien, `activities/${shared}/rating`, { word: 'too-hard', note: 'Eerst samen.' });
    await put(lien, `activities/${shared}/rating`, { word: 'usable', note: 'Samen lukt het.' });
    await put(karim, `activities/${shared}/rating`, { word: 'usable' });
    expect(await opinions(lien)).toMatchObject({
      rating: { word: 'usable', note: 'Samen lukt het.' },
      counts: [{ word: 'usable', count: 2 }],
      notes: [],
    });
    const seen = await opinions(karim);
    expect(seen.notes).toEqual([{ word: 'usable', note: 'Samen lukt het.', at: expect.any(String) }]);
    expect(JSON.stringify(seen)).not.toContain(lien.personId);
    expect(await opinions(stranger)).toMatchObject({ counts: [], notes: [], rating: null });
    expect((await lien.delete(`/api/library/activities/${shared}/rating`)).status).toBe(204);
    expect(await opinions(karim)).toMatchObject({ counts: [{ word: 'usable', count: 1 }], notes: [] });
  });
});

describe('selections', () => {
  const list = async (client: Client) => (await client.get('/api/library/selections')).body.selections;
  const focusOf = async (client: Client, focus: string) =>
    (await list(client)).find((each: { focus: string }) => each.focus === focus);
  const titlesIn = async (client: Client, id: string) =>
    (await client.get(`/api/library/selections/${id}`)).body.activities.map(({ title }: { title: string }) => title);

  test('of the didactic foci are there for everyone, with what tools add to them', async () => {
    expect((await list(lien)).map(({ focus }: { focus: string }) => focus)).toEqual([
      'computational-thinking',
      'gifted',
      'newcomers',
      'reading',
    ]);
    const { id, mayChange } = await focusOf(lien, 'computational-thinking');
    expect(mayChange).toBe(false);
    expect((await titlesIn(lien, id)).filter((title: string) => title.startsWith('Scratch'))).toHaveLength(8);
    expect(await titlesIn(lien, (await focusOf(lien, 'newcomers')).id)).toHaveLength(10);
  });

  test('of the didactic foci are changed by an editor of the portal only, and never show what one school owns', async () => {
    const { id } = await focusOf(editor, 'reading');
    expect((await put(lien, `selections/${id}`, { title: 'Lezen', word: '' })).status).toBe(403);
    expect((await put(lien, `selections/${id}/activities/${shared}`, { on: true })).status).toBe(403);
    expect((await put(editor, `selections/${id}`, { title: 'Lezen', word: 'Elke dag een kwartier.' })).status).toBe(204);
    expect((await put(editor, `selections/${id}/activities/${shared}`, { on: true })).status).toBe(204);
    expect((await put(editor, `selections/${id}/activities/${own}`, { on: true })).status).toBe(404);
    expect((await editor.delete(`/api/library/selections/${id}`)).status).toBe(403);
    expect(await focusOf(stranger, 'reading')).toMatchObject({ title: 'Lezen', word: 'Elke dag een kwartier.' });
    expect(await titlesIn(stranger, id)).toEqual(['Van iedereen']);
  });

  test('of a school are made, filled and removed by its teachers, and no other school sees them', async () => {
    expect((await lien.post('/api/library/selections', { title: ' ' })).status).toBe(400);
    expect((await guest.post('/api/library/selections', { title: 'Van een gast' })).status).toBe(403);
    const { id } = (await lien.post('/api/library/selections', { title: 'Bosklassen', word: 'Voor mei.' })).body;
    expect((await put(karim, `selections/${id}/activities/${own}`, { on: true })).status).toBe(204);
    expect((await put(karim, `selections/${id}/activities/${shared}`, { on: true })).status).toBe(204);
    expect((await titlesIn(lien, id)).sort()).toEqual(['Van iedereen', 'Van ons']);
    expect((await stranger.get(`/api/library/selections/${id}`)).status).toBe(404);
    expect((await put(stranger, `selections/${id}`, { title: 'Van mij' })).status).toBe(404);
    expect((await stranger.delete(`/api/library/selections/${id}`)).status).toBe(404);
    // What was taken out of the library is not shown, and comes back with it.
    await lien.delete(`/api/library/activities/${own}`);
    expect(await titlesIn(lien, id)).toEqual(['Van iedereen']);
    expect((await put(karim, `selections/${id}/activities/${shared}`, { on: false })).status).toBe(204);
    expect((await karim.delete(`/api/library/selections/${id}`)).status).toBe(204);
    expect((await lien.get(`/api/library/selections/${id}`)).status).toBe(404);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { shipArticles } from '../dist/knowledge/ship.js';
import { article, type KnowledgeWorld, knowledgePortal, picture } from './support/knowledge.js';

let world: KnowledgeWorld;
beforeAll(async () => {
  world = await knowledgePortal();
});
afterAll(() => world?.portal.stop());

const read = (who: { get(path: string): Promise<{ status: number; body: string }> }, path: string) =>
  who.get(`/api/helpdesk/reader${path}`);

test('twenty articles and more come with the plugin, in Dutch, five also in English and French, and an edit of one is never undone', async () => {
  const { portal, nobody, writer } = world;
  const { body } = await read(nobody, '?taal=nl');
  expect(body).toContain('Hoe meld ik me aan?');
  expect((await read(nobody, '/aanmelden?taal=fr')).body).toContain('Comment me connecter');
  const rows: { language: string; count: number }[] = await portal.work('helpdesk', ({ knex }) =>
    knex('article_revisions').where({ state: 'published' }).groupBy('language').select('language').count({ count: '*' }),
  );
  const counts = Object.fromEntries(rows.map(({ language, count }) => [language, Number(count)]));
  expect(counts['nl']).toBeGreaterThanOrEqual(20);
  expect(counts).toMatchObject({ en: 5, fr: 5 });

  const { body: list } = await writer.get('/api/helpdesk/articles?q=Hoe meld ik');
  const { id } = list.articles[0];
  const text = { title: 'Hoe meld ik me aan?', summary: '', body: 'Onze eigen uitleg.', version: null };
  await writer.put(`/api/helpdesk/articles/${id}/drafts/nl`, text);
  for (const action of ['submit', 'publish'])
    await writer.post(`/api/helpdesk/articles/${id}/drafts/nl/actions`, { action, confirmAudience: true });
  await portal.work('helpdesk', shipArticles);
  expect((await read(nobody, '/aanmelden?taal=nl')).body).toContain('Onze eigen uitleg.');
});

test('H24, H29: what is not published or not for the reader leaks by no address, search, count, title, suggestion or picture', async () => {
  const { an, noor, nobody, writer, portal } = world;
  const word = 'zeeppoeder';
  const made = {
    public: await article(writer, { audience: 'public', title: `Iedereen ${word}` }),
    pupils: await article(writer, { audience: 'pupils', title: `Leerlingen ${word}` }),
    staff: await article(writer, { audience: 'staff', title: `Personeel ${word}` }),
    agents: await article(writer, { audience: 'agents', title: `Helpers ${word}` }),
  };
  const draft = await article(writer, { audience: 'public', title: `Ontwerp ${word}` }, 'draft');
  const review = await article(writer, { audience: 'public', title: `Nalezen ${word}` }, 'review');
  const sees = [
    [nobody, ['Iedereen']],
    [noor, ['Iedereen', 'Leerlingen']],
    [an, ['Iedereen', 'Leerlingen', 'Personeel']],
    [writer, ['Iedereen', 'Leerlingen', 'Personeel', 'Helpers']],
  ] as const;
  for (const [who, wanted] of sees) {
    const listed = (await read(who, '?taal=nl')).body;
    const found = (await read(who, `?taal=nl&q=${word}`)).body;
    expect(found).toContain(wanted.length === 1 ? '1 artikel over' : `${wanted.length} artikels over`);
    const { body: offered } = await who.get(`/api/helpdesk/suggestions?text=mijn ${word} is op`);
    for (const title of ['Iedereen', 'Leerlingen', 'Personeel', 'Helpers', 'Ontwerp', 'Nalezen']) {
      const visible = (wanted as readonly string[]).includes(title);
      for (const text of [listed, found]) expect(text.includes(`${title} ${word}`), title).toBe(visible);
      if (!visible) expect(JSON.stringify(offered)).not.toContain(title);
    }
    for (const [audience, { slug }] of Object.entries(made)) {
      const title = { public: 'Iedereen', pupils: 'Leerlingen', staff: 'Personeel', agents: 'Helpers' }[audience] as string;
      const { status, body } = await read(who, `/${slug}`);
      expect(status).toBe((wanted as readonly string[]).includes(title) ? 200 : 404);
      if (status === 404) expect(body).not.toContain(title);
    }
    for (const { slug } of [draft, review]) expect((await read(who, `/${slug}`)).status).toBe(404);
  }
  // A missing article and one for others are the same to whoever may not read it.
  expect((await read(nobody, `/${made.agents.slug}?taal=nl`)).body).toBe((await read(nobody, '/nergens?taal=nl')).body);
  expect(
    (await nobody.request('POST', `/api/helpdesk/reader/${made.agents.slug}/votes`, { form: { helped: 'yes' } })).status,
  ).toBe(404);
  for (const path of ['', '/worklist', `/${made.public.id}`, `/${made.public.id}/drafts/nl/page`]) {
    for (const who of [an, noor]) expect((await who.get(`/api/helpdesk/articles${path}`)).status, path).toBe(403);
    expect((await nobody.get(`/api/helpdesk/articles${path}`)).status).toBe(401);
  }
  // After it is archived, nobody finds it.
  await writer.post(`/api/helpdesk/articles/${made.public.id}/drafts/nl/actions`, { action: 'archive' });
  expect((await read(nobody, `/${made.public.slug}`)).status).toBe(404);
  expect((await read(nobody, `?taal=nl&q=${word}`)).body).not.toContain('Iedereen');
  await portal.drain();
});

test('H29: more readers need a confirmation, when publishing and when changing who reads what is published', async () => {
  const { writer, nobody } = world;
  const { id, slug } = await article(writer, { audience: 'public', title: 'Eerst bevestigen' }, 'review');
  const act = (body: object) => writer.post(`/api/helpdesk/articles/${id}/drafts/nl/actions`, body);
  expect((await act({ action: 'publish' })).body.type).toMatch(/confirm-audience$/);
  expect((await read(nobody, `/${slug}`)).status).toBe(404);
  expect((await act({ action: 'publish', confirmAudience: true })).status).toBe(200);

  const inside = await article(writer, { audience: 'staff', title: 'Binnen de school' });
  const change = (body: object) =>
    writer.put(`/api/helpdesk/articles/${inside.id}`, { topic: 'paths', tools: [], reviewBy: null, ...body });
  expect((await change({ audience: 'public' })).status).toBe(409);
  expect((await read(nobody, `/${inside.slug}`)).status).toBe(404);
  expect((await change({ audience: 'agents' })).status).toBe(204);
  expect((await change({ audience: 'public', confirmAudience: true })).status).toBe(204);
  expect((await read(nobody, `/${inside.slug}`)).status).toBe(200);
});

test('H21, H29: pictures follow their article, and are never shown as a page', async () => {
  const { writer, an, noor, nobody } = world;
  const { id } = await article(writer, { audience: 'staff', title: 'Met een afbeelding' }, 'draft');
  const form = new FormData();
  form.set('picture', picture());
  const { body, status } = await writer.request('POST', `/api/helpdesk/articles/${id}/pictures`, { multipart: form });
  expect(status, JSON.stringify(body)).toBe(201);
  const statuses = async () => Promise.all([writer, an, noor, nobody].map(async (who) => (await who.get(body.address)).status));
  expect(await statuses()).toEqual([200, 404, 404, 404]);
  const text = { title: 'Met een afbeelding', summary: '', body: `![scherm](${body.address})`, version: 1 };
  await writer.put(`/api/helpdesk/articles/${id}/drafts/nl`, text);
  for (const action of ['submit', 'publish']) await writer.post(`/api/helpdesk/articles/${id}/drafts/nl/actions`, { action });
  expect(await statuses()).toEqual([200, 200, 404, 404]);
  const { headers } = await an.get(body.address);
  expect(headers.get('content-disposition')).toMatch(/^attachment/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain('sandbox');
  await writer.post(`/api/helpdesk/articles/${id}/drafts/nl/actions`, { action: 'archive' });
  expect(await statuses()).toEqual([200, 404, 404, 404]);
});

test('H30: stems, accents, parts of words and typing errors find an article', async () => {
  const { writer, an } = world;
  await article(writer, { title: 'Problemen met het kopieerapparaat', body: 'De leerlingen fietsen naar school.' });
  for (const q of [
    'probleem kopieerapparaat',
    'kopïeerapparáát',
    'apparaat',
    'kopieerapp',
    'kopierapparaat',
    'fiets',
    'leerling',
  ]) {
    expect((await read(an, `?taal=nl&q=${encodeURIComponent(q)}`)).body, q).toContain('kopieerapparaat</a>');
  }
});

test('two writers do not overwrite each other, and what was published is kept until something takes its place', async () => {
  const { writer, an } = world;
  const { id, slug } = await article(writer, { title: 'Samen schrijven', body: 'eerste' });
  const put = (body: string, version: number | null) =>
    writer.put(`/api/helpdesk/articles/${id}/drafts/nl`, { title: 'Samen schrijven', summary: '', body, version });
  expect((await put('tweede', null)).body.version).toBe(1);
  expect((await put('van iemand anders', null)).body.type).toMatch(/article-changed$/);
  expect((await put('derde', 1)).body.version).toBe(2);
  expect((await read(an, `/${slug}?taal=nl`)).body).toContain('eerste');
  await writer.post(`/api/helpdesk/articles/${id}/drafts/nl/actions`, { action: 'submit' });
  expect((await put('vierde', 2)).status).toBe(409);
  expect((await writer.post(`/api/helpdesk/articles/${id}/drafts/nl/actions`, { action: 'submit' })).body.type).toMatch(
    /article-not-now$/,
  );
  await writer.post(`/api/helpdesk/articles/${id}/drafts/nl/actions`, { action: 'publish' });
  expect((await read(an, `/${slug}?taal=nl`)).body).toContain('derde');
  const { body } = await writer.get(`/api/helpdesk/articles/${id}`);
  expect(body.revisions.map(({ state }: { state: string }) => state).sort()).toEqual(['archived', 'published']);
});

test('writers see what is stale, what helps too little and what was searched in vain; nobody is named', async () => {
  const { writer, an, noor, nobody, portal } = world;
  const { id, slug } = await article(writer, { title: 'Oud en slecht', audience: 'pupils', reviewBy: '2026-01-01' });
  for (const helped of ['yes', 'no', 'no', 'no', 'no']) {
    const { status, headers } = await noor.request('POST', `/api/helpdesk/reader/${slug}/votes?taal=nl`, { form: { helped } });
    expect([status, headers.get('location')]).toEqual([303, `/hulp/${slug}?taal=nl&dank=1`]);
  }
  for (const who of [an, nobody, noor]) await read(who, '?taal=nl&q=xylofoonles');
  for (const q of ['wim@school.be', 'rijksregister 123456']) for (const who of [an, an]) await read(who, `?taal=nl&q=${q}`);
  const { body } = await writer.get('/api/helpdesk/articles/worklist');
  expect(body.stale).toContainEqual({ id, slug, title: 'Oud en slecht', reviewBy: '2026-01-01' });
  expect(body.lowRated).toEqual([{ id, slug, title: 'Oud en slecht', helped: 1, notHelped: 4 }]);
  // The pupil's search is not counted, nor are addresses and numbers.
  expect(body.unanswered).toEqual([{ words: 'xylofoonles', language: 'nl', times: 2 }]);
  const columns: { column_name: string }[] = await portal.work('helpdesk', ({ knex }) =>
    knex('information_schema.columns').whereIn('table_name', ['article_votes', 'unanswered_searches']).select('column_name'),
  );
  expect(columns.some(({ column_name }) => /person|author|session/.test(column_name))).toBe(false);
});

test('erasing a writer leaves the article, without who wrote it', async () => {
  const { portal, nobody } = world;
  const id = randomUUID();
  await portal.grant(id, [{ tenant: null, role: 'helpdesk-agent' }]);
  const { slug } = await article(await portal.signIn(id), { audience: 'public', title: 'Blijft bestaan' });
  await erase(portal, id);
  expect((await read(nobody, `/${slug}`)).status).toBe(200);
  const rows = await portal.work('helpdesk', ({ knex }) =>
    knex('article_revisions').where({ author_id: id }).orWhere({ reviewer_id: id }),
  );
  expect(rows).toEqual([]);
});

test('searches and voices of people who are not signed in are bounded by address; the list, and people with an account, are not', async () => {
  const { nobody, an, writer, portal } = world;
  const { slug } = await article(writer, { audience: 'public', title: 'Knikkerbaan' });
  const spend = (what: string, tries: number) =>
    portal.work('helpdesk', async ({ throttle, knex }) => {
      await knex('form_throttles').delete();
      await throttle.count(what, '127.0.0.1', 1);
      await knex('form_throttles').update({ tries });
    });
  const helped = async () => {
    const row = await portal.work('helpdesk', ({ knex }) => knex('article_votes').sum({ all: 'helped' }).first());
    return Number(row.all);
  };
  const vote = (who: typeof nobody) => who.post(`/api/helpdesk/reader/${slug}/votes?taal=nl`, { helped: 'yes' });
  const before = await helped();
  expect((await vote(nobody)).status).toBe(303);
  await spend('vote', 1_000);
  expect((await vote(nobody)).headers.get('location')).toBe(`/hulp/${slug}?taal=nl&dank=1`);
  expect(await helped()).toBe(before + 1);
  await vote(an);
  expect(await helped()).toBe(before + 2);
  const search = (who: typeof nobody) => read(who, '?taal=nl&q=knikkerbaan');
  const suggested = async (who: typeof nobody) => (await who.get('/api/helpdesk/suggestions?text=knikkerbaan')).body.articles;
  expect((await search(nobody)).status).toBe(200);
  expect(await suggested(nobody)).toHaveLength(1);
  await spend('search', 1_000);
  const refused = await search(nobody);
  expect(refused.status).toBe(429);
  expect(refused.body).not.toContain('Knikkerbaan');
  expect(await suggested(nobody)).toEqual([]);
  expect((await read(nobody, '?taal=nl')).status).toBe(200);
  // A link to the help about a page is no search.
  const help = await read(nobody, '?taal=nl&pagina=Knikkerbaan');
  expect([help.status, help.body.includes('<h2>Over deze pagina</h2>')]).toEqual([200, true]);
  expect(await suggested(an)).toHaveLength(1);
  expect((await search(an)).status).toBe(200);
  const keys = await portal.work('helpdesk', ({ knex }) => knex('form_throttles').pluck('key'));
  expect(keys.join()).not.toContain('127.0.0.1');
  await portal.work('helpdesk', ({ knex }) => knex('form_throttles').delete());
});

test('pages for everyone are compressed: they hold no secret of their reader', async () => {
  const { portal } = world;
  for (const path of ['/reader?taal=nl', '/reader/aanmelden?taal=nl', '/status?taal=nl']) {
    const answer = await fetch(`${portal.url}/api/helpdesk${path}`, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('content-encoding'), path).toBe('br');
    expect(await answer.text()).toContain('</html>');
  }
});

test('help about a page begins with its articles, by title and topic, shows no others than the reader may read, and notes nothing', async () => {
  const { portal, an, nobody } = world;
  const aboutOf = async (who: typeof nobody, query: string) => {
    const { status, body } = await read(who, `?taal=nl&${query}`);
    expect(status).toBe(200);
    const [, about = ''] = /<h2>Over de(?:ze)? pagina.*?<\/h2>([\s\S]*?)<h2/.exec(body) ?? [];
    return [...about.matchAll(/href="\/hulp\/([\w-]+)/g)].map(([, slug]) => slug);
  };
  expect(await aboutOf(an, 'over=paths&pagina=Leersporen')).toContain('spoor-geven');
  expect(await aboutOf(nobody, 'over=paths&pagina=Leersporen')).not.toContain('spoor-geven');
  expect(await aboutOf(nobody, 'pagina=Kaartjes')).toContain('kaartjes');
  expect(await aboutOf(nobody, 'over=nothing&pagina=Xyzzy')).toEqual([]);
  const hostile = (await read(nobody, `?taal=nl&over=paths&pagina=${encodeURIComponent('<script>"x"')}`)).body;
  expect(hostile).toContain('<h2>Over de pagina: Leersporen</h2>');
  expect(hostile).not.toContain('script>"x"');
  // Anybody may send somebody else such an address: the page says nothing of it.
  const lure = await read(nobody, `?taal=nl&over=paths&pagina=${encodeURIComponent('Bel nu 0900 12345')}`);
  expect(lure.body).not.toContain('0900');
  expect((await read(nobody, `?taal=nl&pagina=${'a'.repeat(500)}`)).status).toBe(200);
  expect(await portal.work('helpdesk', ({ knex }) => knex('unanswered_searches').where('words', 'xyzzy'))).toEqual([]);
});

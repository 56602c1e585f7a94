import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { type KnowledgeWorld, knowledgePortal, launches, tool } from './support/knowledge.js';

let world: KnowledgeWorld;
beforeAll(async () => {
  world = await knowledgePortal();
  await tool(world.portal, 'breuken', 'Breukenbaas');
  await tool(world.portal, 'woorden', 'Woordwiel');
});
afterAll(() => world?.portal.stop());

const measure = () => world.portal.work('helpdesk', ({ toolBoard }) => toolBoard.measure());
const board = async (): Promise<{ key: string; state: string; failures: number; launches: number }[]> =>
  (await world.writer.get('/api/helpdesk/outages')).body.tools;
const stateOf = async (key: string) => (await board()).find((each) => each.key === key)?.state;

/** A ticket of a teacher about a tool. */
const ticket = (schoolId: string, personId: string, toolKey: string): Promise<{ id: string }> =>
  world.portal.work('helpdesk', ({ ticketing }) =>
    ticketing.open({
      ...{ subject: 'Het blijft wit', text: 'Het blijft wit.', channel: 'portal', schoolId, toolKey },
      author: { personId, email: null, name: null },
    }),
  );
const ticketRow = (id: string) =>
  world.portal.work('helpdesk', ({ knex }) => knex('tickets').where({ id }).first('state', 'outage_id'));

test('the board shows what launches of all schools show, without who launched, unless somebody says otherwise', async () => {
  const { portal, wegwijzer, linde, writer, an, nobody } = world;
  await measure();
  expect(await stateOf('breuken')).toBe('works');
  await launches(portal, 'breuken', { all: 10, failed: 6, schools: [wegwijzer.id, linde.id] });
  await launches(portal, 'woorden', { all: 10, failed: 0, schools: [wegwijzer.id, linde.id], seconds: 30 });
  await measure();
  expect((await board()).map(({ key, state, failures, launches: all }) => [key, state, failures, all])).toEqual([
    ['breuken', 'down', 6, 10],
    ['woorden', 'slow', 0, 10],
  ]);
  const set = (state: string | null) => writer.put('/api/helpdesk/outages/tools/woorden', { state });
  expect((await set('works')).status).toBe(204);
  await measure();
  expect(await stateOf('woorden')).toBe('works');
  await set(null);
  expect(await stateOf('woorden')).toBe('slow');
  for (const who of [an, world.noor, world.maker]) expect((await who.get('/api/helpdesk/outages')).status).toBe(403);
  expect((await an.put('/api/helpdesk/outages/tools/woorden', { state: 'down' })).status).toBe(403);
  const { body: page } = await nobody.get('/api/helpdesk/status?taal=nl');
  expect(page).toContain('Breukenbaas werkt nu niet goed.');
  expect(page).not.toContain('<script');
  const [row] = await portal.work('helpdesk', ({ knex }) => knex('tool_states'));
  expect(Object.keys(row).filter((column) => /person|school|user/.test(column))).toEqual([]);
  await set('works');
  await writer.put('/api/helpdesk/outages/tools/breuken', { state: 'works' });
});

test('a failed launch has the tools measured soon, once for many', async () => {
  const { portal, wegwijzer, noor } = world;
  const failed = {
    ...{ school: wegwijzer.id, personId: noor.personId, registrationId: randomUUID() },
    ...{ resourceLinkId: 'stap', reason: 'launch-expired' },
  };
  for (let each = 0; each < 3; each++) {
    await portal.work('lti', ({ events }) => events.publish('launch-failed', { ...failed, launchId: randomUUID() }));
  }
  await portal.drain();
  const { pool } = await portal.platform.home();
  const { rows } = await pool.query(
    `select count(*)::int as waiting from kernel.messages where name = 'measure-tools' and unique_key is not null`,
  );
  expect(rows).toEqual([{ waiting: 1 }]);
});

test('what a teacher chose within a tool has the notice of that tool, and material of others has none', async () => {
  const { portal, an, bart, wegwijzer } = world;
  const record = {
    ...{ school: wegwijzer.id, title: 'Eigen reeks', description: '', language: 'nl', provider: 'Woordwiel', minutes: null },
    ...{ ageFrom: null, ageTo: null, difficulty: null, teacherOnly: false, available: true, conceptUris: [], keywords: [] },
    content: { kind: 'link', url: 'https://woorden.example/reeks' },
  };
  const { ids } = await portal.work('library', ({ activities }) =>
    activities.upsert([
      { ...record, source: 'choice:woorden', sourceId: 'reeks' },
      { ...record, source: 'eigen', sourceId: 'los' },
    ]),
  );
  const set = (state: string | null) => world.writer.put('/api/helpdesk/outages/tools/woorden', { state });
  await set('down');
  const query = ids.map((id: string) => `activity=${id}`).join('&');
  const notices = async (who: typeof an) => (await who.get(`/api/helpdesk/outages/notices?${query}`)).body.notices;
  expect(await notices(an)).toMatchObject([{ tools: ['woorden'], severity: 'down', activities: [ids[0]] }]);
  // Of another school: not even that it is there.
  expect(await notices(bart)).toEqual([]);
  await set('works');
});

test('an outage says to each audience what is for them, gathers tickets, writes to all and solves all', async () => {
  const { writer, an, bart, noor, nobody, wegwijzer, linde, portal } = world;
  const before = await ticket(wegwijzer.id, an.personId, 'breuken');
  const other = await ticket(wegwijzer.id, an.personId, 'woorden');
  const texts = { publicText: 'We zoeken het uit.', staffText: 'Gebruik intussen het werkblad.', pupilText: '' };
  const { body, status } = await writer.post('/api/helpdesk/outages', { tools: ['breuken'], severity: 'down', ...texts });
  expect(status, JSON.stringify(body)).toBe(201);
  const path = `/api/helpdesk/outages/${body.id}`;
  const said = async (who: typeof nobody) =>
    (await who.get('/api/helpdesk/outages/notices?tool=breuken')).body.notices.map(({ text }: { text: string }) => text);
  expect(await said(an)).toEqual(['Gebruik intussen het werkblad.']);
  expect(await said(noor)).toEqual(['We zoeken het uit.']);
  expect(await said(nobody)).toEqual(['We zoeken het uit.']);
  expect((await nobody.get('/api/helpdesk/outages/notices?tool=woorden')).body.notices).toEqual([]);
  // The page for everyone has the text for everyone, also for staff.
  expect((await an.get('/api/helpdesk/status?taal=nl')).body).not.toContain('werkblad');

  const after = await ticket(linde.id, bart.personId, 'breuken');
  await portal.drain();
  expect(await ticketRow(after.id)).toMatchObject({ outage_id: body.id });
  expect((await writer.get('/api/helpdesk/outages')).body.outages[0]).toMatchObject({ tickets: 1, linkable: 1 });
  expect((await writer.post(`${path}/tickets`, {})).body).toEqual({ tickets: 1 });
  expect((await writer.post(`${path}/updates`, { text: 'De maker kijkt ernaar.' })).body).toEqual({ tickets: 2 });
  for (const who of [an, noor, world.maker]) expect((await who.post(`${path}/end`, { text: 'Klaar.' })).status).toBe(403);
  expect((await writer.post(`${path}/end`, { text: 'Het werkt weer.' })).body).toEqual({ tickets: 2 });
  for (const { id } of [before, after]) expect(await ticketRow(id)).toMatchObject({ state: 'solved' });
  expect(await ticketRow(other.id)).toMatchObject({ state: 'new', outage_id: null });
  const messages: { text: string }[] = await portal.work('helpdesk', ({ knex }) =>
    knex('ticket_messages').where({ ticket_id: before.id }).orderBy('created_at').select('text'),
  );
  expect(messages.map(({ text }) => text).slice(1)).toEqual(['De maker kijkt ernaar.', 'Het werkt weer.']);
  expect((await writer.post(`${path}/updates`, { text: 'Nog iets.' })).body.type).toMatch(/outage-over$/);
  expect(await said(an)).toEqual([]);
  expect((await nobody.get('/api/helpdesk/status?taal=nl')).body).toContain('We zoeken het uit.');
});

/** A wish of a teacher; returns its id. */
const wish = async (who: KnowledgeWorld['an'], title: string): Promise<string> => {
  const { body, status } = await who.post('/api/helpdesk/wishes', { title });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
};
const seen = async (who: KnowledgeWorld['an'], id: string) => (await who.get(`/api/helpdesk/wishes/${id}`)).body;

test('voices count by person and by school, and nobody learns whose they are', async () => {
  const { an, els, bart, noor, nobody, maker } = world;
  const id = await wish(an, 'Leersporen afdrukken als werkblad');
  const voice = (who: typeof an, votes: boolean) => who.put(`/api/helpdesk/wishes/${id}/voice`, { votes, follows: votes });
  for (const who of [els, bart, bart]) expect((await voice(who, true)).status).toBe(204);
  expect(await seen(bart, id)).toMatchObject({ people: 3, schools: 2, votes: true });
  await voice(els, false);
  expect(await seen(els, id)).toMatchObject({ people: 2, schools: 2, votes: false });
  const text = JSON.stringify([await seen(bart, id), (await bart.get('/api/helpdesk/wishes')).body]);
  for (const { personId } of [an, els, bart]) expect(text).not.toContain(personId);
  expect(text).not.toContain(world.wegwijzer.id);
  expect((await noor.get('/api/helpdesk/wishes')).status).toBe(403);
  expect((await nobody.get('/api/helpdesk/wishes')).status).toBe(401);
  expect((await maker.put(`/api/helpdesk/wishes/${id}/voice`, { votes: true, follows: true })).status).toBe(403);
  // Rows of voices are only those of the own school, whatever is asked.
  const rows = await world.portal.work('helpdesk', ({ actAs }) =>
    actAs({ kind: 'person', id: bart.personId, roles: [], tenants: [world.linde.id] }, ({ knex }: any) =>
      knex('wish_voices').where({ wish_id: id }),
    ),
  );
  expect(rows).toHaveLength(1);
});

test('wishes that are alike are proposed, in spite of accents and typing errors, and joined without counting anybody twice', async () => {
  const { an, els, bart, writer } = world;
  const first = await wish(an, 'Donkere weergave op het klasbord');
  const twins = async (title: string) =>
    (await els.get(`/api/helpdesk/wishes/twins?title=${encodeURIComponent(title)}`)).body.wishes.map(
      (each: { id: string }) => each.id,
    );
  expect(await twins('Donkerre weergave klasbord')).toEqual([first]);
  expect(await twins('dónkere weergáve op klasbord')).toEqual([first]);
  expect(await twins('Meer kleuren voor muziek')).toEqual([]);
  const second = await wish(els, 'Een nachtstand voor het bord');
  for (const id of [first, second]) await bart.put(`/api/helpdesk/wishes/${id}/voice`, { votes: true, follows: false });
  expect((await an.post(`/api/helpdesk/wishes/${second}/merger`, { into: first })).status).toBe(403);
  expect((await writer.post(`/api/helpdesk/wishes/${second}/merger`, { into: first })).status).toBe(204);
  expect(await seen(an, first)).toMatchObject({ people: 3, schools: 2 });
  expect(await seen(an, second)).toMatchObject({ id: first });
  expect((await writer.post(`/api/helpdesk/wishes/${first}/merger`, { into: first })).body.type).toMatch(/wish-merged$/);
  const { body } = await an.get('/api/helpdesk/wishes?q=nachtstand');
  expect(body.wishes).toEqual([]);
});

test('a wish is answered by the provider to whom it was handed, and whoever follows it hears that', async () => {
  const { an, bart, writer, maker, otherMaker, oefenhoek, portal } = world;
  const id = await wish(an, 'Breuken met een rekenlijn');
  await bart.put(`/api/helpdesk/wishes/${id}/voice`, { votes: true, follows: false });
  const answer = (who: typeof an, text: string) => who.post(`/api/helpdesk/wishes/${id}/answers`, { state: 'planned', text });
  expect((await answer(maker, 'Te vroeg')).status).toBe(404);
  const { body: offered } = await writer.get('/api/helpdesk/wishes/providers');
  expect(offered.providers.map(({ name }: { name: string }) => name)).toContain('Oefenhoek');
  const hand = (who: typeof an) => who.put(`/api/helpdesk/wishes/${id}/addressee`, { addressee: 'tool', provider: oefenhoek.id });
  expect((await hand(an)).status).toBe(403);
  expect((await hand(writer)).status).toBe(204);
  expect((await answer(otherMaker, 'Niet van ons')).status).toBe(404);
  expect((await answer(an, 'Zelf')).status).toBe(403);
  expect((await maker.get('/api/helpdesk/wishes?handed=true')).body.wishes.map((each: { id: string }) => each.id)).toEqual([id]);
  expect((await otherMaker.get('/api/helpdesk/wishes?handed=true')).body.wishes).toEqual([]);
  expect((await answer(maker, 'Komt na de zomer.')).status).toBe(204);
  expect(await seen(bart, id)).toMatchObject({
    ...{ state: 'planned', providerName: 'Oefenhoek', mayAnswer: false },
    answers: [{ providerName: 'Oefenhoek', state: 'planned', text: 'Komt na de zomer.' }],
  });
  expect((await bart.get('/api/helpdesk/wishes?state=planned')).body.wishes.map((each: { id: string }) => each.id)).toEqual([id]);
  await portal.drain();
  const told = await portal.work('notifications', ({ knex }) =>
    knex('notifications').where({ kind: 'helpdesk.wish-answered' }).select('person_id'),
  );
  expect(told).toEqual([{ person_id: an.personId }]);
});

test('the list of wishes goes on where the page before ended, those with most voices first', async () => {
  const { an } = world;
  const all = (await an.get('/api/helpdesk/wishes?limit=100')).body.wishes;
  const paged = [];
  for (let path: string | null = '/api/helpdesk/wishes?limit=2'; path !== null; ) {
    const { body, headers } = await an.get(path);
    paged.push(...body.wishes);
    path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? null;
  }
  expect(paged).toEqual(all);
  const voices = all.map(({ people }: { people: number }) => people);
  expect(voices).toEqual([...voices].sort((a, b) => b - a));
});

test('erasing a person takes their voice, and leaves their wish to the others', async () => {
  const { els, bart, portal } = world;
  const id = await wish(els, 'Een kalender van alle sporen');
  await bart.put(`/api/helpdesk/wishes/${id}/voice`, { votes: true, follows: true });
  await erase(portal, els.personId);
  expect(await seen(bart, id)).toMatchObject({ title: 'Een kalender van alle sporen', people: 1, schools: 1 });
  const rows = await portal.work('helpdesk', ({ knex }) => knex('wishes').where({ author_id: els.personId }));
  expect(rows).toEqual([]);
});

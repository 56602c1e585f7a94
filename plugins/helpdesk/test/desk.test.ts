import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { findEverywhere } from '../../../core/test/support/find-everywhere.js';
import { failedLaunch } from './support/failed-launch.js';
import { ask, heard, helpdeskPortal, read, row, steps, type World, write } from './support/tickets.js';

let world: World;
beforeAll(async () => {
  world = await helpdeskPortal();
});
afterAll(async () => {
  for (const line of world.portal.log.filter((each) => each.includes('"level":50')).slice(0, 5)) console.log(line);
  await world.portal.stop();
});

const inside = <T>(fn: (services: any) => Promise<T>): Promise<T> => world.portal.work('helpdesk', fn);
const none = { personId: null, email: null, name: null };

describe('a launch that failed', () => {
  test('becomes a ticket with its trace, goes to the provider without a name, and ends with its outage', async () => {
    const { noor, an, agent, daan, eva, oefenhoek, sofie } = world;
    const failed = await failedLaunch(world, noor);
    expect(failed.page).toContain(`/helpdesk/vraag?code=${failed.code}`);
    const preview = await noor.get(`/api/helpdesk/traces/${failed.code}`);
    expect(preview.body).toMatchObject({ tool: 'Breukenoefening' });
    expect(preview.body.lines.at(-1)).toMatchObject({ outcome: 'launch-expired' });
    expect(JSON.stringify(preview.body)).not.toMatch(/Noor|Amrani|eyJ/);
    // Nobody of another school sees it, and a code that nobody knows is no fault of the question.
    expect((await world.bart.get(`/api/helpdesk/traces/${failed.code}`)).status).toBe(404);
    const asked = await ask(noor, { text: 'Noor El Amrani kan niet oefenen.', code: failed.code });
    await ask(an, { code: 'onbekend' });
    expect((await read(noor, asked.id)).trace).toEqual(preview.body);
    await an.post(`/api/helpdesk/tickets/${asked.id}/pass-on`, {});

    const shown = (await sofie.get(`/api/helpdesk/tickets/${asked.id}/side-preview`)).body;
    expect(shown.text).toBe('[…] kan niet oefenen.');
    expect(shown.providers.map(({ name }: { name: string }) => name)).toEqual(['Oefenhoek', 'Rekenplein']);
    const send = (text: string) =>
      sofie.post(`/api/helpdesk/tickets/${asked.id}/sides`, {
        provider: oefenhoek.id,
        subject: shown.subject,
        text,
        withTrace: true,
      });
    for (const text of ['Noor kan niet oefenen.', 'Mail an@school.example', 'Bel 0470 12 34 56']) {
      expect((await send(text)).body.type).toBe('/problems/helpdesk/name-in-text');
    }
    const { body: side } = await send(shown.text);
    expect(await read(noor, asked.id)).toMatchObject({ state: 'waiting_provider', turn: 'provider' });
    const seen = await daan.get(`/api/helpdesk/sides/${side.id}`);
    expect(seen.body).toMatchObject({ messages: [{ text: '[…] kan niet oefenen.' }] });
    expect(seen.body.trace.at(-1)).toMatchObject({ outcome: 'launch-expired' });
    expect(JSON.stringify(seen.body)).not.toMatch(/Noor|Amrani/);
    expect((await daan.get(`/api/helpdesk/tickets/${asked.id}`)).status).toBe(404);
    expect((await eva.get(`/api/helpdesk/sides/${side.id}`)).status).toBe(404);
    // The answer is for the helpdesk alone, and lets the clocks go on.
    expect((await daan.post(`/api/helpdesk/sides/${side.id}/messages`, { text: 'Hersteld op onze server.' })).status).toBe(204);
    expect(await row(world, asked.id)).toMatchObject({ state: 'open' });
    expect((await read(noor, asked.id)).conversation).toHaveLength(1);
    expect((await sofie.get(`/api/helpdesk/tickets/${asked.id}/sides`)).body.sides[0].messages).toHaveLength(2);

    const outage = '6b0dd5d4-5a54-4c53-9d0e-6f2f6c1d7a11';
    await inside(({ ticketing }) => ticketing.linkToOutage([asked.id], outage));
    expect(await inside(({ ticketing }) => ticketing.updateAll(outage, 'We kijken het na.'))).toBe(1);
    expect(await inside(({ ticketing }) => ticketing.closeAll(outage, 'De storing is voorbij.'))).toBe(1);
    expect(await inside(({ ticketing }) => ticketing.closeAll(outage, 'De storing is voorbij.'))).toBe(0);
    expect(await read(noor, asked.id)).toMatchObject({ state: 'solved', turn: 'you' });
    expect((await read(noor, asked.id)).conversation).toHaveLength(3);
    expect(await heard(world, noor.personId)).toMatchObject({ 'ticket-solved': 1 });
    expect(agent.personId).toBeDefined();
  });
});

describe('the desk', () => {
  test('tickets are assigned, sorted and passed on, each with its history, and only to helpers who may see them', async () => {
    const { an, agent, colleague, sofie, bart, piet } = world;
    const { id } = await ask(an);
    const patch = (body: object) => agent.patch(`/api/helpdesk/tickets/${id}`, body);
    expect((await patch({ owner: sofie.personId, priority: 1, labels: ['wit', 'wit'] })).status).toBe(204);
    for (const stranger of [bart, piet, an]) expect((await patch({ owner: stranger.personId })).status).toBe(404);
    expect(await read(agent, id)).toMatchObject({ owner: 'Sofie Peeters', priority: 1, labels: ['wit'] });
    expect(await heard(world, sofie.personId)).toMatchObject({ 'ticket-assigned': 1 });
    const helpers = async (who: typeof agent): Promise<string[]> =>
      (await who.get(`/api/helpdesk/tickets/${id}/helpers`)).body.people.map((each: { id: string }) => each.id).sort();
    // Helpers of the portal can give each other tickets; a school chooses among its own.
    expect(await helpers(agent)).toEqual([agent.personId, colleague.personId, sofie.personId].sort());
    expect(await helpers(sofie)).toEqual([sofie.personId]);
    expect((await patch({ owner: colleague.personId })).status).toBe(204);
    expect(await heard(world, colleague.personId)).toMatchObject({ 'ticket-assigned': 1 });
    await patch({ line: 'portal' });
    expect(await read(agent, id)).toMatchObject({ line: 'portal', owner: null });
    expect((await patch({ line: 'provider' })).status).toBe(409);
    expect(await steps(world, id)).toEqual(['create', 'assign', 'priority', 'labels', 'assign', 'line']);
    expect((await agent.get(`/api/helpdesk/tickets/${id}/history`)).body.steps[0]).toMatchObject({
      action: 'line',
      by: 'Greet Helper',
    });
  });

  test('whoever helps at a line hears of a ticket that nobody has, also when it is passed on, and nobody else does', async () => {
    const { an, agent, colleague, sofie, piet, daan, linde } = world;
    const waiting = async (who: typeof agent) => (await heard(world, who.personId))['ticket-waiting'] ?? 0;
    const counts = () => Promise.all([agent, colleague, sofie, piet, daan].map(waiting));
    await world.portal.drain();
    const before = await counts();
    const more = async () => (await counts()).map((count, at) => count - (before[at] as number));
    const { id } = await ask(an);
    await world.portal.drain();
    expect(await more()).toEqual([0, 0, 1, 0, 0]);
    await agent.patch(`/api/helpdesk/tickets/${id}`, { line: 'portal' });
    // Whoever passes it on knows.
    expect(await more()).toEqual([0, 1, 1, 0, 0]);
    await agent.patch(`/api/helpdesk/tickets/${id}`, { line: 'school', owner: sofie.personId });
    expect(await more()).toEqual([0, 1, 1, 0, 0]);
    // The line of a school that has nobody is the portal's.
    await world.portal.grant(piet.personId, [{ tenant: linde.id, role: 'teacher' }]);
    await ask(world.bart);
    await world.portal.drain();
    await world.portal.grant(piet.personId, [{ tenant: linde.id, role: 'ict-coordinator' }]);
    expect(await more()).toEqual([1, 2, 1, 0, 0]);
  });

  test('a helper of a school group has one queue for its schools, none of others, and no other rights there', async () => {
    const { an, bart, els, piet, wegwijzer, linde } = world;
    const [first, second] = [await ask(an), await ask(bart)];
    const listed = async () =>
      (await els.get('/api/helpdesk/queue?view=all&limit=100')).body.tickets.map((each: { id: string }) => each.id);
    await world.portal.grant(
      els.personId,
      [wegwijzer, linde].map(({ id }) => ({ tenant: id, role: 'group-helper' })),
    );
    expect(await listed()).toEqual(expect.arrayContaining([first.id, second.id]));
    for (const { id } of [first, second]) {
      expect((await els.patch(`/api/helpdesk/tickets/${id}`, { owner: els.personId })).status).toBe(204);
      expect((await write(els, id, 'Ik kijk het na.')).status).toBe(201);
    }
    expect((await els.get(`/api/directory/people/${an.personId}`)).status).toBe(403);
    expect((await els.get('/api/helpdesk/service-levels')).status).toBe(403);
    // The first line of a school that has nobody.
    const waiting = async () => (await heard(world, els.personId))['ticket-waiting'] ?? 0;
    const before = await waiting();
    await world.portal.grant(piet.personId, [{ tenant: linde.id, role: 'teacher' }]);
    await ask(bart, { subject: 'Zonder ICT-coördinator' });
    await world.portal.drain();
    await world.portal.grant(piet.personId, [{ tenant: linde.id, role: 'ict-coordinator' }]);
    expect(await waiting()).toBe(before + 1);
    await world.portal.grant(els.personId, [{ tenant: wegwijzer.id, role: 'group-helper' }]);
    expect((await els.get(`/api/helpdesk/tickets/${second.id}`)).status).toBe(404);
    await world.portal.grant(els.personId, [{ tenant: wegwijzer.id, role: 'teacher' }]);
  });

  test('views count what they list; saved views and macros are of their helper, or of all', async () => {
    const { an, agent, colleague, sofie, piet } = world;
    const { id } = await ask(an, { subject: 'Voor de teller', tool: 'oefenhoek' });
    await agent.patch(`/api/helpdesk/tickets/${id}`, { line: 'portal', owner: agent.personId });
    const { body: saved } = await agent.post('/api/helpdesk/views', { title: 'Oefenhoek', query: 'view=mine&tool=oefenhoek' });
    const counts = (await agent.get('/api/helpdesk/queue/counts')).body;
    expect(counts.saved).toEqual([{ id: saved.id, title: 'Oefenhoek', query: 'view=mine&tool=oefenhoek', count: 1 }]);
    for (const { view, count } of counts.views) {
      const { tickets } = (await agent.get(`/api/helpdesk/queue?view=${view}&limit=100`)).body;
      expect(tickets, view).toHaveLength(count);
    }
    expect((await colleague.get('/api/helpdesk/queue/counts')).body.saved).toEqual([]);
    expect((await colleague.delete(`/api/helpdesk/views/${saved.id}`)).status).toBe(404);
    expect((await agent.delete(`/api/helpdesk/views/${saved.id}`)).status).toBe(204);

    const macro = { title: 'Ververs', text: 'Druk op F5.', action: 'solve', priority: 4, labels: ['wit'] };
    const { body: shared } = await agent.post('/api/helpdesk/macros', macro);
    const { body: own } = await sofie.post('/api/helpdesk/macros', { ...macro, title: 'Van de school' });
    const titles = async (who: typeof sofie) =>
      (await who.get('/api/helpdesk/macros')).body.macros.map((each: any) => each.title);
    expect(await titles(sofie)).toEqual(['Van de school', 'Ververs']);
    expect(await titles(piet)).toEqual(['Ververs']);
    expect((await piet.delete(`/api/helpdesk/macros/${own.id}`)).status).toBe(404);
    expect((await piet.delete(`/api/helpdesk/macros/${shared.id}`)).status).toBe(404);
    const second = await ask(an);
    const uses = { tickets: [id, second.id, id] };
    expect((await piet.post(`/api/helpdesk/macros/${shared.id}/uses`, uses)).status).toBe(404);
    expect((await agent.post(`/api/helpdesk/macros/${shared.id}/uses`, uses)).status).toBe(204);
    for (const each of [id, second.id]) {
      expect(await read(an, each)).toMatchObject({ state: 'solved', priority: 4, labels: ['wit'], messages: 2 });
    }
  });

  test('the list goes on by a cursor, and every ticket is in it once', async () => {
    const { an, agent } = world;
    for (let at = 0; at < 5; at++) await ask(an, { subject: `Lijst ${at}` });
    await inside(({ knex }) => knex('tickets').where('subject', 'like', 'Lijst%').update({ line: 'portal' }));
    const seen: string[] = [];
    for (let path: string | undefined = '/api/helpdesk/queue?limit=2'; path !== undefined; ) {
      const { body, headers } = (await agent.get(path)) as any;
      seen.push(...body.tickets.map((each: { id: string }) => each.id));
      path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(5);
    const mine: string[] = [];
    for (let path: string | undefined = '/api/helpdesk/my-tickets?limit=3'; path !== undefined; ) {
      const { body, headers } = (await an.get(path)) as any;
      mine.push(...body.tickets.map((each: { id: string }) => each.id));
      path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    const asked = await inside(({ knex }) => knex('tickets').where({ requester_id: an.personId }).pluck('id'));
    expect(mine.filter((id) => asked.includes(id)).sort()).toEqual(asked.sort());
  });

  test('a draft is held back when a message came since, and two helpers see each other', async () => {
    const { an, agent, colleague } = world;
    const { id } = await ask(an);
    const draft = { kind: 'public', text: 'Half', seen: 1 };
    expect((await agent.put(`/api/helpdesk/tickets/${id}/draft`, draft)).status).toBe(204);
    await write(an, id, 'Intussen lukt het.');
    const late = await write(agent, id, 'Half', { seen: '1' });
    expect(late.body.type).toBe('/problems/helpdesk/newer-message');
    expect((await agent.get(`/api/helpdesk/tickets/${id}/draft`)).body.draft).toEqual(draft);
    expect((await colleague.get(`/api/helpdesk/tickets/${id}/draft`)).body.draft).toBeNull();
    expect((await write(agent, id, 'Fijn.', { seen: '2' })).status).toBe(201);
    expect((await agent.get(`/api/helpdesk/tickets/${id}/draft`)).body.draft).toBeNull();
    await colleague.put(`/api/helpdesk/tickets/${id}/presence`, { writing: true });
    expect((await agent.get(`/api/helpdesk/tickets/${id}/presence`)).body.people).toEqual([
      { name: 'Wim Helper', writing: true },
    ]);
    await colleague.delete(`/api/helpdesk/tickets/${id}/presence`);
    expect((await agent.get(`/api/helpdesk/tickets/${id}/presence`)).body.people).toEqual([]);
  });

  test('a message becomes a ticket of its own, by whoever wrote it', async () => {
    const { an, agent } = world;
    const { id, number } = await ask(an);
    await write(an, id, 'En nog iets heel anders: de printer.');
    const message = (await read(agent, id)).conversation[1];
    const { body } = await agent.post(`/api/helpdesk/tickets/${id}/splits`, { message: message.id, subject: 'Printer' });
    const split = await read(an, body.id);
    expect(split).toMatchObject({ part: 'requester', subject: 'Printer', links: [{ number, kind: 'split' }] });
    expect(split.conversation).toMatchObject([{ text: message.text, fromNumber: number }]);
    expect((await read(an, id)).conversation).toHaveLength(2);
  });
});

describe('time', () => {
  /** A line that is always open, or never now. */
  const hours = async (line: string, open: boolean) => {
    const day = open ? [[0, 1_440]] : [];
    const today = (new Date().getUTCDay() + 6) % 7;
    const week = Array.from({ length: 7 }, (_, at) => (open || Math.abs(at - today) % 7 === 3 ? [[0, 1_440]] : day));
    const body = {
      hours: week,
      legalHolidays: false,
      schoolHolidays: false,
      firstMinutes: [60, 60, 60, 60],
      solveMinutes: [600, 600, 600, 600],
    };
    expect((await world.agent.put(`/api/helpdesk/service-levels/${line}`, body)).status).toBe(204);
  };
  const ago = (id: string, minutes: number) =>
    inside(async ({ knex, ticketing }) => {
      await knex('ticket_segments')
        .where({ ticket_id: id })
        .update({ at: knex.raw(`at - make_interval(mins => ?)`, [minutes]) });
      await ticketing.keepTime(await ticketing.find(id));
    });

  test('H26: both clocks stand still while a ticket waits; a new priority keeps what passed', async () => {
    const { an, agent } = world;
    await hours('school', true);
    const { id } = await ask(an);
    await ago(id, 20);
    const left = async () => Math.round(((await row(world, id)).first_due_at.getTime() - Date.now()) / 60_000);
    expect(await left()).toBe(40);
    await agent.post(`/api/helpdesk/tickets/${id}/actions`, { action: 'ask' });
    expect(await row(world, id)).toMatchObject({ first_due_at: null, solve_due_at: null, due_at: null });
    await ago(id, 500);
    await agent.patch(`/api/helpdesk/tickets/${id}`, { priority: 1 });
    expect((await row(world, id)).due_at).toBeNull();
    await write(an, id, 'Hier ben ik.');
    expect(await left()).toBeLessThanOrEqual(40);
    expect(await left()).toBeGreaterThan(30);
    await write(agent, id, 'Dank je.');
    const { first_due_at, solve_due_at } = await row(world, id);
    expect(first_due_at).toBeNull();
    expect(solve_due_at).not.toBeNull();
  });

  test('H26: warnings and escalation come once, and within opening hours only', async () => {
    const { an, agent, sofie } = world;
    await hours('school', true);
    const { id } = await ask(an);
    await agent.patch(`/api/helpdesk/tickets/${id}`, { owner: sofie.personId });
    await ago(id, 30);
    const before = (await heard(world, sofie.personId))['ticket-due'] ?? 0;
    for (let at = 0; at < 2; at++) await inside(({ overdue }) => overdue.warn());
    expect((await row(world, id)).warned_at).not.toBeNull();
    expect((await heard(world, sofie.personId))['ticket-due']).toBeGreaterThan(before);
    await ago(id, 45);
    await hours('school', false);
    await inside(({ overdue }) => overdue.escalate());
    expect(await row(world, id)).toMatchObject({ line: 'school', escalated_at: null });
    await hours('school', true);
    for (let at = 0; at < 2; at++) await inside(({ overdue }) => overdue.escalate());
    expect(await row(world, id)).toMatchObject({ line: 'portal', owner_id: null });
    expect((await steps(world, id)).filter((step) => step === 'escalate')).toHaveLength(1);
    expect(await heard(world, sofie.personId)).toMatchObject({ 'ticket-overdue': 1 });
    expect((await an.put('/api/helpdesk/service-levels/school', {})).status).toBe(403);
  });

  test('what is quiet is closed by the portal, and nobody else’s', async () => {
    const { an, agent } = world;
    const [solved, waiting, open] = [await ask(an), await ask(an), await ask(an)];
    await write(agent, solved.id, 'Zo.', { next: 'solve' });
    await write(agent, waiting.id, 'Welk toestel?', { next: 'ask' });
    await inside(({ knex }) =>
      knex('tickets')
        .whereIn('id', [solved.id, waiting.id, open.id])
        .update({ solved_at: knex.raw(`solved_at - interval '8 days'`), last_at: knex.raw(`last_at - interval '22 days'`) }),
    );
    await inside(({ overdue }) => overdue.close());
    expect((await row(world, solved.id)).state).toBe('closed');
    expect((await row(world, waiting.id)).state).toBe('closed');
    expect((await row(world, open.id)).state).toBe('new');
  });
});

test('erasing a person clears what they wrote, its index and their files; the others’ conversation stays', async () => {
  const { els, an, agent, sofie, portal } = world;
  const file = new File(['Sneeuwuil'], 'sneeuwuil.txt', { type: 'text/plain' });
  const own = await ask(els, { subject: 'Sneeuwuil in beeld', text: 'De sneeuwuil verdwijnt.', device: 'Sneeuwuilbook' }, [file]);
  await write(agent, own.id, 'Dat kijken we na.');
  await els.post(`/api/helpdesk/tickets/${own.id}/participants`, { person: an.personId });
  const other = await ask(an, { subject: 'Van An' });
  await an.post(`/api/helpdesk/tickets/${other.id}/participants`, { person: els.personId });
  await write(els, other.id, 'Ook hier een sneeuwuil.');
  const [{ files }] = (await read(agent, own.id)).conversation;
  expect((await agent.get('/api/helpdesk/queue?q=sneeuwuil')).body.tickets.length).toBeGreaterThan(0);
  await erase(portal, els.personId);
  expect(await findEverywhere(portal, [els.personId, 'Sneeuwuil', 'sneeuwuil', 'neeuwuil'])).toEqual([]);
  expect((await agent.get('/api/helpdesk/queue?q=sneeuwuil')).body.tickets).toEqual([]);
  expect((await agent.get(`/api/helpdesk/attachments/${files[0].id}`)).status).toBe(404);
  const rest = await read(sofie, own.id);
  expect(rest.requester).toBeNull();
  expect(rest.conversation.map(({ text }: { text: string }) => text)).toEqual(['', 'Dat kijken we na.']);
  expect((await read(an, other.id)).conversation.map(({ text }: { text: string }) => text)).toEqual([
    'Het scherm blijft wit bij breuken.',
    '',
  ]);
  // Whoever writes without an account is not mistaken for somebody who was erased.
  await expect(
    inside(({ ticketing }) =>
      ticketing.addMessage(own.id, { author: none, text: 'x', kind: 'public', channel: 'mail', automatic: true }),
    ),
  ).resolves.toBeDefined();
});

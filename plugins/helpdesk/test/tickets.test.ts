import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  act,
  ask,
  chooseSettings,
  heard,
  helpdeskPortal,
  type Person,
  read,
  row,
  steps,
  type World,
  write,
} from './support/tickets.js';

let world: World;
beforeAll(async () => {
  world = await helpdeskPortal();
});
afterAll(async () => {
  for (const line of world.portal.log.filter((each) => each.includes('"level":50')).slice(0, 5)) console.log(line);
  await world.portal.stop();
});

const choose = (tenant: string | null, values: Record<string, unknown>) => chooseSettings(world, tenant, values);
const ticketing = <T>(fn: (services: any) => Promise<T>): Promise<T> => world.portal.work('helpdesk', fn);
const text = (name: string, words: string) => new File([words], name, { type: 'text/plain' });
const mailed = { channel: 'mail', mailId: null } as const;

describe('asking and answering', () => {
  test('a teacher asks, the school’s ICT coordinator answers, and the teacher says that it is solved', async () => {
    const { an, sofie } = world;
    const asked = await ask(an);
    expect(asked).toMatchObject({ line: 'school' });
    expect(new Date(asked.answerBy ?? 0).getTime()).toBeGreaterThan(Date.now());
    expect(await read(an, asked.id)).toMatchObject({ state: 'new', turn: 'helpdesk', part: 'requester' });
    expect((await write(sofie, asked.id, 'Welk toestel?', { next: 'ask' })).status).toBe(201);
    expect(await read(an, asked.id)).toMatchObject({ state: 'waiting_requester', turn: 'you', owner: 'Sofie Peeters' });
    expect(await heard(world, an.personId)).toMatchObject({ 'ticket-answered': 1 });
    await write(an, asked.id, 'Een Chromebook.');
    expect(await read(sofie, asked.id)).toMatchObject({ state: 'open', turn: 'you', part: 'agent' });
    expect(await heard(world, sofie.personId)).toMatchObject({ 'ticket-replied': 1 });
    await write(sofie, asked.id, 'Opgelost.', { next: 'solve' });
    expect((await act(an, asked.id, 'confirm')).status).toBe(204);
    expect(await read(an, asked.id)).toMatchObject({ state: 'closed', turn: 'nobody' });
    expect(await steps(world, asked.id)).toEqual(['create', 'assign', 'ask', 'reply', 'solve', 'confirm']);
    // The requester cannot do what only helpers do.
    expect((await act(an, asked.id, 'spam')).status).toBe(409);
  });

  test('files go along, and only those who may read the message get them', async () => {
    const { an, bart, agent, noor } = world;
    const { id } = await ask(an, {}, [text('foutmelding.txt', 'E42')]);
    const [message] = (await read(an, id)).conversation;
    expect(message.files).toMatchObject([{ name: 'foutmelding.txt', bytes: 3 }]);
    const address = `/api/helpdesk/attachments/${message.files[0].id}`;
    for (const who of [an, agent]) expect((await who.get(address)).status).toBe(200);
    for (const who of [bart, noor]) expect((await who.get(address)).status).toBe(404);
    const [note] = [await write(agent, id, 'Intern', { kind: 'note' }, [text('intern.txt', 'log')])];
    expect(note?.status).toBe(201);
    const shown = (await read(agent, id)).conversation.at(-1);
    expect(shown).toMatchObject({ kind: 'note' });
    expect((await an.get(`/api/helpdesk/attachments/${shown.files[0].id}`)).status).toBe(404);
    expect(await row(world, id)).toMatchObject({ messages: 2, attachments: 2 });
  });

  test('a pupil’s question is with the teacher, who passes it on', async () => {
    const { noor, an, agent, els } = world;
    const asked = await ask(noor, { subject: 'Mijn oefening' });
    expect(asked).toMatchObject({ line: 'teacher', answerBy: null });
    expect(await read(noor, asked.id)).toMatchObject({ turn: 'teacher' });
    expect((await an.get('/api/helpdesk/my-tickets')).body.tickets[0]).toMatchObject({ id: asked.id, turn: 'you' });
    expect((await els.get(`/api/helpdesk/tickets/${asked.id}`)).status).toBe(404);
    expect((await agent.get('/api/helpdesk/queue')).body.tickets.map(({ id }: { id: string }) => id)).not.toContain(asked.id);
    expect((await noor.post(`/api/helpdesk/tickets/${asked.id}/pass-on`, {})).status).toBe(403);
    expect((await an.post(`/api/helpdesk/tickets/${asked.id}/pass-on`, {})).status).toBe(204);
    expect(await row(world, asked.id)).toMatchObject({ line: 'school' });
    expect((await row(world, asked.id)).first_due_at).not.toBeNull();
    expect((await an.post(`/api/helpdesk/tickets/${asked.id}/pass-on`, {})).status).toBe(409);
  });

  test('a pupil asks the helpdesk directly where the school lets pupils ask', async () => {
    const { noor, sofie, an } = world;
    await choose(world.wegwijzer.id, { pupilsAsk: true });
    const { id, line, answerBy } = await ask(noor);
    expect({ line, answerBy }).toEqual({ line: 'school', answerBy: expect.any(String) });
    expect((await an.get(`/api/helpdesk/tickets/${id}`)).status).toBe(404);
    expect((await write(sofie, id, 'Probeer het eens opnieuw.')).status).toBe(201);
    expect((await read(noor, id)).conversation).toHaveLength(2);
    await choose(world.wegwijzer.id, { pupilsAsk: false });
    expect(await ask(noor)).toMatchObject({ line: 'teacher', answerBy: null });
  });

  test('a colleague of the school can take part, somebody else cannot', async () => {
    const { an, els, bart } = world;
    const { id } = await ask(an);
    expect((await els.get(`/api/helpdesk/tickets/${id}`)).status).toBe(404);
    const found = await an.get(`/api/helpdesk/tickets/${id}/colleagues?q=verv`);
    expect(found.body.people).toMatchObject([{ id: els.personId }]);
    expect((await an.post(`/api/helpdesk/tickets/${id}/participants`, { person: els.personId })).status).toBe(204);
    expect((await an.post(`/api/helpdesk/tickets/${id}/participants`, { person: bart.personId })).status).toBe(409);
    expect(await read(els, id)).toMatchObject({ part: 'participant' });
    await write(els, id, 'Bij mij ook.');
    expect((await read(an, id)).conversation).toHaveLength(2);
    const [participant] = (await read(an, id)).participants;
    await an.delete(`/api/helpdesk/tickets/${id}/participants/${participant.id}`);
    expect((await els.get(`/api/helpdesk/tickets/${id}`)).status).toBe(404);
  });

  test('whoever is not signed in asks by a form, which is throttled', async () => {
    const visitor = world.portal.client();
    const body = { name: 'Ria', email: 'ria@school.example', subject: 'Aanmelden', text: 'Ik raak niet binnen.' };
    const answers = [];
    for (let at = 0; at < 6; at++) answers.push(await visitor.post('/api/helpdesk/form', body));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 429]);
    expect(answers[5]?.body.type).toBe('/problems/helpdesk/too-many-questions');
    const stored = await ticketing(({ ticketing: service }) => service.byNumber(answers[0]?.body.number));
    expect(stored).toMatchObject({ school_id: null, requester_email: 'ria@school.example', channel: 'form', line: 'portal' });
    // Of no school: nobody but the portal's helpers.
    expect((await world.sofie.get(`/api/helpdesk/tickets/${stored.id}`)).status).toBe(404);
    expect(await read(world.agent, stored.id)).toMatchObject({ requester: 'Ria', school: null });
    const keys = await ticketing(({ knex }) => knex('form_throttles').pluck('key'));
    expect(keys.join()).toMatch(/^[0-9a-f]{64}(,[0-9a-f]{64})*$/);
  });
});

describe('reports of others', () => {
  test('H5: an automatic message changes neither state, owner nor clock, in whatever state the ticket is', async () => {
    const { an, agent } = world;
    const author = { personId: an.personId, email: null, name: null };
    const away = { author, text: 'Ik ben er niet tot maandag.', kind: 'public', automatic: true, ...mailed };
    for (const action of ['ask', 'solve', 'close'] as const) {
      const { id } = await ask(an);
      await write(agent, id, 'Kijk eens?');
      await ticketing(({ ticketing: service }) => service.change(id, action, { part: 'agent', personId: agent.personId }));
      const before = await row(world, id);
      const segments = () => ticketing(({ knex }) => knex('ticket_segments').where({ ticket_id: id }).orderBy('id'));
      const clocks = await segments();
      await ticketing(({ ticketing: service }) => service.addMessage(id, away));
      const { state, owner_id, due_at, first_due_at, solve_due_at, last_by, last_at } = before;
      expect(await row(world, id)).toMatchObject({
        state,
        owner_id,
        due_at,
        first_due_at,
        solve_due_at,
        last_by,
        last_at,
        messages: 3,
      });
      expect(await segments()).toEqual(clocks);
    }
  });

  test('H6: a reply by mail and one in the portal open a ticket again alike, and its clock goes on', async () => {
    const { an, agent } = world;
    const ends = [];
    for (const channel of ['mail', 'portal'] as const) {
      const { id } = await ask(an);
      await write(agent, id, 'Zo doe je dat.', { next: 'solve' });
      const author = { personId: an.personId, email: null, name: null };
      if (channel === 'portal') await write(an, id, 'Toch niet.');
      else
        await ticketing(({ ticketing: service }) =>
          service.addMessage(id, { author, text: 'Toch niet.', kind: 'public', channel }),
        );
      const { state, last_by, solve_due_at, first_due_at } = await row(world, id);
      ends.push({ state, last_by, runs: solve_due_at !== null, first: first_due_at, steps: await steps(world, id) });
    }
    expect(ends[0]).toEqual(ends[1]);
    expect(ends[0]).toMatchObject({ state: 'open', runs: true, first: null });
  });

  test('a reply to a ticket that was closed long ago is another ticket, linked to it', async () => {
    const { an, agent } = world;
    const { id } = await ask(an);
    await write(agent, id, 'Klaar.', { next: 'solve' });
    await act(an, id, 'confirm');
    await ticketing(({ knex }) =>
      knex('tickets')
        .where({ id })
        .update({ closed_at: knex.raw(`now() - interval '15 days'`) }),
    );
    const { body } = await write(an, id, 'Het is terug.');
    expect(body.ticket).not.toBe(id);
    expect(await row(world, id)).toMatchObject({ state: 'closed' });
    expect((await read(an, body.ticket)).links).toMatchObject([{ id, kind: 'follow-up' }]);
  });

  test('H23: notes never reach whoever asked: neither the page, a search, the event nor the count', async () => {
    const { an, agent } = world;
    const { id } = await ask(an, { subject: 'Iets anders' });
    const before = await heard(world, an.personId);
    await write(agent, id, 'Geheimschrift over de zeemeeuw', { kind: 'note' });
    expect(JSON.stringify(await read(an, id))).not.toContain('zeemeeuw');
    expect((await an.get('/api/helpdesk/my-tickets?q=zeemeeuw')).body.tickets).toEqual([]);
    expect((await an.get('/api/helpdesk/search?q=zeemeeuw')).body.results).toEqual([]);
    expect((await agent.get('/api/helpdesk/queue?q=zeemeeuw')).body.tickets).toHaveLength(1);
    expect(await heard(world, an.personId)).toEqual(before);
    // The requester cannot write one either.
    expect((await write(an, id, 'x', { kind: 'note' })).status).toBe(404);
  });

  test('H24: nothing of a ticket reaches another school, another provider, or a pupil', async () => {
    const { an, agent, bart, piet, noor, daan, eva, els } = world;
    const { id } = await ask(an, { subject: 'Kwartelei' });
    const [message] = (await read(an, id)).conversation;
    const strangers: Person[] = [bart, piet, noor, daan, eva, els];
    for (const who of strangers) {
      for (const path of ['', '/history', '/sides', '/side-preview', '/draft', '/presence', '/helpers', '/colleagues?q=an']) {
        expect([403, 404], `${path}`).toContain((await who.get(`/api/helpdesk/tickets/${id}${path}`)).status);
      }
      expect([403, 404]).toContain((await write(who, id, 'x')).status);
      expect([403, 404]).toContain((await act(who, id, 'withdraw')).status);
      const lists = ['my-tickets', 'queue', 'search?q=kwartelei', 'queue?q=kwartelei', 'sides'];
      for (const list of lists) expect(JSON.stringify((await who.get(`/api/helpdesk/${list}`)).body)).not.toContain('Kwartelei');
      expect([403, 404]).toContain(
        (await who.post(`/api/helpdesk/tickets/${id}/splits`, { message: message.id, subject: 'x' })).status,
      );
    }
    // Counts are of one's own tickets only.
    const all = (body: { views: { view: string; count: number }[] }) => body.views.find(({ view }) => view === 'all')?.count;
    expect(all((await piet.get('/api/helpdesk/queue/counts')).body)).toBe(0);
    expect(all((await agent.get('/api/helpdesk/queue/counts')).body)).toBeGreaterThan(0);
    // Links do not name what the reader may not open.
    const other = await ask(bart, { subject: 'Fazantenveer' });
    expect((await agent.post(`/api/helpdesk/tickets/${id}/links`, { number: other.number })).status).toBe(204);
    expect((await read(agent, id)).links).toHaveLength(1);
    for (const [who, own] of [
      [an, id],
      [bart, other.id],
    ] as const)
      expect((await read(who, own)).links).toEqual([]);
  });

  test('H27: merging loses nothing, both have it in their history, and a reply to the merged one lands on the other', async () => {
    const { an, els, agent, daan, oefenhoek, bart } = world;
    const target = await ask(an, { subject: 'Blijft' });
    const source = await ask(els, { subject: 'Gaat op' }, [text('bewijs.txt', 'x')]);
    const third = await ask(an, { subject: 'Derde' });
    await agent.post(`/api/helpdesk/tickets/${source.id}/links`, { number: third.number });
    await agent.post(`/api/helpdesk/tickets/${target.id}/links`, { number: third.number });
    await agent.post(`/api/helpdesk/tickets/${source.id}/links`, { number: target.number });
    await agent.patch(`/api/helpdesk/tickets/${source.id}`, { labels: ['wit'] });
    await agent.put(`/api/helpdesk/tickets/${source.id}/draft`, { kind: 'public', text: 'Half antwoord', seen: 1 });
    await agent.post(`/api/helpdesk/tickets/${source.id}/sides`, {
      provider: oefenhoek.id,
      subject: 'Vraag',
      text: 'Ken je dit?',
    });
    const other = await ask(bart);
    const merge = (id: string, into: number) => agent.post(`/api/helpdesk/tickets/${id}/merge`, { into });
    expect((await merge(source.id, other.number)).body.type).toBe('/problems/helpdesk/other-school');
    expect((await merge(source.id, source.number)).body.type).toBe('/problems/helpdesk/merged-target');
    expect((await merge(source.id, target.number)).body.id).toBe(target.id);
    expect((await merge(target.id, source.number)).body.type).toBe('/problems/helpdesk/merged-target');
    const merged = await read(agent, target.id);
    expect(merged.conversation.map((each: { fromNumber: number | null }) => each.fromNumber)).toEqual([null, source.number]);
    expect(merged).toMatchObject({ messages: 2, attachments: 1, labels: ['wit'] });
    expect(merged.conversation[1].files).toMatchObject([{ name: 'bewijs.txt' }]);
    expect((await els.get(`/api/helpdesk/attachments/${merged.conversation[1].files[0].id}`)).status).toBe(200);
    expect(merged.participants).toMatchObject([{ name: 'Els Vervoort' }]);
    expect(merged.links.map(({ number, kind }: { number: number; kind: string }) => [number, kind])).toEqual([
      [source.number, 'merged'],
      [third.number, 'related'],
    ]);
    expect((await agent.get(`/api/helpdesk/tickets/${target.id}/draft`)).body.draft).toMatchObject({ text: 'Half antwoord' });
    expect((await agent.get(`/api/helpdesk/tickets/${target.id}/sides`)).body.sides).toHaveLength(1);
    expect((await daan.get('/api/helpdesk/sides')).body.sides).toHaveLength(1);
    expect(await steps(world, source.id)).toContain('merge');
    expect(await steps(world, target.id)).toContain('merged-in');
    const reply = await write(els, source.id, 'Nog iets.');
    expect(reply.body.ticket).toBe(target.id);
    expect((await read(an, target.id)).conversation).toHaveLength(3);
    expect(await row(world, source.id)).toMatchObject({ state: 'merged', merged_into: target.id, messages: 0 });
  });

  test('H28: a survey only after a solution that whoever asked confirmed, once each', async () => {
    const { an, agent } = world;
    const { id } = await ask(an);
    const rate = () => an.post(`/api/helpdesk/tickets/${id}/survey`, { score: 4 });
    expect((await rate()).status).toBe(409);
    await write(agent, id, 'Klaar.', { next: 'solve' });
    expect((await rate()).status).toBe(409);
    await act(an, id, 'confirm');
    expect((await rate()).status).toBe(204);
    expect((await rate()).body.type).toBe('/problems/helpdesk/survey-answered');
    await act(an, id, 'reopen');
    await write(agent, id, 'Nu wel.', { next: 'solve' });
    await act(an, id, 'confirm');
    expect((await rate()).status).toBe(204);
    // The setting is off: nobody is asked.
    expect(await read(an, id)).toMatchObject({ survey: false });
    await choose(null, { survey: true });
    expect(await read(an, id)).toMatchObject({ survey: false });
    await act(an, id, 'reopen');
    await write(agent, id, 'En nu?', { next: 'solve' });
    expect(await read(an, id)).toMatchObject({ survey: false });
    await act(an, id, 'confirm');
    expect(await read(an, id)).toMatchObject({ survey: true });
    expect(await read(agent, id)).toMatchObject({ survey: false });
    expect((await agent.post(`/api/helpdesk/tickets/${id}/survey`, { score: 5 })).status).toBe(409);
    expect((await rate()).status).toBe(204);
    expect(await read(an, id)).toMatchObject({ survey: false });
    await choose(null, { survey: false });
    const withdrawn = await ask(an);
    await act(an, withdrawn.id, 'withdraw');
    expect((await an.post(`/api/helpdesk/tickets/${withdrawn.id}/survey`, { score: 1 })).status).toBe(409);
  });

  test('H30: words are found without accents and by their parts, under the same rights as browsing', async () => {
    const { an, agent, bart, daan, eva, sofie } = world;
    const { id, number } = await ask(an, {
      subject: 'Probleem met het klasbord',
      text: 'De grafieken van leerlingvolgsysteem verspringen.',
    });
    for (const q of ['problèem', 'PROBLEEM', 'bord', 'klasb', 'volgsys', 'grafiek', `${number}`, `#${number}`]) {
      for (const who of [agent, sofie]) {
        const found = await who.get(`/api/helpdesk/queue?q=${encodeURIComponent(q)}`);
        expect(
          found.body.tickets.map((each: { id: string }) => each.id),
          q,
        ).toContain(id);
      }
      expect((await an.get(`/api/helpdesk/my-tickets?q=${encodeURIComponent(q)}`)).body.tickets).not.toEqual([]);
      expect((await bart.get(`/api/helpdesk/search?q=${encodeURIComponent(q)}`)).body.results).toEqual([]);
    }
    expect((await agent.get('/api/helpdesk/queue?q=klasbord+bestaatniet')).body.tickets).toEqual([]);
    // A word that only tickets of others have is answered as a word that nobody wrote: not even that it exists is told.
    for (const who of [bart, daan, eva]) {
      for (const place of ['queue', 'my-tickets', 'search']) {
        const answer = async (q: string) => {
          const { status, body } = await who.get(`/api/helpdesk/${place}?q=${q}`);
          return { status, body: status < 400 ? body : body.type };
        };
        expect(await answer('leerlingvolgsysteem'), place).toEqual(await answer('bestaatniet'));
      }
    }
  });
});

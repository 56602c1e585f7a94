import { readFileSync } from 'node:fs';
import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import notifications from '@ilearn/plugin-notifications';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addMonths, daysBetween } from '../src/requests/deadlines.js';
import { letterText } from '../src/requests/letters.js';
import {
  actionsOf,
  openStates,
  type RequestState,
  requestKinds,
  requestStates,
  requestTransitions,
} from '../src/requests/states.js';
import { createSchools } from './schools.js';

describe('the rules of requests', () => {
  test('the table of docs/privacy.md is that of the code', () => {
    const page = readFileSync(new URL('../../../docs/privacy.md', import.meta.url), 'utf8');
    const section = /## Requests\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
    const rows = [...section.matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm)].map(([, action, rest]) => [
      action,
      ...(rest ?? '').split(' | '),
    ]);
    const states = (list: readonly (RequestState | null)[]) =>
      list.map((each) => (each === null ? '–' : `\`${each}\``)).join(', ');
    expect(rows).toEqual(
      requestTransitions.map(({ action, from, to, by, needs, clock, letter, tells }) => [
        ...[action, states(from), `\`${to}\``, by.join(', '), needs ?? '–', clock, letter ?? '–', tells ?? '–'],
      ]),
    );
  });

  test('every state is reached, those that are open have a way out, and closed ones have none', () => {
    const reached = new Set<string>(requestTransitions.map(({ to }) => to));
    expect(requestStates.filter((state) => !reached.has(state))).toEqual([]);
    for (const state of requestStates) {
      const open = (openStates as readonly string[]).includes(state);
      expect(actionsOf('officer', state).length > 0).toBe(open);
      expect(actionsOf('asker', state)).toEqual(open ? ['withdraw'] : []);
    }
  });

  test.each([
    ['2026-11-28', 1, '2026-12-28'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-01-31', 3, '2026-04-30'],
    ['2026-12-31', 1, '2027-01-31'],
    ['2026-12-31', 3, '2027-03-31'],
  ])('%s and %i months is %s', (day, months, expected) => expect(addMonths(day, months)).toBe(expected));

  test('days are counted by the calendar, also where clocks change', () =>
    expect([daysBetween('2026-03-28', '2026-03-30'), daysBetween('2026-10-26', '2026-10-24')]).toEqual([2, -2]));

  test('every letter is written in three languages, without a placeholder, and a refusal says where to complain', () => {
    const facts = { number: '101', to: 'An', about: 'Bo', sender: 'School', today: '2026-11-28', received: '2026-11-01' };
    for (const language of ['nl', 'en', 'fr']) {
      for (const kind of ['received', 'identity', 'extended', 'granted', 'refused'] as const) {
        for (const request of requestKinds) {
          const text = letterText({ ...facts, kind, request, language, due: '2026-12-01', reason: 'waarom', answer: 'daarom' });
          expect(text).not.toMatch(/\{\{|letters\.|undefined/);
          expect(text).toContain(kind === 'granted' ? 'daarom' : kind === 'received' ? '2026' : 'waarom');
          expect(text.includes('Toezichtcommissie') && text.includes('apd-gba.be')).toBe(
            kind === 'refused' || kind === 'extended',
          );
        }
      }
    }
  });
});

describe('a request', () => {
  let portal: TestPlatform;
  let people: Record<string, string>;
  let schoolOf: (who: string) => string;
  const as: Record<string, TestClient> = {};
  const sql = async (text: string, values: unknown[] = []) =>
    (await (await portal.platform.home()).pool.query(text, values)).rows;
  const client = (who: string) => as[who] as TestClient;
  const one = async (who: string, id: string) => (await client(who).get(`/api/privacy/requests/${id}`)).body;
  const act = (who: string, id: string, body: object) => client(who).post(`/api/privacy/requests/${id}/actions`, body);
  const told = async (who: string) =>
    (await client(who).get('/api/notifications/inbox')).body.items.map(({ kind, place }: { kind: string; place: string }) => [
      kind,
      place,
    ]);

  beforeAll(async () => {
    const schools = await createSchools({ plugins: [notifications] });
    ({ portal, people, schoolOf } = schools);
    for (const who of ['administrator', 'piet', 'other', 'ann', 'ida', 'ali', 'bo']) as[who] = await schools.signIn(who);
  });
  afterAll(() => portal?.stop());

  const ask = async (who: string, body: object) =>
    client(who).post('/api/privacy/own/requests', { school: schoolOf(who), kind: 'access', ...body });

  test('by the person: the school is told, has a month, extends it once with a reason, and answers by letter', async () => {
    const { status, body } = await ask('ali', { kind: 'objection', details: 'Ik wil dit niet.' });
    expect(status).toBe(201);
    const place = `/beheer/privacy/verzoeken/${body.id}`;
    await portal.drain();
    await expect.poll(() => told('piet')).toContainEqual(['privacy.request-received', place]);
    const found = await one('piet', body.id);
    expect(found).toMatchObject({
      state: 'open',
      kind: 'objection',
      name: 'Ali Amrani',
      school: 'School A',
      identityHow: 'account',
    });
    expect(found.dueOn).toBe(addMonths(found.receivedOn, 1));
    expect((await act('piet', body.id, { action: 'extend' })).body.type).toBe('/problems/privacy/missing-text');
    expect((await act('piet', body.id, { action: 'extend', reason: 'Veel vragen.' })).status).toBe(204);
    expect((await act('piet', body.id, { action: 'extend', reason: 'Nog meer.' })).body.type).toBe('/problems/privacy/not-now');
    expect((await one('piet', body.id)).dueOn).toBe(addMonths(found.receivedOn, 3));
    expect((await act('piet', body.id, { action: 'refuse', reason: 'Het is nodig om te leren.' })).status).toBe(204);
    const after = await one('piet', body.id);
    expect(after).toMatchObject({ state: 'refused', dueOn: null, actions: [] });
    expect(after.steps.map(({ action, by }: { action: string; by: string }) => [action, by])).toEqual([
      ['ask', 'Ali Amrani'],
      ['extend', 'Piet Pauwels'],
      ['refuse', 'Piet Pauwels'],
    ]);
    const [own] = (await client('ali').get('/api/privacy/own/requests')).body.requests;
    expect(own.letters.map(({ kind }: { kind: string }) => kind)).toEqual(['received', 'extended', 'refused']);
    expect(own.letters[2].text).toContain('Het is nodig om te leren.');
    expect(await told('ali')).toContainEqual(['privacy.request-answered', '/mijn-gegevens']);
  });

  test('of another is seen by nobody else: not by staff, pupils, or another school', async () => {
    const { id } = (await ask('ali', {})).body;
    for (const who of ['ann', 'ida', 'bo', 'ali']) {
      expect((await client(who).get('/api/privacy/requests')).status).toBe(403);
      expect((await client(who).get(`/api/privacy/requests/${id}`)).status).toBe(403);
      expect((await act(who, id, { action: 'grant', answer: 'ja' })).status).toBe(403);
    }
    expect((await client('other').get('/api/privacy/requests')).body.requests).toEqual([]);
    expect((await client('other').get(`/api/privacy/requests/${id}`)).status).toBe(404);
    expect((await act('other', id, { action: 'grant', answer: 'ja' })).status).toBe(404);
    expect((await client('bo').post(`/api/privacy/own/requests/${id}/withdrawal`)).status).toBe(404);
    expect((await client('bo').get('/api/privacy/own/requests')).body.requests).toEqual([]);
    expect((await ask('ali', { school: schoolOf('dina') })).status).toBe(404);
    expect((await one('administrator', id)).state).toBe('open');
    expect((await client('ali').post(`/api/privacy/own/requests/${id}/withdrawal`)).status).toBe(204);
    expect((await one('piet', id)).state).toBe('withdrawn');
  });

  test('of a parent is recorded; without a checked identity nothing is granted, and while it is awaited no clock runs', async () => {
    const body = {
      person: people['bo'],
      askedBy: 'parent',
      kind: 'rectification',
      field: 'given-name',
      wanted: 'Bowie',
      askerName: 'Els',
    };
    const { id } = (await client('piet').post('/api/privacy/requests', body)).body;
    expect((await client('other').post('/api/privacy/requests', body)).status).toBe(404);
    expect((await act('piet', id, { action: 'grant', answer: 'ja' })).body.type).toBe('/problems/privacy/not-now');
    await act('piet', id, { action: 'ask-identity', reason: 'Kom even langs.' });
    expect(await one('piet', id)).toMatchObject({ state: 'identity', dueOn: null, days: null });
    await sql(`update privacy.requests set received_on = received_on - 20, counted_from = counted_from - 20 where id = $1`, [id]);
    await act('piet', id, { action: 'identity-shown', identity: 'De moeder kwam langs.' });
    const found = await one('piet', id);
    expect(found).toMatchObject({
      state: 'open',
      days: expect.any(Number),
      rosterValue: 'Bo',
      currentValue: 'Bo',
      wanted: 'Bowie',
    });
    expect(found.days).toBeGreaterThan(27);
    // Whoever keeps the school's file sees what to correct, and nothing else of the request.
    const waiting = async () => (await client('ida').get(`/api/privacy/schools/${schoolOf('bo')}/corrections`)).body.open;
    const corrections = async (who: string) => (await client(who).get('/api/privacy/corrections')).body.corrections;
    expect(await waiting()).toBe(0);
    expect((await client('piet').post(`/api/privacy/requests/${id}/flag`)).status).toBe(204);
    expect((await client('piet').post(`/api/privacy/requests/${id}/flag`)).body.type).toBe('/problems/privacy/not-now');
    expect(await waiting()).toBe(1);
    expect(await corrections('ida')).toEqual([
      { id, person: people['bo'], name: 'Bo Bos', school: 'School A', field: 'given-name', was: 'Bo', wanted: 'Bowie' },
    ]);
    expect(await corrections('other')).toEqual([]);
    for (const path of [`/schools/${schoolOf('bo')}/corrections`, '/corrections']) {
      expect((await client('ann').get(`/api/privacy${path}`)).status).toBe(403);
    }
    // It waits until the file is right, also after the answer.
    expect((await act('piet', id, { action: 'grant', answer: 'We verbeteren het bestand.' })).status).toBe(204);
    expect(await waiting()).toBe(1);
    expect((await client('other').post(`/api/privacy/corrections/${id}`)).status).toBe(404);
    const check = () => portal.work('privacy', ({ corrections: service }: any) => service.check(null));
    await check();
    expect(await waiting()).toBe(1);
    // The next import brings the new name.
    await sql(`update directory.people set given_name = 'Bowie' where id = $1`, [people['bo']]);
    await check();
    expect(await waiting()).toBe(0);
    expect((await client('ida').post(`/api/privacy/corrections/${id}`)).status).toBe(404);
    await sql(`update directory.people set given_name = 'Bo' where id = $1`, [people['bo']]);
    expect(await one('piet', id)).toMatchObject({ state: 'granted', flagged: true, corrected: true });
    expect((await one('piet', id)).steps.map(({ action }: any) => action).slice(-3)).toEqual(['flagged', 'grant', 'corrected']);
    // Letters to a parent are not the child's.
    const [own] = (await client('bo').get('/api/privacy/own/requests')).body.requests;
    expect([own.letters, own.mayWithdraw]).toEqual([[], false]);
  });

  test('for restriction or objection is done when it is granted, and what was done is kept as proof', async () => {
    const decisions = async (kind: string, what: string) =>
      (
        await sql(`select ${what} as what from kernel.${kind} where person_id = $1 and withdrawn_at is null order by 1`, [
          people['ali'],
        ])
      ).map(({ what: each }) => each);
    const done = async (id: string) =>
      (await one('piet', id)).steps
        .map(({ action, detail, by }: any) => [action, detail, by])
        .filter(([action]: string[]) => ['restricted', 'objected'].includes(action as string));
    const { id } = (await ask('ali', { kind: 'restriction', details: 'Mijn punten kloppen niet.' })).body;
    expect((await act('piet', id, { action: 'grant', answer: 'Stilgezet.' })).body.errors[0].pointer).toBe('/ground');
    expect([(await one('piet', id)).state, await decisions('restrictions', 'ground')]).toEqual(['open', []]);
    expect((await act('piet', id, { action: 'grant', answer: 'Stilgezet.', ground: 'accuracy' })).status).toBe(204);
    expect(await decisions('restrictions', 'ground')).toEqual(['accuracy']);
    expect(await done(id)).toEqual([['restricted', 'accuracy', 'Piet Pauwels']]);
    // Whoever is restricted still asks, and reads the answer.
    const own = (await client('ali').get('/api/privacy/own/requests')).body.requests;
    expect(own.find((each: any) => each.id === id).letters.at(-1).text).toContain('Stilgezet.');
    const next = await ask('ali', { kind: 'objection' });
    expect(next.status).toBe(201);
    // To all purposes: those that the kernel filters.
    expect((await one('piet', next.body.id)).objectsTo.length).toBeGreaterThan(1);
    expect((await act('piet', next.body.id, { action: 'grant', answer: 'In orde.' })).status).toBe(204);
    expect(await decisions('objections', 'purpose')).toEqual(['improvement', 'reports']);
    expect((await done(next.body.id)).map(([action]: string[]) => action)).toEqual(['objected', 'objected']);
    for (const [, purpose] of await done(next.body.id)) expect(purpose).not.toMatch(/^(improvement|reports)$/);
    // A task in the public interest is not filtered: people do what was granted.
    const learning = (await ask('ali', { kind: 'objection', purpose: 'learning' })).body.id;
    expect((await one('piet', learning)).objectsTo).toEqual([]);
    await act('piet', learning, { action: 'grant', answer: 'In orde.' });
    expect([await done(learning), await decisions('objections', 'purpose')]).toEqual([[], ['improvement', 'reports']]);
    // A refusal does nothing.
    const refused = (await ask('ali', { kind: 'restriction' })).body.id;
    await client('piet').delete(`/api/privacy/people/${people['ali']}/restriction`);
    await act('piet', refused, { action: 'refuse', reason: 'De punten kloppen.' });
    expect(await decisions('restrictions', 'ground')).toEqual([]);
    for (const purpose of ['improvement', 'reports']) {
      await client('ali').delete(`/api/privacy/own/objections/${purpose}`);
    }
  });

  test('about what the operator decides is passed on to the operator, with its history, and back', async () => {
    const { id } = (await ask('ann', { kind: 'complaint', details: 'Te veel mails' })).body;
    const { dueOn } = await one('piet', id);
    expect((await act('piet', id, { action: 'pass-on', reason: 'Dit is van het portaal.' })).status).toBe(204);
    expect((await client('piet').get(`/api/privacy/requests/${id}`)).status).toBe(404);
    const found = await one('administrator', id);
    expect(found).toMatchObject({ school: null, state: 'received', dueOn });
    expect(found.steps).toHaveLength(2);
    expect((await act('administrator', id, { action: 'pass-on', reason: 'Toch van de school.' })).status).toBe(204);
    expect((await one('piet', id)).steps).toHaveLength(3);
    // Asked of the operator at once.
    const direct = (await ask('ann', { purpose: 'improvement' })).body.id;
    await portal.drain();
    await expect
      .poll(() => told('administrator'))
      .toContainEqual(['privacy.request-received', `/beheer/privacy/verzoeken/${direct}`]);
    expect((await ask('ann', { purpose: 'no-such-purpose' })).status).toBe(404);
    expect((await client('piet').get(`/api/privacy/requests/${direct}`)).status).toBe(404);
    expect(await one('administrator', direct)).toMatchObject({ school: null, purpose: expect.stringMatching(/.{4}/) });
    expect((await client('ann').get('/api/privacy/own/requests')).body.requests).toHaveLength(2);
  });

  test('that is overdue comes first; officers are reminded once a step, and the start page counts without names', async () => {
    const { id } = (await ask('bo', { kind: 'portability' })).body;
    const remind = () =>
      portal.work('privacy', ({ requestDesk }: { requestDesk: { remind(): Promise<boolean> } }) => requestDesk.remind());
    const dueIn = (days: number) =>
      sql(`update privacy.requests set due_on = current_date + ($2)::int where id = $1`, [id, days]);
    const reminders = async () => Number((await sql('select reminders from privacy.requests where id = $1', [id]))[0].reminders);
    for (const [days, expected] of [
      [8, 0],
      [7, 1],
      [7, 1],
      [1, 2],
      [0, 2],
      [-1, 3],
      [-9, 3],
    ] as const) {
      await dueIn(days);
      await remind();
      expect([days, await reminders()]).toEqual([days, expected]);
    }
    expect((await told('piet')).filter(([kind]: string[]) => kind === 'privacy.request-due')).toHaveLength(1);
    const { requests } = (await client('piet').get('/api/privacy/requests')).body;
    expect(requests[0]).toMatchObject({ id, days: -9 });
    const start = (await client('piet').get('/api/privacy/start/requests')).body;
    expect(start).toMatchObject({ open: requests.length, overdue: 1 });
    expect(JSON.stringify(start)).not.toContain('Bo');
    expect((await client('other').get('/api/privacy/start/requests')).body).toMatchObject({ open: 0, overdue: 0, nextDue: null });
    const first = await client('piet').get('/api/privacy/requests?limit=1');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = (await client('piet').get(next)).body;
    expect(second.requests[0].id).toBe(requests[1].id);
  });

  test('keeps its history: no row of it is changed or removed, until the request is past its time', async () => {
    for (const statement of [
      `update privacy.request_steps set action = 'grant'`,
      `update privacy.request_steps set due_on = null where due_on is not null`,
      'delete from privacy.request_steps',
    ]) {
      await expect(sql(statement)).rejects.toThrow(/append-only/);
    }
    const count = async (where: string) => (await sql(`select count(*)::int as n from privacy.requests where ${where}`))[0].n;
    const [before, past] = [await count('true'), await count(`state = 'refused'`)];
    expect(past).toBeGreaterThan(0);
    await sql(`update privacy.requests set closed_at = now() - interval '5 years 1 day' where state = 'refused'`);
    await portal.platform.privacy.endExpired();
    await portal.work('privacy', ({ requestDesk }: { requestDesk: { tidy(): Promise<boolean> } }) => requestDesk.tidy());
    expect(await count('true')).toBe(before - past);
  });

  test('of an erased person stays as proof, without a name, a text or a letter', async () => {
    const { id } = (await ask('bo', { kind: 'erasure', details: 'Bo wil weg' })).body;
    await act('piet', id, { action: 'grant', answer: 'Bo is gewist.' });
    await client('administrator').post(`/api/privacy/people/${people['bo']}/erasure`, { name: 'Bo Bos' });
    const rows = () => sql('select person_id, details, answer, state from privacy.requests where id = $1', [id]);
    await expect.poll(rows, { timeout: 20_000 }).toEqual([{ person_id: null, details: '', answer: '', state: 'granted' }]);
    await expect.poll(() => sql('select from privacy.request_letters where request_id = $1', [id])).toEqual([]);
    expect((await one('piet', id)).steps).toHaveLength(2);
    expect((await one('piet', id)).name).toBeNull();
  });
});

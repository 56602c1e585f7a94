import { readFileSync } from 'node:fs';
import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import notifications from '@ilearn/plugin-notifications';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { incidentTransitions } from '../src/incidents/states.js';
import { createSchools } from './schools.js';

test('the table of docs/privacy.md is that of the code', () => {
  const page = readFileSync(new URL('../../../docs/privacy.md', import.meta.url), 'utf8');
  const section = /## Incidents\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
  const rows = [...section.matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm)].map(([, action, rest]) => [
    action,
    ...(rest ?? '').split(' | '),
  ]);
  expect(rows).toEqual(
    incidentTransitions.map(({ action, from, to, needs, stops }) => [
      ...[action, from.map((each) => (each === null ? '–' : `\`${each}\``)).join(', '), `\`${to}\``],
      ...[needs.join(', ') || '–', stops ? 'yes' : 'no'],
    ]),
  );
});

describe('an incident', () => {
  let portal: TestPlatform;
  let people: Record<string, string>;
  let schoolOf: (who: string) => string;
  const as: Record<string, TestClient> = {};
  const client = (who: string) => as[who] as TestClient;
  const hour = 3_600_000;
  const ago = (hours: number) => new Date(Date.now() - hours * hour).toISOString();
  const record = (who: string, body: object = {}) =>
    client(who).post('/api/privacy/incidents', { school: schoolOf('ali'), what: 'Een laptop is weg.', awareAt: ago(1), ...body });
  const one = async (who: string, id: string) => (await client(who).get(`/api/privacy/incidents/${id}`)).body;
  const blank = { what: 'Een laptop is weg.', beganAt: null, categories: [], peopleCount: null, recordsCount: null, risk: null };
  const none = { consequences: '', measures: '', reason: '', contactPoint: '', lessons: '' };
  const write = (who: string, id: string, body: object) =>
    client(who).put(`/api/privacy/incidents/${id}`, { ...blank, ...none, ...body });
  const act = async (who: string, id: string, action: string) => {
    const { status, body } = await client(who).post(`/api/privacy/incidents/${id}/actions`, { action });
    return status === 204 ? 'done' : (body.errors?.[0]?.pointer ?? body.type ?? status);
  };

  beforeAll(async () => {
    const schools = await createSchools({ plugins: [notifications] });
    ({ portal, people, schoolOf } = schools);
    for (const who of ['administrator', 'piet', 'other', 'ann', 'ida', 'ali']) as[who] = await schools.signIn(who);
  });
  afterAll(() => portal?.stop());

  test('has 72 hours from when somebody knew, at night and in weekends, and needs all of art. 33(3)', async () => {
    const { id } = (await record('piet', { awareAt: ago(1) })).body;
    const found = await one('piet', id);
    expect([found.hours, Date.parse(found.dueAt) - Date.parse(found.awareAt)]).toEqual([70, 72 * hour]);
    expect((await client('piet').get('/api/privacy/start/requests')).body.incidents).toEqual({ open: 1, dueAt: found.dueAt });
    for (const [fields, missing] of [
      [{}, '/risk'],
      [{ risk: 'high' }, '/consequences'],
      [{ risk: 'high', consequences: 'Een ander kan zich aanmelden.' }, '/measures'],
    ] as const) {
      await write('piet', id, fields);
      expect(await act('piet', id, 'notify')).toBe(missing);
    }
    await write('piet', id, { risk: 'high', consequences: 'Aanmelden', measures: 'Wachtwoorden vervangen', reason: 'Klein' });
    expect(await act('piet', id, 'keep-inside')).toBe('/risk');
    expect(await act('piet', id, 'close')).toBe('/problems/privacy/not-now');
    expect(await act('piet', id, 'notify')).toBe('done');
    expect(await one('piet', id)).toMatchObject({ state: 'notified', hours: null, notifiedAt: expect.any(String) });
    expect(await act('piet', id, 'close')).toBe('/lessons');
    await write('piet', id, { risk: 'high', consequences: 'A', measures: 'B', lessons: 'Schijven versleutelen' });
    expect(await act('piet', id, 'close')).toBe('done');
    expect((await write('piet', id, {})).body.type).toBe('/problems/privacy/not-now');
    expect((await one('piet', id)).steps.map(({ action, by }: { action: string; by: string }) => [action, by])).toEqual([
      ['record', 'Piet Pauwels'],
      ['notify', 'Piet Pauwels'],
      ['close', 'Piet Pauwels'],
    ]);
  });

  test('that is told late says why, and none begins in the future', async () => {
    const { id } = (await record('piet', { awareAt: ago(80) })).body;
    // Each hour that has begun counts.
    expect((await one('piet', id)).hours).toBe(-9);
    const fields = { risk: 'risk', consequences: 'A', measures: 'B' };
    await write('piet', id, fields);
    expect(await act('piet', id, 'notify')).toBe('/reason');
    await write('piet', id, { ...fields, reason: 'Pas laat begrepen' });
    expect(await act('piet', id, 'notify')).toBe('done');
    expect((await record('piet', { awareAt: ago(-2) })).status).toBe(400);
  });

  test('is seen by nobody else: no other school, no staff, and of the operator only the operator', async () => {
    const ofSchool = (await record('piet')).body.id;
    const ofOperator = (await record('administrator', { school: null })).body.id;
    expect((await record('piet', { school: null })).status).toBe(404);
    expect((await record('other')).status).toBe(404);
    for (const [who, id, status] of [
      ['other', ofSchool, 404],
      ['piet', ofOperator, 404],
      ['administrator', ofSchool, 200],
      ['ann', ofSchool, 403],
      ['ida', ofSchool, 403],
      ['ali', ofSchool, 403],
    ] as const) {
      expect((await client(who).get(`/api/privacy/incidents/${id}`)).status).toBe(status);
      if (status === 200) continue;
      expect((await write(who, id, {})).status).toBe(status);
      expect((await client(who).get(`/api/privacy/incidents/${id}/people`)).status).toBe(status);
    }
    expect((await client('other').get('/api/privacy/incidents')).body.incidents).toEqual([]);
  });

  test('finds in the audit log whom an account saw in a period, and nobody that the caller may not see', async () => {
    const since = new Date(Date.now() - 1000).toISOString();
    await client('ann').get(`/api/directory/people/${people['ali']}`);
    await client('ann').get(`/api/directory/people/${people['bo']}`);
    await client('administrator').get(`/api/directory/people/${people['dina']}`);
    const until = new Date(Date.now() + hour).toISOString();
    const { id } = (await record('piet')).body;
    const search = (who: string, body: object, at = id) =>
      client(who).post(`/api/privacy/incidents/${at}/search`, { since, until, ...body });
    expect((await search('piet', {})).status).toBe(400);
    const found = await search('piet', { actor: people['ann'] });
    expect(found.body).toMatchObject({ added: 2, more: false });
    expect(found.body.routes[0]).toMatchObject({ route: 'GET /api/directory/people/:id', times: 2 });
    expect((await search('piet', { actor: people['ann'] })).body.added).toBe(0);
    expect((await search('piet', { actor: people['ann'], until: ago(5), since: ago(9) })).body).toMatchObject({
      added: 0,
      routes: [],
    });
    // By a route, whoever used it: the person of another school is not the principal's to know.
    const { id: other } = (await record('piet')).body;
    await search('piet', { route: 'GET /api/directory/people/:id' }, other);
    const names = async (who: string, at: string) =>
      (await client(who).get(`/api/privacy/incidents/${at}/people`)).body.people.map(({ name }: { name: string }) => name).sort();
    expect(await names('piet', other)).toEqual(['Ali Amrani', 'Bo Bos']);
    const ofOperator = (await record('administrator', { school: null })).body.id;
    await search('administrator', { route: 'GET /api/directory/people/:id' }, ofOperator);
    expect(await names('administrator', ofOperator)).toContain('Dina Demir');
    expect((await client('piet').delete(`/api/privacy/incidents/${id}/people/${people['bo']}`)).status).toBe(204);
    expect(await names('piet', id)).toEqual(['Ali Amrani']);
  });

  test('of the operator is told to the schools whose people it touches, and each decides for itself', async () => {
    const told = async (who: string) =>
      (await client(who).get('/api/notifications/inbox')).body.items.map(({ kind }: { kind: string }) => kind);
    const reported = async (who: string) => (await client(who).get('/api/privacy/told-incidents')).body.incidents;
    const second = '55555555-5555-4555-8555-555555555551';
    await portal.grant(second, [{ tenant: null, role: 'portal-administrator' }]);
    as['second'] = await portal.signIn(second);
    const since = new Date().toISOString();
    await client('administrator').get(`/api/directory/people/${people['ali']}`);
    await client('administrator').get(`/api/directory/people/${people['bo']}`);
    const { id } = (await record('administrator', { school: null, what: 'Een back-up lag open.', awareAt: ago(30) })).body;
    // The operator's other people know at once.
    await portal.drain();
    await expect.poll(() => told('second')).toContain('privacy.incident-recorded');
    expect(await told('administrator')).not.toContain('privacy.incident-recorded');
    await write('administrator', id, { what: 'Een back-up lag open.', measures: 'De toegang is dicht.' });
    const body = { route: 'GET /api/directory/people/:id', since, until: ago(-1) };
    await client('administrator').post(`/api/privacy/incidents/${id}/search`, body);
    const schools = async () => (await client('administrator').get(`/api/privacy/incidents/${id}/schools`)).body;
    expect(await schools()).toEqual({ told: [], untold: [{ name: 'School A', people: 2 }] });
    for (const who of ['piet', 'other', 'ann'])
      expect((await client(who).post(`/api/privacy/incidents/${id}/schools`)).status).toBe(403);
    const tell = async () => (await client('administrator').post(`/api/privacy/incidents/${id}/schools`)).body;
    expect([await tell(), await tell()]).toEqual([{ told: 1 }, { told: 0 }]);
    expect((await schools()).told).toMatchObject([{ name: 'School A', recorded: false }]);
    await portal.drain();
    await expect.poll(() => told('piet')).toContain('privacy.incident-told');
    expect(await told('ida')).not.toContain('privacy.incident-told');
    expect(await reported('other')).toEqual([]);
    const [report] = await reported('piet');
    expect(report).toMatchObject({ what: 'Een back-up lag open.', measures: 'De toegang is dicht.', people: 2 });
    // The school's 72 hours begin when it is told, not when the operator knew.
    expect((await client('other').post(`/api/privacy/told-incidents/${report.id}/record`)).status).toBe(404);
    const recorded = (await client('piet').post(`/api/privacy/told-incidents/${report.id}/record`)).body.id;
    expect(await one('piet', recorded)).toMatchObject({ school: 'School A', hours: 71, people: 2, peopleCount: 2 });
    expect(await reported('piet')).toEqual([]);
    expect((await client('piet').post(`/api/privacy/told-incidents/${report.id}/record`)).status).toBe(404);
    expect((await schools()).told).toMatchObject([{ recorded: true }]);
    // An incident of a school is not the operator's to tell.
    expect((await client('administrator').post(`/api/privacy/incidents/${recorded}/schools`)).status).toBe(404);
  });
});

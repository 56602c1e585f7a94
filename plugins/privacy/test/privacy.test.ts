import { definePlugin } from '@ilearn/core';
import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import notifications from '@ilearn/plugin-notifications';
import { strFromU8 } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askExport } from '../../../core/test/support/exports.js';
import { createSchools, other } from './schools.js';

/** Whether the archive refuses to erase just now. */
const archive = { broken: true };
const archiving = definePlugin({
  id: 'archive',
  version: '1.0.0',
  privacy: {
    erase: async () => {
      if (archive.broken) throw Object.assign(new Error('the archive is locked'), { code: 'EACCES' });
    },
  },
});

let portal: TestPlatform;
let people: Record<string, string>;

let schoolOf: (who: string) => string;
let signIn: (who: string) => Promise<TestClient>;
const as: Record<string, TestClient> = {};
beforeAll(async () => {
  ({ portal, people, schoolOf, signIn } = await createSchools({ plugins: [notifications, archiving] }));
  for (const who of ['administrator', 'piet', 'other', 'ann', 'ida', 'ali']) as[who] = await signIn(who);
});
afterAll(() => portal?.stop());

const about = (who: string, rest = '') => `/api/privacy/people/${people[who]}${rest}`;
const get = async (who: string, path: string) => (as[who] as TestClient).get(path);
const kernel = async (text: string) => (await (await portal.platform.home()).pool.query(text)).rows;

describe('somebody without the permission', () => {
  const routes: [method: 'get' | 'post', path: () => string][] = [
    ['get', () => '/api/privacy/people'],
    ['get', () => about('bo')],
    ['get', () => about('bo', '/export')],
    ['post', () => about('bo', '/export')],
    ['get', () => about('bo', '/export/file')],
    ['get', () => about('bo', '/audit')],
    ['get', () => about('bo', '/erasure')],
    ['post', () => about('bo', '/erasure')],
    ['get', () => '/api/privacy/erasures'],
    ['get', () => `/api/privacy/erasures/${other}`],
    ['get', () => '/api/privacy/register'],
    ['get', () => '/api/privacy/register/page'],
    ['get', () => '/api/privacy/processing'],
    ['get', () => '/api/privacy/who-sees-what'],
    ['get', () => '/api/privacy/agreements'],
  ];
  const body = { name: 'Bo Bos' };

  test.each(['ann', 'ida', 'ali'])('%s is refused on every route, and nothing is recorded or done', async (who) => {
    const before = await kernel('select count(*) from kernel.audit_entries');
    for (const [method, path] of routes) {
      expect((await (as[who] as TestClient)[method](path(), method === 'post' ? body : undefined)).status, path()).toBe(403);
      expect((await portal.client()[method](path(), method === 'post' ? body : undefined)).status, path()).toBe(401);
    }
    expect(await kernel('select count(*) from kernel.audit_entries')).toEqual(before);
    expect(await kernel('select from kernel.erasures')).toEqual([]);
  });

  test('the principal of another school finds nobody here, and gets 404 for each person', async () => {
    const found = (await get('other', '/api/privacy/people')).body.people.map(({ name }: any) => name);
    expect(found).toEqual(['Bert Baert', 'Dina Demir', 'Kim Kaya']);
    for (const rest of ['', '/export', '/export/file', '/audit'])
      expect((await get('other', about('bo', rest))).status).toBe(404);
  });

  test('a principal can neither erase people nor see erasures', async () => {
    for (const [method, path] of routes.slice(6, 10)) {
      expect((await (as['piet'] as TestClient)[method](path(), method === 'post' ? body : undefined)).status, path()).toBe(403);
    }
    expect(await kernel('select from kernel.erasures')).toEqual([]);
  });
});

test('everybody, also without an account, reads what is kept, why and how long, in words of their language', async () => {
  const statement = async (language: string) => {
    const { status, body } = await portal.client().get(`/api/privacy/statement?language=${language}`);
    expect(status).toBe(200);
    return body.parts as { title: string; kept: { what: string; why: string; howLong: string }[] }[];
  };
  const { parts } = (await get('piet', '/api/privacy/register')).body;
  const [nl, en, fr] = await Promise.all(['nl', 'en', 'fr'].map(statement));
  const rows = (of: readonly { kept: unknown[] }[] = []) => of.flatMap(({ kept }) => kept).length;
  expect(rows(nl)).toBe(parts.flatMap((part: { rows: unknown[] }) => part.rows).length);
  expect([rows(en), rows(fr)]).toEqual([rows(nl), rows(nl)]);
  for (const [index, part] of (nl ?? []).entries()) {
    for (const each of part.kept) for (const text of Object.values(each)) expect(text).toMatch(/^(?!.*_)(?!.*\([a-z]+\)$).{3,}/);
    expect(part.kept.map(({ why }) => why)).not.toEqual(en?.[index]?.kept.map(({ why }) => why));
  }
  expect((await portal.client().get('/api/privacy/statement?language=de')).status).toBe(400);
});

describe('a principal', () => {
  test('finds people of the school, including those who left, which is recorded', async () => {
    await portal.work('directory', ({ knex }) =>
      knex('memberships').where({ person_id: people['cas'] }).update({ active: false }),
    );
    await portal.work('directory', ({ knex }) => knex('people').where({ id: people['cas'] }).update({ active: false }));
    const { body } = await get('piet', '/api/privacy/people?search=c');
    expect(body).toMatchObject({
      total: 1,
      people: [{ id: people['cas'], name: 'Cas Claes', kind: 'pupil', schools: ['School A'] }],
    });
    expect((await get('piet', '/api/directory/people?search=cas')).body.total).toBe(0);
    expect((await kernel('select route from kernel.audit_entries order by id desc limit 2')).map(({ route }) => route)).toContain(
      'GET /api/privacy/people',
    );
  });

  test('gets what this school stores about a person of two schools', async () => {
    const { files, headers } = await askExport(portal, as['piet'] as TestClient, about('kim', '/export'));
    expect(headers.get('content-type')).toBe('application/zip');
    expect(JSON.parse(strFromU8(files['export.json'] as Uint8Array)).tenants).toHaveLength(1);
    // Another who answers for the same person's data asks for their own.
    expect((await get('other', about('kim', '/export'))).body).toEqual({ export: null });
    expect((await get('other', about('kim', '/export/file'))).status).toBe(404);
    expect((await get('piet', about('kim'))).body.schools).toEqual(['School A']);
  });

  test('is notified when an export is ready, as is a person who asked for the own data; nobody else is', async () => {
    await askExport(portal, as['ann'] as TestClient);
    const told = async (who: string) =>
      (await get(who, '/api/notifications/inbox')).body.items.map(({ kind, place }: any) => [kind, place]);
    const ofPupil = ['privacy.export-ready', `/beheer/privacy/personen/${people['kim']}`];
    await expect.poll(() => told('piet')).toEqual([ofPupil]);
    await expect.poll(() => told('ann')).toEqual([['privacy.own-export-ready', '/mijn-gegevens']]);
    expect(await told('other')).toEqual([]);
  });

  test('sees who saw a pupil, by name if they may know it', async () => {
    await get('ann', `/api/directory/people/${people['bo']}`);
    await get('administrator', about('bo'));
    const { entries, more } = (await get('piet', about('bo', '/audit'))).body;
    expect(more).toBe(false);
    expect(entries.map(({ name, by, doing }: any) => [name, by, doing])).toEqual([
      [null, 'person', 'Opende de pagina van deze persoon bij Privacy'],
      ['Ann Aerts', 'person', 'Bekeek de gegevens van deze persoon'],
    ]);
    expect(JSON.stringify(entries)).not.toContain(people['ann']);
    // This look is the next one's first line.
    const again = (await get('piet', about('bo', '/audit'))).body.entries;
    expect(again[0]).toMatchObject({
      name: 'Piet Pauwels',
      route: 'privacy: audit',
      doing: 'Bekeek wie deze gegevens bekeek of wijzigde',
    });
    const before = (await get('piet', about('bo', `/audit?before=${again[1].id}`))).body.entries;
    expect(before.map(({ id }: any) => id)).toEqual([again[2].id]);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect((await get('piet', about('bo', `/audit?since=${tomorrow}`))).body.entries).toEqual([]);
    expect((await get('piet', about('bo', `/audit?until=${tomorrow}`))).body.entries.length).toBeGreaterThan(3);
    expect((await get('piet', about('bo', '/audit?since=gisteren'))).status).toBe(400);
  });

  test('reads the register in their language', async () => {
    const { body } = await (as['piet'] as TestClient).get('/api/privacy/register', { headers: { 'accept-language': 'fr' } });
    expect(body.title).toBe('Registre des activités de traitement');
    expect(body.parts.map(({ id }: any) => id)).toEqual(['kernel', 'directory', 'notifications', 'privacy']);
    const page = await get('piet', '/api/privacy/register/page');
    expect(page.headers.get('content-disposition')).toContain('register.html');
    expect(page.body).toContain('<h1>');
  });
});

describe('a processing agreement', () => {
  const overview = async (who: string) => (await get(who, '/api/privacy/agreements?language=nl')).body;
  const decide = (who: string, school: string, what: string, body: object) =>
    (as[who] as TestClient).post(`/api/privacy/agreements/${school}/${what}?language=nl`, body);
  const note = () => portal.work('privacy', ({ agreements }) => agreements.note());

  test('is accepted by the principal of the school only, and kept as it was', async () => {
    await note();
    await note();
    const { version, schools } = await overview('piet');
    expect([version.number, version.objectionUntil]).toEqual([1, null]);
    expect(schools.map(({ name, state }: any) => [name, state])).toEqual([['School A', 'never']]);
    const [{ school }] = schools;
    const draft = (await get('piet', `/api/privacy/agreements/${school}/draft?language=nl`)).body as string;
    expect(draft).toContain('Verwerkersovereenkomst met School A');
    expect(draft).toContain('Een persoonlijke leeromgeving');
    expect(draft).not.toMatch(/agreement\.|processing\.|Piet|src=/);

    for (const who of ['ann', 'ali', 'administrator'])
      expect((await decide(who, school, 'acceptance', { version: 1 })).status).toBe(403);
    expect((await decide('other', school, 'acceptance', { version: 1 })).status).toBe(404);
    expect((await decide('piet', school, 'acceptance', { version: 2 })).body.type).toBe('/problems/privacy/other-version');
    expect((await decide('piet', school, 'objection', { version: 1, reason: 'neen' })).body.type).toBe(
      '/problems/privacy/no-period',
    );
    const { status, body } = await decide('piet', school, 'acceptance', { version: 1 });
    expect(status).toBe(201);
    expect((await decide('piet', school, 'acceptance', { version: 1 })).body.type).toBe('/problems/privacy/decided');
    expect((await overview('piet')).schools[0]).toMatchObject({ state: 'in-force', accepted: { id: body.id, version: 1 } });
    const kept = await get('piet', `/api/privacy/agreements/${school}/documents/${body.id}`);
    expect(kept.headers.get('content-disposition')).toContain('agreement.html');
    expect(kept.body).toContain('namens School A');
    expect((await get('other', `/api/privacy/agreements/${school}/documents/${body.id}`)).status).toBe(404);
  });

  test('is renewed when the register changes, and the school has thirty days to object', async () => {
    await portal.work('privacy', async ({ knex }) => {
      const { composition } = await knex('agreement_versions').first();
      delete composition.modules.notifications;
      await knex('agreement_versions').update({ composition: JSON.stringify(composition) });
    });
    await note();
    const { version, schools } = await overview('piet');
    expect(version).toMatchObject({ number: 2, changes: [{ kind: 'module-added', name: 'Meldingen' }] });
    expect(Date.parse(version.objectionUntil) - Date.parse(version.since)).toBe(30 * 86_400_000);
    const [{ school, state }] = schools;
    expect(state).toBe('renewed');
    expect((await decide('piet', school, 'objection', { version: 2, reason: '' })).status).toBe(400);
    expect((await decide('piet', school, 'objection', { version: 2, reason: 'Geen meldingen.' })).status).toBe(204);
    expect((await overview('administrator')).schools.map((each: any) => each.state)).toEqual(['objected', 'never']);
    // Without the objection, the renewal applies once the period is over.
    await portal.work('privacy', async ({ knex }) => {
      await knex('agreements').where({ decision: 'objected' }).delete();
      await knex('agreement_versions')
        .where({ number: 2 })
        .update({ objection_until: new Date(Date.now() - 1_000) });
    });
    expect((await overview('piet')).schools[0].state).toBe('in-force');
    expect((await decide('piet', school, 'objection', { version: 2, reason: 'te laat' })).body.type).toBe(
      '/problems/privacy/no-period',
    );
  });

  test('goes with an impact assessment, whose picture and answers come from the register', async () => {
    for (const [language, title] of [
      ['nl', 'Effectbeoordeling'],
      ['en', 'Impact assessment'],
      ['fr', 'Analyse d’impact'],
    ] as const) {
      const { status, body } = await get('piet', `/api/privacy/assessment/sheet?language=${language}&school=${schoolOf('ali')}`);
      expect(status).toBe(200);
      expect(body).toContain(`<h1>${title}</h1>`);
      expect(body).toMatch(/<svg .*<\/svg>/s);
      expect(body).not.toMatch(/assessment\.|processing\.|roles\.|matrix\.|undefined|NaN/);
    }
    expect((await get('ann', '/api/privacy/assessment/sheet')).status).toBe(403);
  });

  test('whose answers are stored as versions, apart from what the portal fills in, and printed as they were', async () => {
    const of = `school=${schoolOf('ali')}&language=nl`;
    const read = async (who = 'piet') => (await get(who, `/api/privacy/assessment?${of}`)).body;
    const store = (after: number, answers: object, who = 'piet') =>
      (as[who] as TestClient).post(`/api/privacy/assessment?${of}`, { after, answers });
    const question = async (id: string) => (await read()).questions.find((each: { id: string }) => each.id === id);
    expect(await read()).toMatchObject({ version: 0, madeAt: null, changed: false, versions: [] });
    const filled = await question('description');
    expect([filled.prefilled.length > 2, filled.answer]).toEqual([true, '']);
    expect((await question('risks')).prefilled).toEqual([]);
    expect((await store(0, { risks: 'Een verloren tablet', advice: '' })).body).toEqual({ version: 1 });
    // Somebody who wrote on from an older version does not overwrite it.
    expect((await store(0, { risks: 'Geen' })).body.type).toBe('/problems/privacy/other-assessment');
    expect((await store(1, { risks: 'Een verloren tablet, zonder code', description: 'Ook thuis' })).body).toEqual({
      version: 2,
    });
    expect((await question('risks')).answer).toBe('Een verloren tablet, zonder code');
    expect(await question('description')).toEqual({ ...filled, answer: 'Ook thuis' });
    expect((await read()).versions).toMatchObject([
      { version: 2, by: 'Piet Pauwels' },
      { version: 1, by: 'Piet Pauwels' },
    ]);
    const sheet = async (version: number) => (await get('piet', `/api/privacy/assessment/sheet?${of}&version=${version}`)).body;
    expect(await sheet(1)).toContain('<p>Een verloren tablet</p>');
    expect(await sheet(1)).not.toContain('Ook thuis');
    expect(await sheet(2)).toMatch(/Dit weet het portaal:.*Dit voeg je toe<\/em><\/p><p>Ook thuis<\/p>/s);
    expect((await get('piet', `/api/privacy/assessment/sheet?${of}&version=9`)).status).toBe(404);
    // What the portal knows has changed since.
    await kernel(
      `update privacy.assessments set prefilled = jsonb_set(prefilled, '{answers,rights}', '["iets anders"]') where version = 2`,
    );
    expect((await read()).changed).toBe(true);
    for (const who of ['other', 'ann']) {
      expect((await get(who, `/api/privacy/assessment?${of}`)).status).toBe(403);
      expect((await store(2, {}, who)).status).toBe(403);
    }
    expect((await get('piet', '/api/privacy/assessment')).status).toBe(403);
    expect((await get('administrator', '/api/privacy/assessment')).body.version).toBe(0);
  });
});

describe('an erasure', () => {
  const ask = (who: string, name?: unknown) =>
    (as['administrator'] as TestClient).post(about(who, '/erasure'), name === undefined ? {} : { name });

  test('is previewed by table, without any effect', async () => {
    const rows = (await get('administrator', about('bo', '/erasure'))).body;
    const title = 'Wie je bent op school: Wie je bent';
    expect(rows).toContainEqual({ plugin: 'directory', table: 'people', action: 'deleted', rows: 1, title });
    expect((await get('administrator', about('bo'))).status).toBe(200);
    expect((await get('administrator', '/api/privacy/erasures')).body).toEqual({ erasures: [], more: false });
  });

  test('is refused without the name, with another name, and for oneself', async () => {
    expect((await ask('bo')).status).toBe(400);
    for (const name of ['', 'Bo', 'Ali Amrani', 'bo bos']) {
      const { status, body } = await ask('bo', name);
      expect([status, body.type]).toEqual([400, '/problems/privacy/not-confirmed']);
    }
    await portal.grant(people['kim'] as string, [{ tenant: null, role: 'portal-administrator' }]);
    const self = await signIn('kim');
    expect((await self.post(about('kim', '/erasure'), { name: 'Kim Kaya' })).body.type).toBe('/problems/privacy/yourself');
    expect(await kernel('select from kernel.erasures')).toEqual([]);
  });

  test('is carried out once the name is typed; a failing plugin is named, with the time of the next try', async () => {
    const { status, body } = await ask('bo', ' Bo  Bos ');
    expect([status, body.state, body.name]).toEqual([202, 'running', 'Bo Bos']);
    const told = async () => (await get('administrator', `/api/privacy/erasures/${body.id}`)).body;
    await expect.poll(told, { timeout: 20_000 }).toMatchObject({ state: 'failed', failure: 'archive: EACCES' });
    const failed = await told();
    expect(Date.parse(failed.nextTryAt)).toBeGreaterThan(Date.now());
    // The directory has done its part.
    expect(failed.name).toBeNull();
    expect((await get('administrator', about('bo'))).status).toBe(404);

    archive.broken = false;
    await kernel('update kernel.erasures set next_at = now()');
    await portal.platform.privacy.erasures.resume();
    const [done] = (await get('administrator', '/api/privacy/erasures')).body.erasures;
    expect(done).toMatchObject({ id: body.id, state: 'done', failure: null, nextTryAt: null });
    expect(done.rows).toContainEqual({ plugin: 'directory', table: 'people', action: 'deleted', rows: 1 });
  });

  test('is not found if nobody requested it', async () => {
    expect((await get('administrator', `/api/privacy/erasures/${people['ann']}`)).status).toBe(404);
    expect((await get('administrator', `/api/privacy/people/${other}/erasure`)).status).toBe(404);
  });
});

test('a child’s page lists the modules with rows that name the child, and no other', async () => {
  const parts = async (who: string) =>
    (await get(who, '/api/privacy/own/overview')).body.parts.map(({ id }: { id: string }) => id) as string[];
  expect(await parts('ali')).toEqual(expect.arrayContaining(['kernel', 'directory']));
  expect(await parts('ali')).not.toContain('privacy');
  await (as['ali'] as TestClient).post('/api/privacy/own/requests', { kind: 'complaint', details: 'Te veel.' });
  expect(await parts('ali')).toContain('privacy');
  expect(await parts('ida')).not.toContain('privacy');
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pupil, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approvedApp, askToken, createWorld, givePath, progressScope, tokenOf, type World } from './world.js';

const base = '/api/directory/ims/oneroster/rostering/v1p2';
const scope = 'https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly';
const scopes = ['directory.roster:read', 'lti.launches:read', 'library.curriculum:read'];

let world: World;
let app: { id: string; secret: string };
let client: Awaited<ReturnType<typeof tokenOf>>;
let ids: Record<'school' | 'klas' | 'lotte' | 'an' | 'other' | 'otherClass', string>;
beforeAll(async () => {
  world = await createWorld();
  const { portal, wissel, brug } = world;
  app = await approvedApp(world, { scopes });
  await wissel.principal.put(`/api/api/schools/${wissel.id}/apps/${app.id}`, { scopes });
  client = await tokenOf(world, app, { scope });
  const klas = await schoolClass(portal, { id: wissel.id }, { name: '4B' });
  const lotte = await pupil(portal, klas, { givenName: 'Noor', familyName: "O'Brien" });
  const an = await teacher(portal, klas, { email: 'an@example.org' });
  ids = { school: wissel.id, klas: klas.id, lotte: lotte.id, an: an.id, other: brug.pupilId, otherClass: brug.classId };
});
afterAll(() => world?.portal.stop());

const get = async (path: string) => {
  const { status, body, headers } = await client.get(`${base}${path}`);
  return { status, body, headers };
};
const idsOf = (objects: { sourcedId: string }[]) => objects.map(({ sourcedId }) => sourcedId).sort();

describe('OneRoster 1.2', () => {
  test('is granted by the scope that the specification names', async () => {
    const { body } = await askToken(world, { client_id: app.id, client_secret: app.secret, scope });
    expect(body['scope']).toBe(scope);
  });

  test.each([
    ['/orgs', 'orgs', ['school']],
    ['/schools', 'orgs', ['school']],
    ['/academicSessions', 'academicSessions', 1],
    ['/terms', 'academicSessions', 1],
    ['/courses', 'courses', 1],
    ['/classes', 'classes', 2],
    ['/users', 'users', 3],
    ['/students', 'users', 2],
    ['/teachers', 'users', ['an']],
    ['/enrollments', 'enrollments', 3],
    ['/schools/SCHOOL/classes', 'classes', 2],
    ['/schools/SCHOOL/courses', 'courses', 1],
    ['/schools/SCHOOL/enrollments', 'enrollments', 3],
    ['/schools/SCHOOL/students', 'users', 2],
    ['/schools/SCHOOL/teachers', 'users', ['an']],
    ['/schools/SCHOOL/terms', 'academicSessions', 1],
    ['/schools/SCHOOL/classes/CLASS/enrollments', 'enrollments', 2],
    ['/schools/SCHOOL/classes/CLASS/students', 'users', ['lotte']],
    ['/schools/SCHOOL/classes/CLASS/teachers', 'users', ['an']],
    ['/classes/CLASS/students', 'users', ['lotte']],
    ['/classes/CLASS/teachers', 'users', ['an']],
    ['/users/PUPIL/classes', 'classes', ['klas']],
    ['/students/PUPIL/classes', 'classes', ['klas']],
    ['/teachers/TEACHER/classes', 'classes', ['klas']],
    ['/courses/course-SCHOOL/classes', 'classes', 2],
    ["/users?filter=familyName='O''Brien'", 'users', ['lotte']],
    ["/users?filter=familyName~'brien'%20OR%20familyName='Maes'", 'users', ['lotte', 'an']],
    ["/classes?filter=title='4B'%20AND%20status='active'", 'classes', ['klas']],
    ["/enrollments?filter=role='teacher'", 'enrollments', 1],
    ["/users?filter=dateLastModified%3E'2100-01-01T00:00:00Z'", 'users', 0],
  ] as [string, string, string[] | number][])('%s', async (path, member, expected) => {
    const real = path
      .replace('SCHOOL', ids.school)
      .replace('CLASS', ids.klas)
      .replace('PUPIL', ids.lotte)
      .replace('TEACHER', ids.an);
    const { status, body, headers } = await get(real);
    expect([status, Object.keys(body)]).toEqual([200, [member]]);
    const found = body[member];
    if (typeof expected === 'number') expect(found).toHaveLength(expected);
    else expect(idsOf(found)).toEqual(expected.map((name) => ids[name as keyof typeof ids]).sort());
    expect(headers.get('x-total-count')).toBe(String(found.length));
    for (const one of found) expect(one).toMatchObject({ status: 'active', dateLastModified: expect.any(String) });
  });

  test('gives people with their roles and no address that the school does not release', async () => {
    const { body } = await get(`/users/${ids.lotte}`);
    expect(body.user).toEqual({
      sourcedId: ids.lotte,
      status: 'active',
      dateLastModified: expect.any(String),
      enabledUser: 'true',
      givenName: 'Noor',
      familyName: "O'Brien",
      roles: [{ roleType: 'primary', role: 'student', org: { href: expect.any(String), sourcedId: ids.school, type: 'org' } }],
    });
    expect((await get(`/users/${ids.an}`)).body.user.email).toBeUndefined();
    await world.wissel.principal.patch(`/api/directory/schools/${ids.school}/releases`, { email: true });
    expect((await get(`/users/${ids.an}`)).body.user.email).toBe('an@example.org');
  });

  test('links that it gives lead to what they name', async () => {
    const { body } = await get(`/classes/${ids.klas}`);
    for (const { href, sourcedId } of [body.class.school, body.class.course, ...body.class.terms]) {
      const { status, body: target } = await client.get(new URL(href).pathname);
      expect([status, (Object.values(target)[0] as { sourcedId: string }).sourcedId]).toEqual([200, sourcedId]);
    }
  });

  test('pages by limit and offset, with a link to the next page, and selects fields', async () => {
    const { body, headers } = await get('/users?limit=2&sort=familyName&fields=familyName,sourcedId');
    expect([body.users.length, headers.get('x-total-count')]).toEqual([2, '3']);
    expect(Object.keys(body.users[0]).sort()).toEqual(['familyName', 'sourcedId']);
    const linksOf = (of: Headers) =>
      Object.fromEntries(
        [...(of.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, to, rel]) => [rel, to as string]),
      );
    const { next, ...others } = linksOf(headers);
    expect(Object.keys(others).sort()).toEqual(['first', 'last']);
    expect([new URL(next as string).origin, others['last']]).toEqual([new URL(world.portal.url).origin, next]);
    const { body: rest, headers: last } = await client.get(String(next).slice(world.portal.url.length));
    expect([rest.users.length, Object.keys(linksOf(last)).sort()]).toEqual([1, ['first', 'last', 'prev']]);
  });

  test('tells the number also after the last page, and gives all fields if it has none of those that are asked', async () => {
    const { body, headers } = await get('/users?offset=50');
    expect([body.users, headers.get('x-total-count')]).toEqual([[], '3']);
    const { body: some } = await get("/users?offset=50&filter=givenName='Noor'&limit=1");
    expect(some.users).toEqual([]);
    const { body: whole } = await get('/users?limit=1&fields=nothing');
    expect(Object.keys(whole.users[0])).toContain('familyName');
  });

  test.each([
    ["filter=password='x'", 'invalid_filter_field'],
    ['sort=password', 'invalid_sort_field'],
    ['fields=familyName,,givenName', 'invalid_selection_field'],
    ...['0', '-1', 'abc', '1.5', '1e99', '1&limit=2'].map((limit) => [`limit=${limit}`, 'invaliddata']),
  ])('names the part of %s that is wrong', async (query, code) => {
    const { status, body } = await get(`/users?${query}`);
    expect([status, body.imsx_CodeMinor.imsx_codeMinorField[0].imsx_codeMinorFieldValue]).toEqual([400, code]);
  });

  test('of another school, and unknown things, are not found; a filter that cannot be is explained', async () => {
    for (const path of [
      `/users/${ids.other}`,
      `/classes/${ids.otherClass}`,
      `/classes/${ids.otherClass}/students`,
      `/schools/${world.brug.id}/students`,
      `/schools/${ids.school}/classes/${ids.otherClass}/students`,
      '/orgs/nothing',
    ]) {
      const { status, body } = await get(path);
      expect([path, status, body.imsx_codeMajor]).toEqual([path, 404, 'failure']);
    }
    for (const [filter, why] of [
      ["password='x'", 'There is no field password'],
      ["familyName='x' AND status='active' OR status='x'", 'by AND or by OR'],
      ["dateLastModified>'yesterday'", 'is compared with a time'],
      ["familyName='x' or true --", 'no condition'],
    ] as const) {
      const { status, body } = await get(`/users?filter=${encodeURIComponent(filter)}`);
      expect([status, body.imsx_description]).toEqual([400, expect.stringContaining(why)]);
    }
  });

  test('a filter with OR finds nobody beyond the schools of the app', async () => {
    const { body, headers } = await get(`/users?filter=${encodeURIComponent("familyName='nobody' OR status='active'")}`);
    expect([body.users.length, headers.get('x-total-count')]).toEqual([3, '3']);
    expect(idsOf(body.users)).not.toContain(ids.other);
  });

  test('leaves out people whose data are restricted', async () => {
    const { pool } = await world.portal.platform.home();
    await pool.query(`insert into kernel.restrictions (person_id, ground) values ($1, 'accuracy')`, [ids.lotte]);
    const { body, headers } = await get('/users');
    expect([idsOf(body.users).includes(ids.lotte), headers.get('x-total-count')]).toEqual([false, '2']);
    expect((await get(`/users/${ids.lotte}`)).status).toBe(404);
    expect((await get(`/classes/${ids.klas}/students`)).body.users).toEqual([]);
    await pool.query('delete from kernel.restrictions');
    expect((await get(`/users/${ids.lotte}`)).status).toBe(200);
  });

  test('needs its scope', async () => {
    const { status, body } = await (await tokenOf(world, app, { scope: 'lti.launches:read' })).get(`${base}/users`);
    expect([status, body.imsx_description]).toEqual([403, expect.stringContaining('directory.roster:read')]);
  });
});

test('the curriculum is read by CASE 1.1: documents, items, their relations, and the whole of it', async () => {
  const turtle = `@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix v: <https://example.org/doel/> .
    v:_s a skos:ConceptScheme ; skos:prefLabel "Doelen"@nl .
    v:a a skos:Concept ; skos:inScheme v:_s ; skos:prefLabel "Rekenen"@nl .
    v:b a skos:Concept ; skos:inScheme v:_s ; skos:prefLabel "Breuken"@nl ; skos:broader v:a ; skos:notation "R1" .`;
  const file = join(mkdtempSync(join(tmpdir(), 'case-')), 'doelen.ttl');
  writeFileSync(file, turtle);
  await world.portal.work('library', ({ curriculum }) => curriculum.importFrom([file]));
  const reader = await tokenOf(world, app, { scope: 'library.curriculum:read' });
  const read = async (path: string) => (await reader.get(`/api/library/ims/case/v1p1${path}`)).body;
  const [document] = (await read('/CFDocuments')).CFDocuments;
  expect(document).toMatchObject({ title: 'Doelen', caseVersion: '1.1' });
  expect(await read(`/CFDocuments/${document.identifier}`)).toEqual(document);
  const whole = await read(`/CFPackages/${document.identifier}`);
  expect(whole.CFDocument).toEqual(document);
  expect(whole.CFItems.map(({ fullStatement }: { fullStatement: string }) => fullStatement)).toEqual(['Rekenen', 'Breuken']);
  expect(whole.CFAssociations).toHaveLength(1);
  const [rekenen, breuken] = whole.CFItems;
  expect(breuken).toMatchObject({ humanCodingScheme: 'R1', CFDocumentURI: { identifier: document.identifier } });
  expect(await read(`/CFItems/${breuken.identifier}`)).toEqual(breuken);
  const { CFAssociations } = await read(`/CFItemAssociations/${breuken.identifier}`);
  expect(CFAssociations).toEqual(whole.CFAssociations);
  expect(CFAssociations[0]).toMatchObject({
    associationType: 'isChildOf',
    destinationNodeURI: { identifier: rekenen.identifier },
  });
  for (const { identifier } of [document, ...whole.CFItems, ...CFAssociations]) {
    expect(identifier).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect((await reader.get(`/api/library/ims/case/v1p1/CFItems/${document.identifier}`)).status).toBe(404);
  const { headers: beyond } = await reader.get('/api/library/ims/case/v1p1/CFDocuments?offset=9');
  expect(beyond.get('x-total-count')).toBe('1');
  // A package that is being read stays whole while a newer version is stored.
  const parts = <T>(fn: (services: any) => Promise<T>) => world.portal.work('library', fn);
  const { version } = await parts(({ caseFrameworks }) => caseFrameworks.document(document.identifier));
  writeFileSync(file, turtle.replace('"Breuken"', '"Breuken en kommagetallen"'));
  await parts(({ curriculum }) => curriculum.importFrom([file]));
  const { items } = await parts(({ caseFrameworks }) => caseFrameworks.part(version, '', 10));
  const relations = await parts(({ caseFrameworks }) => caseFrameworks.associationsIn(version, '', 10));
  expect([items, relations.length]).toEqual([whole.CFItems, 1]);
  expect((await read(`/CFItems/${breuken.identifier}`)).fullStatement).toBe('Breuken en kommagetallen');
});

test('launches are counted for the schools of the token, without people', async () => {
  const { status, body } = await (await tokenOf(world, app, { scope: 'lti.launches:read' })).get('/api/lti/launch-counts');
  expect([status, body]).toEqual([200, { since: expect.any(String), tools: [] }]);
});

test('results have nothing that somebody wrote about a pupil', async () => {
  const { portal, wissel } = world;
  const assignment = (await givePath(world, wissel, 'Met een woordje')).at(-1);
  const reader = await approvedApp(world, { scopes: [progressScope] });
  await wissel.principal.put(`/api/api/schools/${wissel.id}/apps/${reader.id}`, { scopes: [progressScope] });
  const asApp = await tokenOf(world, reader);
  const path = `/api/myway/assignments/${assignment}/pupils/${wissel.pupilId}`;
  const { status, body: before } = await asApp.get(path);
  expect(status).toBe(200);
  const staff = await portal.signIn((await teacher(portal, { id: wissel.classId, school: wissel.id })).id);
  const note = 'Dit ging al beter.';
  expect((await staff.patch(`${path}/steps/${before.steps[0].id}`, { note })).status).toBe(200);
  expect((await staff.get(path)).body.steps[0].teacherNote).toBe(note);
  const { body: after } = await asApp.get(path);
  expect(after.steps[0]).toMatchObject({ id: before.steps[0].id, teacherNote: null, comment: null });
});

import { countStatements, type TestClient } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  conceptUri,
  type GrowingPortal,
  idOf,
  pupil,
  scheme,
  school,
  startGrowingPortal,
  teacher,
} from './support/growing-portal.js';

const few = 10;
const many = 100;

/** How to request a list route so that its response grows with the number of rows. */
interface List {
  address: string;
  as?: 'teacher' | 'pupil' | 'tool';
  /** Number of rows in the response. */
  rows(body: any): number;
  /** Number of rows on a page, if fewer than {@link many}. */
  page?: number;
}

const oneRoster = '/api/directory/ims/oneroster/rostering/v1p2';

const lists: Record<string, List> = {
  '/api/kernel/sessions': { address: '/api/kernel/sessions', as: 'pupil', rows: (body) => body.sessions.length, page: 50 },
  '/api/directory/schools': { address: '/api/directory/schools', rows: (body) => body.schools.length },
  '/api/directory/schools/{id}': { address: `/api/directory/schools/${school}`, rows: (body) => body.sites.length },
  '/api/directory/schools/{school}/rollover': {
    address: `/api/directory/schools/${school}/rollover`,
    rows: (body) => body.classes.length,
  },
  '/api/directory/schools/{school}/rollover/classes/{id}/pupils': {
    address: `/api/directory/schools/${school}/rollover/classes/${idOf('class', 0)}/pupils`,
    rows: (body) => body.pupils.length,
  },
  '/api/directory/classes': { address: '/api/directory/classes?of=school', rows: (body) => body.classes.length },
  '/api/directory/classes/{id}': { address: `/api/directory/classes/${idOf('class', 0)}`, rows: (body) => body.pupils.length },
  '/api/directory/candidates': { address: `/api/directory/candidates?school=${school}`, rows: (body) => body.length },
  '/api/directory/people': { address: '/api/directory/people?size=100', rows: (body) => body.people.length },
  '/api/directory/people/{id}': { address: `/api/directory/people/${pupil}`, rows: (body) => body.classes.length },
  '/api/directory/providers': { address: '/api/directory/providers', rows: (body) => body.providers.length },
  '/api/directory/providers/{id}': {
    address: `/api/directory/providers/${idOf('provider', 0)}`,
    rows: (body) => body.people.length,
  },
  '/api/directory/search/people': {
    address: '/api/directory/search/people?q=jans&limit=20',
    rows: (body) => body.results.length,
    page: 20,
  },
  '/api/directory/search/classes': {
    address: '/api/directory/search/classes?q=klas&limit=20',
    rows: (body) => body.results.length,
    page: 20,
  },
  [`${oneRoster}/orgs`]: { address: `${oneRoster}/orgs?limit=100`, rows: (body) => body.orgs.length },
  [`${oneRoster}/classes`]: { address: `${oneRoster}/classes?limit=100`, rows: (body) => body.classes.length },
  [`${oneRoster}/users`]: { address: `${oneRoster}/users?limit=100`, rows: (body) => body.users.length },
  [`${oneRoster}/enrollments`]: { address: `${oneRoster}/enrollments?limit=100`, rows: (body) => body.enrollments.length },
  '/api/login/classes/{id}/accounts': {
    address: `/api/login/classes/${idOf('class', 0)}/accounts`,
    rows: (body) => body.pupils.length,
  },
  '/api/login/classes/{id}/badges': {
    address: `/api/login/classes/${idOf('class', 0)}/badges`,
    rows: (body) => body.pupils.length,
  },
  '/api/login/schools/{id}/missing-accounts': {
    address: `/api/login/schools/${school}/missing-accounts`,
    rows: (body) => body.people.length,
  },
  '/api/login/temporary-accounts': { address: '/api/login/temporary-accounts', rows: (body) => body.accounts.length },
  '/api/login/invitations': {
    address: `/api/login/invitations?provider=${idOf('provider', 0)}`,
    rows: (body) => body.invitations.length,
  },
  '/api/library/activities': { address: '/api/library/activities?pageSize=100', rows: (body) => body.activities.length },
  '/api/library/activities/{id}': {
    address: `/api/library/activities/${idOf('activity', 0)}`,
    rows: (body) => body.concepts.length,
  },
  '/api/library/search/activities': {
    address: '/api/library/search/activities?q=activiteit&limit=20',
    rows: (body) => body.results.length,
    page: 20,
  },
  '/api/library/activities/{id}/opinions': {
    address: `/api/library/activities/${idOf('activity', 0)}/opinions`,
    rows: (body) => body.notes.length,
    page: 20,
  },
  '/api/library/favourites': { address: '/api/library/favourites', rows: (body) => body.activities.length },
  '/api/library/selections': {
    address: '/api/library/selections',
    // Without the didactic foci, which are always there.
    rows: (body) => body.selections.filter(({ focus }: { focus: string | null }) => focus === null).length,
  },
  '/api/library/selections/{id}': {
    address: `/api/library/selections/${idOf('activity', 0)}`,
    rows: (body) => body.activities.length,
  },
  '/api/library/links': { address: '/api/library/links', rows: (body) => body.links.length },
  '/api/library/schools': { address: '/api/library/schools', rows: (body) => body.schools.length },
  '/api/library/concepts': { address: `/api/library/concepts?limit=200&scheme=${scheme}`, rows: (body) => body.concepts.length },
  '/api/library/concept': {
    address: `/api/library/concept?uri=${conceptUri(0)}`,
    rows: (body) => body.narrowerConcepts.length + 1,
  },
  '/api/library/schemes': { address: '/api/library/schemes', rows: (body) => body.schemes.length },
  '/api/lti/registrations': { address: '/api/lti/registrations', rows: (body) => body.registrations.length },
  '/api/lti/contexts/{contextId}/lineitems': {
    address: '/api/lti/contexts/context/lineitems',
    as: 'tool',
    rows: (body) => body.length,
  },
  '/api/lti/contexts/{contextId}/lineitems/{lineItemId}/results': {
    address: `/api/lti/contexts/context/lineitems/${idOf('item', 0)}/results`,
    as: 'tool',
    rows: (body) => body.length,
  },
  '/api/myway/paths': { address: '/api/myway/paths?limit=100', rows: (body) => body.paths.length },
  '/api/myway/paths/{id}': { address: `/api/myway/paths/${idOf('path', 0)}`, rows: (body) => body.steps.length },
  '/api/myway/paths/{id}/preview': { address: `/api/myway/paths/${idOf('path', 0)}/preview`, rows: (body) => body.steps.length },
  '/api/myway/search/paths': {
    address: '/api/myway/search/paths?q=pad&limit=20',
    rows: (body) => body.results.length,
    page: 20,
  },
  '/api/myway/search/my-paths': {
    address: '/api/myway/search/my-paths?q=pad&limit=20',
    as: 'pupil',
    rows: (body) => body.results.length,
    page: 20,
  },
  '/api/myway/schools': { address: '/api/myway/schools', rows: (body) => body.length },
  '/api/myway/classes': { address: '/api/myway/classes', rows: (body) => body.length },
  '/api/myway/classes/{id}/pupils': { address: `/api/myway/classes/${idOf('class', 0)}/pupils`, rows: (body) => body.length },
  '/api/myway/classes/{id}/progress': {
    address: `/api/myway/classes/${idOf('class', 0)}/progress`,
    rows: (body) => body.pupils.length,
  },
  '/api/myway/pupils/{id}/progress': {
    address: `/api/myway/pupils/${pupil}/progress`,
    rows: (body) => body.paths.length,
    page: 50,
  },
  '/api/myway/my-paths': { address: '/api/myway/my-paths', as: 'pupil', rows: (body) => body.length },
  '/api/myway/my-paths/{assignmentId}': {
    address: `/api/myway/my-paths/${idOf('assignment', 0)}`,
    as: 'pupil',
    rows: (body) => body.steps.length,
  },
  '/api/myway/assignments': { address: '/api/myway/assignments', rows: (body) => body.length },
  '/api/myway/assignments/{id}/progress': {
    address: `/api/myway/assignments/${idOf('assignment', 0)}/progress`,
    rows: (body) => body.rows.length,
  },
  '/api/myway/assignments/{id}/tool-results': {
    address: `/api/myway/assignments/${idOf('assignment', 0)}/tool-results`,
    rows: (body) => body.rows.length,
  },
  '/api/myway/assignments/{id}/pupils/{pupilId}': {
    address: `/api/myway/assignments/${idOf('assignment', 0)}/pupils/${pupil}`,
    rows: (body) => body.steps.length,
  },
  '/api/myway/assignments/{id}/pupils/{pupilId}/steps/{stepId}/attempts': {
    address: `/api/myway/assignments/${idOf('assignment', 0)}/pupils/${pupil}/steps/${idOf('step', 0)}/attempts`,
    rows: (body) => body.attempts.length,
    page: 10,
  },
  '/api/operations/queues': { address: '/api/operations/queues?state=failed', rows: (body) => body.messages.length },
  '/api/operations/settings/tenants': { address: '/api/operations/settings/tenants', rows: (body) => body.tenants.length },
  '/api/privacy/people': { address: '/api/privacy/people', rows: (body) => body.people.length, page: 25 },
  '/api/privacy/people/{id}/audit': {
    address: `/api/privacy/people/${pupil}/audit`,
    rows: (body) => body.entries.length,
    page: 50,
  },
  '/api/privacy/erasures': { address: '/api/privacy/erasures', rows: (body) => body.erasures.length },
};

/** Lists whose length depends on the portal's composition or on one person, not on the number of rows. */
const fixed: Record<string, string> = {
  ...Object.fromEntries(
    [
      'academicSessions',
      'courses',
      'schools',
      'students',
      'teachers',
      'terms',
      'schools/{school}/classes',
      'schools/{school}/courses',
      'schools/{school}/enrollments',
      'schools/{school}/students',
      'schools/{school}/teachers',
      'schools/{school}/terms',
      'schools/{school}/classes/{class}/enrollments',
      'schools/{school}/classes/{class}/students',
      'schools/{school}/classes/{class}/teachers',
      'classes/{class}/students',
      'classes/{class}/teachers',
      'users/{user}/classes',
      'students/{user}/classes',
      'teachers/{user}/classes',
      'courses/{course}/classes',
      'terms/{term}/classes',
    ].map((list) => [`${oneRoster}/${list}`, 'the statement of the lists above, and one for each thing in the address']),
  ),
  '/api/lti/launch-counts': 'tools of the portal, in one statement',
  '/api/library/ims/case/v1p1/CFDocuments': 'concept schemes, in one statement',
  '/api/library/ims/case/v1p1/CFItemAssociations/{id}': 'relations of one concept, in two statements',
  '/api/library/activities/{id}/content': 'at most 10 files of one activity',
  '/api/lti/choices/kept': 'at most 200 rows, by one statement; deep-linking.test.ts reads them',
  '/api/library/tools': 'tools of the plugins in service',
  '/api/kernel/session': 'roles and permissions of one person',
  '/api/login/factors': 'a person has ten passkeys at most',
  '/api/login/options': 'identity providers of the configuration',
  '/api/directory/start/classes': 'at most 40 rows on the start page',
  '/api/directory/start/rosters': 'at most 10 rows on the start page',
  '/api/directory/start/providers': 'at most 20 rows on the start page',
  '/api/login/schools/{school}/invitations': 'the first people of a school, at most 500, in a few statements for all',
  '/api/login/start/accounts': 'at most 8 rows on the start page',
  '/api/login/start/invitations': 'at most 20 rows on the start page',
  '/api/lti/start/tools': 'at most 8 rows on the start page',
  '/api/myway/classes/{id}/topics': 'at most 200 rows; follow-up.test.ts counts its statements',
  '/api/myway/dead-activities': 'at most 100 rows; replacements.test.ts counts its statements',
  '/api/myway/dead-activities/{id}/alternatives': 'at most 8 proposals',
  '/api/myway/dead-activities/{id}/paths': 'at most 100 rows; replacements.test.ts counts its statements',
  '/api/myway/my-paths/{assignmentId}/messages': 'the newest 20 of one pupil',
  '/api/myway/pupils/{id}/topics': 'at most 200 rows; follow-up.test.ts counts its statements',
  '/api/myway/pupils/{id}/weeks': 'half a year; follow-up.test.ts counts its statements',
  '/api/myway/assignments/{assignmentId}/pupils/{pupilId}/branches': 'branches of one path',
  '/api/myway/assignments/{assignmentId}/pupils/{pupilId}/steps/{stepId}/work': 'what one pupil handed in, at most 5 files',
  '/api/myway/my-paths/{assignmentId}/steps/{stepId}/work': 'what one pupil handed in, at most 5 files',
  '/api/myway/paths/{id}/file': 'steps of one path',
  '/api/myway/paths/{id}/file-losses': 'steps of one path',
  '/api/myway/paths/{id}/publication': 'the newest versions of one path',
  '/api/myway/paths/{id}/versions': 'the newest 50 of one path, in two statements',
  '/api/myway/paths/{id}/versions/{version}': 'steps of one path',
  '/api/myway/replacements': 'the newest 20 of one person',
  '/api/myway/start/arrived': 'at most 8 rows on the start page; start.test.ts counts its statements',
  '/api/myway/start/building': 'at most 4 rows on the start page',
  '/api/myway/start/due': 'at most 20 rows on the start page; start.test.ts counts its statements',
  '/api/myway/start/ending': 'at most 8 rows on the start page; start.test.ts counts its statements',
  '/api/myway/start/school': 'years of a school',
  '/api/myway/start/stuck': 'at most 8 rows on the start page; start.test.ts counts its statements',
  '/api/operations/first-steps': 'settings that plugins declare',
  '/api/operations/start': 'plugins of the configuration',
  '/api/lti/choices/tools': 'tools of the portal, in two statements',
  '/api/lti/choices/{id}': 'what one teacher chose, in one row',
  '/api/lti/contexts/{contextId}/memberships': 'members of one class; members.test.ts counts its statements',
  '/api/lti/jwks': 'the signing keys of the moment',
  '/api/lti/openid-configuration': 'what the LTI platform supports',
  '/api/lti/registrations/{id}': 'redirect addresses of one tool',
  '/api/lti/registrations/pending': 'tools that wait for approval, in one statement',
  '/api/lti/trace': 'one statement a page; trace.test.ts reads pages',
  '/api/lti/trace/{code}': 'steps of one launch',
  '/api/lti/trace/filters': 'tools and schools, in two statements',
  '/api/myway/assignments/{id}/tools': 'steps of one path',
  '/api/operations/plugins': 'plugins of the configuration',
  '/api/operations/settings/portal': 'settings that plugins declare',
  '/api/operations/settings/tenants/{tenant}': 'settings that plugins declare',
  '/api/privacy/people/{id}': 'schools of one person',
  '/api/privacy/people/{id}/erasure': 'tables of the plugins',
  '/api/privacy/erasures/{id}': 'tables of the plugins',
  '/api/privacy/agreements': 'schools, in one statement, and their decisions, in another',
  '/api/privacy/assessment': 'the fixed questions, and the newest 100 versions in one statement',
  '/api/privacy/corrections': 'at most 100 and whether there are more, in one statement and one for names',
  '/api/privacy/processing': 'purposes of the plugins',
  '/api/privacy/processing/parties': 'schools, in one statement',
  '/api/privacy/register': 'tables of the plugins',
  '/api/privacy/statement': 'tables of the plugins',
  '/api/privacy/who-sees-what': 'routes of the plugins',
  '/api/privacy/consents': 'at most 100 open questions and whether there are more, in one statement',
  '/api/privacy/incidents': 'at most 100 rows and whether there are more, in one statement',
  '/api/privacy/incidents/{id}': 'steps of one incident',
  '/api/privacy/incidents/{id}/people': 'one page, in two statements',
  '/api/privacy/incidents/{id}/schools': 'schools of affected people, in one statement, and these by pages of 500',
  '/api/privacy/told-incidents': 'at most 500 and whether there are more, in one statement',
  '/api/privacy/names': 'at most 20 places that wait',
  '/api/privacy/own/consents': 'questions to one person',
  '/api/privacy/own/objections': 'purposes of the plugins',
  '/api/privacy/own/overview': 'tables of the plugins',
  '/api/privacy/own/requests': 'the newest of one person',
  '/api/privacy/people/{id}/consents': 'questions to one person',
  '/api/privacy/people/{id}/objections': 'purposes of the plugins',
  '/api/privacy/requests': 'one page, in one statement and one for names',
  '/api/privacy/requests/{id}': 'steps of one request',
  '/api/privacy/schools': 'schools, in one statement',
  '/api/privacy/schools/{id}/tools': 'tools of the configuration',
  '/api/search/commands': 'commands and keys that plugins contribute',
  '/api/search/sources': 'kinds of results that plugins contribute',
};

/** Describes how often each statement was sent. */
function tally(statements: readonly string[] = []): string {
  const times = new Map<string, number>();
  for (const text of statements) times.set(text, (times.get(text) ?? 0) + 1);
  return [...times].map(([text, count]) => `${count} × ${text}`).join('\n');
}

let growing: GrowingPortal;
let clients: Record<'teacher' | 'pupil' | 'tool', TestClient>;
let routes: string[];
const counts: Record<number, Record<string, { statements: readonly string[]; rows: number }>> = {};

/** Requests every list; counts rows and statements. */
async function ask() {
  const found: (typeof counts)[number] = {};
  // A changed session is read again; do that before counting.
  for (const client of [clients.teacher, clients.pupil]) await client.get('/api/kernel/session');
  for (const [route, { address, as = 'teacher', rows }] of Object.entries(lists)) {
    const headers: Record<string, string> = as === 'tool' ? { authorization: `Bearer ${growing.token}` } : {};
    const counting = countStatements();
    const { status, body } = await clients[as].get(address, { headers });
    counting.stop();
    expect(status, `${address}: ${JSON.stringify(body)}`).toBe(200);
    const name = `GET ${route.replace(/\{(\w+)\}/g, ':$1')}`;
    const content = typeof body === 'string' ? JSON.parse(body) : body;
    found[route] = { statements: counting.sent.get(name) ?? [], rows: rows(content) };
  }
  return found;
}

beforeAll(async () => {
  growing = await startGrowingPortal();
  const { portal } = growing;
  clients = { teacher: await portal.signIn(teacher), pupil: await portal.signIn(pupil), tool: portal.client() };
  const { body: document } = await clients.teacher.get('/api/openapi.json');
  routes = Object.entries<any>(document.paths).flatMap(([path, { get }]) =>
    get !== undefined && JSON.stringify(get.responses['200'] ?? {}).includes('"type":"array"') ? [path] : [],
  );
  await growing.grow(few);
  counts[few] = await ask();
  await growing.grow(many);
  counts[many] = await ask();
});
afterAll(() => growing?.portal.stop());

describe('content D10: lists by a bounded number of statements', () => {
  test('every route that returns a list is listed here, or has a reason why it cannot grow', () => {
    expect(routes.length).toBeGreaterThan(40);
    expect([...Object.keys(lists), ...Object.keys(fixed)].sort()).toEqual([...routes].sort());
  });

  test.each(Object.keys(lists))('GET %s sends the same number of statements for 100 rows as for 10', (route) => {
    const before = counts[few]?.[route];
    const after = counts[many]?.[route];
    const { page = many } = lists[route] as List;
    // The lists must have grown, or the comparison would be meaningless.
    expect(before?.rows).toBeGreaterThanOrEqual(few);
    expect(after?.rows).toBeGreaterThanOrEqual(page);
    expect(before?.statements.length).toBeGreaterThan(0);
    expect(after?.statements.length, tally(after?.statements)).toBeLessThanOrEqual(before?.statements.length ?? 0);
  });
});

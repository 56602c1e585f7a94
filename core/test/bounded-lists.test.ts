import { type Route, routeFor } from '@ilearn/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { unboundedPlaces } from '../dist/http/bounds.js';
import { everyRoute } from './support/every-route.js';

test('every list that a GET route returns has a maximum length', async () => {
  const routes = await everyRoute();
  expect(routes.length).toBeGreaterThan(90);
  const found = routes.flatMap(({ id, route }) => unboundedPlaces(route).map((place) => `${id} ${route.path}: ${place}`));
  expect(found).toEqual([]);
});

/** Lists of an answer whose answer does not say whether there are more: all lists of the schema, unless `more`, `total` or `pages` does. */
function silentPlaces({ method, responses }: Pick<Route, 'method' | 'responses'>): string[] {
  const spec = method === 'GET' ? responses[200] : undefined;
  const schema = spec instanceof z.ZodType ? spec : spec?.schema;
  if (schema instanceof z.ZodArray) return ['it'];
  if (!(schema instanceof z.ZodObject) || ['more', 'total', 'pages'].some((name) => name in schema.shape)) return [];
  return Object.entries(schema.shape).flatMap(([name, each]) => (each instanceof z.ZodArray ? [name] : []));
}

/** Why lists of these answers are never cut, or how else their readers learn that there are more. */
const whole: Record<string, string> = {
  'academy /catalogue/:id: audience': 'three roles',
  'academy /catalogue/:id: events': 'a training has 100 events to come at most',
  'academy /catalogue/:id: foci': 'a training may have 20',
  'academy /catalogue/:id: groups': 'always empty for people of schools',
  'academy /catalogue/:id: levels': 'three levels',
  'academy /catalogue/:id: schools': 'always empty for people of schools',
  'academy /catalogue/:id: tools': 'a training may have 20',
  'academy /coaching-providers: providers': 'training providers with a published training',
  'academy /coachings/:id: coaches': 'coaches of one provider',
  'academy /coachings/:id: entries': 'entries of one coaching',
  'academy /coachings/:id: parts': 'five parts',
  'academy /coachings/:id: reports': 'reports of one coaching',
  'academy /desk/audience: found': 'the first; further words narrow them down',
  'academy /desk/events/:id/certificates: certificates': 'certificates of one event',
  'academy /desk/events/:id/evaluation: remarks': 'remarks on one event',
  'academy /desk/events/:id: enrolments': 'sign-ups of one event',
  'academy /desk/events/:id: sessions': 'an event may have 50',
  'academy /desk/events/:id: trainerNames': 'an event may have 20',
  'academy /desk/events/:id: trainers': 'an event may have 20',
  'academy /desk/trainers: trainers': 'trainers of one provider',
  'academy /desk/trainings/:id: audience': 'three roles',
  'academy /desk/trainings/:id: audienceNames': 'a training may name 2,000 schools and 200 groups',
  'academy /desk/trainings/:id: foci': 'a training may have 20',
  'academy /desk/trainings/:id: groups': 'a training may name 200',
  'academy /desk/trainings/:id: levels': 'three levels',
  'academy /desk/trainings/:id: schools': 'a training may name 2,000',
  'academy /desk/trainings/:id: tools': 'a training may have 20',
  'academy /issuer: @context': 'fixed',
  'academy /issuer: assertionMethod': 'one key, and former ones',
  'academy /issuer: type': 'fixed',
  'academy /issuers/:id: @context': 'fixed',
  'academy /issuers/:id: assertionMethod': 'one key, and former ones',
  'academy /issuers/:id: type': 'fixed',
  'academy /keys: keys': 'one key, and former ones',
  'academy /my-certificates: certificates': 'certificates of one person',
  'academy /my-learning: enrolments': 'the newest sign-ups of one person',
  'academy /start/approvals: waiting': 'the first; the page behind it lists all',
  'academy /start/desk: sessions': 'the first; the page behind it lists all',
  'academy /start/mine: offered': 'the first; the page behind it lists all',
  'academy /start/mine: sessions': 'the first; the page behind it lists all',
  'academy /suggestions: chosen': 'a person may choose 20',
  'academy /suggestions: offered': 'foci of published trainings',
  'academy /suggestions: suggestions': 'the first six',
  'academy /team/schools/:id/colleagues: people': 'the first; further words narrow them down',
  'academy /team: learning': 'the newest',
  'academy /team: reserved': 'seats of one school',
  'demo /doors: doors': 'fixed',
  'api /apps/:id/deliveries/:delivery/tries: it': 'tries of one message, at most 50',
  'api /apps/:id: endpoints': 'an app may have 10',
  'api /apps/:id: grants': 'moreGrants says it',
  'api /apps/:id: keys': 'an app may have 4',
  'api /apps/:id: secrets': 'an app may have 2',
  'api /reference: messages': 'fixed',
  'api /reference: scopes': 'scopes of the plugins',
  'data-space /.well-known/dspace-version: protocolVersions': 'versions of the protocol',
  'data-space /dsp/2025-1/catalog/datasets/:pid: @context': 'the context of a message',
  'data-space /dsp/2025-1/negotiations/:pid: @context': 'the context of a message',
  'data-space /dsp/2025-1/transfers/:pid: @context': 'the context of a message',
  'data-space /partners: it': 'a portal has at most 200',
  'directory /candidates: it': 'classes that one teacher teaches',
  'directory /people/:id: classes': 'classes of one person',
  'directory /people/:id: roles': 'roles of one person',
  'directory /people/:id: schools': 'schools of one person',
  'directory /providers/:id: grantable': 'roles that a provider may have',
  'directory /providers/:id: people': 'a provider may have 500',
  'directory /start/classes: classes': 'classes that one teacher teaches',
  'directory /start/providers: providers': 'providers of one person',
  'helpdesk /articles/:id: revisions': 'the newest 60 of one article',
  'helpdesk /articles/:id: tools': 'an article may name 20',
  'helpdesk /articles/worklist: inReview': 'the oldest 50; what is done leaves the list',
  'helpdesk /articles/worklist: lowRated': 'the 50 that help least',
  'helpdesk /articles/worklist: stale': 'the 50 that wait longest',
  'helpdesk /articles/worklist: unanswered': 'the 50 that were searched most',
  'helpdesk /macros: macros': 'a desk may have 50',
  'helpdesk /mails/:id: withheld': 'attachments of one mail; a reader takes 50',
  'helpdesk /outages/notices: notices': 'outages that are open, and tools of the portal',
  'helpdesk /outages: outages': 'those that are open, and the 50 that ended last',
  'helpdesk /outages: tools': 'tools of the portal',
  'helpdesk /queue/counts: saved': 'a helper may save 20',
  'helpdesk /queue/counts: views': 'eight views',
  'helpdesk /service-levels: levels': 'four lines',
  'helpdesk /sides/:id: messages': 'the newest 200 of one side conversation',
  'helpdesk /sides: sides': 'the newest 50 of one provider',
  'helpdesk /suggestions: articles': 'three',
  'helpdesk /tickets/:id/colleagues: people': 'the first; further words narrow them down',
  'helpdesk /tickets/:id/helpers: people': 'helpers of one line',
  'helpdesk /tickets/:id/history: steps': 'the newest 200 of one ticket',
  'helpdesk /tickets/:id/presence: people': 'helpers who have the ticket open now',
  'helpdesk /tickets/:id/side-preview: providers': 'providers of the portal',
  'helpdesk /tickets/:id/sides: sides': 'a ticket may have 20',
  'helpdesk /tickets/:id: actions': 'actions of one state',
  'helpdesk /tickets/:id: conversation': '`earlier` says whether there are older messages',
  'helpdesk /tickets/:id: labels': 'a ticket may have 20',
  'helpdesk /tickets/:id: links': 'a ticket may have 50',
  'helpdesk /tickets/:id: participants': 'a ticket may have 50',
  'helpdesk /traces/:code: lines': 'a trace has 200 lines at most',
  'helpdesk /wishes/:id: answers': 'of one wish',
  'helpdesk /wishes/providers: providers': 'providers of the portal',
  'helpdesk /wishes/twins: wishes': 'the five most alike',
  'library /activities/:id: concepts': 'an activity may have 200',
  'library /activities/:id: keywords': 'an activity may have 50',
  'library /schools: schools': 'schools of one author',
  'library /tools: mayDecideFor': 'schools of one ICT coordinator',
  'library /tools: tools': 'tools of the plugins in service',
  'login /classes/:id/accounts: pupils': 'pupils of one class',
  'login /classes/:id/badges: pupils': 'pupils of one class',
  'login /factors: passkeys': 'a person has ten at most',
  'login /invitations: invitations': 'a provider has 500 people',
  'login /options: audiences': 'from the configuration',
  'login /start/accounts: ending': 'the first; the page behind it lists all',
  'login /start/invitations: providers': 'providers of one person',
  'lti /contexts/:contextId/lineitems/:lineItemId/results: it': 'Link rel="next"',
  'lti /contexts/:contextId/lineitems: it': 'Link rel="next"',
  'lti /choices/:id: items': 'at most 200 are read from a response',
  'lti /choices/tools: schools': 'schools of one teacher',
  'lti /choices/tools: tools': 'those of the registrations',
  'lti /contexts/:contextId/memberships: members': 'Link rel="next"',
  'lti /jwks: keys': 'the keys of the moment',
  'lti /launch-counts: tools': 'tools that are switched on',
  'lti /openid-configuration: claims_supported': 'fixed',
  'lti /openid-configuration: id_token_signing_alg_values_supported': 'fixed',
  'lti /openid-configuration: response_modes_supported': 'fixed',
  'lti /openid-configuration: response_types_supported': 'fixed',
  'lti /openid-configuration: scopes_supported': 'fixed',
  'lti /openid-configuration: subject_types_supported': 'fixed',
  'lti /openid-configuration: token_endpoint_auth_methods_supported': 'fixed',
  'lti /openid-configuration: token_endpoint_auth_signing_alg_values_supported': 'fixed',
  'lti /registrations/:id: redirectUris': 'a registration may have 1,000',
  'lti /registrations/:id: scopes': 'fixed',
  'lti /registrations/pending: tools': 'the first 100 that wait',
  'lti /start/tools: tools': 'the first; the page behind it lists all',
  'lti /trace/:code: lines': 'the first 200 steps of one launch',
  'lti /trace/filters: schools': 'schools of one administrator',
  'lti /trace/filters: tools': 'those of the registrations',
  'myway /assignments/:assignmentId/pupils/:pupilId/branches: branches': 'a path may have 20 choices and branches',
  'myway /assignments/:id/progress: rows': 'pupils of one assignment',
  'myway /assignments/:id/progress: siblings': 'assignments of one path to the classes of one teacher',
  'myway /assignments/:id/progress: steps': 'a path may have 100',
  'myway /assignments/:id/pupils/:pupilId/steps/:stepId/attempts: attempts': '`older`: where the next page begins',
  'myway /assignments/:id/pupils/:pupilId: steps': 'a path may have 100',
  'myway /assignments/:id/tools: steps': 'a path may have 100',
  'myway /assignments: it': '`offset`: a full page may be followed by another, which the page asks for',
  'myway /classes/:id/pupils: it': 'pupils of one class',
  'myway /classes: it': 'classes that one teacher teaches',
  'myway /dead-activities/:id/alternatives: it': 'the best proposals; the library can be searched',
  'myway /my-paths/:assignmentId/messages: it': 'the newest',
  'myway /my-paths: it': '`offset`: the page asks until a page is not full',
  'myway /paths/:id: steps': 'a path may have 100',
  'myway /paths/:id/file-losses: lost': 'steps of one path, which may have 100',
  'myway /paths/:id/file: blocks': 'a path may have 20 choices and branches',
  'myway /paths/:id/file: steps': 'a path may have 100',
  'myway /paths/:id/publication: changes': 'the newest versions of one path',
  'myway /paths/:id/versions/:version: steps': 'a path may have 100',
  'myway /paths/:id/versions: versions': 'the newest 50 of one path; older ones are not kept in the list',
  'myway /paths/:id: blocks': 'a path may have 20 choices and branches',
  'myway /pupils/:id/weeks: weeks': 'half a year',
  'myway /replacements: it': 'the newest',
  'myway /schools: it': 'schools of one author',
  'myway /start/arrived: paths': 'the first; the page behind it lists all',
  'myway /start/building: paths': 'the first; the page behind it lists all',
  'myway /start/due: paths': 'the first; the page behind it lists all',
  'myway /start/ending: paths': 'the first; the page behind it lists all',
  'myway /start/school: years': 'years of study',
  'notifications /preferences: kinds': 'the kinds of notification of the plugins',
  'operations /plugins: it': 'from the configuration',
  'operations /queues: messages': '`counts` holds the number in each state, which the page shows',
  'operations /settings/portal: it': 'from the configuration',
  'operations /settings/tenants/:tenant: it': 'from the configuration',
  'operations /start: out': 'from the configuration',
  'privacy /agreements: schools': 'schools for which one answers, at most 5,000',
  'privacy /assessment: questions': 'the fixed questions',
  'privacy /assessment: versions': 'the newest of one assessment',
  'privacy /erasures/:id: rows': 'tables of the plugins',
  'privacy /incidents/:id: actions': 'acts of a state',
  'privacy /incidents/:id: categories': 'the fixed categories',
  'privacy /incidents/:id/schools: told': 'schools of affected people, at most 1,000',
  'privacy /incidents/:id/schools: untold': 'schools of affected people, at most 1,000',
  'privacy /incidents/:id: steps': 'steps of one incident',
  'privacy /names: mentions': 'those that wait; the others follow once these are decided',
  'privacy /own/consents: questions': 'questions to one person',
  'privacy /own/objections: purposes': 'purposes of the plugins',
  'privacy /own/overview: parts': 'plugins of the configuration',
  'privacy /own/requests: purposes': 'purposes of the plugins',
  'privacy /own/requests: requests': 'the newest of one person',
  'privacy /own/requests: schools': 'schools of one person',
  'privacy /people/:id/consents: questions': 'questions to one person',
  'privacy /people/:id/erasure: it': 'tables of the plugins',
  'privacy /people/:id/objections: purposes': 'purposes of the plugins',
  'privacy /people/:id: classes': 'classes of one person',
  'privacy /people/:id: schools': 'schools of one person',
  'privacy /processing/parties: schools': 'schools for which one answers, at most 5,000',
  'privacy /processing: asController': 'purposes of the plugins',
  'privacy /processing: asProcessor': 'purposes of the plugins',
  'privacy /processing: measures': 'fixed',
  'privacy /register: columns': 'fixed',
  'privacy /register: parts': 'plugins of the configuration',
  'privacy /requests/:id: actions': 'acts of a state',
  'privacy /requests/:id: letters': 'letters of one request',
  'privacy /requests/:id: objectsTo': 'purposes of the plugins',
  'privacy /requests/:id: steps': 'steps of one request',
  'privacy /schools/:id/tools: tools': 'tools of the configuration',
  'privacy /schools: schools': 'schools for which one answers, at most 5,000',
  'privacy /statement: parts': 'plugins of the configuration',
  'privacy /statement: purposes': 'purposes of the plugins',
  'privacy /statement: sections': 'fixed',
  'privacy /statement: versions': 'the newest versions',
  'privacy /who-sees-what: modules': 'plugins of the configuration',
  'privacy /who-sees-what: roles': 'roles of the plugins',
  'reports /measures: it': 'the numbers of the cube',
  'reports /places: groups': 'school groups of the schools that the caller manages',
  'reports /places: schools': 'schools that the caller manages; an operator has at most 5,000',
  'reports /schools/:place/tools: it': 'tools that are switched on',
  'rosters /runs/:id: notes': 'the first 1,000; leftOut counts all',
  'rosters /runs/:id: removals': 'the first 100; removalCount counts all',
  'search /sources: sources': 'kinds of results that plugins contribute',
  'sign-in-oidc /identities: identities': 'a person has 50 at most',
  'sign-in-oidc /identities: offered': 'providers of the configuration',
  'sign-in-oidc /own-schools: schools': 'schools of one person',
  'sign-in-oidc /schools/:school/providers: offered': 'providers of the configuration',
  'sign-in-oidc /schools/:school/providers: used': 'a school has 20 at most',
  'sign-in-oidc /schools/:school/ways: providers': 'a school has 20 at most',
  'sign-in-oidc /waiting: waiting': 'a school keeps 500 at most',
};

/** OneRoster and CASE say it in the header X-Total-Count; a relation of CASE belongs to one concept. */
const ofSpecifications = '/ims/';

test('issue 11: every list that may be incomplete says whether there are more', async () => {
  const routes = await everyRoute();
  const silent = routes
    .filter(({ route: { path } }) => !path.startsWith(ofSpecifications))
    .flatMap(({ id, route }) => silentPlaces(route).map((place) => `${id} ${route.path}: ${place}`));
  expect(silent.sort()).toEqual(Object.keys(whole).sort());
});

describe('an unbounded list is found', () => {
  const route = routeFor<unknown>();
  const places = (schema: z.ZodType, method: 'GET' | 'POST' = 'GET') =>
    unboundedPlaces(
      route({ method, path: '/x', summary: 'x', permission: 'public', responses: { 200: schema }, handler: () => null }),
    );
  const list = z.array(z.string());
  interface Tree {
    below: Tree[];
  }
  const tree: z.ZodType<Tree> = z.object({ below: z.lazy(() => z.array(tree)) });

  test.each<[string, z.ZodType, string[]]>([
    ['a list', list, ['200']],
    ['a list with a least length', list.min(1), ['200']],
    ['within an object', z.object({ a: z.object({ b: list }) }), ['200.a.b']],
    ['within a list', z.array(z.array(z.int())).max(3), ['200[]']],
    ['that may be left out', z.object({ a: list.nullable().optional().default([]) }), ['200.a']],
    ['of a union', z.union([z.string(), list]), ['200']],
    [
      'after a transformation',
      z
        .string()
        .transform((text) => text.split(','))
        .pipe(list),
      ['200'],
    ],
    ['a record', z.record(z.string(), z.int()), ['200']],
    ['a tree', tree, ['200.below']],
    ['nothing where all is bounded', z.object({ a: list.max(3), b: z.record(z.enum(['x']), z.array(z.int()).length(2)) }), []],
  ])('%s', (_, schema, expected) => {
    expect(places(schema)).toEqual(expected);
    expect(places(schema, 'POST')).toEqual([]);
  });
});

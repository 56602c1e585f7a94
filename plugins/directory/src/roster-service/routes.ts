import { type Problem, type Route, type RouteRequest, reply } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { type ListQuery, listQuery, mostInPage } from './list-query.js';
import { type Resource, type ResourceName, resources } from './resources.js';
import { basePath, type Part } from './roster-service.js';

const sourcedId = z.string().max(255);

/** OneRoster 1.2 Rostering Service §5.2: imsx_StatusInfo. */
const statusInfo = z.object({
  imsx_codeMajor: z.literal('failure'),
  imsx_severity: z.literal('error'),
  imsx_description: z.string(),
  imsx_CodeMinor: z.object({
    imsx_codeMinorField: z.array(z.object({ imsx_codeMinorFieldName: z.string(), imsx_codeMinorFieldValue: z.string() })).max(1),
  }),
});
const refusals = Object.fromEntries([400, 401, 403, 404, 405, 422, 429, 500, 503, 504].map((status) => [status, statusInfo]));

/** Values of imsx_codeMinorFieldValue: by type of problem, otherwise by status. */
const codes: Record<string, string> = {
  'directory/roster-filter': 'invalid_filter_field',
  'directory/roster-sort': 'invalid_sort_field',
  'directory/roster-fields': 'invalid_selection_field',
  400: 'invaliddata',
  401: 'unauthorisedrequest',
  403: 'forbidden',
  404: 'unknownobject',
  422: 'invaliddata',
  429: 'server_busy',
};

const formatProblem = ({ type, status, title, detail = title, headers }: Problem) =>
  reply(
    status,
    {
      imsx_codeMajor: 'failure' as const,
      imsx_severity: 'error' as const,
      imsx_description: detail,
      imsx_CodeMinor: {
        imsx_codeMinorField: [
          {
            imsx_codeMinorFieldName: 'TargetEndSystem',
            imsx_codeMinorFieldValue: codes[type] ?? codes[status] ?? 'internal_server_error',
          },
        ],
      },
    },
    headers,
  );

const object = z
  .looseObject({ sourcedId: z.string(), status: z.enum(['active', 'tobedeleted']), dateLastModified: z.iso.datetime() })
  .partial();
const common = { permission: 'roster:import', machines: { scope: 'roster:read', cost: 2 }, formatProblem } as const;
type RosterRoute = Route & Pick<typeof common, 'permission' | 'machines'>;

/** What the handlers get: the routes are made from tables, so the compiler does not read their paths. */
interface Input {
  params: Record<string, string>;
  query: ListQuery;
  services: Cradle;
  request: RouteRequest;
}

/** Lists that belong to something in their address: what they list, and how its rows relate to it. */
const inSchool = ['schools', 'school_id = ?'] as const;
const inClass = (table: 'person' | 'enrolment') =>
  [
    'classes',
    table === 'enrolment'
      ? 'class_id = ?'
      : 'id in (select e.person_id::text from enrolments e where e.class_id::text = ? and e.active)',
  ] as const;
const ofSchool = 'id in (select m.person_id::text from memberships m where m.school_id::text = ? and m.active)';
const ofPerson = 'id in (select e.class_id::text from enrolments e where e.person_id::text = ? and e.active)';

/** What is about nobody: it is not recorded in the audit log. */
const ofNobody: ResourceName[] = ['orgs', 'schools', 'academicSessions', 'terms', 'courses', 'classes'];
const auditOf = (name: ResourceName, steps: readonly Step[] = []): Pick<Route, 'audit'> =>
  ofNobody.includes(name) && steps.every(([of]) => ofNobody.includes(of))
    ? { audit: { none: 'It shows no personal data.' } }
    : {};

type Step = readonly [of: ResourceName, sql: string];
const nested: [path: string, name: ResourceName, steps: Step[]][] = [
  ['/schools/:school/classes', 'classes', [inSchool]],
  ['/schools/:school/courses', 'courses', [inSchool]],
  ['/schools/:school/enrollments', 'enrollments', [inSchool]],
  ['/schools/:school/students', 'students', [['schools', ofSchool]]],
  ['/schools/:school/teachers', 'teachers', [['schools', ofSchool]]],
  ['/schools/:school/terms', 'terms', [inSchool]],
  ['/schools/:school/classes/:class/enrollments', 'enrollments', [inSchool, inClass('enrolment')]],
  ['/schools/:school/classes/:class/students', 'students', [['schools', ofSchool], inClass('person')]],
  ['/schools/:school/classes/:class/teachers', 'teachers', [['schools', ofSchool], inClass('person')]],
  ['/classes/:class/students', 'students', [inClass('person')]],
  ['/classes/:class/teachers', 'teachers', [inClass('person')]],
  ['/users/:user/classes', 'classes', [['users', ofPerson]]],
  ['/students/:user/classes', 'classes', [['students', ofPerson]]],
  ['/teachers/:user/classes', 'classes', [['teachers', ofPerson]]],
  ['/courses/:course/classes', 'classes', [['courses', `'course-' || school_id = ?`]]],
  ['/terms/:term/classes', 'classes', [['terms', 'year = ?']]],
];

const listRoute = (path: string, name: ResourceName, steps: readonly Step[]): RosterRoute => {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, each]) => each as string);
  const { many }: Resource = resources[name];
  return {
    ...common,
    ...auditOf(name, steps),
    method: 'GET',
    path: `${basePath}${path}`,
    summary: `OneRoster 1.2: ${name}${steps.length === 0 ? '' : ` of one of the ${steps.map(([of]) => of).join(' and ')}`}`,
    params: z.object(Object.fromEntries(names.map((each) => [each, sourcedId]))),
    query: listQuery,
    responses: { 200: z.object({ [many]: z.array(object).max(mostInPage) }), ...refusals },
    async handler({ params, query, services, request }: Input) {
      const parts = steps.map(([of, sql], index): Part => ({ of, sql, id: params[names[index] as string] as string }));
      const { objects, total } = await services.rosterService.list(name, parts, query);
      return reply(
        200,
        { [many]: objects },
        { 'x-total-count': `${total}`, ...linksTo(services.portal.url, request.url, query, total) },
      );
    },
  };
};

/** `Link` to other pages of a list (OneRoster 1.2 §3.4.1). */
function linksTo(
  portal: string,
  url: string,
  { limit, offset }: Pick<ListQuery, 'limit' | 'offset'>,
  total: number,
): Record<string, string> {
  const link = (rel: string, begin: number) => {
    const address = new URL(url, portal);
    address.searchParams.set('limit', `${limit}`);
    address.searchParams.set('offset', `${begin}`);
    return `<${address.href}>; rel="${rel}"`;
  };
  const last = Math.max(Math.ceil(total / limit) - 1, 0) * limit;
  const links = [link('first', 0), link('last', last)];
  if (offset > 0) links.unshift(link('prev', Math.max(Math.min(offset - limit, last), 0)));
  if (offset + limit < total) links.unshift(link('next', offset + limit));
  return { link: links.join(', ') };
}

const oneRoute = (name: ResourceName): RosterRoute => {
  const { one }: Resource = resources[name];
  return {
    ...common,
    ...auditOf(name),
    method: 'GET',
    path: `${basePath}/${name}/:id`,
    summary: `OneRoster 1.2: one of the ${name}`,
    params: z.object({ id: sourcedId }),
    responses: { 200: z.object({ [one]: object }), ...refusals },
    handler: async ({ params: { id = '' }, services }: Input) => ({ [one]: await services.rosterService.one(name, id) }),
  };
};

const names = Object.keys(resources) as ResourceName[];

/** Read-only calls of the Rostering Service (OneRoster 1.2 Rostering Service §4): lists, single objects, and lists of something. */
export const rosterServiceRoutes = [
  ...names.map((name) => listRoute(`/${name}`, name, [])),
  ...names.map(oneRoute),
  ...nested.map(([path, name, steps]) => listRoute(path, name, steps)),
];

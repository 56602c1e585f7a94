import { type ExportStatus, exportStatusSchema, notFound, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { findPerson, fullName, namesOf } from '../find-person.js';

const route = routeFor<Cradle>();
const params = z.object({ id: z.uuid() });
const noted = { none: 'The kernel records each request about a person.' };

const person = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(['pupil', 'staff']),
  /** Names of those of the caller's schools to which the person belongs or last belonged. */
  schools: z.array(z.string()).max(5_000),
});
export type Person = z.infer<typeof person>;

const entry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** `self`: the person themselves; otherwise the kind of actor: a person, the system, a tool, an operator. */
  by: z.string(),
  /** Null if the directory does not know the actor, or the caller may not see them. */
  name: z.string().nullable(),
  plugin: z.string(),
  route: z.string(),
  /** What was done, in the caller's language, without its subject. */
  doing: z.string(),
});
export type Entry = z.infer<typeof entry>;

/** The status as received in JSON, with dates as text. */
export type Exported = { [K in keyof ExportStatus]: K extends `${string}At` ? string | null : ExportStatus[K] };

/** Number of log entries on a page. */
const PAGE = 50;

export const peopleRoutes = [
  route({
    method: 'GET',
    path: '/people',
    summary: 'People of your schools, including those who left, by family name',
    permission: 'privacy:read',
    machines: { none: 'A person must answer privacy requests.' },
    query: z.object({
      search: z.string().max(100).default(''),
      page: z.coerce.number().int().min(1).max(10_000).default(1),
    }),
    responses: { 200: z.object({ people: z.array(person).max(25), total: z.int(), pages: z.int() }) },
    async handler({ query: { search, page }, services: { directory } }) {
      const size = 25;
      const { people, total } = await directory.peopleSearch.find({ search, page, size, left: true });
      const schools = new Map((await directory.schools.list()).map(({ id, name }) => [id, name]));
      const described = people.map((each) => describe(each, schools));
      return { people: described, total, pages: Math.max(1, Math.ceil(total / size)) };
    },
  }),
  route({
    method: 'GET',
    path: '/people/:id',
    summary: 'A person whose data you are responsible for',
    permission: 'privacy:read',
    machines: { none: 'A person must answer privacy requests.' },
    params,
    responses: {
      200: person.extend({ classes: z.array(z.string()).max(2_000).describe('Names of their classes of this school year') }),
    },
    async handler({ params: { id }, services }) {
      const found = await findPerson(services, id);
      const schools = new Map((await services.directory.schools.list()).map(({ id, name }) => [id, name]));
      const classes = await services.directory.classes.ofPerson(id);
      const names = classes.filter(({ kind }) => kind === 'class').map(({ name }) => name);
      return { ...describe(found, schools), classes: names };
    },
  }),
  route({
    method: 'POST',
    path: '/people/:id/export',
    summary: 'Request an export of everything that your schools store about a person (GDPR art. 15)',
    permission: 'privacy:read',
    recentSignIn: true,
    machines: { none: 'A person must answer privacy requests.' },
    params,
    responses: { 202: exportStatusSchema },
    async handler({ params: { id }, services, request }) {
      await findPerson(services, id);
      return services.privacy.export(id, request.language);
    },
  }),
  route({
    method: 'GET',
    path: '/people/:id/export',
    summary: 'State of the export that you requested',
    permission: 'privacy:read',
    machines: { none: 'A person must answer privacy requests.' },
    params,
    audit: { none: 'It shows the state of an export, not its content.' },
    responses: { 200: z.object({ export: exportStatusSchema.nullable() }) },
    async handler({ params: { id }, services }) {
      await findPerson(services, id);
      return { export: await services.privacy.exportStatus(id) };
    },
  }),
  route({
    method: 'GET',
    path: '/people/:id/export/file',
    summary: 'The archive of the export that you requested, when it is ready',
    permission: 'privacy:read',
    recentSignIn: true,
    machines: { none: 'A person must answer privacy requests.' },
    params,
    audit: noted,
    responses: { 200: { description: 'export.json, export.html and files', contentType: 'application/zip' } },
    async handler({ params: { id }, services }) {
      await findPerson(services, id);
      const file = await services.privacy.exportFile(id);
      if (file === null) throw notFound('No export is ready. Request one by POST.');
      const headers = { 'content-disposition': 'attachment; filename="i-learn.zip"', 'content-length': String(file.bytes) };
      return reply(200, file.content, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/people/:id/audit',
    summary: 'Who saw or changed data of a person, newest first',
    permission: 'privacy:read',
    machines: { none: 'A person must answer privacy requests.' },
    params,
    query: z.object({
      since: z.iso.datetime({ offset: true }).optional(),
      until: z.iso.datetime({ offset: true }).optional(),
      before: z
        .string()
        .regex(/^\d{1,18}$/)
        .optional(),
    }),
    audit: noted,
    responses: { 200: z.object({ entries: z.array(entry).max(PAGE), more: z.boolean() }) },
    async handler({ params: { id }, query: { since, until, before }, services, request: { language } }) {
      await findPerson(services, id);
      const moments = { since: moment(since), until: moment(until) };
      // One more than a page, to see whether there are more.
      const found = await services.privacy.audit(id, { ...moments, before, limit: PAGE + 1, language });
      const names = await namesOf(
        services,
        found.map(({ actor }) => actor),
      );
      const entries = found.slice(0, PAGE).map(({ actor, actorKind, at, id: number, plugin, route: name, doing }) => ({
        ...{ id: number, plugin, route: name, doing },
        at: at.toISOString(),
        by: actor === id ? 'self' : actorKind,
        name: actor === null ? null : (names.get(actor) ?? null),
      }));
      return { entries, more: found.length > PAGE };
    },
  }),
];

const moment = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

function describe(
  { schools, kind, id, ...names }: { id: string; givenName: string; familyName: string; kind: Person['kind']; schools: string[] },
  nameOf: ReadonlyMap<string, string>,
): Person {
  return { id, name: fullName(names), kind, schools: schools.flatMap((school) => nameOf.get(school) ?? []) };
}

import { z } from 'zod';
import type { Permissions } from '../access/roles.js';
import { SessionService } from '../access/sessions.js';
import { currentFrame } from '../context/frame.js';
import type { Principal } from '../contract/principal.js';
import { type ExportFile, exportStatusSchema } from '../contract/privacy.js';
import { ageBands } from '../contract/privileged.js';
import { notFound } from '../contract/problem.js';
import { reply } from '../contract/reply.js';
import { nothing } from '../contract/responses.js';
import { routeFor } from '../contract/route.js';
import type { Asked } from '../privacy/export/exports.js';
import type { Privacy } from '../privacy/privacy.js';
import { languageOf } from '../privacy/privacy-texts.js';
import { ownSessionRoutes } from './own-session-routes.js';

const route = routeFor<unknown>();

const sessionSchema = z.object({
  session: z
    .object({
      personId: z.uuid(),
      displayName: z.string(),
      language: z.string().nullable(),
      ageBand: z.enum(ageBands).nullable().describe('Of a pupil, if known'),
      roles: z.array(z.object({ tenant: z.string().nullable(), role: z.string() })).max(20_000),
      permissions: z.array(z.string()).max(20_000),
      recent: z.boolean().describe('Whether the person signed in at most five minutes ago'),
    })
    .nullable(),
});

const archiveHeaders = ({ bytes }: ExportFile) => ({
  'content-disposition': 'attachment; filename="i-learn.zip"',
  'content-length': String(bytes),
});

/** The kernel's own routes, below `/api/kernel`: the client's session, and the portal's data about the signed-in person. */
export function kernelRoutes(permissions: Permissions, privacy: Pick<Privacy, 'exports' | 'makeExports'>) {
  const sessions = new SessionService('kernel', permissions);
  /** A session that is limited to a tenant, such as one that a school's account began, exports that tenant's data only. */
  const ownOf = ({ id }: Principal): Asked => {
    const tenant = sessions.current()?.tenant ?? null;
    return { person: id as string, by: id, tenants: tenant === null ? '*' : [tenant] };
  };
  return [
    route({
      method: 'GET',
      path: '/session',
      summary: 'Who is signed in, with roles and permissions',
      permission: 'public',
      audit: { none: 'It shows callers only their own data.' },
      responses: { 200: sessionSchema },
      handler: ({ principal }) => {
        const session = sessions.current();
        if (session === null) return { session: null };
        return { session: { ...session, roles: principal.roles, permissions: permissions.heldBy(principal.roles) } };
      },
    }),
    route({
      method: 'DELETE',
      path: '/session',
      summary: 'Sign out',
      permission: 'public',
      responses: { 204: nothing('Signed out') },
      handler: () => sessions.end(),
    }),
    route({
      method: 'PUT',
      path: '/session/language',
      summary: 'Choose the language of this session',
      permission: 'signed-in',
      machines: { none: 'It concerns the signed-in person.' },
      body: z.strictObject({ language: z.enum(['nl', 'en', 'fr']) }),
      responses: { 204: nothing('Kept') },
      handler: async ({ body }) => {
        const { unit, http } = currentFrame('kernel');
        await unit.kernel('update kernel.sessions set language = $1 where id_hash = $2', [body.language, http?.sessionHash]);
      },
    }),
    ...ownSessionRoutes,
    route({
      method: 'POST',
      path: '/privacy/export',
      summary: 'Request an export of everything that the portal stores about you (GDPR art. 15)',
      permission: 'signed-in',
      recentSignIn: true,
      machines: { none: 'It concerns the signed-in person.' },
      responses: { 202: exportStatusSchema },
      handler: ({ principal, request }) => {
        const { unit } = currentFrame('kernel');
        unit.afterCommit(() => privacy.makeExports());
        return privacy.exports.request(unit, ownOf(principal), languageOf(request.language));
      },
    }),
    route({
      method: 'GET',
      path: '/privacy/export',
      summary: 'State of this export',
      permission: 'signed-in',
      machines: { none: 'It concerns the signed-in person.' },
      audit: { none: 'It shows the state of an export, not its content.' },
      responses: { 200: z.object({ export: exportStatusSchema.nullable() }) },
      handler: async ({ principal }) => ({
        export: await privacy.exports.status(currentFrame('kernel').unit, ownOf(principal)),
      }),
    }),
    route({
      method: 'GET',
      path: '/privacy/export/file',
      summary: 'The archive of this export, when it is ready',
      permission: 'signed-in',
      recentSignIn: true,
      machines: { none: 'It concerns the signed-in person.' },
      responses: { 200: { description: 'export.json, export.html and files', contentType: 'application/zip' } },
      handler: async ({ principal }) => {
        const file = await privacy.exports.file(currentFrame('kernel').unit, ownOf(principal));
        if (file === null) throw notFound('No export is ready. Request one by POST.');
        return reply(200, file.content, archiveHeaders(file));
      },
    }),
  ];
}

/** The kernel's routes below `/api/kernel`, for `clientFor<KernelRoutes>('kernel')`: sessions, and the export of a person's own data. */
export type KernelRoutes = ReturnType<typeof kernelRoutes>;

import { z } from 'zod';
import type { Permissions } from '../access/roles.js';
import { SessionService } from '../access/sessions.js';
import { nothing, reply, routeFor } from '../contract/route.js';
import { currentFrame } from '../frame.js';
import type { Privacy } from '../privacy/privacy.js';
import { languageOf } from '../privacy/words.js';

const route = routeFor<unknown>();

const sessionSchema = z.object({
  session: z
    .object({
      personId: z.uuid(),
      displayName: z.string(),
      language: z.string().nullable(),
      roles: z.array(z.object({ school: z.string().nullable(), role: z.string() })),
      permissions: z.array(z.string()),
    })
    .nullable(),
});

/** The kernel's own routes, below `/api/kernel`: the session of the client, and what the portal knows of whoever is signed in. */
export function kernelRoutes(permissions: Permissions, privacy: Pick<Privacy, 'export'>) {
  const sessions = new SessionService('kernel');
  return [
    route({
      method: 'GET',
      path: '/session',
      summary: 'Who is signed in, with roles and permissions',
      permission: 'public',
      audit: { none: 'Tells clients who they are themselves.' },
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
      body: z.strictObject({ language: z.enum(['nl', 'en', 'fr']) }),
      responses: { 204: nothing('Kept') },
      handler: async ({ body }) => {
        const { unit, http } = currentFrame('kernel');
        await unit.kernel('update kernel.sessions set language = $1 where id_hash = $2', [body.language, http?.sessionHash]);
      },
    }),
    route({
      method: 'GET',
      path: '/privacy/export',
      summary: 'Everything that the portal knows of you (GDPR art. 15)',
      permission: 'signed-in',
      responses: { 200: { description: 'export.json, export.html and files', contentType: 'application/zip' } },
      handler: async ({ principal, request }) => {
        const archive = await privacy.export(currentFrame('kernel'), principal.id as string, languageOf(request.language));
        return reply(200, Buffer.from(archive), { 'content-disposition': 'attachment; filename="i-learn.zip"' });
      },
    }),
  ];
}

export type KernelRoutes = ReturnType<typeof kernelRoutes>;

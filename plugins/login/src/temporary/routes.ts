import { nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { generatePassword } from '../accounts/generate.js';
import { preparePassword } from '../accounts/password-hash.js';
import type { Cradle } from '../cradle.js';
import { mostListed, temporaryRoles } from './temporary-accounts.js';

const route = routeFor<Cradle>();
const machines = { none: 'Administrators use it.' } as const;
const permission = 'temporary-account:write';

const temporaryAccount = z.object({
  id: z.uuid(),
  username: z.string(),
  displayName: z.string(),
  school: z.uuid(),
  role: z.string(),
  expiresAt: z.iso.datetime(),
});

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'must not contain control characters');

const list = route({
  method: 'GET',
  path: '/temporary-accounts',
  summary: 'Temporary accounts of your schools',
  permission,
  machines,
  responses: {
    200: z.object({
      accounts: z.array(temporaryAccount).max(mostListed),
      more: z.boolean(),
      /** Schools where the caller may create them. */
      schools: z.array(z.object({ id: z.uuid(), name: z.string() })).max(5_000),
      /** Roles that the caller may give. */
      roles: z.array(z.enum(temporaryRoles)).max(temporaryRoles.length),
      defaultDays: z.int(),
      longestDays: z.int(),
    }),
  },
  handler: async ({ services }) => ({
    ...(await services.temporaryAccounts.list()),
    schools: await services.temporaryAccounts.schools(),
    roles: await services.temporaryAccounts.roles(),
    ...services.config.temporaryAccounts,
  }),
});

const create = route({
  method: 'POST',
  path: '/temporary-accounts',
  summary: 'Make a temporary account; its password is shown only now',
  permission,
  recentSignIn: true,
  machines,
  body: z.strictObject({
    school: z.uuid(),
    role: z.enum(temporaryRoles),
    givenName: name,
    familyName: name,
    days: z.int().min(1).max(366).optional(),
    classId: z.uuid().optional().describe('A class of the school, for a teacher or a pupil'),
  }),
  responses: { 201: temporaryAccount.extend({ password: z.string() }) },
  outside: { call: ({ signal }) => preparePassword(generatePassword(), signal) },
  handler: ({ services, body, result }) => services.temporaryAccounts.create(body, result),
});

const revoke = route({
  method: 'DELETE',
  path: '/temporary-accounts/:id',
  summary: 'End a temporary account immediately',
  permission,
  machines,
  params: z.object({ id: z.uuid() }),
  responses: { 204: nothing('The account and its sessions are gone') },
  async handler({ services, params }) {
    await services.temporaryAccounts.revoke(params.id);
  },
});

export const temporaryRoutes = [list, create, revoke];

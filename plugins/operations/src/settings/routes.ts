import { type KernelCradle, type PrivilegedCradle, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { change, SHOWN, sections, tenants } from './shapes.js';

/** The part of the directory that this plugin uses, if the portal has the directory. */
interface Directory {
  schools: { list(): Promise<{ id: string; name: string }[]> };
}
const route = routeFor<KernelCradle & Pick<PrivilegedCradle, 'allSettings'> & { directory: Directory | undefined }>();

const plugin = z.string().max(40);
const tenant = z.string().max(64);
const version = z.object({ version: z.int() });
const audit = { none: 'It shows no personal data.' };

export const settingsRoutes = [
  route({
    method: 'GET',
    path: '/settings/portal',
    summary: 'Settings of the portal, by plugin',
    permission: 'settings:portal',
    machines: { none: 'Administrators use it.' },
    audit,
    responses: { 200: sections },
    handler: async ({ services: { allSettings }, request }) => sections.parse(await allSettings.sections(null, request.language)),
  }),
  route({
    method: 'PATCH',
    path: '/settings/portal/:plugin',
    summary: 'Change settings of the portal',
    permission: 'settings:portal',
    recentSignIn: true,
    machines: { none: 'Administrators use it.' },
    params: z.object({ plugin }),
    body: change,
    responses: { 200: version },
    handler: async ({ services: { allSettings }, params, body }) => ({
      version: await allSettings.change({ plugin: params.plugin, tenant: null, ...body }),
    }),
  }),
  route({
    method: 'GET',
    path: '/settings/tenants',
    summary: 'Tenants whose settings you may change',
    permission: 'settings:tenant',
    machines: { none: 'Administrators use it.' },
    audit,
    responses: { 200: tenants },
    handler: async ({ services: { allSettings, directory } }) => {
      const found = await allSettings.tenants({ limit: SHOWN + 1 });
      const names = new Map((await directory?.schools.list())?.map(({ id, name }) => [id, name]));
      const named = found.slice(0, SHOWN).map(({ id, kind }) => ({ id, name: names.get(id) ?? `${kind} ${id}` }));
      named.sort((one, other) => one.name.localeCompare(other.name, 'nl'));
      return { tenants: named, more: found.length > SHOWN };
    },
  }),
  route({
    method: 'GET',
    path: '/settings/tenants/:tenant',
    summary: 'Settings of a tenant, by plugin',
    permission: 'settings:tenant',
    machines: { none: 'Administrators use it.' },
    audit,
    params: z.object({ tenant }),
    responses: { 200: sections },
    handler: async ({ services: { allSettings }, params, request }) =>
      sections.parse(await allSettings.sections(params.tenant, request.language)),
  }),
  route({
    method: 'PATCH',
    path: '/settings/tenants/:tenant/:plugin',
    summary: 'Change settings of a tenant',
    permission: 'settings:tenant',
    machines: { none: 'Administrators use it.' },
    params: z.object({ tenant, plugin }),
    body: change,
    responses: { 200: version },
    handler: async ({ services: { allSettings }, params, body }) => ({
      version: await allSettings.change({ ...params, ...body }),
    }),
  }),
];

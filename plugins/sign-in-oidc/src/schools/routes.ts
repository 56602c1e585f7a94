import { forbidden, notFound, nothing, routeFor, type Session, systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { realmKinds } from '../protocols/contribution.js';
import { mostOfSchool } from './school-providers.js';

const route = routeFor<Cradle>();
const machines = { none: 'People of the school decide.' } as const;
const audit = { none: 'Names of schools and of providers are public.' };
const schoolParams = z.object({ school: z.uuid() });
const school = z.object({ id: z.uuid(), name: z.string() });
const mostFound = 20;
const provider = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
const realm = z.string().max(253);

export const schoolRoutes = [
  route({
    method: 'GET',
    path: '/schools',
    summary: 'Schools whose people sign in with a provider, by name or instellingsnummer',
    permission: 'public',
    audit,
    query: z.object({ q: z.string().trim().min(2).max(100) }),
    responses: { 200: z.object({ schools: z.array(school).max(mostFound), more: z.boolean() }) },
    async handler({ query: { q }, services: { schoolProviders, actAs } }) {
      const ids = await schoolProviders.inUse();
      const all = await actAs(systemPrincipal(), ({ directory }: Cradle) => directory.schools.getMany(ids));
      const words = folded(q).split(/\s+/);
      const fits = all.filter(({ name, instellingsnummer }) =>
        words.every((word) => folded(name).includes(word) || instellingsnummer === word),
      );
      fits.sort((one, other) => one.name.localeCompare(other.name, 'nl') || (one.id < other.id ? -1 : 1));
      return { schools: fits.slice(0, mostFound).map(({ id, name }) => ({ id, name })), more: fits.length > mostFound };
    },
  }),
  route({
    method: 'GET',
    path: '/schools/:school/ways',
    summary: 'The providers with which people of a school sign in',
    permission: 'public',
    audit,
    params: schoolParams,
    responses: {
      200: z.object({
        name: z.string(),
        providers: z.array(z.object({ key: z.string(), label: z.string(), startPath: z.string() })).max(mostOfSchool),
      }),
    },
    async handler({ params, services: { schoolProviders, signInProviders } }) {
      const ways = await schoolProviders.waysOf(params.school);
      if (ways === null) throw notFound();
      const providers = ways.providers.flatMap((key) => {
        const found = signInProviders.find(key);
        return found === null ? [] : [{ key, label: found.label, startPath: `/api/sign-in-oidc/${key}/start` }];
      });
      return { name: ways.name, providers };
    },
  }),
  route({
    method: 'GET',
    path: '/schools/:school/providers',
    summary: 'The providers that a school of yours uses, and those that it can use',
    permission: 'sign-in:manage',
    machines,
    audit: { none: 'It shows the settings of a school.' },
    params: schoolParams,
    responses: {
      200: z.object({
        used: z
          .array(
            z.object({
              provider: z.string(),
              label: z.string(),
              realmKind: z.enum(realmKinds),
              realm: z.string(),
              byRoster: z.boolean(),
              confirmed: z.boolean(),
            }),
          )
          .max(mostOfSchool),
        offered: z.array(z.object({ key: z.string(), label: z.string(), realmKind: z.enum(realmKinds) })).max(100),
      }),
    },
    async handler({ params, services: { schoolProviders, signInProviders } }) {
      const offered = signInProviders.all().map(({ key, label, realm: realmKind }) => ({ key, label, realmKind }));
      return { used: await schoolProviders.ofSchool(params.school), offered };
    },
  }),
  route({
    method: 'PUT',
    path: '/schools/:school/providers',
    summary: 'Use a provider in a school of yours',
    permission: 'sign-in:manage',
    recentSignIn: true,
    machines,
    params: schoolParams,
    body: z.strictObject({ provider, realm, byRoster: z.boolean() }),
    responses: { 204: nothing('Kept') },
    handler: ({ params, body, services }) => services.schoolProviders.set(params.school, body.provider, body),
  }),
  route({
    method: 'POST',
    path: '/schools/:school/providers/remove',
    summary: 'Stop using a provider in a school of yours',
    permission: 'sign-in:manage',
    machines,
    params: schoolParams,
    body: z.strictObject({ provider, realm }),
    responses: { 204: nothing('Removed') },
    handler: ({ params, body, services }) => services.schoolProviders.remove(params.school, body.provider, body.realm),
  }),
  route({
    method: 'POST',
    path: '/schools/:school/providers/confirm',
    summary: 'Confirm that a domain, tenant or platform is that of the school',
    permission: 'sign-in:confirm',
    recentSignIn: true,
    machines,
    params: schoolParams,
    body: z.strictObject({ provider, realm }),
    responses: { 204: nothing('Confirmed') },
    async handler({ params, body, services }) {
      if (!(await services.schoolProviders.confirm(params.school, body.provider, body.realm))) throw notFound();
    },
  }),
  route({
    method: 'GET',
    path: '/own-schools',
    summary: 'Your schools, and the one in which this session acts',
    permission: 'signed-in',
    machines: { none: 'It concerns the session of the signed-in person.' },
    responses: { 200: z.object({ schools: z.array(school).max(100), current: z.string().nullable() }) },
    async handler({ principal, services: { actAs, identities, sessions } }) {
      const limit = await limitOf(sessions.current(), identities);
      const schools = await actAs(systemPrincipal(), async ({ access, directory }: Cradle) => {
        const roles = await access.rolesOf(principal.id as string);
        const open = new Set(roles.flatMap(({ tenant }) => (tenant === null || limit?.includes(tenant) === false ? [] : tenant)));
        return directory.schools.getMany([...open].slice(0, 100));
      });
      return { schools: schools.map(({ id, name }) => ({ id, name })), current: sessions.current()?.tenant ?? null };
    },
  }),
  route({
    method: 'PUT',
    path: '/own-schools/current',
    summary: 'Act in another of your schools; the session gets a new id',
    permission: 'signed-in',
    machines: { none: 'It concerns the session of the signed-in person.' },
    body: z.strictObject({ school: z.uuid() }),
    responses: { 204: nothing('Switched') },
    async handler({ body: { school: asked }, services: { identities, sessions } }) {
      const limit = await limitOf(sessions.current(), identities);
      if (limit?.includes(asked) === false) throw forbidden('Sign in with an account of that school, or with your own account.');
      await sessions.switchTenant(asked);
    },
  }),
];

/** The schools in which a session may act; null: wherever its person holds a role. */
async function limitOf(session: Session | null, identities: Cradle['identities']): Promise<readonly string[] | null> {
  if (session === null) return [];
  return session.fixed ? [session.tenant ?? ''] : identities.schoolsOf(session.handle);
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

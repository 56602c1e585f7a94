import { anonymous, definePlugin, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const north = '11111111-1111-4111-8111-111111111111';
const teacher = '33333333-3333-4333-8333-333333333333';
const administrator = { tenant: null, role: 'portal-administrator' };

const route = routeFor<any>();
const answer = z.record(z.string(), z.unknown());

/** Opens a point and has a route that only portal administrators may use. */
const host = definePlugin({
  id: 'host',
  version: '0.1.0',
  points: { tools: z.strictObject({ name: z.string(), tags: z.array(z.string()) }) },
  permissions: { 'host:manage': ['portal-administrator'], 'host:read': ['teacher'] },
  routes: [
    ...(['host:manage', 'host:read'] as const).map((permission) =>
      route({
        method: 'GET',
        path: `/${permission.slice(5)}`,
        summary: 'Who asks, and what others contributed',
        permission,
        machines: { none: 'a test' },
        responses: { 200: answer },
        handler: ({ principal, services }) => ({ principal, tools: services.contributions.of('tools') }),
      }),
    ),
  ],
});

/** What a handler of any plugin can reach without asking anybody. */
function reachOf({ principal, services, request }: any): Record<string, unknown> {
  const { access, sessions, secrets, plugins, queues, privacy } = services;
  const { config, portal, contributions, events, jobs, unitOfWork, log } = services;
  return {
    ...{ principal, request, config, portal, contributions, events, jobs, unitOfWork, log },
    ...{ access, sessions, secrets, plugins, queues, privacy, anonymous },
    ...{ injected: services.principal, session: sessions.current(), filled: contributions.of('own'), host: host, evil },
  };
}

const privileges = ['access', 'sessions', 'secrets', 'plugins', 'queues', 'privacy'] as const;

const evil = definePlugin({
  id: 'evil',
  version: '0.1.0',
  requires: { host: '^0.1.0' },
  privileges: [...privileges],
  config: z.object({ names: z.array(z.string()).default(['a']), inner: z.object({ n: z.number().default(1) }).prefault({}) }),
  points: { own: z.strictObject({ name: z.string(), deep: z.object({ list: z.array(z.string()) }) }) },
  contributes: { 'host.tools': [{ name: 'tool', tags: ['one'] }] },
  routes: [
    route({
      method: 'POST',
      path: '/run',
      summary: 'Changes whatever it is handed',
      permission: 'signed-in',
      machines: { none: 'a test' },
      responses: { 200: answer },
      handler: async (input) => {
        const { rolesOf, principalFor } = input.services.access;
        const reached = spoil({
          ...reachOf(input),
          roles: await rolesOf(teacher),
          other: await principalFor(teacher, 'host:read'),
          reports: await input.services.plugins.list(),
        });
        return { reached, tenants: input.services.principal.tenants, roles: input.services.principal.roles };
      },
    }),
    route({
      method: 'GET',
      path: '/look',
      summary: 'What a request is handed',
      permission: 'signed-in',
      machines: { none: 'a test' },
      responses: { 200: answer },
      handler: async (input) => {
        const { request: _, log: __, ...reach } = reachOf(input);
        const roles = await input.services.access.rolesOf(teacher);
        // What plugins cost changes with every request.
        const reports = (await input.services.plugins.list()).map(({ cost: __, ...report }: any) => report);
        return { text: JSON.stringify({ reach, roles, reports }) };
      },
    }),
  ],
});

/** Tries every way to change every object that can be reached; returns how many objects that were. */
function spoil(root: object): number {
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    // Classes and what the platform is made of are everybody's; nothing holds against a package that changes those.
    if (typeof value === 'function' || value instanceof z.ZodType || value instanceof URL || value instanceof AbortSignal) return;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) visit(Reflect.get(value, key));
    for (const key of [...Reflect.ownKeys(value), 'role', 'tenant', 'tenants', 'roles']) {
      const replacement =
        key === 'tenants' ? '*' : key === 'roles' ? [administrator] : key === 'role' ? administrator.role : null;
      Reflect.set(value, key, replacement);
      Reflect.defineProperty(value, key, { value: replacement, configurable: true, writable: true });
    }
    if (Array.isArray(value)) {
      try {
        value.push(administrator);
        value.length = 0;
      } catch {}
    }
    if (value instanceof Date) value.setTime(0);
    try {
      Object.setPrototypeOf(value, { role: administrator.role });
    } catch {}
  };
  visit(root);
  return seen.size;
}

const filler = definePlugin({
  id: 'filler',
  version: '0.1.0',
  requires: { evil: '^0.1.0' },
  contributes: { 'evil.own': [{ name: 'mine', deep: { list: ['x'] } }] },
});

let platform: TestPlatform;
beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [host, evil, filler] });
  await platform.grant(teacher, [{ tenant: north, role: 'teacher' }]);
});
afterAll(() => platform?.stop());

test('attack 6: a plugin that modifies what it received changes nothing for anybody', async () => {
  const client = await platform.signIn(teacher);
  const look = async () => [
    (await client.get('/api/evil/look')).body,
    (await client.get('/api/host/read')).body,
    (await client.get('/api/kernel/session')).body,
  ];
  const before = await look();
  expect((await client.get('/api/host/manage')).status).toBe(403);

  for (let i = 0; i < 3; i++) {
    const { status, body } = await client.post('/api/evil/run');
    expect(status).toBe(200);
    expect(body.reached).toBeGreaterThan(40);
    expect(body, 'the rest of the same request').toMatchObject({ tenants: [north], roles: [{ tenant: north, role: 'teacher' }] });
    expect((await client.get('/api/host/manage')).status).toBe(403);
  }
  expect(await look()).toEqual(before);
  expect(anonymous).toEqual({ kind: 'anonymous', id: null, roles: [], tenants: [] });
});

test('attack 6: the services of the kernel expose only their methods', async () => {
  await platform.work('evil', async (services: any) => {
    for (const name of privileges) {
      for (const key of Reflect.ownKeys(services[name])) expect(typeof services[name][key], String(key)).toBe('function');
      expect(Object.isFrozen(services[name]), name).toBe(true);
    }
  });
});

test('a principal created by a plugin acts as it was when it was passed on', async () => {
  const acting = definePlugin({ id: 'acting', version: '0.1.0', privileges: ['actAs', 'access'] });
  const other = await createTestPlatform({ plugins: [acting] });
  try {
    await other.work('acting', async ({ actAs }: any) => {
      const principal = { kind: 'person', id: teacher, roles: [{ tenant: north, role: 'teacher' }], tenants: [north] };
      await actAs(principal, async (services: any) => {
        principal.tenants.push('22222222-2222-4222-8222-222222222222');
        principal.roles.push(administrator as never);
        expect(services.principal).toMatchObject({ roles: [{ tenant: north, role: 'teacher' }], tenants: [north] });
        expect(services.principal).not.toBe(principal);
      });
    });
  } finally {
    await other.stop();
  }
});

import { randomUUID } from 'node:crypto';
import { routeFor } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkComposition } from '../dist/plugins/check-composition.js';
import { checkManifest } from '../dist/plugins/check-manifest.js';
import { plugin } from './support/fixtures.js';

const route = routeFor<any>();
const roles = z.array(z.object({ tenant: z.string().nullable(), role: z.string() }));
const registry = plugin('registry', {
  privileges: ['access', 'tenants'],
  tenantKinds: ['school', 'training-provider', 'tool-provider'],
  roles: { teacher: 'school', trainer: 'training-provider', helper: ['training-provider', 'tool-provider'] },
  permissions: { 'registry:write': ['administrator'] },
  mayGrant: { administrator: ['teacher', 'trainer', 'helper'] },
  routes: [
    route({
      method: 'POST',
      path: '/people/:id/roles',
      summary: 'Gives roles',
      permission: 'registry:write',
      machines: { none: 'a test' },
      params: z.object({ id: z.uuid() }),
      body: z.object({ roles }),
      responses: { 200: z.object({}) },
      handler: async ({ services, params, body }) => {
        await services.access.setRoles(params.id, body.roles);
        return {};
      },
    }),
  ],
});

let portal: TestPlatform;
let administrator: TestClient;
const [school, provider, maker] = [randomUUID(), randomUUID(), randomUUID()];
const work = <T>(fn: (services: any) => Promise<T>) => portal.work('registry', fn);
const give = (role: string, tenant: string | null) =>
  work(({ access }) => access.setRoles(randomUUID(), [{ tenant, role }])).then(
    () => 'given',
    (error: { type: string; message: string }) => `${error.type}: ${error.message}`,
  );

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [registry] });
  await work(({ tenants }) =>
    tenants.register([
      { id: school, kind: 'school' },
      { id: provider, kind: 'training-provider' },
      { id: maker, kind: 'tool-provider' },
    ]),
  );
  const id = randomUUID();
  await portal.grant(id, [{ tenant: null, role: 'administrator' }]);
  administrator = await portal.signIn(id);
});
afterAll(() => portal?.stop());

describe('a role', () => {
  test.each([
    ['teacher', [true, false, false]],
    ['trainer', [false, true, false]],
    ['helper', [false, true, true]],
    ['nobody-named-it', [true, true, true]],
  ])('%s can be held only in tenants of its kinds', async (role, fits) => {
    const given = [await give(role, school), await give(role, provider), await give(role, maker)];
    expect(given.map((each) => each === 'given')).toEqual(fits);
  });

  test('that does not fit is refused, and the answer names its kinds', async () => {
    expect(await give('helper', school)).toBe(
      `role-kind: The role helper can be held only in a training-provider or tool-provider; the tenant ${school} is a school.`,
    );
    const unknown = randomUUID();
    expect(await give('teacher', unknown)).toBe(
      `role-kind: The role teacher cannot be given in the tenant ${unknown}: no plugin registered this tenant.`,
    );
    expect(await give('teacher', null)).toBe('given');
  });

  test('that does not fit is not stored, nor are those given with it, whoever gives them', async () => {
    const person = randomUUID();
    const send = (list: unknown[]) => administrator.post(`/api/registry/people/${person}/roles`, { roles: list });
    expect((await send([{ tenant: provider, role: 'trainer' }])).status).toBe(200);
    const { status, body } = await send([
      { tenant: school, role: 'teacher' },
      { tenant: school, role: 'trainer' },
    ]);
    expect([status, body.type]).toEqual([409, '/problems/role-kind']);
    expect(await work(({ access }) => access.rolesOf(person))).toEqual([{ tenant: provider, role: 'trainer' }]);
  });

  test('may be given only where it fits, if the kind is known', async () => {
    const may = (role: string, kind?: string) => work(async ({ access }) => access.mayGrant({ tenant: school, role }, kind));
    expect(await may('teacher', 'school')).toBe(true);
    expect(await may('trainer', 'school')).toBe(false);
    expect(await may('trainer')).toBe(true);
    expect(await may('nobody-named-it', 'school')).toBe(true);
  });
});

describe('a tenant', () => {
  test('is registered once, keeps its kind, and is removed when nobody has a role in it', async () => {
    const id = randomUUID();
    await work(({ tenants }) =>
      tenants.register([
        { id, kind: 'school' },
        { id, kind: 'school' },
      ]),
    );
    await work(({ tenants }) => tenants.register([{ id, kind: 'school' }]));
    await expect(work(({ tenants }) => tenants.register([{ id, kind: 'tool-provider' }]))).rejects.toThrow(
      `The tenant ${id} is already registered with the kind school.`,
    );
    expect(await work(({ tenants }) => tenants.list('school'))).toContainEqual({ id, kind: 'school' });

    const person = randomUUID();
    await work(({ access }) => access.setRoles(person, [{ tenant: id, role: 'teacher' }]));
    await expect(work(({ tenants }) => tenants.remove([id]))).rejects.toThrow('Somebody still holds a role');
    await work(({ access }) => access.setRoles(person, []));
    await work(({ tenants }) => tenants.remove([id]));
    expect(await work(({ tenants }) => tenants.list())).not.toContainEqual({ id, kind: 'school' });
    expect(await give('teacher', id)).toContain('no plugin registered this tenant');
  });

  test('is registered with its unit of work, or not at all', async () => {
    const id = randomUUID();
    const failing = work(async ({ tenants }) => {
      await tenants.register([{ id, kind: 'school' }]);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await give('teacher', id)).toContain('no plugin registered this tenant');
  });

  test.each([
    [{ id: randomUUID(), kind: 'library' }, '"library" is not among the tenantKinds of registry'],
    [{ id: "x' or '1'='1", kind: 'school' }, 'not a tenant id'],
  ])('with an invalid id or kind is refused: %o', async (tenant, message) => {
    await expect(work(({ tenants }) => tenants.register([tenant]))).rejects.toThrow(message);
  });
});

describe('a manifest', () => {
  const loaded = (definition: ReturnType<typeof plugin>) => ({ definition, origin: definition.id, rawConfig: undefined });
  const faultsOf = (...definitions: ReturnType<typeof plugin>[]) => {
    const checked = definitions.map((each) => checkManifest(loaded(each), '0.1.0'));
    const own = checked.flatMap(({ faults }) => faults);
    const sound = checked.flatMap((each) => (each.checked === null ? [] : [each.checked]));
    return [...own, ...checkComposition(sound, new Set())].map(
      ({ plugin: id, where, message }) => `${id} › ${where}: ${message}`,
    );
  };

  test('declares kinds only with the privilege, in the right form, and no other plugin’s', () => {
    expect(faultsOf(plugin('one', { tenantKinds: ['school'] }))).toEqual([
      'one › tenantKinds: It declares tenantKinds without the privilege tenants.',
    ]);
    expect(faultsOf(plugin('one', { privileges: ['tenants'], tenantKinds: ['A School'] }))).toEqual([
      'one › tenantKinds.0: is not lower-case words joined by single hyphens',
    ]);
    expect(faultsOf(registry, plugin('two', { privileges: ['tenants'], tenantKinds: ['school'] }))).toEqual([
      'two › tenantKinds: The kind of tenant school is already used by registry.',
    ]);
  });

  test('gives roles the kinds of plugins that it uses, and no unknown ones', () => {
    expect(
      faultsOf(registry, plugin('two', { requires: { registry: '^1.0.0' }, roles: { coach: 'training-provider' } })),
    ).toEqual([]);
    expect(
      faultsOf(registry, plugin('two', { requires: { registry: '^1.0.0' }, roles: { coach: ['school', 'traning-provider'] } })),
    ).toEqual([
      'two › roles.coach: No plugin that it uses registers tenants of the kind "traning-provider". Did you mean "training-provider"?',
    ]);
    expect(faultsOf(registry, plugin('two', { roles: { coach: 'school' } }))).toEqual([
      'two › roles.coach: No plugin that it uses registers tenants of the kind "school".',
    ]);
    expect(faultsOf(plugin('two', { roles: { coach: [] } }))).toEqual(['two › roles.coach: names no kind']);
  });

  test('lists in writes only what it lists in sees', () => {
    expect(faultsOf(plugin('two', { tables: { t: { tenant: { sees: ['a'], writes: ['b'] } } } }))).toEqual([
      'two › tables.t.tenant: "b" is in writes but not in sees: its tenant could change rows that it does not see.',
    ]);
    expect(faultsOf(plugin('two', { tables: { t: { tenant: { sees: [], writes: [] } } } }))[0]).toContain('names no column');
  });
});

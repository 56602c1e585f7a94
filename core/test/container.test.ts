import { routeFor } from '@ilearn/core';
import { createTestPlatform, openTestHome, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bram, lotte, north, person, plugin, south } from './support/fixtures.js';
import { portalOn, refusalOf, type TestHome } from './support/portal.js';

const route = routeFor<any>();

/** Both plugins call theirs `repository`. */
class Repository {
  static made = 0;
  readonly serial = ++Repository.made;
  readonly cradle: any;
  constructor({ config, knex, principal, log, portal, contributions, events, jobs, unitOfWork }: any) {
    this.cradle = { config, knex, principal, log, portal, contributions, events, jobs, unitOfWork };
  }
  whose() {
    return this.cradle.config.name;
  }
}
class OtherRepository {
  constructor(readonly cradle: any) {}
  whose() {
    return 'the other';
  }
}
class Catalogue {
  readonly #repository: Repository;
  readonly #principal: any;
  constructor({ repository, principal }: any) {
    this.#repository = repository;
    this.#principal = principal;
  }
  whose() {
    return this.#repository.whose();
  }
  async who() {
    return { id: this.#principal.id, tenants: this.#principal.tenants, serial: this.#repository.serial };
  }
}

const dataSpace = plugin('data-space', {
  config: z.strictObject({ name: z.string().default('the first') }),
  services: { repository: Repository, catalogue: Catalogue },
  exports: { services: ['catalogue'] },
  points: { 'data-sets': z.strictObject({ title: z.string().trim() }) },
  permissions: { 'set:read': ['teacher'] },
});
const reports = plugin('reports', {
  requires: { 'data-space': '^1.0.0' },
  privileges: ['actAs', 'access', 'secrets'],
  contributes: { 'data-space.data-sets': [{ title: ' Aanwezigheid ' }] },
  services: { repository: OtherRepository },
  routes: [
    route({
      method: 'GET',
      path: '/scope',
      summary: 'What one request shares',
      permission: 'public',
      responses: { 200: z.object({ serials: z.array(z.number()), same: z.boolean() }) },
      handler: async ({ services }) => {
        const { serial } = await services.dataSpace.catalogue.who();
        const { serial: again } = await services.dataSpace.catalogue.who();
        return { serials: [serial, again], same: (() => services.repository)() === services.repository };
      },
    }),
  ],
});

let portal: TestPlatform;
let home: TestHome;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [reports, dataSpace, plugin('elsewhere', { privileges: ['secrets'] })] });
  home = await openTestHome();
});
afterAll(async () => {
  await portal?.stop();
  await home?.close();
});

describe('injection by name', () => {
  test('gives a service what the kernel, its plugin and the required plugins offer', async () => {
    await portal.work('data-space', async ({ repository }) => {
      const { config, principal, portal: about, unitOfWork } = repository.cradle;
      expect(config).toEqual({ name: 'the first' });
      expect(principal).toEqual({ kind: 'system', id: null, roles: [], tenants: '*' });
      expect(about).toEqual({ url: portal.url, languages: ['nl', 'en', 'fr'] });
      expect(unitOfWork.savepoint).toBeTypeOf('function');
    });
  });

  test('keeps services of the same name of two plugins apart', async () => {
    await portal.work('reports', async ({ repository, dataSpace: space }) => {
      expect(repository.whose()).toBe('the other');
      expect(space.catalogue.whose()).toBe('the first');
      expect(() => space.repository).toThrow('data-space does not export "repository"; it exports catalogue.');
      expect(() => repository.cradle.catalogue).toThrow(/Could not resolve|nothing provides/);
    });
  });

  test('passes contributions, as parsed by the schema, to the plugin that owns the point', async () => {
    const found = await portal.work('data-space', async ({ contributions }) => contributions.of('data-sets'));
    expect(found).toEqual([{ plugin: 'reports', value: { title: 'Aanwezigheid' } }]);
    expect(await portal.work('reports', async ({ contributions }) => contributions.of('data-sets'))).toEqual([]);
  });

  class Asks {
    constructor(cradle: any) {
      void cradle[Asks.name_];
    }
    static name_ = '';
  }
  const asking = async (name: string, rest = {}) => {
    Asks.name_ = name;
    const asker = portalOn(home, [plugin('asker', { services: { asks: Asks }, ...rest }), dataSpace]);
    await asker.migrate();
    return asker.prepare();
  };

  test.each([
    [
      'dataSpace',
      `asker: nothing provides "dataSpace" (needed by asks -> dataSpace). If "dataSpace" is another plugin, add it to requires in the manifest of asker; if it is its own, add it to services or models.`,
    ],
    [
      'reader',
      `asker: nothing provides "reader" (needed by asks -> reader). If "reader" is another plugin, add it to requires in the manifest of asker; if it is its own, add it to services or models.`,
    ],
    ['actAs', `asker: nothing provides "actAs" (needed by asks -> actAs). Add 'actAs' to privileges in the manifest of asker.`],
    [
      'sessions',
      `asker: nothing provides "sessions" (needed by asks -> sessions). Add 'sessions' to privileges in the manifest of asker.`,
    ],
    [
      'access',
      `asker: nothing provides "access" (needed by asks -> access). Add 'access' to privileges in the manifest of asker.`,
    ],
    [
      'secrets',
      `asker: nothing provides "secrets" (needed by asks -> secrets). Add 'secrets' to privileges in the manifest of asker.`,
    ],
  ])('reports at start how to declare a missing %s', async (name, message) => {
    expect(await refusalOf(asking(name))).toContain(message);
  });

  test('provides them once they are declared', async () => {
    await asking('dataSpace', { requires: { 'data-space': '^1.0.0' } });
    await asking('secrets', { privileges: ['secrets'] });
    await asking('other', { services: { asks: Asks, other: OtherRepository } });
  });

  test('reports services that need each other in a circle', async () => {
    class Hen {
      constructor({ egg }: any) {
        void egg;
      }
    }
    class Egg {
      constructor({ hen }: any) {
        void hen;
      }
    }
    const circle = portalOn(home, [plugin('circle', { services: { hen: Hen, egg: Egg } })]);
    await circle.migrate();
    expect(await refusalOf(circle.prepare())).toMatch(/circle › services\n.*hen.*egg/is);
  });
});

describe('a request', () => {
  test('has its own instance of each service', async () => {
    const ask = async () => (await portal.client().get('/api/reports/scope')).body;
    const first = await ask();
    expect(first.serials[0]).toBe(first.serials[1]);
    expect(first.same).toBe(true);
    const second = await ask();
    expect(second.serials[0]).toBeGreaterThan(first.serials[0]);
  });
});

describe('privileges', () => {
  test('can act as someone else in the same unit of work, with separate services', async () => {
    await portal.work('reports', async ({ actAs, dataSpace: space }) => {
      const before = await space.catalogue.who();
      const inside = await actAs(person([south], bram), (services: any) => services.dataSpace.catalogue.who());
      expect(inside).toMatchObject({ id: bram, tenants: [south] });
      expect(inside.serial).not.toBe(before.serial);
      expect(await space.catalogue.who()).toEqual(before);
    });
  });

  test('set roles exactly, for many at once, and derive the principal of a permission', async () => {
    const teacher = { tenant: north, role: 'teacher' };
    const pupil = { tenant: south, role: 'pupil' };
    await portal.work('reports', async ({ access }) => {
      await access.setRoles(lotte, [teacher, pupil, pupil]);
      expect(await access.rolesOf(lotte)).toEqual([teacher, pupil]);
      await access.setRolesOfMany([
        { personId: lotte, roles: [teacher] },
        { personId: bram, roles: [{ tenant: null, role: 'teacher' }] },
      ]);
      expect(await access.rolesOf(lotte)).toEqual([teacher]);
      expect(await access.rolesOfMany([bram, lotte.toUpperCase(), north])).toEqual([
        { personId: bram, roles: [{ tenant: null, role: 'teacher' }] },
        { personId: lotte.toUpperCase(), roles: [teacher] },
        { personId: north, roles: [] },
      ]);
      expect(await access.holdersOf('teacher', north, 50)).toContain(lotte);
      expect(await access.holdersOf('teacher', north, 50)).not.toContain(bram);
      expect(await access.holdersOf('teacher', null, 50)).toContain(bram);
      expect(await access.holdersOf('teacher', north, 0)).toEqual([]);
      expect(await access.principalFor(lotte, 'set:read')).toEqual({
        kind: 'person',
        id: lotte,
        roles: [teacher],
        tenants: [north],
      });
      expect(await access.principalFor(bram, 'set:read')).toMatchObject({ tenants: '*' });
      await access.setRoles(lotte, [pupil]);
      expect(await access.principalFor(lotte, 'set:read')).toBeNull();
      expect(await access.principalFor(lotte)).toMatchObject({ tenants: [south] });
      await access.setRoles(lotte, []);
      expect(await access.principalFor(lotte)).toBeNull();
    });
  });

  test('derive stable keys, which differ for each purpose and plugin', async () => {
    const key = (purpose: string) => portal.work('reports', ({ secrets }) => secrets.key(purpose));
    const one = await key('hints');
    expect(one).toHaveLength(32);
    expect(await key('hints')).toEqual(one);
    expect(await key('other')).not.toEqual(one);
    expect(await portal.work('elsewhere', ({ secrets }) => secrets.key('hints'))).not.toEqual(one);
  });

  test('are missing for a plugin that did not declare them', async () => {
    await portal.work('data-space', async (services) => {
      for (const name of ['actAs', 'sessions', 'access', 'secrets'])
        expect(() => services[name]).toThrow(`Add '${name}' to privileges`);
    });
  });
});

import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import { measures } from '@ilearn/plugin-cube';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Stream } from '../../../core/test/support/stream.js';
import { type Operation, readOperations } from './support/operations.js';
import { demoPeople, providerGrants, startDemoPortal } from './support/portal.js';
import { RowsOfTenant, strings } from './support/rows-of-tenant.js';
import { keysWithoutTenant, largeTables, narrowKeys } from './support/tenant-keys.js';

const long = process.env['ILEARN_LONG_TESTS'] === '1';
/** Each route is called with the ids of so many rows of each table. */
const ROWS_PER_TABLE = long ? 3 : 1;
/** Each parameter of a query gets so many of the ids, not the same ones everywhere. */
const IDS_PER_QUERY = long ? Number.POSITIVE_INFINITY : 1;

let portal: TestPlatform;
let people: Awaited<ReturnType<typeof demoPeople>>;
/** Of the first school. */
let ofFirst: RowsOfTenant;
/** GET routes, from the portal's OpenAPI document. */
let routes: Operation[];

beforeAll(async () => {
  portal = await startDemoPortal();
  people = await demoPeople(portal);
  // What other plugins add to the demonstration.
  await portal.drain();
  ofFirst = await RowsOfTenant.find(portal, people.first, ROWS_PER_TABLE, { stranger: people.second });
  // Names of what is counted are the same for everybody.
  for (const { id } of measures) ofFirst.secrets.delete(id);
  routes = (await readOperations(await portal.signIn(people.lien))).filter(({ method }) => method === 'GET');
});
afterAll(() => portal.stop());

/** Addresses of a route with ids of the tenant in every parameter. */
function addressesOf({ path, parameters }: Operation, rows: RowsOfTenant): Set<string> {
  const [names, queries] = (['path', 'query'] as const).map((place) =>
    parameters.filter((each) => each.in === place).map(({ name }) => name),
  ) as [string[], string[]];
  const { ids, pairs } = rows.forRoute(pluginOf(path), path, names.length);
  const places =
    names.length === 0
      ? [path]
      : names.length === 1
        ? ids.map((id) => path.replace(/\{\w+\}/, id))
        : pairs.map(([one, other]) => path.replace(`{${names[0]}}`, one).replace(`{${names[1]}}`, other));
  const addresses = new Set(places);
  for (const [at, query] of queries.entries()) {
    for (let n = 0; n < Math.min(ids.length, IDS_PER_QUERY); n++) {
      const id = ids[(at * IDS_PER_QUERY + n) % ids.length];
      addresses.add(`${places[(at + n) % places.length]}?${query}=${long ? ids[n] : id}`);
    }
  }
  return addresses;
}

const pluginOf = (path: string): string => /^\/api\/([\w-]+)\//.exec(path)?.[1] ?? '';

interface Probe {
  /** So many leaks are enough. */
  enough?: number;
  of?: RowsOfTenant;
  /** Only routes of this plugin. */
  plugin?: string;
}

/**
 * Calls every GET route of the portal, until enough responses contain one of the secrets; returns these. A route whose permission or scope the
 * caller lacks is called once.
 */
async function probe(
  client: TestClient,
  { enough = Number.POSITIVE_INFINITY, of = ofFirst, plugin }: Probe = {},
): Promise<{ calls: number; leaks: string[] }> {
  const { session } = (await client.get('/api/kernel/session')).body;
  const lacks = (permission: string) =>
    session?.permissions !== undefined && ![...session.permissions, 'public', 'signed-in'].includes(permission);
  const leaks: string[] = [];
  let calls = 0;
  for (const route of routes.filter(({ path }) => plugin === undefined || pluginOf(path) === plugin)) {
    const addresses = [...addressesOf(route, of)];
    for (const address of lacks(route.permission) ? addresses.slice(0, 1) : addresses) {
      calls++;
      const { status, body } = await client.get(address);
      expect(status, `${address} must not fail`).toBeLessThan(500);
      // Without a session or the scope, other ids change nothing.
      if (status === 401 || /(missing-scope|not-for-machines)$/.test(body?.type)) break;
      if (status >= 400) continue;
      const text = typeof body === 'string' ? (body.match(/[\w-]{8,}/g) ?? []) : [...strings(body)];
      const found = text.filter((value) => of.secrets.has(value) && !address.includes(value));
      if (found.length > 0) leaks.push(`${address} → ${found.slice(0, 3).join(', ')}`);
      if (leaks.length === enough) return { calls, leaks };
    }
  }
  return { calls, leaks };
}

describe('every GET route of every plugin', { timeout: 240_000 }, () => {
  test('shows the first school to its own people, which shows that the test is valid', async () => {
    expect(ofFirst.secrets.size).toBeGreaterThan(200);
    expect((await probe(await portal.signIn(people.lien), { enough: 6 })).leaks).toHaveLength(6);
    expect((await probe(await portal.signIn(people.noor), { enough: 1 })).leaks).toHaveLength(1);
  });

  test('called by a pupil of the second school shows nothing of the first', async () => {
    const { calls, leaks } = await probe(await portal.signIn(people.emma));
    expect(calls).toBeGreaterThan(100);
    expect(leaks).toEqual([]);
  });

  test('called by a teacher, ICT coordinator and principal of the second school shows nothing of the first', async () => {
    await portal.grant(
      people.bart,
      ['teacher', 'ict-coordinator', 'principal'].map((role) => ({ tenant: people.second, role })),
    );
    const { calls, leaks } = await probe(await portal.signIn(people.bart));
    expect(calls).toBeGreaterThan(250);
    expect(leaks).toEqual([]);
  });

  test('called by somebody of a training provider and a tool provider shows nothing of the first school', async () => {
    const person = '0b9d4f2e-5a54-4c53-9d0e-6f2f6c1d7a12';
    await portal.grant(person, providerGrants);
    const { leaks } = await probe(await portal.signIn(person));
    expect(leaks).toEqual([]);
  });

  test('of the academy, called by people of a second provider, shows nothing of the first: lists, exports, calendar, search', async () => {
    const providers: string[] = await portal.work('academy', ({ knex }) =>
      knex('trainings').distinct('provider_id').orderBy('provider_id').pluck('provider_id'),
    );
    const [first, second] = providers as [string, string];
    const of = await RowsOfTenant.find(portal, first, ROWS_PER_TABLE, { stranger: second });
    const signedIn = async (person: string, tenant: string) => {
      await portal.grant(
        person,
        ['planner', 'trainer', 'coach'].map((role) => ({ tenant, role })),
      );
      return portal.signIn(person);
    };
    const own = await signedIn('0b9d4f2e-5a54-4c53-9d0e-6f2f6c1d7a13', first);
    expect((await probe(own, { of, plugin: 'academy', enough: 3 })).leaks).toHaveLength(3);
    const { calls, leaks } = await probe(await signedIn('0b9d4f2e-5a54-4c53-9d0e-6f2f6c1d7a14', second), {
      of,
      plugin: 'academy',
    });
    expect(calls).toBeGreaterThan(50);
    // Whoever has a certificate may know who issued it.
    const open = (await probe(portal.client(), { of, plugin: 'academy' })).leaks;
    expect(open.filter((leak) => !leak.startsWith('/api/academy/issuers/'))).toEqual([]);
    expect(leaks.filter((leak) => !open.includes(leak))).toEqual([]);
  });

  test('called by a machine of the second school with every scope, shows nothing of the first', async () => {
    const scopes = portal.platform.plugins.flatMap(({ id, definition }) =>
      Object.keys(definition.scopes ?? {}).map((name) => `${id}.${name}`),
    );
    expect(scopes.length).toBeGreaterThan(5);
    const machine = (tenants: string[] | '*', held = scopes) => portal.machine({ scopes: held, tenants, budget: 1_000_000 });
    expect((await probe(machine([people.first]), { enough: 3 })).leaks).toHaveLength(3);
    expect((await probe(machine([people.second]))).leaks).toEqual([]);
    expect((await probe(machine('*', []))).leaks).toEqual([]);
  });

  test('called without a session shows nothing', async () => {
    const { leaks } = await probe(portal.client());
    expect(leaks).toEqual([]);
  });
});

/** Every live topic of every plugin with the first school's ids in its params. */
function topicsOfFirst(): string[] {
  return portal.platform.plugins.flatMap(({ id: plugin, definition }) =>
    Object.entries(definition.live ?? {}).flatMap(([name, { params }]) => {
      const { ids, pairs } = ofFirst.for(plugin);
      const names = Object.keys((z.toJSONSchema(params, { io: 'input' }) as { properties?: object }).properties ?? {});
      const values = names.length < 2 ? ids.map((id) => [id]) : pairs;
      return values.map(
        (each) => `${plugin}.${name}:${JSON.stringify(Object.fromEntries(names.map((key, at) => [key, each[at] ?? each[0]])))}`,
      );
    }),
  );
}

/** Those of these topics that the person may follow. */
async function followable(personId: string, topics: readonly string[]): Promise<string[]> {
  const cookie = (await portal.signIn(personId)).cookie('ilearn');
  const open: string[] = [];
  for (let first = 0; first < topics.length; first += 40) {
    const some = topics.slice(first, first + 40);
    const stream = await Stream.open(portal.url, cookie, some);
    if (stream.status === 200) await stream.ready();
    const refused = [
      ...(stream.problem?.refused ?? []),
      ...stream.events.filter(({ event }) => event === 'refused').map(({ data }) => data),
    ];
    for (const { reason } of refused) expect(reason).toBe('forbidden');
    open.push(...some.filter((topic) => !refused.some((each) => each.topic === topic)));
    stream.close();
  }
  return open;
}

describe('live K15: every topic of every plugin', () => {
  test('is open to people of the school that it is about, which shows that the test is valid', async () => {
    const topics = topicsOfFirst();
    expect(new Set(topics.map((topic) => topic.split(':')[0]))).toEqual(
      new Set([
        'helpdesk.ticket',
        'login.invitations',
        'myway.board',
        'myway.path',
        'myway.trail',
        'notifications.inbox',
        'rosters.runs',
      ]),
    );
    expect((await followable(people.lien, topics)).some((topic) => topic.startsWith('myway.board'))).toBe(true);
    expect((await followable(people.noor, topics)).filter((topic) => !topic.includes(people.noor))).toEqual([]);
  });

  test.each(['bart', 'emma'] as const)('is closed to %s of the second school', async (who) => {
    expect(await followable(people[who], topicsOfFirst())).toEqual([]);
  });

  test.each(['ict-coordinator', 'principal', 'teacher', 'pupil'])('is closed to a %s of the second school', async (role) => {
    const person = '0b9d4f2e-5a54-4c53-9d0e-6f2f6c1d7a12';
    await portal.grant(person, [{ tenant: people.second, role }]);
    expect(await followable(person, topicsOfFirst())).toEqual([]);
  });
});

test('of the large tables, no more keys are without their school than are known', async () => {
  expect(await keysWithoutTenant(portal, largeTables)).toEqual(Object.keys(narrowKeys));
});

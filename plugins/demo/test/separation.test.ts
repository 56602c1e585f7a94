import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Stream } from '../../../core/test/support/stream.js';
import { demoPeople, providerGrants, startDemoPortal, tenantColumns } from './support/portal.js';

/** Shorter values are not specific enough to show whose they are. */
const TELLING_LENGTH = 8;
const long = process.env['ILEARN_LONG_TESTS'] === '1';
/** Each route is called with the ids of so many rows of each table. */
const ROWS_PER_TABLE = long ? 3 : 1;
/**
 * Routes are called with ids of their own plugin's rows, and of those that every plugin refers to; with `ILEARN_LONG_TESTS=1`, of all.
 */
const REFERRED_TO = ['directory', 'library'];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Ids from the same row, to request nested resources. */
type Pair = [string, string];

let portal: TestPlatform;
let people: Awaited<ReturnType<typeof demoPeople>>;
/** All values that only occur in the first school's rows, and some of its ids. */
let secrets: Set<string>;
let samples: { plugin: string; ids: string[]; pairs: Pair[] }[];

beforeAll(async () => {
  portal = await startDemoPortal();
  people = await demoPeople(portal);
  ({ secrets, samples } = await collect(people.first));
});
afterAll(() => portal.stop());

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value instanceof Date) yield value.toISOString();
  else if (Array.isArray(value)) for (const each of value) yield* strings(each);
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* strings(each);
}

/** Values that only occur in rows of one school, from every table of every plugin. */
async function collect(school: string) {
  const own = new Set<string>();
  const elsewhere = new Set<string>([school]);
  const found: typeof samples = [];
  for (const { id: plugin, definition } of portal.platform.plugins) {
    const sample = new Set<string>(plugin === 'directory' ? [school] : []);
    const together = new Map<string, Pair>();
    for (const [table, { tenant: rule }] of Object.entries(definition.tables ?? {})) {
      const columns = tenantColumns(rule);
      const rows: Record<string, unknown>[] = await portal.work(plugin, ({ knex }) => knex(table).select());
      const named = (row: Record<string, unknown>) => columns.flatMap((column) => row[column] ?? []);
      const ownRows = rows.filter((row) => named(row).length > 0 && named(row).every((value) => value === school));
      for (const row of rows) {
        const target = ownRows.includes(row) ? own : elsewhere;
        for (const value of strings(row)) if (value.length >= TELLING_LENGTH) target.add(value);
      }
      for (const row of ownRows.slice(0, ROWS_PER_TABLE)) {
        if (typeof row.id === 'string') sample.add(row.id);
        const inRow = [...strings(row)].filter((value) => uuid.test(value) && value !== school);
        for (const one of inRow) for (const other of inRow) if (one !== other) together.set(one + other, [one, other]);
      }
    }
    found.push({ plugin, ids: [...sample], pairs: [...together.values()] });
  }
  for (const value of elsewhere) own.delete(value);
  return { secrets: new Set([...own, school]), samples: found };
}

/** What the routes and topics of a plugin are called with. */
function samplesFor(owner: string): { ids: string[]; pairs: Pair[] } {
  const some = samples.filter(({ plugin }) => long || plugin === owner || REFERRED_TO.includes(plugin));
  return { ids: [...new Set(some.flatMap(({ ids }) => ids))], pairs: some.flatMap(({ pairs }) => pairs) };
}

/**
 * Calls every GET route of the portal with the ids in every parameter, until enough responses contain one of the secrets; returns these.
 */
async function probe(client: TestClient, enough = Number.POSITIVE_INFINITY): Promise<{ calls: number; leaks: string[] }> {
  const { body: document } = await (await portal.signIn(people.lien)).get('/api/openapi.json');
  const leaks: string[] = [];
  let calls = 0;
  for (const [path, operations] of Object.entries<any>(document.paths)) {
    if (operations.get === undefined) continue;
    const { ids, pairs } = samplesFor(/^\/api\/([\w-]+)\//.exec(path)?.[1] ?? '');
    const names: string[] = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
    const queries: string[] = operations.get.parameters.filter((each: any) => each.in === 'query').map((each: any) => each.name);
    const addresses = new Set<string>(names.length === 0 ? [path] : []);
    for (const id of ids) {
      if (names.length > 0) addresses.add(path.replace(/\{\w+\}/g, id));
      for (const query of queries) addresses.add(`${path.replace(/\{\w+\}/g, id)}?${query}=${id}`);
    }
    if (names.length === 2) {
      for (const [one, other] of pairs) addresses.add(path.replace(`{${names[0]}}`, one).replace(`{${names[1]}}`, other));
    }
    for (const address of addresses) {
      calls++;
      const { status, body } = await client.get(address);
      expect(status, `${address} must not fail`).toBeLessThan(500);
      if (status >= 400) continue;
      const text = typeof body === 'string' ? (body.match(/[\w-]{8,}/g) ?? []) : [...strings(body)];
      const found = text.filter((value) => secrets.has(value) && !address.includes(value));
      if (found.length > 0) leaks.push(`${address} → ${found.slice(0, 3).join(', ')}`);
      if (leaks.length === enough) return { calls, leaks };
    }
  }
  return { calls, leaks };
}

describe('every GET route of every plugin', { timeout: 240_000 }, () => {
  test('shows the first school to its own people, which shows that the test is valid', async () => {
    expect(secrets.size).toBeGreaterThan(200);
    expect((await probe(await portal.signIn(people.lien), 6)).leaks).toHaveLength(6);
    expect((await probe(await portal.signIn(people.noor), 1)).leaks).toHaveLength(1);
  });

  test.each(['bart', 'emma'] as const)('called by %s of the second school shows nothing of the first', async (who) => {
    const { calls, leaks } = await probe(await portal.signIn(people[who]));
    expect(calls).toBeGreaterThan(20);
    expect(leaks).toEqual([]);
  });

  test.each(['ict-coordinator', 'principal'])('called by a %s of the second school shows nothing of the first', async (role) => {
    const person = '0b9d4f2e-5a54-4c53-9d0e-6f2f6c1d7a11';
    await portal.grant(person, [{ tenant: people.second, role }]);
    const { leaks } = await probe(await portal.signIn(person));
    expect(leaks).toEqual([]);
  });

  test('called by somebody of a training provider and a tool provider shows nothing of the first school', async () => {
    const person = '0b9d4f2e-5a54-4c53-9d0e-6f2f6c1d7a12';
    await portal.grant(person, providerGrants);
    const { leaks } = await probe(await portal.signIn(person));
    expect(leaks).toEqual([]);
  });

  test('called by a machine of the second school with every scope, shows nothing of the first', async () => {
    const scopes = portal.platform.plugins.flatMap(({ id, definition }) =>
      Object.keys(definition.scopes ?? {}).map((name) => `${id}.${name}`),
    );
    expect(scopes.length).toBeGreaterThan(5);
    const machine = (tenants: string[] | '*', held = scopes) => portal.machine({ scopes: held, tenants, budget: 1_000_000 });
    expect((await probe(machine([people.first]), 3)).leaks).toHaveLength(3);
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
      const { ids, pairs } = samplesFor(plugin);
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
      new Set(['login.invitations', 'myway.board', 'myway.path', 'myway.trail', 'notifications.inbox']),
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

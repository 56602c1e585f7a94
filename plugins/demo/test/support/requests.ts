import { randomUUID } from 'node:crypto';
import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import { type Ids, type Schema, sampleOf } from '../../../../core/dist/authoring/check/samples.js';
import { type Operation, readOperations } from './operations.js';
import { allPlugins, providerGrants } from './portal.js';

export interface PluginOperation extends Operation {
  plugin: string;
}

export const sweptPlugins: PluginDefinition[] = [...allPlugins, operations];

/** The demonstration portal with every plugin, and a person who has every role in its first school. */
export interface SweptPortal {
  portal: TestPlatform;
  /** Existing ids, for schemas that require ids. */
  ids: Ids;
  operations: PluginOperation[];
  person: string;
}

export async function startSweptPortal(): Promise<SweptPortal> {
  const plugins = sweptPlugins;
  const portal = await createTestPlatform({ plugins });
  await portal.drain();
  const { pool } = await portal.platform.home();
  const { rows: columns } = await pool.query(
    `select table_schema as schema, table_name as table from information_schema.columns
     where column_name = 'id' and data_type = 'uuid' and table_schema = any($1)`,
    [plugins.map(({ id }) => id)],
  );
  const found: string[] = [];
  for (const { schema, table } of columns) {
    const { rows } = await pool.query(`select id from "${schema}"."${table}" limit 5`);
    found.push(...rows.map(({ id }) => id));
  }
  const { rows: schools } = await pool.query('select id from directory.schools order by id');
  let at = 0;
  const ids: Ids = { tenant: schools[0].id, next: () => found[at++ % found.length] as string };
  const person = randomUUID();
  const roles = [...new Set(plugins.flatMap(({ permissions = {} }) => Object.values(permissions).flat()))];
  await portal.grant(person, [
    ...roles.filter((role) => providerGrants.every((grant) => grant.role !== role)).map((role) => ({ tenant: ids.tenant, role })),
    ...providerGrants,
    { tenant: null, role: 'portal-administrator' },
  ]);
  const read = (await readOperations(await portal.signIn(person))).map((operation) => ({
    ...operation,
    // Only `/live` is outside `/api`.
    plugin: operation.path.split('/')[2] ?? 'kernel',
  }));
  return { portal, ids, operations: read, person };
}

/** A valid request as one object, so that any of its leaves can be replaced. */
export interface Drawn {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  body?: unknown;
}

export function draw({ parameters, body }: Operation, ids: Ids): Drawn {
  const of = (place: string) =>
    Object.fromEntries(
      parameters.filter((each) => each.in === place).map(({ name, schema }) => [name, sampleOf(schema, ids, name)]),
    );
  const binary = body !== null && !/json|form/.test(body[0]);
  return { path: of('path'), query: of('query'), ...(body === null || binary ? {} : { body: sampleOf(body[1], ids) }) };
}

export const INFINITE = '\u{10ffff}number without end\u{10ffff}';
/** JSON with an infinite number, which `JSON.stringify` cannot write. */
const jsonOf = (value: unknown) => JSON.stringify(value).replaceAll(JSON.stringify(INFINITE), '1e400');

export function send(client: TestClient, operation: Operation, drawn: Drawn) {
  return requestOf(operation, drawn)(client);
}

/** Encodes the request; returns a function that sends it. */
export function requestOf(
  { method, path, body }: Operation,
  drawn: Drawn,
): (client: TestClient) => ReturnType<TestClient['request']> {
  const text = (value: unknown) => encodeURIComponent(String(value).toWellFormed());
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => text(drawn.path[name]) || '-');
  const query = Object.entries(drawn.query).flatMap(([name, value]) =>
    [value].flat().map((each) => `${encodeURIComponent(name.toWellFormed())}=${text(each)}`),
  );
  const address = query.length === 0 ? filled : `${filled}?${query.join('&')}`;
  if (drawn.body === undefined) return (client) => client.request(method, address);
  const [type] = body as [string, Schema];
  const raw = type.includes('form')
    ? new URLSearchParams(Object.entries(drawn.body as object).map(([name, value]) => [name, String(value)])).toString()
    : jsonOf(drawn.body);
  return (client) => client.request(method, address, { raw, headers: { 'content-type': type } });
}

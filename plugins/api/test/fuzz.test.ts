import academy from '@ilearn/plugin-academy';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvedApp, createWorld, givePath, plugins, tokenOf, type World } from './world.js';

/** 10,000 with `ILEARN_API_CALLS=10000`. */
const calls = Number(process.env['ILEARN_API_CALLS'] ?? 120);

interface Operation {
  method: string;
  path: string;
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  'x-machines'?: { scope?: string };
  security: object[];
}
type Schema = Record<string, any>;
type Client = Awaited<ReturnType<typeof tokenOf>>;

let world: World;
let client: Client;
let operations: Operation[];
let ajv: Ajv2020;
let app: { id: string; secret: string };
let known: string[];
let foreign: string[];

beforeAll(async () => {
  world = await createWorld({ plugins: [...plugins, academy], config: { api: { budget: 100_000 } } });
  const { wissel, brug } = world;
  const { body: document } = await world.developer.get('/api/openapi.json');
  operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
  ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'portal', components: document.components });
  const scopes = [...new Set(machineOperations().map((each) => each['x-machines']?.scope as string))];
  app = await approvedApp(world, { scopes });
  await wissel.principal.put(`/api/api/schools/${wissel.id}/apps/${app.id}`, { scopes });
  client = await tokenOf(world, app);
  const made = await Promise.all([wissel, brug].map((school) => givePath(world, school, 'Pad')));
  known = [wissel.id, wissel.classId, wissel.pupilId, `course-${wissel.id}`, ...(made[0] as string[])];
  foreign = [brug.id, brug.classId, brug.pupilId, `course-${brug.id}`, ...(made[1] as string[])];
});
afterAll(() => world?.portal.stop());

const machineOperations = () => operations.filter((each) => each['x-machines']?.scope !== undefined);

/** Numbers that are the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const hostile = [
  "' or 1=1 --",
  '%00',
  '\u0000',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '𝒳'.repeat(300),
  '-1',
  '1e309',
  'NaN',
  '[]',
  '{"$ne":null}',
  '\ud800',
  'null',
  "name='x' OR",
  '9'.repeat(40),
  '2026-99-99',
];

/** A value for a schema of the document: one that fits, or a hostile one. */
function valueFor(schema: Schema, random: () => number, depth = 0): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (random() < 0.12) return pick(hostile);
  if (Array.isArray(schema['enum'])) return pick(schema['enum']);
  if ('const' in schema) return schema['const'];
  const either = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(either)) return valueFor(pick(either), random, depth);
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return Math.round((schema['minimum'] ?? 0) + random() * 3);
    case 'boolean':
      return random() < 0.5;
    case 'array':
      return Array.from({ length: Math.floor(random() * 3) }, () => valueFor(schema['items'] ?? {}, random, depth + 1));
    case 'object':
      return depth > 4
        ? {}
        : Object.fromEntries(
            Object.entries((schema['properties'] ?? {}) as Record<string, Schema>).map(([name, part]) => [
              name,
              valueFor(part, random, depth + 1),
            ]),
          );
    default:
      return random() < 0.8 ? pick(known) : pick(foreign);
  }
}

const validators = new Map<string, ValidateFunction>();

/** What is wrong with an answer according to the document; null: nothing. */
function faultOf(operation: Operation, { status, body, type }: { status: number; body: unknown; type: string }): string | null {
  if (status >= 500) return `status ${status}`;
  const media = type.split(';')[0] as string;
  const response = operation.responses[status] ?? operation.responses['default'];
  const described = operation.responses[status]?.content?.[media] ?? operation.responses['default']?.content?.[media];
  if (response === undefined) return `status ${status} is not described`;
  if (status === 204 || status === 304) return null;
  if (described === undefined) return `status ${status} with ${media} is not described`;
  if (!media.includes('json')) return null;
  const key = `${operation.method} ${operation.path} ${operation.responses[status]?.content?.[media] === undefined ? 'default' : status}`;
  let validate = validators.get(key);
  if (validate === undefined) {
    const text = JSON.stringify(described.schema).replaceAll('"#/components', '"portal#/components');
    validate = ajv.compile(JSON.parse(text));
    validators.set(key, validate);
  }
  return validate(body) ? null : `${status}: ${ajv.errorsText(validate.errors)}`;
}

async function call(by: Pick<Client, 'request'>, operation: Operation, random: () => number) {
  let { path } = operation;
  const query = new URLSearchParams();
  for (const { name, in: place, required, schema } of operation.parameters ?? []) {
    const value = valueFor(schema, random);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '')) || 'x');
    else if (place === 'query' && (required || random() < 0.3)) query.append(name, text);
  }
  const schema = operation.requestBody?.content['application/json']?.schema;
  const { status, body, headers } = await by.request(operation.method, `${path}${query.size > 0 ? `?${query}` : ''}`, {
    ...(schema === undefined ? {} : { body: valueFor(schema, random) }),
  });
  return { address: `${operation.method} ${path}?${query}`, status, body, type: headers.get('content-type') ?? '' };
}

test(`${calls} calls made from the OpenAPI document: no 5xx, and each answer as it is described`, {
  timeout: 3_600_000,
}, async () => {
  const random = seeded(20_261_128);
  const all = machineOperations();
  expect(all.length).toBeGreaterThan(40);
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  for (let index = 0; index < calls; index += 1) {
    const operation = all[index % all.length] as Operation;
    if (index % 500 === 499) client = await tokenOf(world, app);
    const answer = await call(client, operation, random);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const fault = faultOf(operation, answer);
    if (fault !== null) faults.push(`${answer.address}: ${fault}`);
    const text = JSON.stringify(answer.body ?? '');
    // Ids of the other school appear only where the answer quotes the request.
    if (answer.status < 400 && foreign.some((id) => text.includes(id))) faults.push(`${answer.address}: shows another school`);
  }
  expect(faults).toEqual([]);
  expect(statuses.get(200) ?? 0).toBeGreaterThan(calls / 10);
});

test('without token, with a false one, and without the scope, each operation says what is missing', async () => {
  const nobody = world.portal.client();
  const forged = world.portal.client().setHeader('authorization', 'Bearer ilt_forged');
  const scopeless = world.portal.machine({ scopes: [], tenants: [world.wissel.id] });
  const faults: string[] = [];
  for (const operation of machineOperations()) {
    const path = operation.path.replace(/\{\w+\}/g, world.wissel.id);
    const scope = operation['x-machines']?.scope as string;
    const answers = await Promise.all([nobody, forged, scopeless].map((each) => each.request(operation.method, path)));
    const [none, wrong, without] = answers.map(({ status }) => status);
    const why = JSON.stringify(answers[2]?.body ?? '');
    if (none !== 401 || wrong !== 401 || without !== 403 || !why.includes(scope)) {
      faults.push(`${operation.method} ${operation.path}: ${none} ${wrong} ${without} ${why}`);
    }
  }
  expect(faults).toEqual([]);
});

test('operations for people refuse a token, with the reason', async () => {
  const faults: string[] = [];
  const closed = operations.filter(
    (each) => each.security.length > 0 && each['x-machines']?.scope === undefined && each.path.startsWith('/api/api/'),
  );
  expect(closed.length).toBeGreaterThan(20);
  for (const operation of closed) {
    const { status, body } = await client.request(operation.method, operation.path.replace(/\{\w+\}/g, world.wissel.id));
    if (status !== 403 || body.type !== '/problems/not-for-machines')
      faults.push(`${operation.method} ${operation.path}: ${status}`);
  }
  expect(faults).toEqual([]);
});

test('the token endpoint answers hostile forms as it is described', async () => {
  const random = seeded(7);
  const operation = operations.find(({ path }) => path === '/api/api/token') as Operation;
  const names = ['grant_type', 'scope', 'school', 'client_id', 'client_secret', 'client_assertion_type', 'client_assertion', 'x'];
  const faults: string[] = [];
  for (let index = 0; index < Math.max(40, calls / 20); index += 1) {
    const form = new URLSearchParams(random() < 0.8 ? { grant_type: 'client_credentials', client_id: app.id } : {});
    for (const name of names) if (random() < 0.4) form.append(name, String(valueFor({}, random)));
    const response = await fetch(`${world.portal.url}/api/api/token`, { method: 'POST', body: form });
    const answer = { status: response.status, body: await response.json(), type: response.headers.get('content-type') ?? '' };
    const fault = faultOf(operation, answer) ?? (answer.status === 200 ? 'a token' : null);
    if (fault !== null) faults.push(`${form}: ${fault}`);
  }
  expect(faults).toEqual([]);
});

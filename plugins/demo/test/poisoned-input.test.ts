import type { TestPlatform } from '@ilearn/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Ids, leavesOf, replaced, type Schema, sampleOf } from '../../../core/dist/authoring/check/samples.js';
import {
  type Drawn,
  draw,
  INFINITE,
  type PluginOperation,
  sweptPlugins as plugins,
  send,
  startSweptPortal,
} from './support/requests.js';

let portal: TestPlatform;
let ids: Ids;
let operationsOf: PluginOperation[];
let person: string;

beforeAll(async () => {
  ({ portal, ids, operations: operationsOf, person } = await startSweptPortal());
});
afterAll(() => portal?.stop());

/** Each route gets so many times as many values with `ILEARN_LONG_TESTS=1`. */
const times = process.env['ILEARN_LONG_TESTS'] === '1' ? 8 : 1;

const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
/** Values that cannot be stored; only the first can occur in an address. */
const unstorable = ['a\0b', '\ud83d', 'x\udc00\ud800', INFINITE, nested(200)];
/** Values that can be stored but are unlikely. */
const odd = [
  '9'.repeat(400),
  `2026-11-26T10:00:00.${'1'.repeat(400)}Z`,
  '0000-01-01',
  '9999999-01-01T00:00:00Z',
  '-infinity',
  'NaN',
  1e308,
  -1e308,
  5e-324,
  2 ** 53,
  -1,
  2_147_483_648,
  9.223372036854776e18,
  0.1,
  '',
  ' ',
  'x'.repeat(70_000),
  '\\',
  '%_',
  "'; select 1--",
  '\u202e',
  '🚲'.repeat(3_000),
  null,
  [],
  {},
  true,
  [[]],
  { a: { b: 1 } },
  '00000000-0000-0000-0000-000000000000',
];

/** Number of rows in every table of every plugin, except those that every request changes (sessions, sign-in attempts). */
async function rows(): Promise<Record<string, number>> {
  const { pool } = await portal.platform.home();
  const { rows: tables } = await pool.query(
    `select table_schema as schema, table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema = any($1)
       -- A line for each refusal, on purpose; links that wait for a check at night; and e-mails that are due meanwhile.
       and table_name not in ('trace_lines', 'link_checks', 'mails')`,
    [plugins.map(({ id }) => id)],
  );
  const counts: Record<string, number> = {};
  for (const { schema, name } of tables) {
    const {
      rows: [row],
    } = await pool.query(`select count(*)::int as count from "${schema}"."${name}"`);
    counts[`${schema}.${name}`] = row.count;
  }
  return counts;
}

const failures = () =>
  portal.log
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => ['request failed', 'handler failed', 'part out of service', 'out of service'].includes(msg))
    .map(({ route, part, msg, err, causes }) => `${msg}: ${route ?? part} ${err?.message ?? JSON.stringify(causes)}`);

/** Sends requests to every route, with some of their leaves replaced by some of these values. */
async function poison(poisons: readonly unknown[], each: number, seed: number) {
  const answers: { name: string; poison: string; place: string; status: number; type: unknown }[] = [];
  for (const operation of operationsOf) {
    const client = await portal.signIn(person);
    const drawn = draw(operation, ids);
    const places = leavesOf(drawn).filter(([part]) => part !== undefined);
    if (places.length === 0 || Object.values(drawn).every((part) => Object.keys(part ?? {}).length === 0)) continue;
    const pairs = fc.sample(fc.tuple(fc.constantFrom(...places), fc.constantFrom(...poisons)), { numRuns: each, seed });
    for (const [place, bad] of pairs) {
      // In an address or a form every value is text, and an address cannot contain lone surrogates.
      const inBody = place[0] === 'body' && operation.body?.[0].includes('json') === true;
      const fitting = inBody || !poisons.includes('a\0b') ? bad : 'a\0b';
      const { status, body } = await send(client, operation, replaced(drawn, place, fitting) as Drawn);
      const name = `${operation.method} ${operation.path}`;
      answers.push({ name, poison: JSON.stringify(fitting).slice(0, 40), place: place.join('/'), status, type: body?.type });
    }
  }
  return answers;
}

describe('every route of every plugin', { timeout: 240_000 }, () => {
  test('is covered here', () => {
    expect(operationsOf.length).toBeGreaterThan(60);
    expect(new Set(operationsOf.map(({ plugin }) => plugin))).toEqual(
      new Set([
        'kernel',
        'academy',
        'api',
        'data-space',
        'demo',
        'directory',
        'helpdesk',
        'joining',
        'login',
        'library',
        'licences',
        'lti',
        'notifications',
        'myway',
        'operations',
        'privacy',
        'reports',
        'rosters',
        'search',
      ]),
    );
  });

  test('attack 3, attack 4: answers 4xx to what cannot be stored, and stores nothing', async () => {
    const before = await rows();
    const answers = await poison(unstorable, 2 * times, 3);
    expect(answers.filter(({ status }) => status < 400 || status >= 500)).toEqual([]);
    expect(answers.filter(({ status }) => status === 400).length).toBeGreaterThan(answers.length / 2);
    expect(await rows()).toEqual(before);
    expect(failures()).toEqual([]);
  });

  test('answers no 5xx to what is unusual but can be stored, and none goes out of service', async () => {
    const answers = await poison(odd, 2 * times, 4);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(failures()).toEqual([]);
    const states = Object.entries<{ state: string }>((await portal.client().get('/health/ready')).body.plugins);
    expect(states.filter(([, { state, ...rest }]) => state !== 'started' || 'resting' in rest)).toEqual([]);
  });
});

describe('every event and job of every plugin', () => {
  const payloads = plugins.flatMap(({ id, events = {}, jobs = {} }) => [
    ...Object.entries(events).map(([name, schema]) => ['events', id, name, schema] as const),
    ...Object.entries(jobs).map(([name, { payload }]) => ['jobs', id, name, payload] as const),
  ]);

  test.each(
    payloads,
  )('attack 4: of %s %s.%s, with a value that cannot be stored, is a 400 and leaves no message', async (kind, id, name, schema) => {
    const { pool } = await portal.platform.home();
    const count = async () =>
      (
        await pool.query(
          'select count(*)::int as count from kernel.messages where failed_at is null and plugin = $1 and name = $2',
          [id, name],
        )
      ).rows[0].count;
    const before = await count();
    const sample = sampleOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema, ids) as object;
    const places = leavesOf(sample).filter((place) => place.length > 0);
    for (const place of places) {
      for (const bad of ['a\0b', '\ud83d']) {
        const put = portal.work(id, (services) =>
          kind === 'events'
            ? services.events.publish(name, replaced(sample, place, bad))
            : services.jobs.enqueue(name, replaced(sample, place, bad)),
        );
        // If the schema accepts no text at all, the schema itself refuses the value.
        await expect(put).rejects.toThrow(/cannot be stored|does not fit its schema/);
      }
    }
    expect(await count()).toBe(before);
  });
});

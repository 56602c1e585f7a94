import { afterAll, beforeAll, expect, test } from 'vitest';
import { leavesOf, replaced } from '../../../core/dist/authoring/check/samples.js';
import { type Drawn, draw, type PluginOperation, requestOf, type SweptPortal, startSweptPortal } from './support/requests.js';

let swept: SweptPortal;
beforeAll(async () => {
  swept = await startSweptPortal();
});
afterAll(() => swept?.portal.stop());

/** Just below the default limit for a body. */
const BYTES = 900_000;
const MOST_VALUES = Math.floor(1_048_576 / 50);

/** Paths of the arrays in a value. */
function arraysIn(value: unknown, path: (string | number)[]): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    arraysIn(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) ? [path, ...inner] : inner;
}

const takesJson = ({ body }: PluginOperation): boolean => body?.[0].includes('json') === true;

/** Bodies with as many values as fit. Parsing and checking them all would block the event loop for hundreds of milliseconds. */
function* crowded(drawn: Drawn): Generator<[string, Drawn]> {
  const members = Object.fromEntries(Array.from({ length: MOST_VALUES + 1 }, (_, index) => [`k${index}`, 1]));
  yield ['members', { ...drawn, body: { ...(drawn.body as object), ...members } }];
  yield ['items', { ...drawn, body: Array(BYTES / 2).fill(1) }];
  for (const path of arraysIn(drawn.body, ['body'])) {
    for (const item of [{}, [[[]]], null]) {
      const items = Array(Math.floor(BYTES / (JSON.stringify(item).length + 1))).fill(item);
      yield [`${path.join('/')} of ${JSON.stringify(item)}`, replaced(drawn, path, items) as Drawn];
    }
  }
}

/** 60,000 characters each, on which a search that backtracks takes longest: runs of one kind of character, and beginnings without an end. */
const TEXTS = ['a', ' ', '\n', '0', '-', '/', '<', '(', '[', '&', 'a@', 'a.', 'a ', '<a ', '**', '$$', '![](', '\u0301'].map(
  (each) => each.repeat(Math.ceil(60_000 / each.length)),
);
const every = process.env['ILEARN_LONG_TESTS'] === '1';

test('attack 2: no text of a body or query holds the process for long', { timeout: every ? 900_000 : 120_000 }, async () => {
  const { portal, ids, operations, person } = swept;
  const client = await portal.signIn(person);
  const slow: string[] = [];
  let asked = 0;
  for (const operation of operations) {
    const drawn = draw(operation, ids);
    const texts = [...leavesOf(drawn.query, ['query']), ...(drawn.body === undefined ? [] : leavesOf(drawn.body, ['body']))];
    for (const path of texts) {
      // Each text gets one of them in turn; with `ILEARN_LONG_TESTS=1` all.
      for (const text of every ? TEXTS : [TEXTS[asked % TEXTS.length]]) {
        const from = process.cpuUsage();
        await requestOf(operation, replaced(drawn, path, text) as Drawn)(client);
        const { user, system } = process.cpuUsage(from);
        asked++;
        // Backtracking over 60,000 characters takes many seconds.
        if ((user + system) / 1e6 > 1)
          slow.push(`${operation.method} ${operation.path} ${path.join('/')} of ${JSON.stringify(text?.slice(0, 4))}`);
      }
    }
  }
  expect(asked).toBeGreaterThan(150);
  expect(slow).toEqual([]);
});

test('attack 2: no JSON route parses more values than it can check without blocking the event loop', {
  timeout: 180_000,
}, async () => {
  const { portal, ids, operations, person } = swept;
  const client = await portal.signIn(person);
  const answers: { name: string; what: string; status: number; type: unknown }[] = [];
  for (const operation of operations.filter(takesJson)) {
    for (const [what, drawn] of crowded(draw(operation, ids))) {
      const { status, body } = await requestOf(operation, drawn)(client);
      answers.push({ name: `${operation.method} ${operation.path}`, what, status, type: body?.type });
    }
  }
  expect(answers.length).toBeGreaterThan(60);
  // 401: routes for tools check their bearer token first.
  expect(answers.filter(({ status }) => status !== 413 && status !== 401)).toEqual([]);
  expect((await client.get('/health/live')).status).toBe(200);
});

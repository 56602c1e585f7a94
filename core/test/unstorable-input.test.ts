import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { findUnstorable } from '../dist/foundation/storable.js';
import { lotte } from './support/fixtures.js';
import { sendRaw } from './support/raw.js';
import { web } from './support/web.js';

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [web] });
});
afterAll(() => portal?.stop());
beforeEach(async () => void (await portal.client().delete('/api/web/things')));

const thing = `/api/web/things/${lotte}`;
const post = (path: string, raw: string | Uint8Array, type = 'application/json') =>
  portal.client().request('POST', path, { raw, headers: { 'content-type': type } });
const stored = async () => (await portal.client().get('/api/web/things')).body.texts;
const places = ({ status, body }: any) => [status, body.type, body.errors?.map((each: any) => `${each.in} ${each.pointer}`)];
const refused = (...at: string[]) => [400, '/problems/validation-failed', at];
const deep = (levels: number, inner = '1') => `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;

describe('attack 3: what cannot be stored is refused on arrival', () => {
  test('attack 3: a lone surrogate in a body is refused with 400, its place and the remedy, and stores nothing', async () => {
    for (const half of ['\\ud83d', '\\ude00', '\\ude00\\ud83d', 'Goed gedaan \\uD83D!']) {
      const answer = await post(thing, `{"text":"${half}"}`);
      expect(places(answer)).toEqual(refused('body /text'));
      expect(answer.body.errors[0].message).toMatch(/surrogate pair; leave it out$/);
    }
    expect(await stored()).toEqual([]);
    expect((await post(thing, '{"text":"\\ud83d\\ude00"}')).status).toBe(201);
  });

  test.each([
    ['a value', '{"a":{"b":[1,{"c~/d":"x\\u0000"}]}}', 'body /a/b/1/c~0~1d'],
    ['a name', '{"a":{"b\\u0000":1}}', 'body /a'],
    ['a name of half a pair', '{"a":[{"\\udfff":1}]}', 'body /a/0'],
    ['the name __proto__', '{"a":{"__proto__":{"polluted":true}}}', 'body /a'],
    ['a number without end', '{"a":[1e400]}', 'body /a/0'],
    ['a negative number without end', `{"a":-${'9'.repeat(400)}}`, 'body /a'],
    ['65 levels', `{"a":${deep(64)}}`, `body /a${'/0'.repeat(63)}`],
    ['ten thousand levels', `{"a":${deep(10_000)}}`, `body /a${'/0'.repeat(63)}`],
  ])('in JSON: %s', async (_, raw, place) => {
    expect(places(await post('/api/web/echo', raw))).toEqual(refused(place));
  });

  test('64 levels, long fractions and members named constructor are accepted', async () => {
    for (const raw of [`{"a":${deep(63)}}`, `{"a":0.${'3'.repeat(5000)}}`, '{"constructor":{"prototype":1}}', '{"a":1e-400}']) {
      expect((await post('/api/web/echo', raw)).status).toBe(200);
    }
  });

  test('in a query, including its names', async () => {
    expect(places(await post('/api/web/echo?a=1&b=%00', '{}'))).toEqual(refused('query /b'));
    expect(places(await post('/api/web/echo?a=1&a=x%00', '{}'))).toEqual(refused('query /a/1'));
    expect(places(await post('/api/web/echo?a%00=1', '{}'))).toEqual(refused('query '));
    expect(places(await post('/api/web/echo?__proto__=1', '{}'))).toEqual(refused('query '));
  });

  test('in a path, even if the route accepts any text', async () => {
    expect(places(await post('/api/web/fail/a%00', '{}'))).toEqual(refused('params /how'));
    expect((await post('/api/web/things/%ED%A0%80', '{"text":"t"}')).status).toBe(400);
  });

  test('in a form', async () => {
    const form = (text: string) => post('/api/web/form', text, 'application/x-www-form-urlencoded');
    expect(places(await form('name=a%00b'))).toEqual(refused('body /name'));
    expect(places(await form('name=a&x%00=b'))).toEqual(refused('body '));
    expect((await form('name=%ED%A0%80')).body).toEqual({ name: '\ufffd\ufffd\ufffd' });
  });

  test('in bytes that contain text', async () => {
    expect((await post('/api/web/csv', Buffer.from('a;b\0'), 'text/csv')).body).toMatchObject({
      type: '/problems/malformed-body',
      detail: 'The text contains a NUL character (U+0000), which cannot be stored; leave it out.',
    });
    expect((await post('/api/web/csv', Buffer.from('a;b', 'utf16le'), 'text/csv; charset=utf-16le')).status).toBe(200);
  });

  test.each([
    'x-test: a\0b',
    'cookie: ilearn=a\0b',
    'accept-language: nl\0',
    'x-request-id: abcdefgh\0',
  ])('in a header: %j', async (line) => {
    const answer = await sendRaw(portal.url, [`GET /api/web/client HTTP/1.1\r\nHost: a\r\n${line}\r\nConnection: close\r\n\r\n`]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('a form with more field names than allowed is refused, without repeating the names', async () => {
    const names = Array.from({ length: 150_000 }, (_, index) => index.toString(36)).join('&');
    const answer = await post('/api/web/form', names, 'application/x-www-form-urlencoded');
    expect([answer.status, answer.body.detail]).toEqual([400, 'The form has more than 1000 fields.']);
    const some = await post('/api/web/form', `name=a&${names.slice(0, 3_000)}`, 'application/x-www-form-urlencoded');
    expect([some.status, JSON.stringify(some.body).length < 2_000]).toEqual([400, true]);
  });

  test('faults beyond the first hundred are only counted', async () => {
    const list = Array.from({ length: 5_000 }, () => ({ n: 'x' }));
    const answer = await post(thing, JSON.stringify({ text: 'a', list }));
    expect([answer.body.detail, answer.body.errors.length]).toEqual(['5000 fields are invalid.', 100]);
  });
});

/** Puts a poison in place of one of the leaves. */
function poisoned(value: unknown, at: number, poison: unknown): { value: unknown; pointer: string } {
  let left = at;
  let pointer = '';
  const visit = (each: unknown, path: string): unknown => {
    if (Array.isArray(each)) return each.map((member, index) => visit(member, `${path}/${index}`));
    if (typeof each === 'object' && each !== null) {
      return Object.fromEntries(
        Object.entries(each).map(([name, member]) => [
          name,
          visit(member, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
        ]),
      );
    }
    if (left-- !== 0) return each;
    pointer = path;
    return poison;
  };
  return { value: visit(value, ''), pointer };
}
const leaves = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.values(value).reduce((sum: number, each) => sum + leaves(each), 0) : 1;

const tidyKey = fc
  .string({ unit: 'grapheme', maxLength: 5 })
  .filter((text) => text !== '__proto__' && !/\0|\p{Surrogate}/u.test(text));
const tidyText = fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.replace(/\0|\p{Surrogate}/gu, ''));
const tidyJson = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    tidyText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('any'), { maxLength: 4 }),
  map: fc.dictionary(tidyKey, tie('any'), { maxKeys: 4 }),
})).any;

describe('any JSON', () => {
  test('that can be stored is accepted', () => {
    fc.assert(
      fc.property(tidyJson, (value) => {
        expect(findUnstorable('body', value)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('with one unstorable value is refused at that value', () => {
    const poison = fc.constantFrom(
      '\0',
      'a\0b',
      '\ud800',
      '\udfff',
      'x\udc00\ud800y',
      Number.POSITIVE_INFINITY,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    );
    fc.assert(
      fc.property(tidyJson, fc.nat(), poison, (json, at, bad) => {
        const count = leaves(json);
        fc.pre(count > 0);
        const { value, pointer } = poisoned(json, at % count, bad);
        expect(findUnstorable('body', value)).toMatchObject([{ in: 'body', pointer }]);
      }),
      { numRuns: 500 },
    );
  });

  test('that is accepted is read back unchanged from PostgreSQL', async () => {
    const samples = fc.sample(fc.array(tidyJson, { maxLength: 3 }), 60);
    for (const sample of samples) {
      const sent = JSON.parse(JSON.stringify(sample));
      const back = await portal.work('web', ({ knex }) => knex.raw('select ?::jsonb as value', [JSON.stringify(sent)]));
      expect(back.rows[0].value).toEqual(sent);
    }
  });
});

test('what only the database refuses is answered to the caller and logged for the author, without values', async () => {
  const end = (how: string, text: string) => portal.client().post(`/api/web/fail/${how}`, { text });
  const statuses: Record<string, unknown> = {};
  for (const [how, text] of [
    ['cast', 'x'],
    ['number', '99999999999'],
    ['twice', 'x'],
    ['constant', 'x'],
    ['division', '0'],
    ['index', 'x'.repeat(20)],
    ['missing', 'x'],
  ] as const) {
    const { status, body } = await end(how, text);
    statuses[how] = [status, body.type];
  }
  expect(statuses).toEqual({
    cast: [400, '/problems/invalid-value'],
    number: [400, '/problems/invalid-value'],
    twice: [409, '/problems/conflict'],
    constant: [500, '/problems/internal'],
    division: [400, '/problems/invalid-value'],
    index: [400, '/problems/invalid-value'],
    missing: [500, '/problems/internal'],
  });
  const told = portal.log
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'input refused by the database, not by the route');
  expect(told.map(({ plugin, route, status, err }) => [plugin, route, status, err.code])).toContainEqual([
    'web',
    'POST /api/web/fail/:how',
    400,
    '22003',
  ]);
  expect(z.string().parse(told[0].remedy)).toContain('schemas of the route');
});

describe('attack 2: the number of values of a JSON body', () => {
  const most = Math.floor(1_048_576 / 50);
  const filler = 'x'.repeat(most * 2);

  test('is limited in total, at any depth, and commas and brackets in texts do not count', async () => {
    const text = (of: string) => post(thing, JSON.stringify({ text: of }));
    expect((await text(',[{'.repeat(most).slice(0, 60_000))).status).not.toBe(413);
    expect((await post(thing, JSON.stringify({ text: 'a', more: [filler, ...Array(most - 10).fill(1)] }))).status).not.toBe(413);
    for (const value of [
      Array(most + 1).fill(1),
      Array(most).fill([[]]),
      Array(most).fill({}),
      Array(Math.ceil(most / 2)).fill({ a: [1] }),
    ]) {
      const answer = await post(thing, JSON.stringify({ text: 'a', more: value }));
      expect([answer.status, answer.body.detail]).toEqual([
        413,
        `At most ${most} values (members and items) are accepted here; send them in parts.`,
      ]);
    }
    expect((await post(thing, `{"text":"\\\\","more":[${'"\\"",'.repeat(most)}1]}`)).status).toBe(413);
  });

  test('is limited for a form before its fields are read', async () => {
    const form = (fields: number) =>
      post(thing, Array.from({ length: fields }, (_, n) => `k${n}=1`).join('&'), 'application/x-www-form-urlencoded');
    expect((await form(1_001)).status).toBeGreaterThanOrEqual(400);
  });
});

import { html, nothing, Problem, redirect, redirectTo, reply, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { none, plugin, sql } from './support/fixtures.js';

const route = routeFor<any>();
const bytes = { description: 'Bytes', contentType: 'image/png' };
const circle: Record<string, unknown> = {};
circle['self'] = circle;

/** What a handler returns, by name; the first column answers, the second is what the author is told. */
const sound: Record<string, () => unknown> = {
  text: () => reply(201, 'é'),
  buffer: () => reply(201, Buffer.from([137, 80, 78, 71])),
  'a view of bytes': () => reply(201, new Uint8Array([0, 137, 80, 78, 71]).subarray(1)),
  'no bytes': () => reply(201, new Uint8Array()),
};
const unsound: Record<string, [() => unknown, string]> = {
  'a stream of the web': [
    () => reply(201, new Blob(['a']).stream().getReader()),
    'ReadableStreamDefaultReader: return text, bytes',
  ],
  'an object': [() => reply(201, { a: 1 }), 'with an object: return text'],
  'a list': [() => reply(201, ['a']), 'with an object of the class Array'],
  'a number': [() => reply(201, 7), 'with a number'],
  nothing: [() => reply(201), 'with nothing'],
  null: [() => reply(201, null), 'with nothing'],
  'an ArrayBuffer': [() => reply(201, new ArrayBuffer(2)), 'ArrayBuffer'],
  'a blob': [() => reply(201, new Blob(['a'])), 'Blob'],
  'a big integer in JSON': [() => ({ any: 1n }), 'cannot be written as JSON'],
  'a circle in JSON': [() => ({ any: circle }), 'cannot be written as JSON'],
  'what throws as it is written': [
    () => ({
      any: {
        toJSON() {
          throw new Error('not me');
        },
      },
    }),
    'cannot be written as JSON: not me',
  ],
  'a symbol': [() => reply(203, Symbol('x')), 'cannot be written as JSON'],
  'no JSON': [() => reply(203, undefined), 'cannot be written as JSON'],
  'a header of two lines': [() => redirectTo('/a\r\nset-cookie: x=y'), 'Invalid character in header'],
  'a header beyond latin-1': [() => redirectTo('/→'), 'Invalid character in header'],
  'a header that is no text': [() => reply(201, 'x', { 'x-a': 7 as unknown as string }), 'the header x-a to a number'],
  'a header without a value': [() => reply(201, 'x', { 'x-a': undefined as unknown as string }), 'the header x-a to nothing'],
  'a header whose name is none': [() => reply(201, 'x', { 'a b': 'x' }), 'Header name must be a valid HTTP token'],
  'a length of its own': [
    () => reply(201, 'x', { 'Content-Length': '5' }),
    'the header Content-Length, which only the kernel may set',
  ],
  'a framing of its own': [() => reply(201, 'x', { 'transfer-encoding': 'chunked' }), 'transfer-encoding'],
  'a request id of its own': [() => reply(201, 'x', { 'X-Request-Id': 'abcdefgh' }), 'X-Request-Id'],
  'a type of its own': [
    () => reply(201, 'x', { 'Content-Type': 'text/html' }),
    'sets a content-type, but its responses declare image/png',
  ],
  'a status that is not declared': [() => reply(418, 'x'), 'answers 418'],
  'a status that is none': [() => reply(99999, 'x'), 'answers 99999'],
  'a problem that JSON cannot say': [() => new Problem({ type: 'x', status: 409, title: 'x', extra: { n: 1n } }), 'BigInt'],
  'a problem with a status of success': [
    () => new Problem({ type: 'x', status: 200, title: 'x' }),
    'a problem with the status 200',
  ],
  'a problem with a broken header': [
    () => new Problem({ type: 'x', status: 409, title: 'x', headers: { 'x-a': 'a\nb' } }),
    'Invalid character in header',
  ],
};
const answers = new Map([...Object.entries(sound), ...Object.entries(unsound).map(([name, [fn]]) => [name, fn] as const)]);

const answering = plugin('answering', {
  tables: { kept: none },
  migrations: [sql('0001', 'create table kept (name text)')],
  routes: [
    route({
      method: 'POST',
      path: '/answers',
      summary: 'Stores, then answers as asked',
      permission: 'public',
      body: z.object({ name: z.string(), thrown: z.boolean().default(false) }),
      responses: { 200: z.object({ any: z.any() }), 201: bytes, 203: z.any(), 302: redirect('Away') },
      handler: async ({ services: { knex }, body: { name, thrown } }) => {
        await knex('kept').insert({ name });
        const answer = answers.get(name)?.();
        if (thrown) throw answer;
        return answer;
      },
    }),
  ],
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [answering] });
});
afterAll(() => portal?.stop());

const ask = async (body: object) => {
  const response = await fetch(`${portal.url}/api/answering/answers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
};
const kept = () => portal.work('answering', ({ knex }) => knex('kept').pluck('name'));

describe('an answer', () => {
  test.each([
    ['text', Buffer.from('é')],
    ['buffer', Buffer.from([137, 80, 78, 71])],
    ['a view of bytes', Buffer.from([137, 80, 78, 71])],
    ['no bytes', Buffer.from([])],
  ])('newcomer 3: of %s is sent unchanged', async (name, expected) => {
    const { status, bytes: got } = await ask({ name });
    expect([status, got.equals(expected)]).toEqual([201, true]);
    expect(await kept()).toContain(name);
  });

  test.each(Object.entries(unsound))('newcomer 3: of %s fails before the commit, with a clear error', async (name, [, told]) => {
    const before = portal.log.length;
    const { status, bytes: got } = await ask({ name });
    expect([status, JSON.parse(got.toString()).type]).toEqual([500, '/problems/internal']);
    expect(await kept()).not.toContain(name);
    const line = portal.log
      .slice(before)
      .map((each) => JSON.parse(each))
      .find(({ msg }) => msg === 'request failed');
    expect(line).toMatchObject({ plugin: 'answering', route: 'POST /api/answering/answers' });
    expect(line.err.message).toContain(told);
  });

  test.each(
    Object.keys(unsound).filter((name) => name.startsWith('a problem')),
  )('thrown as %s is answered nevertheless, and stores nothing', async (name) => {
    const { status, bytes: got } = await ask({ name, thrown: true });
    expect([status, JSON.parse(got.toString()).type]).toEqual([500, '/problems/internal']);
    expect(await kept()).not.toContain(name);
  });
});

test.each([
  ['a status that HTTP does not have', { 99: html('?') }, '99'],
  ['a status of the protocol', { 101: nothing('?') }, '101'],
  ['a body where there is none', { 204: z.object({}) }, '204'],
])('a route that declares %s takes its plugin out of service, not the others', async (_, responses, told) => {
  const faulty = plugin('faulty', {
    routes: [route({ method: 'GET', path: '/', summary: 'x', permission: 'public', responses, handler: () => {} })],
  });
  const other = await createTestPlatform({ plugins: [faulty, answering], required: [] });
  try {
    const { body } = await other.client().get('/health/ready');
    expect([body.plugins.faulty.state, body.plugins.answering.state]).toEqual(['quarantined', 'started']);
    expect(other.log.join('')).toContain(told);
  } finally {
    await other.stop();
  }
});

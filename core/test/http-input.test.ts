import { request } from 'node:http';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
const post = (
  path: string,
  raw: string | Uint8Array,
  type: string | undefined = 'application/json',
  headers: Record<string, string> = {},
) => portal.client().request('POST', path, { raw, headers: { 'content-type': type, ...headers } });
const stored = async () => (await portal.client().get('/api/web/things')).body.texts;
const problem = ({ status, body }: any) => [status, body.type, body.detail];

describe('input that does not fit the schema', () => {
  test('is reported with a pointer to every fault, in params, query and body at once', async () => {
    const answer = await portal.client().post('/api/web/things/42?page=x&tag=a&other=1', {
      text: 'a text that is far too long',
      'a/b~c': 'x',
      list: [{ n: 1 }, { n: 1.5 }],
      colour: 'red',
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      type: '/problems/validation-failed',
      title: 'Validation failed',
      status: 400,
      detail: '8 fields are invalid.',
      instance: '/api/web/things/42',
    });
    expect(answer.body.errors.map(({ in: part, pointer }: any) => `${part} ${pointer}`)).toEqual([
      'params /id',
      'query /page',
      'query /tag',
      'query ',
      'body /text',
      'body /a~1b~0c',
      'body /list/1/n',
      'body ',
    ]);
    for (const { message } of answer.body.errors) expect(message).toBeTruthy();
    expect(await stored()).toEqual([]);
  });

  test('is not reported if it fits', async () => {
    expect((await portal.client().post(`${thing}?page=2&tag=a&tag=b`, { text: 'fits' })).status).toBe(201);
    expect(await stored()).toEqual(['fits']);
  });

  test.each([undefined, [], 'text', 7, null])('is reported if the whole body is wrong: %j', async (body) => {
    const answer = await portal.client().post(thing, body);
    expect(problem(answer)).toEqual([400, '/problems/validation-failed', 'One field is invalid.']);
    expect(answer.body.errors[0]).toMatchObject({ in: 'body', pointer: '' });
  });
});

describe('a body that cannot be read', () => {
  test.each([
    '{',
    '{"text": "a"',
    "{'text': 1}",
    '{"text":"a"}x',
    '',
    'hunter2',
    '{"text": hunter2}',
    '[[[[',
  ])('is malformed: %s', async (raw) => {
    const answer = await post(thing, raw);
    expect(answer.status).toBe(400);
    expect(['/problems/malformed-body', '/problems/validation-failed']).toContain(answer.body.type);
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
    expect(await stored()).toEqual([]);
  });

  test('is not UTF-8', async () => {
    const answer = await post(thing, Buffer.from([0x7b, 0x22, 0x74, 0x65, 0x78, 0x74, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]));
    expect(problem(answer)).toEqual([400, '/problems/malformed-body', 'The body is not UTF-8.']);
  });

  test.each([
    ['text/plain', 'Send application/json, not text/plain.'],
    ['application/x-www-form-urlencoded', 'Send application/json, not application/x-www-form-urlencoded.'],
    ['multipart/form-data; boundary=x', 'Send application/json, not multipart/form-data.'],
    ['', 'Send application/json; the request names no Content-Type.'],
    ['application/jsonp', 'Send application/json, not application/jsonp.'],
  ])('is of another media type: %s', async (type, detail) => {
    expect(problem(await post(thing, '{"text":"a"}', type))).toEqual([415, '/problems/unsupported-media-type', detail]);
    expect(await stored()).toEqual([]);
  });

  test('is compressed', async () => {
    const answer = await post(thing, '{"text":"a"}', 'application/json', { 'content-encoding': 'gzip' });
    expect(problem(answer)).toEqual([415, '/problems/unsupported-encoding', 'Send the body uncompressed.']);
  });

  test('is accepted with a charset and in capitals', async () => {
    expect((await post(thing, '{"text":"a"}', 'Application/JSON; charset=UTF-8')).status).toBe(201);
  });
});

describe('a body that is too large', () => {
  const large = Buffer.alloc(10 * 1024 * 1024, 'a');
  const send = (headers: Record<string, string | number>) =>
    new Promise<{ status: number | undefined; body: any }>((resolve, reject) => {
      const { hostname, port } = new URL(portal.url);
      const outgoing = request(
        { hostname, port, path: thing, method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
        (incoming) => {
          let text = '';
          incoming.on('data', (chunk) => {
            text += chunk;
          });
          incoming.on('end', () => resolve({ status: incoming.statusCode, body: JSON.parse(text) }));
        },
      );
      let answered = false;
      outgoing.on('response', () => {
        answered = true;
      });
      // The server may hang up while the rest is still being sent.
      outgoing.on('error', (error) => answered || reject(error));
      outgoing.end(large);
    });

  test('is refused by its Content-Length', async () => {
    const { status, body } = await send({ 'content-length': large.length });
    expect([status, body.type, body.detail]).toEqual([
      413,
      '/problems/body-too-large',
      'At most 1048576 bytes are accepted here.',
    ]);
  });

  test('is refused while it arrives, without a Content-Length', async () => {
    const { status, body } = await send({ 'transfer-encoding': 'chunked' });
    expect([status, body.type]).toEqual([413, '/problems/body-too-large']);
    expect(await stored()).toEqual([]);
  });

  test('is measured by the limit of its route', async () => {
    expect((await post('/api/web/csv', 'a'.repeat(100), 'text/csv')).body).toEqual({ bytes: 100 });
    expect((await post('/api/web/csv', 'a'.repeat(101), 'text/csv')).status).toBe(413);
  });
});

test('a body that ends before its Content-Length stores nothing, and is not an error of the portal', async () => {
  const before = portal.log.length;
  const head = `POST ${thing} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n`;
  const answer = await sendRaw(portal.url, [head, '{"text":"half"}'], { end: true });
  expect(answer === '' || answer.startsWith('HTTP/1.1 400')).toBe(true);
  expect(await stored()).toEqual([]);
  expect(portal.log.slice(before).join('')).not.toContain('request failed');
});

describe('a form', () => {
  const send = (text: string) => post('/api/web/form', text, 'application/x-www-form-urlencoded');

  test('is parsed as text', async () => {
    expect((await send('name=L%C3%A9a+Claes&note=%2B')).body).toEqual({ name: 'Léa Claes' });
  });

  test('may not give a field twice', async () => {
    const answer = await send('name=a&note=x&name=b');
    expect(problem(answer)).toEqual([400, '/problems/validation-failed', 'One field is invalid.']);
    expect(answer.body.errors).toEqual([{ in: 'body', pointer: '/name', message: expect.stringContaining('expected string') }]);
  });

  test('has its fields checked', async () => {
    expect((await send('naam=a')).body.errors.map(({ pointer }: any) => pointer)).toEqual(['/name', '']);
    expect((await send('__proto__=a&name=b')).status).toBe(400);
  });
});

describe('hostile text and names', () => {
  test('NUL is refused, not stored partly', async () => {
    const answer = await portal.client().post(thing, { text: 'a\0b' });
    expect(problem(answer)).toEqual([400, '/problems/validation-failed', 'One field is invalid.']);
    expect(answer.body.errors).toEqual([{ in: 'body', pointer: '/text', message: expect.stringContaining('NUL (U+0000)') }]);
    expect(await stored()).toEqual([]);
  });

  test('quotes, and complete surrogate pairs, are text', async () => {
    for (const text of ["'; drop table --", '"\\', '$1 ?', '\ud83d\ude00'])
      expect((await portal.client().post(thing, { text })).status).toBe(201);
    expect(await stored()).toHaveLength(4);
  });

  test('__proto__ and constructor pollute no prototype', async () => {
    const answer = await post(
      '/api/web/echo?constructor=y&__proto__[polluted]=1&a=1&a=2',
      '{"constructor":{"prototype":{"polluted":true}},"ok":1}',
    );
    expect(answer.status).toBe(200);
    expect(answer.body.polluted).toBeNull();
    expect(answer.body.query).toMatchObject({ constructor: 'y', a: ['1', '2'] });
    expect(answer.body.body.ok).toBe(1);
    expect(({} as any).polluted).toBeUndefined();
  });

  test.each([
    '/api/web/things/%',
    '/api/web/things/%zz',
    '/api/web/things/%c0%af',
    '/api/web/things/%00',
    '/%zz',
    '/api/%zz',
    '//evil',
    '/api/../kernel',
    '/assets/../../package.json',
    '/assets/%2e%2e/package.json',
  ])('a malformed address or one with dot segments is answered, never with a 500: %s', async (path) => {
    const answer = await sendRaw(portal.url, [
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{"text":"a"}`,
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).toContain('x-request-id');
    expect(answer).not.toContain('workspaces');
  });

  test.each(['[', 'a b', 'evil.example:99999', '', '@'])('an invalid Host is answered: %j', async (host) => {
    const answer = await sendRaw(portal.url, [`GET /api/web/client?a=1 HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`]);
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400) /);
    expect(answer).not.toContain('/problems/internal');
  });
});

describe('methods and paths', () => {
  const client = () => portal.client();

  test('HEAD answers like GET without a body', async () => {
    const answer = await client().request('HEAD', '/api/web/page');
    expect([answer.status, answer.body, answer.headers.get('content-type')]).toEqual([200, '', 'text/html; charset=utf-8']);
  });

  test('an existing path lists its methods', async () => {
    for (const method of ['PUT', 'PATCH', 'OPTIONS']) {
      const answer = await client().request(method, '/api/web/things');
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'HEAD, GET, DELETE']);
      expect(answer.body.type).toBe('/problems/method-not-allowed');
    }
  });

  test.each([
    '/api/nobody/things',
    '/api/web/nothing',
    '/api/web',
    '/api/kernel/secrets',
    '/assets/x.js',
    '/health/deep',
    '/geen-pagina',
  ])('an unknown address is a 404 in the same form: %s', async (path) => {
    const answer = await client().get(path);
    expect([answer.status, answer.body.type, answer.body.instance]).toEqual([404, '/problems/not-found', path]);
  });
});

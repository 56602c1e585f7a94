import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { reply, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { plugin } from './support/fixtures.js';

const route = routeFor<any>();
const ROWS = 200_000;
const LINE = 'Wout;Janssens;3A;0,85;2026-11-27\r\n';
const rows = z.object({ rows: z.array(z.string()).max(100_000) });
const query = z.object({ n: z.coerce.number(), text: z.string().default('rij') });
const listOf = ({ n, text }: z.infer<typeof query>) => ({ rows: Array.from({ length: n }, (_, at) => `${text} ${at}`) });
const bytes = (contentType: string) => ({ 200: { description: 'bytes', contentType } });

async function* lines(count: number, failAt = -1) {
  for (let n = 0; n < count; n += 1_000) {
    if (n === failAt) throw new Error('row lost');
    yield Buffer.from(LINE.repeat(1_000));
  }
}

async function* broken() {
  for (let n = 0; n < 50; n++) yield Buffer.from(randomBytes(32 * 1024).toString('hex'));
  throw new Error('row lost');
}

const open = { method: 'GET', permission: 'public' } as const;
const bulk = plugin('bulk', {
  routes: [
    route({
      ...open,
      path: '/list',
      summary: 'list',
      query,
      responses: { 200: rows },
      handler: ({ query: asked }: any) => listOf(asked),
    }),
    route({
      ...open,
      method: 'POST',
      path: '/list',
      summary: 'post',
      responses: { 200: rows },
      handler: () => listOf({ n: 500, text: 'rij' }),
    }),
    route({
      ...open,
      path: '/own-tag',
      summary: 'tag',
      responses: { 200: rows },
      handler: () => reply(200, listOf({ n: 3, text: 'x' }), { etag: '"own"' }),
    }),
    route({ ...open, path: '/csv', summary: 'csv', responses: bytes('text/csv'), handler: () => lines(ROWS) }),
    route({ ...open, path: '/fails', summary: 'fails', responses: bytes('text/csv'), handler: () => lines(ROWS, 0) }),
    route({ ...open, path: '/breaks', summary: 'breaks', responses: bytes('text/csv'), handler: () => broken() }),
    route({ ...open, path: '/zip', summary: 'zip', responses: bytes('application/zip'), handler: () => lines(2_000) }),
    route({ ...open, path: '/form', summary: 'html', responses: bytes('text/html'), handler: () => 'x'.repeat(5_000) }),
  ],
});

const folder = mkdtempSync(join(tmpdir(), 'ilearn-messages-'));
const withPages = (id: string, texts: Record<string, string>) => {
  mkdirSync(join(folder, id));
  writeFileSync(join(folder, id, 'index.js'), 'export {};');
  for (const [language, title] of Object.entries(texts))
    writeFileSync(join(folder, id, `${language}.json`), JSON.stringify({ title }));
  const entry = pathToFileURL(join(folder, id, 'index.js'));
  return plugin(id, { ui: { entry, messages: pathToFileURL(`${join(folder, id)}/`), pages: [] } });
};

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({
    plugins: [
      bulk,
      withPages('one', { nl: 'Eén </script>', en: 'One', fr: 'Un' }),
      withPages('two', { nl: 'Twee', en: 'Two', fr: 'Deux' }),
    ],
    uiFolder: fileURLToPath(new URL('../../ui/dist/assets', import.meta.url)),
  });
});
afterAll(async () => {
  await portal?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Received {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  /** The connection ended before the answer did. */
  cut: boolean;
}

/** A program's request: without the headers that browsers add. */
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Received> =>
  new Promise((resolve, reject) => {
    const asked = request(`${portal.url}${path}`, { method, headers }, (response) => {
      const parts: Buffer[] = [];
      const done = (cut: boolean) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts), cut });
      response
        .on('data', (part) => parts.push(part))
        .on('end', () => done(false))
        .on('error', () => done(true));
    });
    asked.on('error', reject).end();
  });

const decoded = ({ headers, bytes: body }: Received): string => {
  const decoders: Record<string, (body: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync };
  return (decoders[headers['content-encoding'] ?? '']?.(body) ?? body).toString();
};

describe('answers of routes', () => {
  test.each([
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['gzip;q=0.5, br;q=0.1', 'gzip'],
    ['identity', undefined],
    ['br;q=0, gzip;q=0', undefined],
    ['zstd', undefined],
    ['', undefined],
  ])('are compressed as the client accepts (%s)', async (accepted, encoding) => {
    const answer = await ask('/api/bulk/list?n=500', { 'accept-encoding': accepted });
    expect([answer.status, answer.headers['content-encoding']]).toEqual([200, encoding]);
    expect(answer.headers.vary?.toLowerCase()).toContain('accept-encoding');
    expect(JSON.parse(decoded(answer))).toEqual(listOf({ n: 500, text: 'rij' }));
    if (encoding !== undefined) expect(answer.bytes.length).toBeLessThan(decoded(answer).length / 3);
  });

  test('have the same content compressed and uncompressed, for any size and characters', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 4_000 }), text, async (n, each) => {
        const path = `/api/bulk/list?n=${n}&text=${encodeURIComponent(each)}`;
        const [plain, br] = [await ask(path), await ask(path, { 'accept-encoding': 'br' })];
        if (plain.status !== 200) return expect(br.status).toBe(plain.status);
        expect(decoded(br)).toBe(plain.bytes.toString());
        expect(br.headers.etag).toBe(plain.headers.etag);
      }),
      { numRuns: 25 },
    );
  });

  test('are not compressed if that would not help or not be safe: short ones, archives, HTML of routes', async () => {
    for (const path of ['/api/bulk/list?n=3', '/api/bulk/zip', '/api/bulk/form']) {
      expect((await ask(path, { 'accept-encoding': 'br, gzip' })).headers['content-encoding'], path).toBeUndefined();
    }
  });

  test('of GET have an entity tag, by which a program learns that nothing changed', async () => {
    const { headers } = await ask('/api/bulk/list?n=500', { 'accept-encoding': 'br' });
    expect(headers).toMatchObject({ etag: expect.stringMatching(/^W\/"[\w-]{22}"$/), 'cache-control': 'no-store' });
    const same = await ask('/api/bulk/list?n=500', { 'if-none-match': `"x", ${headers.etag}`, 'accept-encoding': 'gzip' });
    expect([same.status, same.bytes.length, same.headers.etag]).toEqual([304, 0, headers.etag]);
    expect((await ask('/api/bulk/list?n=501', { 'if-none-match': headers.etag as string })).status).toBe(200);
    const head = await ask('/api/bulk/list?n=500', {}, 'HEAD');
    expect([head.status, head.headers.etag]).toEqual([200, headers.etag]);
    expect((await ask('/api/bulk/own-tag')).headers.etag).toBe('"own"');
  });

  test('of other methods, and those to browsers, have no entity tag', async () => {
    expect((await ask('/api/bulk/list?n=500', { 'sec-fetch-mode': 'cors' })).headers.etag).toBeUndefined();
    const posted = await ask('/api/bulk/list', { 'if-none-match': '*' }, 'POST');
    expect([posted.status, posted.headers.etag]).toEqual([200, undefined]);
    expect((await ask('/api/bulk/nowhere', { 'if-none-match': '*' })).status).toBe(404);
  });
});

describe('streamed answers', () => {
  test('are compressed while they are produced, with little memory', async () => {
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
    const answer = await ask('/api/bulk/csv', { 'accept-encoding': 'gzip' });
    clearInterval(watch);
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer.bytes).length).toBe(ROWS * LINE.length);
    expect((most - before) / 1_048_576).toBeLessThan(100);
  });

  test('that fail before their first part are an uncompressed problem', async () => {
    const { status, headers, bytes: body } = await ask('/api/bulk/fails', { 'accept-encoding': 'br' });
    expect([status, headers['content-type'], headers['content-encoding']]).toEqual([500, 'application/problem+json', undefined]);
    expect(JSON.parse(body.toString()).type).toBe('/problems/internal');
  });

  test('that fail later are cut off, so that nobody takes a part for the whole', async () => {
    for (const accepted of ['br', 'gzip', 'identity']) {
      const { status, cut } = await ask('/api/bulk/breaks', { 'accept-encoding': accepted });
      expect([status, cut], accepted).toEqual([200, true]);
    }
  });

  test('end their source when the client disconnects', async () => {
    await new Promise<void>((resolve) => {
      const left = get(`${portal.url}/api/bulk/csv`, { headers: { 'accept-encoding': 'br' } }, (response) => {
        response.once('data', () => left.destroy()).once('close', resolve);
      });
    });
    expect((await ask('/api/bulk/list?n=3')).status).toBe(200);
  });
});

describe('the page of the portal', () => {
  test('is compressed, and not sent again to a client that has it', async () => {
    const { headers, ...page } = await ask('/', { 'accept-encoding': 'br' });
    expect([page.status, headers['content-encoding'], headers['cache-control']]).toEqual([200, 'br', 'no-cache']);
    expect(decoded({ headers, ...page })).toMatch(/^<!doctype html>/);
    const again = await ask('/aanmelden', { 'if-none-match': headers.etag as string });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
  });

  test('refers to one file of messages for each language, with those of every plugin', async () => {
    const html = decoded(await ask('/'));
    const { messages } = JSON.parse(/id="ilearn-portal">([^<]*)</.exec(html)?.[1] as string);
    expect(Object.keys(messages)).toEqual(['nl', 'en', 'fr']);
    const file = await ask(messages.nl, { 'accept-encoding': 'br' });
    expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(JSON.parse(decoded(file))).toMatchObject({ one: { title: 'Eén </script>' }, two: { title: 'Twee' } });
    expect(JSON.parse(decoded(await ask(messages.fr)))).toMatchObject({ one: { title: 'Un' }, two: { title: 'Deux' } });
  });
});

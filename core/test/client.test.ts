import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'ilearn-client-'));
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
afterAll(() => rmSync(folder, { recursive: true }));

const routes = `
import { html, nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
const route = routeFor<object>();
const notice = z.object({ id: z.uuid(), text: z.string(), at: z.date(), of: z.enum(['tenant', 'class']) });
export const noticeRoutes = [
  route({ method: 'GET', path: '/notices', summary: '', permission: 'public',
    query: z.object({ page: z.coerce.number().default(1), of: z.enum(['tenant', 'class']).optional() }),
    responses: { 200: z.array(notice), 400: z.object({ why: z.string() }) }, handler: ({ query }) => [query.page.toFixed()].slice(1).map((text) => ({ id: text, text, at: new Date(0), of: query.of ?? 'tenant' })) }),
  route({ method: 'POST', path: '/notices', summary: '', permission: 'public', body: z.object({ text: z.string() }),
    responses: { 201: z.object({ id: z.uuid() }) }, handler: ({ body }) => ({ id: body.text.trim() }) }),
  route({ method: 'POST', path: '/sent', summary: '', permission: 'public', body: z.object({ text: z.string() }),
    responses: { 201: z.object({ id: z.uuid() }) },
    outside: { call: async ({ body, read, signal }) => ({ length: body.text.length, late: signal.aborted, own: await read(async () => 1) }) },
    handler: ({ result, body }) => ({ id: result.late === true ? body.text : result.length.toFixed() + result.own.toFixed() }) }),
  route({ method: 'GET', path: '/search', summary: '', permission: 'public', query: z.object({ words: z.string() }),
    responses: { 200: notice }, handler: ({ query }) => ({ id: query.words, text: query.words, at: new Date(0), of: 'tenant' as const }) }),
];
export const pictureRoutes = [
  route({ method: 'PUT', path: '/notices/:id/pictures/:name', summary: '', permission: 'public',
    params: z.object({ id: z.uuid(), name: z.string() }), body: z.instanceof(Buffer), consumes: ['image/png'],
    responses: { 204: nothing('Kept') }, handler: ({ params }) => { params.name.trim(); } }),
  route({ method: 'GET', path: '/poster/:id', summary: '', permission: 'public',
    responses: { 200: html('A poster') }, handler: () => '' }),
];`;
const client = `
import { clientFor } from '@ilearn/ui';
import type { noticeRoutes, pictureRoutes } from './routes.js';
export const notices = clientFor<typeof noticeRoutes | typeof pictureRoutes>('notices');`;

/** Compiles a page with the call in it. Returns what the compiler says of the page. */
async function compile(name: string, ...calls: string[]): Promise<string[]> {
  const inside = join(folder, name);
  mkdirSync(inside);
  const page = ["import { notices } from './client.js';", ...calls].join('\n');
  for (const [file, text] of Object.entries({
    'package.json': '{ "type": "module" }',
    'routes.ts': routes,
    'client.ts': client,
    'page.ts': page,
  }))
    writeFileSync(join(inside, file), text);
  writeFileSync(
    join(inside, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        ...{ target: 'ES2022', module: 'NodeNext', lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: ['node'] },
        ...{ strict: true, skipLibCheck: true, declaration: true, composite: true, outDir: 'dist', rootDir: '.' },
      },
      include: ['*.ts'],
    }),
  );
  const { out } = await run(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', inside);
  return out
    .split('\n')
    .filter((line) => line.includes('error TS'))
    .map((line) => line.replace(/^.*?(\w+\.ts\()/, '$1'));
}

const run = (...args: string[]) =>
  new Promise<{ code: number; out: string }>((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (error, out, err) =>
      resolve({ code: error === null ? 0 : 1, out: out + err }),
    );
  });

test('a page that calls the routes as declared compiles', async () => {
  const errors = await compile(
    'fits',
    "const list = await notices.get('/notices', { query: { of: 'class', page: 2 } });",
    "const none = await notices.get('/notices', { query: { of: '' }, signal: new AbortController().signal });",
    'const when: string | undefined = (list[0] ?? none[0])?.at;',
    "const id: string = (await notices.post('/notices', { body: { text: 'Hallo' } })).id;",
    "await notices.put('/notices/:id/pictures/:name', { params: { id, name: 'a' }, body: new Blob([]) });",
    "await notices.get('/poster/:id', { params: { id } });",
    'export { when };',
  );
  expect(errors).toEqual([]);
});

test('a page broken by a change of the routes fails the build, at the line of the call', async () => {
  const calls = [
    "await notices.get('/notice');",
    "await notices.delete('/notices');",
    "await notices.post('/notices');",
    "await notices.post('/notices', { body: { words: 'Hallo' } });",
    "await notices.get('/notices', { query: { of: 'street' } });",
    "await notices.get('/search');",
    "await notices.get('/search', { query: { words: '' }, params: { id: 'x' } });",
    "await notices.put('/notices/:id/pictures/:name', { params: { id: 'x' }, body: new Blob([]) });",
    "(await notices.get('/notices'))[0]?.title;",
    "(await notices.get('/notices'))[0]?.at.getTime();",
    'export {};',
  ];
  const errors = await compile('broken', ...calls);
  const lines = errors.map((error) => Number(/^page\.ts\((\d+),/.exec(error)?.[1]) - 2);
  expect([...new Set(lines)]).toEqual(calls.slice(0, -1).map((_, index) => index));
});

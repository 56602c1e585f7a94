import { fileURLToPath, pathToFileURL } from 'node:url';
import { definePlugin, type KernelCradle, routeFor } from '@ilearn/core';
import type {} from '@ilearn/plugin-search';
import { z } from 'zod';

/** Messages of the plugins below. */
export const oddMessages = pathToFileURL(fileURLToPath(new URL('./odd-messages/', import.meta.url)));

const route = routeFor<KernelCradle>();

interface Found {
  results: { title: string; detail: string | null; place: string }[];
  more: boolean;
}

export const searchRoute = (find: () => Promise<Found> | Found, over: { timeoutMs?: number } = {}) =>
  route({
    method: 'GET',
    path: '/found',
    summary: 'What a test finds',
    permission: 'signed-in',
    machines: { none: 'A test.' },
    timeoutMs: 5_000,
    query: z.object({ q: z.string().min(2).max(100), limit: z.coerce.number().int().min(1).max(20) }),
    responses: {
      200: z.object({
        results: z.array(z.object({ title: z.string(), detail: z.string().nullable(), place: z.string() })).max(20),
        more: z.boolean(),
      }),
    },
    handler: find,
    ...over,
  });

const source = (id: string, order: number, found: ReturnType<typeof searchRoute>) =>
  definePlugin({
    id,
    version: '1.0.0',
    optional: { search: '^0.1.0' },
    contributes: {
      'search.sources': [{ kind: 'things', messages: oddMessages, label: `found.${id}`, icon: 'circle', order, route: found }],
    },
    routes: [found],
  });

let release = () => {};
let gate: Promise<void> = Promise.resolve();
/** Holds the answers of the source `gated` until the returned function is called. */
export function holdGated(): () => void {
  gate = new Promise((resolve) => {
    release = resolve;
  });
  return () => release();
}

/** A source that throws, one that never answers, one that answers when the test says so, and one that answers what it must not. */
export const oddSources = [
  source(
    'broken',
    1,
    searchRoute(() => {
      throw new Error('broken on purpose');
    }),
  ),
  source(
    'hanging',
    2,
    searchRoute(() => new Promise(() => {}), { timeoutMs: 1_000 }),
  ),
  source(
    'gated',
    3,
    searchRoute(async () => {
      await gate;
      return { results: [{ title: 'Eindelijk', detail: null, place: '/meldingen' }], more: true };
    }),
  ),
  source(
    'odd',
    4,
    searchRoute(() => ({
      results: [
        'https://evil.example/',
        '//evil.example/',
        '/\\evil.example/',
        '/\t/evil.example/',
        'javascript:alert(1)',
        '/api/kernel/session',
        '/geen-pagina',
        '/beheer/uitgaande-mail',
        '../meldingen',
        '',
      ]
        .map((place): Found['results'][number] => ({ title: `naar ${place}`, detail: null, place }))
        .concat({ title: '<img src=x onerror="document.title=1">', detail: '<b>vet</b>', place: '/meldingen?x=1#y' }),
      more: false,
    })),
  ),
];

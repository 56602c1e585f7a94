import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type PluginDefinition, routeFor } from '@ilearn/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { unboundedPlaces } from '../dist/http/bounds.js';
import { kernelRoutes } from '../dist/http/kernel-routes.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

async function everyRoute() {
  const plugins = await Promise.all(
    readdirSync(join(root, 'plugins')).map(
      async (name) =>
        ((await import(pathToFileURL(join(root, 'plugins', name, 'dist/index.js')).href)) as { default: PluginDefinition })
          .default,
    ),
  );
  return [
    ...plugins.flatMap(({ id, routes = [] }) => routes.map((route) => ({ id, route }))),
    ...kernelRoutes({} as never, {} as never).map((route) => ({ id: 'kernel', route })),
  ];
}

test('every list that a GET route answers has a greatest length', async () => {
  const routes = await everyRoute();
  expect(routes.length).toBeGreaterThan(90);
  const found = routes.flatMap(({ id, route }) => unboundedPlaces(route).map((place) => `${id} ${route.path}: ${place}`));
  expect(found).toEqual([]);
});

describe('what may grow without an end is found', () => {
  const route = routeFor<unknown>();
  const places = (schema: z.ZodType, method: 'GET' | 'POST' = 'GET') =>
    unboundedPlaces(
      route({ method, path: '/x', summary: 'x', permission: 'public', responses: { 200: schema }, handler: () => null }),
    );
  const list = z.array(z.string());
  interface Tree {
    below: Tree[];
  }
  const tree: z.ZodType<Tree> = z.object({ below: z.lazy(() => z.array(tree)) });

  test.each<[string, z.ZodType, string[]]>([
    ['a list', list, ['200']],
    ['a list with a least length', list.min(1), ['200']],
    ['within an object', z.object({ a: z.object({ b: list }) }), ['200.a.b']],
    ['within a list', z.array(z.array(z.int())).max(3), ['200[]']],
    ['that may be left out', z.object({ a: list.nullable().optional().default([]) }), ['200.a']],
    ['of a union', z.union([z.string(), list]), ['200']],
    [
      'after a transformation',
      z
        .string()
        .transform((text) => text.split(','))
        .pipe(list),
      ['200'],
    ],
    ['a record', z.record(z.string(), z.int()), ['200']],
    ['a tree', tree, ['200.below']],
    ['nothing where all is bounded', z.object({ a: list.max(3), b: z.record(z.enum(['x']), z.array(z.int()).length(2)) }), []],
  ])('%s', (_, schema, expected) => {
    expect(places(schema)).toEqual(expected);
    expect(places(schema, 'POST')).toEqual([]);
  });
});

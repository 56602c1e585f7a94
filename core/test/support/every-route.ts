import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PluginDefinition } from '@ilearn/core';
import { kernelRoutes } from '../../dist/http/kernel-routes.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The routes of all plugins of this repository, and the kernel's own. */
export async function everyRoute() {
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

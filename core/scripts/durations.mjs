// Writes core/test/durations.json, the order in which vitest.config.ts runs long test files, from the last full run: `npm test`, then
// `node core/scripts/durations.mjs`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LONG_SECONDS = 15;

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const cache = join(root, 'node_modules', '.vite', 'vitest');
const results = readdirSync(cache).flatMap((name) => JSON.parse(readFileSync(join(cache, name, 'results.json'), 'utf8')).results);
const seconds = results
  .map(([file, { duration }]) => [file, Math.round(duration / 1_000)])
  .filter(([, each]) => each >= LONG_SECONDS)
  .sort(([, one], [, other]) => other - one);
writeFileSync(join(root, 'core', 'test', 'durations.json'), `${JSON.stringify(Object.fromEntries(seconds), null, 2)}\n`);

// `npm run test:quick [base]`: lints what changed since `base` (uncommitted changes, or else the last commit) and runs the tests nearest to
// it by imports, as many as fit in about a minute and a half. Pages are tried by `npm test`, as is the embedded database.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const BUDGET_SECONDS = 60;
/** For a test file of which nothing is known yet. */
const USUAL_SECONDS = 5;

const git = (...args) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');

function changedFiles() {
  const untracked = git('ls-files', '--others', '--exclude-standard');
  const [given] = process.argv.slice(2);
  const dirty = git('status', '--porcelain').length > 0;
  const base = given ?? (dirty ? 'HEAD' : 'HEAD~1');
  return [...new Set([...git('diff', '--name-only', base), ...untracked])].filter((file) => existsSync(join(root, file)));
}

/** Every TypeScript file of the packages, sources and tests. */
function sources(folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      return ['node_modules', 'dist', 'data', '.git'].includes(entry.name) ? [] : sources(join(folder, entry.name));
    }
    return /\.(ts|mjs)$/.test(entry.name) ? [join(folder, entry.name)] : [];
  });
}

/** The source that an import of `file` names; undefined where it is none of ours. */
function target(file, specifier) {
  const [, packageName, path = ''] = /^@ilearn\/([a-z-]+)(?:\/(.*))?$/.exec(specifier) ?? [];
  const folder = packageName?.startsWith('plugin-') ? join('plugins', packageName.slice('plugin-'.length)) : packageName;
  const named =
    folder !== undefined
      ? join(root, folder, 'src', path === '' ? 'index.ts' : path)
      : specifier.startsWith('.')
        ? resolve(dirname(file), specifier).replace(`${sep}dist${sep}`, `${sep}src${sep}`)
        : undefined;
  if (named === undefined) return undefined;
  return [named, named.replace(/\.js$/, '.ts'), `${named}.ts`, join(named, 'index.ts')].find((each) => files.has(each));
}

const files = new Set(sources());
const importers = new Map();
for (const file of files) {
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    const imported = target(file, specifier);
    if (imported !== undefined) importers.set(imported, [...(importers.get(imported) ?? []), file]);
  }
}

const isTest = (file) => file.endsWith('.test.ts');
const inBrowser = (file) => file.endsWith('.browser.test.ts') || file.startsWith(join(root, 'ui', 'test'));

/** Test files by how many imports lie between them and what changed. */
function distances(changed) {
  const found = new Map();
  let ring = changed.map((file) => join(root, file));
  // What is no module (messages, data) may matter to every test of its package.
  for (const file of changed.filter((each) => !files.has(join(root, each)))) {
    const [, folder] = /^(core|ui|plugins\/[^/]+)\//.exec(file) ?? [];
    if (folder !== undefined)
      ring.push(...[...files].filter((each) => isTest(each) && each.startsWith(join(root, folder) + sep)));
  }
  for (let distance = 0; ring.length > 0; distance++) {
    for (const file of ring) found.set(file, distance);
    ring = [...new Set(ring.flatMap((file) => importers.get(file) ?? []))].filter((file) => !found.has(file));
  }
  return [...found].filter(([file]) => isTest(file));
}

/** Seconds that a test file took when it last ran here. */
function recordedSeconds() {
  const recorded = new Map();
  const cache = join(root, 'node_modules', '.vite', 'vitest');
  for (const folder of existsSync(cache) ? readdirSync(cache) : []) {
    const results = join(cache, folder, 'results.json');
    if (!existsSync(results)) continue;
    for (const [key, { duration }] of JSON.parse(readFileSync(results, 'utf8')).results) {
      recorded.set(join(root, key.replace(/^[^:]*:/, '')), duration / 1_000);
    }
  }
  return recorded;
}

const changed = changedFiles();
if (changed.length === 0) {
  console.log('Nothing changed.');
  process.exit(0);
}
const run = (script, args) =>
  spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
let failed = run('node_modules/@biomejs/biome/bin/biome', ['check', '--no-errors-on-unmatched', ...changed]);

const seconds = recordedSeconds();
const near = distances(changed).filter(([file, distance]) => distance === 0 || !inBrowser(file));
const chosen = [];
let planned = 0;
for (const [file, distance] of near.sort(
  ([one, a], [other, b]) => a - b || (seconds.get(one) ?? 0) - (seconds.get(other) ?? 0),
)) {
  const takes = seconds.get(file) ?? USUAL_SECONDS;
  if (distance > 0 && planned + takes > BUDGET_SECONDS) continue;
  chosen.push(relative(root, file));
  planned += takes;
}
console.log(`${changed.length} files changed; ${chosen.length} of ${near.length} test files that they reach, nearest first.`);
if (chosen.length > 0) failed += run('core/scripts/test.mjs', ['--project=!pglite', ...chosen]);
process.exit(failed === 0 ? 0 : 1);

// Builds what changed: TypeScript of every package, then the code for browsers.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeModules } from './modules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stamp = join(root, 'node_modules', '.cache', 'ilearn', 'built');

const run = (script, args) => {
  try {
    execFileSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  } catch (error) {
    process.exit(error.status ?? 1);
  }
};

const packages = () => [
  'core',
  'core/create',
  'core/client',
  'ui',
  ...readdirSync(join(root, 'plugins')).map((name) => join('plugins', name)),
];

/** Every file that a build reads, by its path, size and time: to look costs less than to start the compilers. */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(join(root, path));
    if (!stat.isDirectory()) return hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
    for (const name of readdirSync(join(root, path)).sort()) {
      if (!['node_modules', 'dist', 'test', 'data', 'docs', 'images'].includes(name)) visit(join(path, name));
    }
  };
  for (const path of ['package-lock.json', 'tsconfig.json', 'docs', ...packages()]) visit(path);
  return hash.digest('hex');
}

const isBuilt = () =>
  existsSync(join(root, 'ui/dist/assets/manifest.json')) &&
  packages().every((path) => !existsSync(join(root, path, 'tsconfig.json')) || existsSync(join(root, path, 'dist')));

/** Modules whose source was deleted or renamed: the compiler leaves them, and they would be published. */
function removeStale(path, inner = '') {
  const folder = join(root, path, 'dist', inner);
  if (!existsSync(folder) || !existsSync(join(root, path, 'src'))) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const name = join(inner, entry.name);
    if (entry.isDirectory()) {
      if (!['ui', 'assets'].includes(name)) removeStale(path, name);
    } else if (/\.(js|d\.ts)(\.map)?$/.test(entry.name)) {
      const source = join(root, path, 'src', name.replace(/\.(js|d\.ts)(\.map)?$/, ''));
      if (!existsSync(`${source}.ts`)) rmSync(join(folder, entry.name));
    }
  }
}

const wanted = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted || !isBuilt()) {
  for (const path of packages()) removeStale(path);
  run('node_modules/typescript/bin/tsc', ['-b']);
  run('core/scripts/empty-database.mjs', []);
  run('ui/bin/build.mjs', []);
  writeModules();
  // The package of the kernel carries the documents; their pictures stay here.
  cpSync(join(root, 'docs'), join(root, 'core', 'docs'), {
    recursive: true,
    filter: (file) => !/[/\\](?:images|dist|node_modules)$/.test(file),
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

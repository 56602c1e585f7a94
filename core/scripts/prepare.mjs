// What `npm start` and `npm test` need before anything else runs: dependencies installed, packages built. Uses Node alone.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const MINIMUM = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
  console.error(`i-Learn needs Node ${MINIMUM.join('.')} or newer; this is ${process.versions.node}.`);
  process.exit(2);
}

const stamp = join(root, 'node_modules', '.cache', 'ilearn', 'installed');
const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
const wanted = createHash('sha256').update(lock).digest('hex');

/** Whether npm, run by hand, installed what the lock file asks for; it keeps its own record of that. */
function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const { packages: present } = JSON.parse(readFileSync(record, 'utf8'));
  return Object.entries(JSON.parse(lock).packages).every(
    ([place, { integrity, optional }]) =>
      integrity === undefined || (present[place]?.integrity ?? (optional && integrity)) === integrity,
  );
}

const note = () => {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
};
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
  // Nothing changed since the last time.
} else if (isInstalled()) note();
else {
  console.log('Installing dependencies …');
  const npm = process.env.npm_execpath;
  const [command, args] = npm === undefined ? ['npm', ['ci']] : [process.execPath, [npm, 'ci']];
  execFileSync(command, [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  note();
}

await import('./build.mjs');

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const cache = join(root, 'node_modules', '.cache', 'ilearn');

/** A package as `npm pack --json` describes it. */
export interface Packed {
  name: string;
  version: string;
  filename: string;
  files: { path: string; size: number }[];
}

/**
 * All packages of the repository as `npm pack` makes them, from the build as it is. Test files that run at the same time or later share
 * them: packing takes seconds.
 *
 * @returns the folder of the tarballs, and what each contains
 */
export function packAll(): { folder: string; packages: Packed[] } {
  const folder = join(cache, `packed-${fingerprint()}`);
  if (!existsSync(folder)) pack(folder);
  return { folder, packages: JSON.parse(readFileSync(join(folder, 'packed.json'), 'utf8')) };
}

function pack(folder: string): void {
  mkdirSync(cache, { recursive: true });
  for (const old of readdirSync(cache)) {
    if (old.startsWith('packed-') && statSync(join(cache, old)).mtimeMs < Date.now() - DAY)
      rmSync(join(cache, old), { recursive: true, force: true });
  }
  const draft = mkdtempSync(join(cache, 'packing-'));
  const args = ['pack', '--json', '--ignore-scripts', '--workspaces', '--pack-destination', draft];
  const printed = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  writeFileSync(join(draft, 'packed.json'), JSON.stringify(Object.values(JSON.parse(printed))));
  try {
    renameSync(draft, folder);
  } catch {
    // Another test file was faster.
    rmSync(draft, { recursive: true });
  }
}

const DAY = 86_400_000;

/** Changes when a file that may be packed does. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    const stat = statSync(join(root, path));
    if (!stat.isDirectory()) {
      hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(join(root, path)).sort())
      if (!['node_modules', 'src', 'test', 'bench'].includes(name)) visit(join(path, name));
  };
  const plugins = readdirSync(join(root, 'plugins')).map((name) => join('plugins', name));
  for (const path of ['core', 'ui', ...plugins]) visit(path);
  return hash.digest('hex').slice(0, 16);
}

// Prometheus' promtool for the tests of the alert rules: ILEARN_PROMTOOL, else `promtool` of the PATH, else the one in Debian's package
// (Debian only), kept in node_modules/.cache.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cached = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules', '.cache', 'ilearn-promtool', 'promtool');

/** Path of a promtool. @throws Error with what to do */
export function ensurePromtool() {
  const inPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'promtool'));
  const found = [process.env.ILEARN_PROMTOOL ?? '', ...inPath, cached].find((file) => file !== '' && existsSync(file));
  if (found !== undefined) return found;
  if (!existsSync('/usr/bin/apt-get'))
    throw new Error('The tests of the alert rules need promtool: install Prometheus, or set ILEARN_PROMTOOL to its path.');
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-promtool-'));
  try {
    // Unpacked, not installed: the package would start a server.
    const download = () => execFileSync('apt-get', ['-qq', 'download', 'prometheus'], { cwd: folder, stdio: 'ignore' });
    try {
      download();
    } catch {
      execFileSync('apt-get', ['-qq', 'update'], { stdio: 'ignore' });
      download();
    }
    const [file] = readdirSync(folder);
    execFileSync('dpkg-deb', ['-x', file, 'content'], { cwd: folder, stdio: 'ignore' });
    mkdirSync(dirname(cached), { recursive: true });
    const draft = `${cached}.${process.pid}`;
    copyFileSync(join(folder, 'content', 'usr', 'bin', 'promtool'), draft);
    chmodSync(draft, 0o755);
    renameSync(draft, cached);
    return cached;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

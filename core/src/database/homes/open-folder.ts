import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { emptyDatabase } from './empty-database.js';
import { damaged, FolderError, folderFault } from './folder-error.js';
import { FolderInUseError, type FolderLease, FolderLostError, lockFolder } from './folder-lock.js';
import { startParams } from './start-params.js';

/** Major version of PostgreSQL in PGlite, which opens files of this version only. */
const ENGINE = 18;
const CONTROL_BYTES = 8_192;
/** PostgreSQL writes its WAL in files of 16 MiB; a new database needs about 40 MiB. */
const LEAST_FREE_BYTES = 48 * 1024 * 1024;
/** Marks a folder whose database is still being created. */
const UNFINISHED = '.unfinished';

export interface OpenFolder {
  pglite: PGlite;
  lease: FolderLease;
  close(): Promise<void>;
}

/**
 * Opens the embedded database in a folder, or creates it there.
 *
 * @throws FolderInUseError, FolderError
 */
export async function openFolder(folder: string): Promise<OpenFolder> {
  let lease: FolderLease | null = null;
  const said: string[] = [];
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    lease = await lockFolder(folder, (line) => console.error(line));
    const isNew = checkFiles(folder);
    if (isNew) writeFileSync(join(`${folder}.lock`, UNFINISHED), '');
    const pglite = await PGlite.create(folder, {
      startParams,
      ...(isNew ? { loadDataDir: await emptyDatabase() } : {}),
      onStderr: (line: string) => void said.push(line),
    } as object);
    if (isNew) rmSync(join(`${folder}.lock`, UNFINISHED), { force: true });
    guard(pglite, lease);
    const held = lease;
    return { pglite, lease, close: () => close(pglite, held) };
  } catch (error) {
    await lease?.release().catch(() => {});
    throw inWords(folder, error, said);
  }
}

/** Returns true if the database must be created. */
function checkFiles(folder: string): boolean {
  if (existsSync(join(`${folder}.lock`, UNFINISHED))) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
    return true;
  }
  const names = readdirSync(folder).filter((name) => name !== 'lost+found');
  if (names.length === 0) return true;
  // Without this file PGlite would create a new database over the existing files.
  if (!names.includes('PG_VERSION')) throw damaged(folder, 'it contains files, but PG_VERSION is missing.');
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version !== String(ENGINE)) {
    const newer = Number(version) > ENGINE;
    if (!/^\d+$/.test(version)) throw damaged(folder, 'PG_VERSION holds no version.');
    throw new FolderError(
      `The database in ${folder} cannot be opened: its files are of PostgreSQL ${version}, this i-Learn has PostgreSQL ${ENGINE}.\n` +
        (newer
          ? '→ Install the version of i-Learn that wrote them, or a newer one.'
          : '→ Start the version of i-Learn that wrote them; to upgrade, move its data with that version: ilearn backup.'),
    );
  }
  const control = statSync(join(folder, 'global', 'pg_control'), { throwIfNoEntry: false });
  if (control === undefined) throw damaged(folder, 'global/pg_control is missing.');
  if (control.size !== CONTROL_BYTES)
    throw damaged(folder, `global/pg_control has ${control.size} bytes instead of ${CONTROL_BYTES}.`);
  const wal = existsSync(join(folder, 'pg_wal')) ? readdirSync(join(folder, 'pg_wal')) : [];
  if (!wal.some((name) => /^[0-9A-F]{24}$/.test(name))) throw damaged(folder, 'its write-ahead log (pg_wal) is missing.');
  return false;
}

function inWords(folder: string, error: unknown, said: readonly string[]): unknown {
  if (error instanceof FolderInUseError || error instanceof FolderLostError || error instanceof FolderError) return error;
  const fault = folderFault(folder, error);
  if (fault !== null) return fault;
  const words = said.flatMap((line) => /\b(?:FATAL|PANIC|ERROR):\s+(.*)/.exec(line)?.[1] ?? []).at(-1);
  if (isFull(folder) || (words !== undefined && /No space left|Disk quota/.test(words)))
    return folderFault(folder, { code: 'ENOSPC' });
  if (words !== undefined && /Permission denied|Operation not permitted/.test(words))
    return folderFault(folder, { code: 'EACCES' });
  // PGlite throws a WebAssembly trap, which does not reveal the cause.
  return damaged(folder, words === undefined ? 'its files are damaged.' : `its files are damaged (${words}).`, error);
}

function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < LEAST_FREE_BYTES;
  } catch {
    return false;
  }
}

/** Refuses every statement once another process has taken over the folder, so that this process writes no files. */
function guard(pglite: PGlite, lease: FolderLease): void {
  for (const name of ['execProtocolRaw', 'execProtocolRawStream'] as const) {
    const run = pglite[name].bind(pglite) as (...given: unknown[]) => Promise<never>;
    pglite[name] = (async (...given: unknown[]) => {
      lease.check();
      return run(...given);
    }) as never;
  }
}

async function close(pglite: PGlite, lease: FolderLease): Promise<void> {
  try {
    lease.check();
  } catch {
    // Do not close: closing would write to files that now belong to another process.
    return;
  }
  await pglite.close();
  await lease.release();
}

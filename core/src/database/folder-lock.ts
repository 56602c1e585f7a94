import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Someone else works on the folder. */
export class FolderInUseError extends Error {
  constructor(folder: string, pid: number) {
    super(
      `The database in ${folder} is in use by process ${pid}. The embedded database takes one process at a time: ` +
        'stop the portal first, or set DATABASE_URL to a PostgreSQL server, which takes many. ' +
        `If that process is no portal, remove ${folder}.lock.`,
    );
    this.name = 'FolderInUseError';
  }
}

/**
 * Takes a folder for this process alone. A lock that a killed process left behind is taken over.
 *
 * @throws FolderInUseError
 */
export function lockFolder(folder: string): () => void {
  const file = `${folder}.lock`;
  const claim = `${file}.${process.pid}`;
  for (let attempt = 1; ; attempt++) {
    // A link appears whole or not at all: nobody ever reads a lock without its owner.
    writeFileSync(claim, String(process.pid), { mode: 0o600 });
    try {
      linkSync(claim, file);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 3) throw error;
      const pid = Number(readFileSync(file, 'utf8')) || 0;
      if (pid !== process.pid && isAlive(pid)) throw new FolderInUseError(folder, pid);
      rmSync(file, { force: true });
    } finally {
      rmSync(claim, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

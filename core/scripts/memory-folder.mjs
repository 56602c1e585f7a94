// A folder for temporary files in memory. The suite creates hundreds of databases and portals, each of a thousand small files, and most
// disks take a millisecond of CPU time for a file.
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const NEEDED_BYTES = 4 * 1024 ** 3;

/**
 * Makes the folder and sets TMPDIR to it, where the machine has a file system in memory and can spare 4 GB; else TMPDIR stays as it is.
 *
 * @returns {() => void} removes it
 */
export function useMemoryFolder() {
  if (!hasRoom()) return () => {};
  const folder = mkdtempSync(join(MEMORY, 'ilearn-'));
  // The user of the PostgreSQL server has a folder in it.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= NEEDED_BYTES && freemem() >= NEEDED_BYTES;
  } catch {
    return false;
  }
}

/** The folder of the embedded database cannot be used. The message says why, and how to fix it. */
export class FolderError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FolderError';
  }
}

const backup = 'restore a backup of the whole DATA_DIR. Keep the damaged folder until then';

/** Explains an error of the file system; null for other errors. */
export function folderFault(folder: string, error: unknown): FolderError | null {
  const { code, path } = error as NodeJS.ErrnoException;
  const where = path ?? folder;
  const because = (what: string, remedy: string) =>
    new FolderError(`The database in ${folder} cannot be opened: ${what}\n→ ${remedy}`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM') {
    const user = process.getuid === undefined ? 'this user' : `the user with id ${process.getuid()}`;
    return because(
      `${where} cannot be read and written by ${user}.`,
      `Run the portal as the user who owns the folder, or make that user its owner: chown -R <user> ${folder}`,
    );
  }
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return because('the disk is full.', 'Free space on its disk, or raise its quota; nothing is lost.');
  if (code === 'EROFS') return because('it is mounted read-only.', 'Mount it read-write, or set DATA_DIR to another folder.');
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return because(`${where} is a file where a folder should be.`, 'Set DATA_DIR to a folder.');
  if (code === 'EIO') return because(`its disk reports errors (${where}).`, `Check the disk; then ${backup}.`);
  return null;
}

export const damaged = (folder: string, what: string, cause?: unknown): FolderError =>
  new FolderError(`The database in ${folder} cannot be opened: ${what}\n→ Stop every program that writes there and ${backup}.`, {
    cause,
  });

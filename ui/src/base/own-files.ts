import { session } from './session.js';

const database = 'ilearn.own';
const store = 'files';
/** In local storage while files may be kept, so that pages do not open the database in vain. */
const KEEPS_FILES = 'ilearn.own-files';
const keyOf = (personId: string, name: string): string => `${personId}.${name}`;

/**
 * Keeps files on this device for the signed-in person, such as what was chosen to hand in and waits for a connection. They are removed like
 * what {@link ownStorage} keeps: when the person signs out, and when somebody else signs in on the device.
 */
export const ownFiles = {
  /** Empty: nothing is kept under this name. */
  async read(name: string): Promise<File[]> {
    const personId = session.value?.personId;
    if (personId === undefined || !mayKeep()) return [];
    const kept: unknown = await attempt('readonly', (files) => files.get(keyOf(personId, name)));
    return Array.isArray(kept) ? kept.filter((each): each is File => each instanceof File) : [];
  },

  /**
   * @param files none: forget them
   * @returns whether they are kept; the browser may have no room, or keep nothing
   */
  async write(name: string, files: readonly File[]): Promise<boolean> {
    const personId = session.value?.personId;
    if (personId === undefined) return false;
    const key = keyOf(personId, name);
    if (files.length === 0) return !mayKeep() || (await attempt('readwrite', (kept) => kept.delete(key))) !== failed;
    if (!mark()) return false;
    const done = await attempt('readwrite', (kept) => kept.put([...files], key));
    // Another tab may have found nothing just before.
    return done !== failed && mark();
  },
};

/** Removes the files that are kept on this device for people, except for this one. */
export async function forgetOwnFiles(exceptPersonId?: string): Promise<void> {
  if (!mayKeep()) return;
  const keys = await attempt('readonly', (files) => files.getAllKeys());
  if (!Array.isArray(keys)) return;
  const others = keys.filter((key) => exceptPersonId === undefined || !String(key).startsWith(keyOf(exceptPersonId, '')));
  const removed = await Promise.all(others.map((key) => attempt('readwrite', (files) => files.delete(key))));
  if (others.length === keys.length && !removed.includes(failed)) localStorage.removeItem(KEEPS_FILES);
}

function mayKeep(): boolean {
  try {
    return localStorage.getItem(KEEPS_FILES) !== null;
  } catch {
    return false;
  }
}

/** False if the browser keeps nothing: files that nobody would remove are not kept either. */
function mark(): boolean {
  try {
    localStorage.setItem(KEEPS_FILES, '1');
    return true;
  } catch {
    return false;
  }
}

const failed = Symbol('failed');

/** Carries out one request in a transaction of its own; the browser may have no room, or forbid it. */
async function attempt(mode: IDBTransactionMode, ask: (files: IDBObjectStore) => IDBRequest): Promise<unknown> {
  try {
    const opened = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = opened.transaction(store, mode);
        const request = ask(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      opened.close();
    }
  } catch {
    return failed;
  }
}

const open = (): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

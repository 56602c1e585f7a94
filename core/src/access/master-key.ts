import { randomBytes, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import { derivedKey } from '../foundation/derived-key.js';

/** The configured master key differs from the one under which the data were encrypted. The message says what to do. */
export class MasterKeyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MasterKeyError';
  }
}

export type Database = Pick<pg.Pool, 'query'>;

/** Where the key is: configured by the operator (`given`), stored in the database, or not created yet. */
export type KeyPlace = 'given' | 'database' | 'none';

const MASTER = 'master';
const CHECK = 'key-check';

/** A fingerprint that distinguishes keys without revealing them. */
const checkOf = (key: Uint8Array): Buffer => Buffer.from(derivedKey(key, 'kernel/key-check'));

/** The key as a value of SECRET_KEY. */
export const textOfKey = (key: Uint8Array): string => `base64:${Buffer.from(key).toString('base64')}`;

const lostWords =
  '  If it is lost: ilearn key replace switches to the configured key, or a new one, and lists what becomes unusable.\n  See "The master key" in docs/operating.md.';

export async function storedKeys(database: Database): Promise<{ master: Buffer | null; check: Buffer | null }> {
  const { rows: tables } = await database.query<{ there: boolean }>(`select to_regclass('kernel.secrets') is not null as there`);
  if (tables[0]?.there !== true) return { master: null, check: null };
  const { rows } = await database.query<{ name: string; value: Buffer }>(
    'select name, value from kernel.secrets where name = any($1)',
    [[MASTER, CHECK]],
  );
  const value = (name: string) => rows.find((row) => row.name === name)?.value ?? null;
  return { master: value(MASTER), check: value(CHECK) };
}

/**
 * @param given the configured key
 * @throws MasterKeyError if the database was encrypted under another key
 */
export async function checkMasterKey(database: Database, given: Uint8Array | undefined): Promise<KeyPlace> {
  const { master, check } = await storedKeys(database);
  if (given === undefined) {
    if (master === null && check === null) return 'none';
    if (master !== null && (check === null || sameBytes(check, checkOf(master)))) return 'database';
    throw new MasterKeyError(
      'The master key is missing: this portal was set up with one from SECRET_KEY, SECRET_KEY_FILE or SECRET_KEY_COMMAND.\n' +
        `→ Set it again, in the same way.\n${lostWords}`,
    );
  }
  if (check === null || sameBytes(check, checkOf(given))) return 'given';
  if (master !== null && sameBytes(check, checkOf(master))) {
    throw new MasterKeyError(
      'The master key of this portal is in the database, but another one is configured (SECRET_KEY, SECRET_KEY_FILE or SECRET_KEY_COMMAND).\n' +
        '→ Remove the variable to keep using the key in the database. To keep that key outside the database: ilearn key move --to <file>,\n' +
        `  without the variable, then set SECRET_KEY_FILE to that file.\n${lostWords.replace('it is lost', 'the configured one is to be used from now on')}`,
    );
  }
  throw new MasterKeyError(
    'The master key (SECRET_KEY, SECRET_KEY_FILE or SECRET_KEY_COMMAND) is not the one with which this portal encrypted its data.\n' +
      `→ Restore the key that the portal used before.\n${lostWords}`,
  );
}

/**
 * The key that all processes of the portal share: the configured one, or one that is created once and stored in the database. Its
 * fingerprint is stored on first use.
 *
 * @throws MasterKeyError
 */
export async function readMasterKey(database: Database, given: Uint8Array | undefined): Promise<Uint8Array> {
  let key = given;
  if ((await checkMasterKey(database, given)) === 'none') await store(database, MASTER, randomBytes(32));
  key ??= (await storedKeys(database)).master as Buffer;
  await store(database, CHECK, checkOf(key));
  // If two processes start at the same time with different keys, only the first one's fingerprint was stored.
  await checkMasterKey(database, given);
  return key;
}

/**
 * The portal's key, if there is one already: the configured one, or the one in the database.
 *
 * @throws MasterKeyError if the database was encrypted under another key
 */
export async function existingMasterKey(database: Database, given: Uint8Array | undefined): Promise<Uint8Array | null> {
  const place = await checkMasterKey(database, given);
  return given ?? (place === 'none' ? null : (await storedKeys(database)).master);
}

/** Makes the configured key, or a new key stored in the database, the portal's key. */
export async function replaceMasterKey(database: Database, given: Uint8Array | undefined): Promise<void> {
  const key = given ?? randomBytes(32);
  await database.query('delete from kernel.secrets where name = any($1)', [[MASTER, CHECK]]);
  if (given === undefined) await store(database, MASTER, key);
  await store(database, CHECK, checkOf(key));
}

/** Deletes the key from the database; its fingerprint stays. */
export async function forgetStoredKey(database: Database): Promise<void> {
  const { master } = await storedKeys(database);
  if (master === null) return;
  await store(database, CHECK, checkOf(master));
  await database.query('delete from kernel.secrets where name = $1', [MASTER]);
}

const store = (database: Database, name: string, value: Uint8Array): Promise<unknown> =>
  database.query('insert into kernel.secrets (name, value) values ($1, $2) on conflict do nothing', [name, value]);

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && timingSafeEqual(one, other);

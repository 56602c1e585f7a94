import { randomBytes, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import { derivedKey } from '../foundation/derived-key.js';
import { openText, sealText } from '../foundation/sealed-text.js';

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
/** `key-wrap-<id of a configured key>`: the master key, sealed with that key. */
const WRAP = 'key-wrap-';
/** Present: the master key itself is no longer accepted as the configured key. */
const RETIRED = 'key-retired';

/** A fingerprint that distinguishes keys without revealing them. */
const checkOf = (key: Uint8Array): Buffer => Buffer.from(derivedKey(key, 'kernel/key-check'));

/** Names a configured key without revealing it. */
const wrapOf = (key: Uint8Array): string => `${WRAP}${Buffer.from(derivedKey(key, 'kernel/key-name')).toString('hex', 0, 8)}`;

const sealingKey = (key: Uint8Array): Uint8Array => derivedKey(key, 'kernel/key-wrap');

/** The key as a value of SECRET_KEY. */
export const textOfKey = (key: Uint8Array): string => `base64:${Buffer.from(key).toString('base64')}`;

const lostWords =
  '  If it is lost: ilearn key replace switches to the configured key, or a new one, and lists what becomes unusable.\n  See "The master key" in docs/operating.md.';

export interface StoredKeys {
  master: Buffer | null;
  check: Buffer | null;
  /** Of the configured keys that open it besides itself: name → sealed master key, and since when. */
  wraps: ReadonlyMap<string, { value: Buffer; since: Since }>;
  /** The master key itself is not accepted as the configured key. */
  retired: boolean;
  /** Since when the fingerprint is stored; null: it is not. */
  since: Since | null;
}

/** When a secret was stored, and how many days ago by the clock of the database. */
export interface Since {
  at: Date;
  days: number;
}

export async function storedKeys(database: Database): Promise<StoredKeys> {
  const { rows: tables } = await database.query<{ there: boolean }>(`select to_regclass('kernel.secrets') is not null as there`);
  if (tables[0]?.there !== true) return { master: null, check: null, wraps: new Map(), retired: false, since: null };
  const { rows } = await database.query<{ name: string; value: Buffer; at: Date; days: number }>(
    'select name, value, created_at as at, extract(day from now() - created_at)::int as days from kernel.secrets where name = any($1) or starts_with(name, $2)',
    [[MASTER, CHECK, RETIRED], WRAP],
  );
  const found = (name: string) => rows.find((row) => row.name === name);
  const check = found(CHECK);
  return {
    master: found(MASTER)?.value ?? null,
    check: check?.value ?? null,
    wraps: new Map(
      rows.flatMap(({ name, value, at, days }) =>
        name.startsWith(WRAP) ? [[name, { value, since: { at, days } }] as const] : [],
      ),
    ),
    retired: found(RETIRED) !== undefined,
    since: check === undefined ? null : { at: check.at, days: check.days },
  };
}

/** The master key that a configured key opens; null if it opens none. */
function opened(given: Uint8Array, { wraps, check, retired }: StoredKeys): Uint8Array | null {
  const sealed = wraps.get(wrapOf(given))?.value;
  if (sealed !== undefined) {
    const root = Buffer.from(openText(sealingKey(given), sealed, WRAP), 'base64');
    return check !== null && sameBytes(check, checkOf(root)) ? root : null;
  }
  if (check === null) return wraps.size === 0 ? given : null;
  return !retired && sameBytes(check, checkOf(given)) ? given : null;
}

/**
 * @param given the configured key
 * @throws MasterKeyError if the database was encrypted under another key
 */
export async function checkMasterKey(database: Database, given: Uint8Array | undefined): Promise<KeyPlace> {
  const stored = await storedKeys(database);
  const { master, check, retired } = stored;
  if (given === undefined) {
    if (master === null && check === null) return 'none';
    if (master !== null && (check === null || sameBytes(check, checkOf(master)))) return 'database';
    throw new MasterKeyError(
      'The master key is missing: this portal was set up with one from SECRET_KEY, SECRET_KEY_FILE or SECRET_KEY_COMMAND.\n' +
        `→ Set it again, in the same way.\n${lostWords}`,
    );
  }
  if (opened(given, stored) !== null) return 'given';
  if (check !== null && retired && sameBytes(check, checkOf(given))) {
    throw new MasterKeyError(
      'The configured master key was replaced: it does not open this portal any more.\n→ Configure the key that ilearn key rotate wrote.',
    );
  }
  if (master !== null && check !== null && sameBytes(check, checkOf(master))) {
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
 * The key that all processes of the portal share: the configured one, the one that it opens after a rotation, or one that is created once and
 * stored in the database. Its fingerprint is stored on first use.
 *
 * @throws MasterKeyError
 */
export async function readMasterKey(database: Database, given: Uint8Array | undefined): Promise<Uint8Array> {
  if ((await checkMasterKey(database, given)) === 'none') await store(database, MASTER, randomBytes(32));
  const stored = await storedKeys(database);
  const key = given === undefined ? (stored.master as Buffer) : (opened(given, stored) as Uint8Array);
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
  await checkMasterKey(database, given);
  const stored = await storedKeys(database);
  return given === undefined ? stored.master : opened(given, stored);
}

/**
 * Lets a new configured key open the portal, besides those that do. What was encrypted stays as it is, and running processes go on.
 *
 * @param given the configured key now
 * @throws MasterKeyError if it does not open the portal
 */
export async function addConfiguredKey(database: Database, given: Uint8Array, added: Uint8Array): Promise<void> {
  const root = await readMasterKey(database, given);
  await store(database, wrapOf(added), sealText(sealingKey(added), Buffer.from(root).toString('base64'), WRAP));
}

/**
 * From now on only this configured key opens the portal.
 *
 * @returns the number of keys that did before
 * @throws MasterKeyError if it does not open the portal
 */
export async function keepOnlyKey(database: Database, given: Uint8Array): Promise<number> {
  await readMasterKey(database, given);
  const { wraps, retired } = await storedKeys(database);
  const own = wrapOf(given);
  const others = [...wraps.keys()].filter((name) => name !== own);
  // The master key itself is configured: no other key may open it, and it must stay accepted.
  if (!wraps.has(own)) {
    await database.query('delete from kernel.secrets where name = any($1)', [others]);
    return others.length;
  }
  await store(database, RETIRED, Buffer.from('1'));
  await database.query('delete from kernel.secrets where name = any($1)', [others]);
  return others.length + (retired ? 0 : 1);
}

/** Since when the configured key is in use, and how many keys open the portal. */
export async function ageOfKey(database: Database, given: Uint8Array): Promise<{ since: Since | null; keys: number }> {
  const stored = await storedKeys(database);
  const { wraps, retired } = stored;
  const since = wraps.get(wrapOf(given))?.since ?? stored.since;
  return { since, keys: stored.check === null ? 1 : wraps.size + (retired ? 0 : 1) };
}

/** Makes the configured key, or a new key stored in the database, the portal's key. */
export async function replaceMasterKey(database: Database, given: Uint8Array | undefined): Promise<void> {
  const key = given ?? randomBytes(32);
  await database.query('delete from kernel.secrets where name = any($1) or starts_with(name, $2)', [
    [MASTER, CHECK, RETIRED],
    WRAP,
  ]);
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

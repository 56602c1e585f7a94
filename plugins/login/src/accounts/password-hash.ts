import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { hashing } from './turns.js';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, 2 passes, 1 lane. The library uses argon2id by default. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A random hash with the same parameters. Passwords for unknown usernames are checked against it, so that they take equally long. */
const decoy = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${base64(16)}$${base64(32)}`;

function base64(bytes: number): string {
  return randomBytes(bytes).toString('base64').replaceAll('=', '');
}

/** Unicode-normalises a password (NIST SP 800-63B §3.1.1.2), so that it does not depend on how the keyboard composes characters. */
const stable = (password: string): string => password.normalize('NFKC');

/** A password with its hash, computed beforehand because hashing takes too long for a unit of work. */
export interface PreparedPassword {
  readonly text: string;
  /** A PHC string. */
  readonly hash: string;
}

/** Hashes a password, in turn. Call it outside a unit of work. */
export const preparePassword = (text: string, signal?: AbortSignal): Promise<PreparedPassword> =>
  hashing.take(signal, async () => ({ text, hash: await hashPassword(text) }));

/** Returns a PHC string. Runs on libuv's thread pool, so that it does not block the event loop. */
export function hashPassword(password: string): Promise<string> {
  return hash(stable(password), cost);
}

/** Whether the password matches the hash. Null (no such account) never matches, but takes equally long. */
export async function fitsHash(password: string, stored: string | null): Promise<boolean> {
  const fits = await verify(stored ?? decoy, stable(password));
  return fits && stored !== null;
}

/** Whether a hash was made with other parameters than the current ones. */
export function isOutdated(stored: string): boolean {
  const used = parseOptions(stored);
  return (Object.keys(cost) as (keyof typeof cost)[]).some((key) => used[key] !== cost[key]);
}

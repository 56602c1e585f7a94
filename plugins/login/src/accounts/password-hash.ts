import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { hashing } from './turns.js';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, 2 passes, 1 lane. Argon2id is the library's default. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of no password at all, at the same cost: what an unknown name is checked against, so that it takes the same work. */
const decoy = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${base64(16)}$${base64(32)}`;

function base64(bytes: number): string {
  return randomBytes(bytes).toString('base64').replaceAll('=', '');
}

/** NIST SP 800-63B §3.1.1.2: what looks the same is the same password, however the keyboard composes it. */
const stable = (password: string): string => password.normalize('NFKC');

/** A password with its hash, which takes too long to be made inside a unit of work. */
export interface PreparedPassword {
  readonly text: string;
  /** A PHC string. */
  readonly hash: string;
}

/** Hashes a password, in its turn. Call it while no unit of work is open. */
export const preparePassword = (text: string, signal?: AbortSignal): Promise<PreparedPassword> =>
  hashing.take(signal, async () => ({ text, hash: await hashPassword(text) }));

/** A PHC string. Runs on a thread of libuv's pool, so the event loop stays free. */
export function hashPassword(password: string): Promise<string> {
  return hash(stable(password), cost);
}

/** Whether the password fits the hash; null (no such account) never fits, after the same work. */
export async function fitsHash(password: string, stored: string | null): Promise<boolean> {
  const fits = await verify(stored ?? decoy, stable(password));
  return fits && stored !== null;
}

/** Whether a hash was made at another cost than today's. */
export function isOutdated(stored: string): boolean {
  const used = parseOptions(stored);
  return (Object.keys(cost) as (keyof typeof cost)[]).some((key) => used[key] !== cost[key]);
}

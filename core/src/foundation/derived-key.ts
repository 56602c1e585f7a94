import { hkdfSync } from 'node:crypto';

/** A 256-bit key for one purpose, derived from the master key (HKDF-SHA-256, RFC 5869); keys of different purposes tell nothing of each other. */
export const derivedKey = (master: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', master, 'ilearn', purpose, 32));

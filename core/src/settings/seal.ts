import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { derivedKey } from '../foundation/derived-key.js';

const TAG = 16;
const NONCE = 12;

/** Each field of each tenant has its own key, so that a sealed text cannot be moved to another place. */
const keyOf = (master: Uint8Array, place: string): Uint8Array => derivedKey(master, `kernel/settings/${place}`);

/** AES-256-GCM: nonce, ciphertext and tag, in base64. */
export function seal(master: Uint8Array, place: string, text: string): { sealed: string } {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', keyOf(master, place), nonce);
  const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { sealed: bytes.toString('base64') };
}

/** Undefined if the value is not a sealed text, or was sealed with another key or for another place. */
export function unseal(master: Uint8Array, place: string, value: unknown): string | undefined {
  const text = typeof value === 'object' && value !== null ? (value as { sealed?: unknown }).sealed : undefined;
  if (typeof text !== 'string') return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < NONCE + TAG) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(master, place), bytes.subarray(0, NONCE));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, bytes.length - TAG)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a text with AES-256-GCM.
 *
 * @param key 32 bytes
 * @param place additional authenticated data: opening needs the same
 * @param nonce 12 bytes, never the same for two texts under one key
 * @returns nonce, ciphertext and tag (16 bytes)
 */
export function sealText(key: Uint8Array, text: string, place = '', nonce: Uint8Array = randomBytes(NONCE_BYTES)): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error if the bytes were not sealed with this key for this place */
export function openText(key: Uint8Array, bytes: Buffer, place = ''): string {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('too short for a sealed text');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}

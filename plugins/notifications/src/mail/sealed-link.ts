import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts the link of a letter with AES-256-GCM, since a copy of the database must not contain links that work.
 *
 * @param key 32 bytes
 * @param mailId additional authenticated data: the link of one letter cannot be put into another
 */
export function sealLink(key: Uint8Array, mailId: string, link: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(mailId));
  return Buffer.concat([nonce, cipher.update(link, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Null if the bytes were not sealed with this key for this letter: the master key was replaced since. */
export function openLink(key: Uint8Array, mailId: string, bytes: Buffer): string | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(mailId))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

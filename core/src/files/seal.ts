import { createCipheriv, createDecipheriv } from 'node:crypto';

/**
 * Encrypts a file in chunks, so that parts of it can be read: AES-256-GCM over every 64 KiB, with the chunk's number as nonce and a mark on
 * the last one (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). A key encrypts only one file. Chunks that were
 * changed, reordered or truncated do not decrypt.
 */
const CHUNK = 64 * 1024;
const TAG = 16;

const chunksOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / CHUNK));

/** Size of a sealed file. */
export const sealedSize = (bytes: number): number => bytes + TAG * chunksOf(bytes);

/** Size of the plain bytes of a sealed file; null if no sealed file has this size. */
export function plainSize(sealed: number): number | null {
  const bytes = sealed - TAG * Math.ceil(sealed / (CHUNK + TAG));
  return bytes >= 0 && sealedSize(bytes) === sealed ? bytes : null;
}

function nonceOf(chunk: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce[0] = last ? 1 : 0;
  nonce.writeUInt32BE(chunk, 8);
  return nonce;
}

export async function* seal(source: AsyncIterable<Uint8Array>, key: Uint8Array): AsyncGenerator<Buffer> {
  let number = 0;
  const sealed = (chunk: Uint8Array, last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number++, last));
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  };
  let held = Buffer.alloc(0);
  for await (const part of source) {
    held = Buffer.concat([held, part]);
    // Hold back what may be the last chunk.
    while (held.length > CHUNK) {
      yield sealed(held.subarray(0, CHUNK), false);
      held = held.subarray(CHUNK);
    }
  }
  yield sealed(held, true);
}

/**
 * The plain bytes from `from` to `to` of a sealed file with `bytes` plain bytes.
 *
 * @param read returns sealed bytes between two offsets
 * @throws Error if the bytes were changed or sealed under another key
 */
export async function* unseal(
  read: (from: number, to: number) => AsyncIterable<Uint8Array>,
  key: Uint8Array,
  bytes: number,
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  const first = Math.floor(from / CHUNK);
  const last = Math.max(first, Math.ceil(to / CHUNK) - 1);
  const total = chunksOf(bytes);
  const sealedTo = last === total - 1 ? sealedSize(bytes) : (last + 1) * (CHUNK + TAG);
  let number = first;
  const opened = (chunk: Buffer): Buffer => {
    const start = number * CHUNK;
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, number === total - 1));
    number++;
    decipher.setAuthTag(chunk.subarray(chunk.length - TAG));
    const plain = Buffer.concat([decipher.update(chunk.subarray(0, chunk.length - TAG)), decipher.final()]);
    return plain.subarray(Math.max(0, from - start), Math.min(plain.length, to - start));
  };
  let held = Buffer.alloc(0);
  for await (const part of read(first * (CHUNK + TAG), sealedTo)) {
    held = Buffer.concat([held, part]);
    while (held.length >= CHUNK + TAG) {
      yield opened(held.subarray(0, CHUNK + TAG));
      held = held.subarray(CHUNK + TAG);
    }
  }
  if (held.length > 0) yield opened(held);
  if (number !== last + 1) throw new Error('an encrypted file is shorter than its row states');
}

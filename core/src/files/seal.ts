import { createCipheriv, createDecipheriv } from 'node:crypto';

/**
 * Encryption of a file in chunks, so that a part of it can be read: AES-256-GCM over every 64 KiB, the chunk's number as nonce and a mark on the
 * last one (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). A key encrypts one file alone. Chunks that were
 * changed, swapped or cut off at the end do not decrypt.
 */
const CHUNK = 64 * 1024;
const TAG = 16;

const chunksOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / CHUNK));

/** Size of a sealed file. */
export const sealedSize = (bytes: number): number => bytes + TAG * chunksOf(bytes);

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
    // What may be the last chunk is held back.
    while (held.length > CHUNK) {
      yield sealed(held.subarray(0, CHUNK), false);
      held = held.subarray(CHUNK);
    }
  }
  yield sealed(held, true);
}

/**
 * The plain bytes from `from` up to `to` of a sealed file of `bytes` plain ones.
 *
 * @param read gives sealed bytes from one offset up to another
 * @throws Error where the bytes are not those that were sealed under the key
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
  if (number !== last + 1) throw new Error('a sealed file is shorter than its row says');
}

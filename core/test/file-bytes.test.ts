import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attachment, safeName } from '../dist/files/file-name.js';
import { seal, sealedSize, unseal } from '../dist/files/seal.js';
import { collect } from './support/exports.js';

const CHUNK = 64 * 1024;

async function* parts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('encrypted bytes', () => {
  const key = randomBytes(32);
  const opened = (sealed: Uint8Array, bytes: number, from = 0, to = bytes) =>
    collect(unseal((a, b) => parts(sealed.subarray(a, b), 50_000), key, bytes, from, to));

  test('can be read completely or in any range', async () => {
    const sizes = fc.oneof(fc.integer({ min: 0, max: 3 * CHUNK }), fc.constantFrom(0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK));
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1_000, max: 200_000 }), fc.nat(), fc.nat(), async (size, step, one, other) => {
        const plain = randomBytes(size);
        const sealed = await collect(seal(parts(plain, step), key));
        expect(sealed.length).toBe(sealedSize(size));
        expect(Buffer.compare(await opened(sealed, size), plain)).toBe(0);
        if (size === 0) return;
        const [from, to] = [one % size, other % size].sort((a, b) => a - b) as [number, number];
        expect(Buffer.compare(await opened(sealed, size, from, to + 1), plain.subarray(from, to + 1))).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('are refused if a bit was changed, chunks were swapped, or the end was cut off', async () => {
    const plain = randomBytes(3 * CHUNK);
    const sealed = await collect(seal(parts(plain, 10_000), key));
    const whole = CHUNK + 16;
    const changed = Buffer.from(sealed);
    changed[whole + 5] = (changed[whole + 5] as number) ^ 1;
    const swapped = Buffer.concat([sealed.subarray(whole, 2 * whole), sealed.subarray(0, whole), sealed.subarray(2 * whole)]);
    for (const bytes of [changed, swapped]) await expect(opened(bytes, plain.length)).rejects.toThrow();
    // As if the row said so too.
    await expect(opened(sealed.subarray(0, 2 * whole), 2 * CHUNK)).rejects.toThrow();
    await expect(opened(sealed.subarray(0, 2 * whole), 3 * CHUNK)).rejects.toThrow();
  });
});

test('a file name is safe to send, whatever the uploader called the file', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (given) => {
      const name = safeName(given, 'image/png');
      expect(name).toMatch(/^[^/\\:*?"<>|\p{Cc}\p{Cf}]+\.png$/iu);
      expect(name).not.toMatch(/^\./);
      expect([...name].length).toBeLessThanOrEqual(154);
      expect(safeName(name, 'image/png')).toBe(name);
      // It can be sent as a header.
      expect(attachment(name)).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w!#$&+.^`|~%-]+$/);
    }),
  );
});

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SecretService } from '../dist/access/secrets.js';

const master = randomBytes(32);
const secrets = new SecretService('notes', () => master);

test('issue 12: what a plugin seals opens for the same plugin, purpose, place and master key only', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), async (text, purpose, place) => {
      const sealed = await secrets.seal(purpose, place, text);
      expect(await secrets.open(purpose, place, sealed)).toBe(text);
      expect(Buffer.from(await secrets.seal(purpose, place, text))).not.toEqual(Buffer.from(sealed));
      const others = [
        secrets.open(`${purpose}x`, place, sealed),
        secrets.open(purpose, `${place}x`, sealed),
        new SecretService('diary', () => master).open(purpose, place, sealed),
        new SecretService('notes', () => randomBytes(32)).open(purpose, place, sealed),
      ];
      expect(await Promise.all(others)).toEqual([null, null, null, null]);
    }),
    { numRuns: 25 },
  );
});

test('issue 12: a change of any byte of a sealed text, or a missing one, is noticed', async () => {
  const sealed = await secrets.seal('letters', '1', 'https://portal.example/uitnodiging#abc');
  for (let index = 0; index < sealed.length; index++) {
    const changed = Uint8Array.from(sealed);
    changed[index] = (changed[index] as number) ^ 1;
    expect(await secrets.open('letters', '1', changed)).toBeNull();
    expect(await secrets.open('letters', '1', sealed.slice(0, index))).toBeNull();
  }
});

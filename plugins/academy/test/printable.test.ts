import { expect, test } from 'vitest';
import { printable } from '../dist/certificates/printable.js';

/** A font with the signs of Latin-1 and those of a typewriter for print. */
const latin1 = (codePoint: number) =>
  /[\u0020-\u007e\u00a0-\u00ffŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]/u.test(String.fromCodePoint(codePoint));
/** One that has Latin Extended-A too. */
const latin = (codePoint: number) => latin1(codePoint) || (codePoint >= 0x100 && codePoint <= 0x17f);

test.each([
  ['Zoë Françoise', 'Zoë Françoise'],
  ['Şahin Yıldız', 'Sahin Yildiz'],
  ['Łukasz Wałęsa', 'Lukasz Walesa'],
  ['“Lezen” – €5', '“Lezen” – €5'],
  ['Зоя', '???'],
])('a certificate never shows other letters than those of a name: %s', (name, drawn) => {
  expect(printable(name, latin1)).toBe(drawn);
});

test('a name in separate marks is the same name', () => expect(printable('Zoe\u0308', latin1)).toBe('Zoë'));

test('what the font has keeps its mark', () =>
  expect(printable('Şahin Yıldız Wałęsa Зоя', latin)).toBe('Şahin Yıldız Wałęsa ???'));

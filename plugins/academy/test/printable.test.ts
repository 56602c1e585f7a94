import { expect, test } from 'vitest';
import { printable } from '../dist/certificates/printable.js';

test.each([
  ['Zoë Françoise', 'Zoë Françoise'],
  ['Şahin Yıldız', 'Sahin Yildiz'],
  ['Łukasz Wałęsa', 'Lukasz Walesa'],
  ['“Lezen” – €5', '“Lezen” – €5'],
  ['Зоя', '???'],
])('a certificate never shows other letters than those of a name: %s', (name, drawn) => {
  expect(printable(name)).toBe(drawn);
});

test('a name in separate marks is the same name', () => expect(printable('Zoe\u0308')).toBe('Zoë'));

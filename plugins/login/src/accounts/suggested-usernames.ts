import { randomInt } from 'node:crypto';
import { generateGuestName } from './generate.js';

/** Letters that a child finds on every keyboard: no accents, spaces or signs. */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/ß/g, 'ss')
    .replace(/æ/gi, 'ae')
    .replace(/œ/gi, 'oe')
    .replace(/ø/gi, 'o')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

/**
 * Usernames for a new account, best first: `noor.elamrani`, `noor.elamrani2`, … For a name without Latin letters, and at the end, ones that
 * say nothing about the person.
 */
export function suggestedUsernames({ givenName, familyName }: { givenName: string; familyName: string }): string[] {
  const name = [plain(givenName), plain(familyName)].filter(Boolean).join('.').slice(0, 40);
  const numbered = Array.from({ length: 30 }, (_, index) => `${name}${index === 0 ? '' : index + 1}`);
  const random = Array.from({ length: 5 }, () => generateGuestName().replace(/^gast/, 'account'));
  return name.length < 3 ? random : [...numbered, `${name}${randomInt(1_000, 10_000)}`, ...random];
}

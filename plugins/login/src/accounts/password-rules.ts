import { commonPasswords } from './common-passwords.js';

/** The rules for chosen passwords follow NIST SP 800-63B: length and a blocklist; no composition rules, no expiry. */
export type PasswordFault = 'too-short' | 'too-long' | 'common' | 'own-name';

/** Longest accepted password, in UTF-16 units: enough for any passphrase, but short enough to hash quickly. */
export const longestPassword = 256;

/** Shortest password in characters, by kind of owner. Pupils may choose shorter ones, because young pupils type theirs every day. */
export const shortestPassword = { pupil: 8, staff: 10 } as const;

export interface PasswordOwner {
  kind: keyof typeof shortestPassword;
  /** Username, given name, family name: a password must not consist of these. */
  names: readonly string[];
}

/** All faults of a password for this owner; empty if it is accepted. */
export function passwordFaults(password: string, owner: PasswordOwner): PasswordFault[] {
  const faults: PasswordFault[] = [];
  if ([...password].length < shortestPassword[owner.kind]) faults.push('too-short');
  if (password.length > longestPassword) faults.push('too-long');
  if (isCommon(fold(password))) faults.push('common');
  if (isMadeOfNames(fold(password), owner.names.map(fold))) faults.push('own-name');
  return faults;
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();
const lettersOf = (text: string): string => text.replace(/[^\p{L}]/gu, '');

const keyboardRows = [
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789012345678901234567890',
  'qwertyuiopasdfghjklzxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
];

/** Whether a password is on the list, is a listed word with digits or signs around it, a keyboard run, or a repeated short piece. */
function isCommon(password: string): boolean {
  const word = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (commonPasswords.has(password) || commonPasswords.has(word)) return true;
  if (/^(.{1,4}?)\1+$/su.test(password)) return true;
  const backwards = [...password].reverse().join('');
  return keyboardRows.some((row) => row.includes(password) || row.includes(backwards));
}

/** Whether the password contains one of the names and fewer than four other letters. */
function isMadeOfNames(password: string, names: readonly string[]): boolean {
  const letters = lettersOf(password);
  const parts = names.flatMap((name) => name.split(/[^\p{L}]+/u)).filter((part) => part.length >= 3);
  const rest = parts.sort((a, b) => b.length - a.length).reduce((left, part) => left.replaceAll(part, ''), letters);
  return rest.length < letters.length && rest.length < 4;
}

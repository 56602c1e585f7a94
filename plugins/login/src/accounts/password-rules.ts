import { commonPasswords } from './common-passwords.js';

/** The rules of NIST SP 800-63B for chosen passwords: length and a blocklist; no composition rules, no expiry. */
export type PasswordFault = 'too-short' | 'too-long' | 'common' | 'own-name';

/** Longest password anywhere, in UTF-16 units: enough for any passphrase, too little to keep a server busy. */
export const longestPassword = 256;

/** Shortest password by who chooses it. Young pupils type theirs every day. */
export const shortestPassword = { pupil: 8, staff: 10 } as const;

export interface PasswordOwner {
  kind: keyof typeof shortestPassword;
  /** Username, given name, family name: a password must not consist of these. */
  names: readonly string[];
}

/** All faults of a password for this person; empty if it is accepted. */
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

/** On the list, a listed word with digits or signs around it, a keyboard run, or a short piece repeated. */
function isCommon(password: string): boolean {
  const word = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (commonPasswords.has(password) || commonPasswords.has(word)) return true;
  if (/^(.{1,4}?)\1+$/su.test(password)) return true;
  const backwards = [...password].reverse().join('');
  return keyboardRows.some((row) => row.includes(password) || row.includes(backwards));
}

/** Contains one of the names and fewer than four other letters. */
function isMadeOfNames(password: string, names: readonly string[]): boolean {
  const letters = lettersOf(password);
  const parts = names.flatMap((name) => name.split(/[^\p{L}]+/u)).filter((part) => part.length >= 3);
  const rest = parts.sort((a, b) => b.length - a.length).reduce((left, part) => left.replaceAll(part, ''), letters);
  return rest.length < letters.length && rest.length < 4;
}

import { randomInt } from 'node:crypto';
import { words } from './words.js';

const word = (): string => words[randomInt(words.length)] as string;

/**
 * A password to read out to somebody: four short Dutch words, 2^32 possibilities; behind the throttle and argon2id that is
 * plenty, and a child can type it.
 */
export const generatePassword = (): string => Array.from({ length: 4 }, word).join('-');

/** A username for a guest: `gast-wolk-4821`. */
export const generateGuestName = (): string => `gast-${word()}-${randomInt(1000, 10_000)}`;

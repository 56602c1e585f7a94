import { randomInt } from 'node:crypto';
import { words } from './words.js';

const word = (): string => words[randomInt(words.length)] as string;

/**
 * A password of four short Dutch words, easy to read out and to type for a child. Its 2^32 possibilities are enough with the throttle and
 * argon2id.
 */
export const generatePassword = (): string => Array.from({ length: 4 }, word).join('-');

/** A username for a guest: `gast-wolk-4821`. */
export const generateGuestName = (): string => `gast-${word()}-${randomInt(1000, 10_000)}`;

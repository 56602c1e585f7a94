import { randomInt } from 'node:crypto';
import { words } from './words.js';

const word = (): string => words[randomInt(words.length)] as string;

/**
 * A password that can be read out: four short Dutch words, 2^32 possibilities; enough behind the throttle and argon2id, and a child can
 * type it.
 */
export const generatePassword = (): string => Array.from({ length: 4 }, word).join('-');

/** A username for a guest: `gast-wolk-4821`. */
export const generateGuestName = (): string => `gast-${word()}-${randomInt(1000, 10_000)}`;

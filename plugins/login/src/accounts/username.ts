import { z } from 'zod';

/**
 * The form in which usernames are stored and compared: Unicode NFKC and full case folding, so that `Zoë`, `ZOË` and `zoe` + U+0308 are one
 * account. Converting to lower, upper and lower case again is equivalent to full case folding; the first conversion is for `ẞ`.
 */
export function normaliseUsername(text: string): string {
  // Trim last, because normalising `¨` yields a leading space.
  return text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC').trim();
}

const allowed = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+'-]{1,63}$/u;

/** A username for a new account, normalised: 2 to 64 letters, digits or `. _ - @ + '`, starting with a letter or digit. */
export const newUsername = z
  .string()
  .max(256)
  .transform(normaliseUsername)
  .refine(
    (name) => allowed.test(name),
    "A username has 2 to 64 letters, digits or . _ - @ + ' and starts with a letter or digit.",
  );

import { UsageError } from './usage-error.js';

const LONGEST_NAME = 80;

/**
 * Checks the name of a portal, as people read it: `Sint-Jan & De Wissel`. It is written into Markdown, YAML comments and JSON, so it
 * contains nothing that has a meaning there.
 *
 * @throws UsageError
 */
export function checkName(given: string): string {
  const name = given.normalize('NFC').trim();
  const fits = name.length <= LONGEST_NAME && /^[\p{L}\p{M}\p{N} .,’'&()+-]+$/u.test(name) && /[\p{L}\p{N}]/u.test(name);
  if (fits) return name;
  throw new UsageError(
    `"${printable(given)}" cannot be the name of a portal.\nUse 1 to ${LONGEST_NAME} letters, digits, spaces and . , ’ ' & ( ) + -, with at least one letter or digit: --name "Sint-Jan"`,
  );
}

/** The name of the package (and, by default, of the folder) of a portal: lower-case letters, digits and hyphens. */
export function packageNameOf(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return plain === '' || plain === 'node-modules' ? 'portal' : plain;
}

/** Without control characters, and short enough for a line. */
const printable = (text: string): string => text.replace(/\p{C}/gu, '�').slice(0, LONGEST_NAME + 20);

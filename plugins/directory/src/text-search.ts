/**
 * `@ilearn/plugin-directory/text-search`: searching text without regard to case and accents, for the directory and the plugins that require
 * it.
 */

const plain = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');

/** SQL that normalises text for searching: lower case, without accents. */
export const folded = (expression: string): string =>
  `regexp_replace(normalize(lower(${expression}), NFD), '[\\u0300-\\u036f]', '', 'g')`;

const notEmpty = (word: string): boolean => word !== '';

/** The words of a text, normalised in the same way. */
export const foldedWords = (text: string): string[] => plain(text).split(/\s+/).filter(notEmpty);

/**
 * A `tsquery` for all words of a text, for vectors of `folded` text in the configurations `dutch` and `simple`.
 *
 * @param most number of words that are looked for; later ones are left out
 * @param partial which words may be the beginning of a longer one
 * @returns SQL with its bindings; null if there are no words
 */
export function wordsQuery(
  text: string,
  { most, partial }: { most: number; partial: 'last' | 'all' },
): { sql: string; bindings: string[] } | null {
  const words = plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(notEmpty)
    .slice(0, most);
  if (words.length === 0) return null;
  const parts = words.map((word, at) =>
    partial === 'all' || at === words.length - 1
      ? { sql: `(plainto_tsquery('dutch', ?) || to_tsquery('simple', ?))`, bindings: [word, `${word}:*`] }
      : { sql: `(plainto_tsquery('dutch', ?) || plainto_tsquery('simple', ?))`, bindings: [word, word] },
  );
  return { sql: parts.map(({ sql }) => sql).join(' && '), bindings: parts.flatMap(({ bindings }) => bindings) };
}

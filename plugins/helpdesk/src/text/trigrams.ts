/** A text in lower case and without accents. */
export const folded = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');

const mostWords = 200;

/** Its words, folded. */
export const wordsOf = (text: string): string[] =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, mostWords);

const shortest = 3;

/** The trigrams of its words of three letters or more, each once, with the marks of `pg_trgm`: two spaces before a word, one after it. */
export function trigramsOf(text: string): string[] {
  const found = new Set<string>();
  for (const word of wordsOf(text)) {
    if (word.length < shortest) continue;
    const padded = `  ${word} `;
    for (let at = 0; at + 3 <= padded.length; at += 1) found.add(padded.slice(at, at + 3));
  }
  return [...found];
}

/** SQL of the share, from 0 to 1, of these trigrams that a column has; bindings: the trigrams, and their number. */
export const shareOf = (column: string): string =>
  `((select count(*) from unnest(${column}) as g(one) where g.one = any(?::text[]))::float / greatest(?::int, 1))`;

export const shareBindings = (trigrams: readonly string[]): [string[], number] => [[...trigrams], trigrams.length];

/**
 * Text made ready for full-text search. Both sides, what is indexed and what is asked, go through here, so that they are
 * cut into the same words: lower case, without accents, numbers such as 1.1.2 whole.
 */

const wordPattern = /\d+(?:[.,]\d+)+|[\p{L}\p{N}]+/gu;
/** PostgreSQL indexes no longer words than 2046 bytes; nobody searches for longer than this. */
const maxWord = 80;
/** A tsvector holds a megabyte of words; what comes later in a long text is not found by them. */
const maxIndexed = 100_000;
const maxAsked = 12;

export function words(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return (folded.match(wordPattern) ?? []).filter((word) => word.length <= maxWord);
}

/** For `to_tsvector`. */
export const searchable = (text: string): string => words(text.slice(0, maxIndexed)).join(' ');

/** The words of a Markdown text: without tags, addresses of links and pictures. */
export function markdownText(markdown: string): string {
  return markdown
    .slice(0, maxIndexed)
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(/\]\([^()\s]{0,2000}\)/g, '] ')
    .replace(/https?:\/\/\S+/g, ' ');
}

/** SQL of a `tsvector` for a column of searchable text: stems, and the words as they are for what is half typed. */
export const vectorSql = (column: string, weight: 'A' | 'B' | 'C' | 'D'): string =>
  `setweight(to_tsvector('dutch', ${column}) || to_tsvector('simple', ${column}), '${weight}')`;

/**
 * SQL of the `tsquery` for what a person typed: all words, stop words left out, the last one as a beginning too. Null when
 * there is no word in it.
 */
export function querySql(text: string): { sql: string; bindings: string[] } | null {
  const asked = words(text).slice(0, maxAsked);
  const last = asked.pop();
  if (last === undefined) return null;
  const whole = `case when numnode(plainto_tsquery('dutch', ?)) = 0 then ''::tsquery
    else plainto_tsquery('dutch', ?) || plainto_tsquery('simple', ?) end`;
  const begun = `(plainto_tsquery('dutch', ?) || to_tsquery('dutch', ?) || to_tsquery('simple', ?))`;
  return {
    sql: [...asked.map(() => whole), begun].join(' && '),
    bindings: [...asked.flatMap((word) => [word, word, word]), last, `${last}:*`, `${last}:*`],
  };
}

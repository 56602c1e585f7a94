/**
 * Prepares text for full-text search. Indexed texts and queries are split in the same way: lower case, without accents, with numbers such
 * as 1.1.2 kept whole.
 */

const wordPattern = /\d+(?:[.,]\d+)+|[\p{L}\p{N}]+/gu;
/** Maximum length of a word in characters. PostgreSQL indexes words up to 2046 bytes. */
const maxWord = 80;
/**
 * Maximum indexed length of a text in characters, because a tsvector can have one megabyte. The rest of a longer text is not searchable.
 */
export const maxIndexed = 100_000;
/** Maximum number of words of a query; others are ignored. */
export const maxAsked = 12;

export function words(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return (folded.match(wordPattern) ?? []).filter((word) => word.length <= maxWord);
}

/** A text prepared for `to_tsvector`. */
export const searchable = (text: string): string => words(text.slice(0, maxIndexed)).join(' ');

/** Removes pictures, which may be much longer than the words. */
const withoutPictures = (markdown: string): string => markdown.replace(/data:image\/[\w+/=;,]+/g, '');

/** The words of a Markdown text, without tags and addresses. */
export function markdownText(markdown: string): string {
  return withoutPictures(markdown)
    .slice(0, maxIndexed)
    .replace(/<[^<>]{0,2000}>/g, ' ')
    .replace(/\]\([^()\s]{0,2000}\)/g, '] ')
    .replace(/https?:\/\/\S+/g, ' ');
}

/** SQL of a `tsvector` for a column of searchable text: stems, and whole words for prefix search. */
export const vectorSql = (column: string, weight: 'A' | 'B' | 'C' | 'D'): string =>
  `setweight(to_tsvector('dutch', ${column}) || to_tsvector('simple', ${column}), '${weight}')`;

export interface Sql {
  sql: string;
  bindings: string[];
}

/** SQL of the `tsquery` for one word or phrase: its stems or the words themselves; empty for stop words. */
export const wordSql = (word: string): Sql => ({
  sql: `case when numnode(plainto_tsquery('dutch', ?)) = 0 then ''::tsquery
    else plainto_tsquery('dutch', ?) || plainto_tsquery('simple', ?) end`,
  bindings: [word, word, word],
});

/** SQL of the `tsquery` for a word that may be incomplete. */
export const begunSql = (word: string): Sql => ({
  sql: `(plainto_tsquery('dutch', ?) || to_tsquery('dutch', ?) || to_tsquery('simple', ?))`,
  bindings: [word, `${word}:*`, `${word}:*`],
});

/** Words and phrases that mean the same as a word. */
export type Synonyms = (word: string) => readonly string[];

/** One `tsquery` for each word, with its synonyms as alternatives; the last word also matches as a prefix. */
export const wordQueries = (asked: readonly string[], synonymsOf: Synonyms = () => []): Sql[] =>
  asked.map((word, index) => {
    const queries = [index === asked.length - 1 ? begunSql(word) : wordSql(word), ...synonymsOf(word).map(wordSql)];
    return {
      sql: `(${queries.map(({ sql }) => `(${sql})`).join(' || ')})`,
      bindings: queries.flatMap(({ bindings }) => bindings),
    };
  });

/** SQL of the `tsquery` for all of these words; null if there are none. */
export function querySql(asked: readonly string[], synonymsOf?: Synonyms): Sql | null {
  if (asked.length === 0) return null;
  const queries = wordQueries(asked, synonymsOf);
  return { sql: queries.map(({ sql }) => sql).join(' && '), bindings: queries.flatMap(({ bindings }) => bindings) };
}

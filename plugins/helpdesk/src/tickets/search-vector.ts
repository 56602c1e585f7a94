import { folded, wordsQuery } from '@ilearn/plugin-directory/text-search';

const shortestPart = 4;

/**
 * SQL of the search vector of a text: stems of its Dutch words, its words as they are, and every ending of a word of four letters or more,
 * so that a search for `bord` finds `klasbord` by its prefix. Only the beginning of a long text is searched by endings.
 */
export const vectorOf = (expression: string): string => `
  to_tsvector('dutch', ${folded(expression)}) || to_tsvector('simple', ${folded(expression)}) || coalesce((
    select array_to_tsvector(array_agg(distinct ending)) from (
      select substr(word, at) as ending
      from regexp_split_to_table(left(${folded(expression)}, 8000), '[^[:alnum:]]+') as word,
        generate_series(2, length(word) - ${shortestPart - 1}) as at
      where length(word) between ${shortestPart + 1} and 40
      limit 6000) endings), ''::tsvector)`;

/** A `tsquery` for all of these words or parts of words; null if there are none. */
export const partsQuery = (text: string) => wordsQuery(text, { most: 8, partial: 'all' });

/** SQL that normalises text for searching: lower case, without accents. */
export const folded = (expression: string): string =>
  `regexp_replace(normalize(lower(${expression}), NFD), '[\\u0300-\\u036f]', '', 'g')`;

/** The words of a text, normalised in the same way. */
export const foldedWords = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .split(/\s+/)
    .filter((word) => word !== '');

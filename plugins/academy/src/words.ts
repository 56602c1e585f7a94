/** SQL that normalises text for searching: lower case, without accents. */
const folded = (expression: string): string =>
  `regexp_replace(normalize(lower(${expression}), NFD), '[\\u0300-\\u036f]', '', 'g')`;

const weighted = (expression: string, weight: 'A' | 'B' | 'C' | 'D'): string =>
  `setweight(to_tsvector('dutch', ${folded(expression)}) || to_tsvector('simple', ${folded(expression)}), '${weight}')`;

/** SQL of the search vector of a training: title first, then tools and foci, goals, and the story. */
export const trainingVector = [
  weighted('title', 'A'),
  weighted("array_to_string(tools || foci, ' ')", 'B'),
  weighted('goals', 'C'),
  weighted("story || ' ' || provider_name", 'D'),
].join(' || ');

const mostWords = 12;

/** SQL of a `tsquery` for all of these words; the last one may be incomplete. Null if there are none. */
export function wordsQuery(text: string): { sql: string; bindings: string[] } | null {
  const words = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, mostWords);
  if (words.length === 0) return null;
  const parts = words.map((word, at) =>
    at === words.length - 1
      ? { sql: `(plainto_tsquery('dutch', ?) || to_tsquery('simple', ?))`, bindings: [word, `${word}:*`] }
      : { sql: `(plainto_tsquery('dutch', ?) || plainto_tsquery('simple', ?))`, bindings: [word, word] },
  );
  return { sql: parts.map(({ sql }) => sql).join(' && '), bindings: parts.flatMap(({ bindings }) => bindings) };
}

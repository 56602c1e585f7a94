import type { Knex } from 'knex';

/** Limits a query to rows whose title contains each word of a text, ignoring accents and case, or a Dutch form of it (`breuken`, `breuk`). */
export function titleContains(query: Knex.QueryBuilder, column: string, text: string): Knex.QueryBuilder {
  const words = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  for (const word of words) {
    query.whereRaw(
      `(position(? in regexp_replace(normalize(lower(??), NFD), '[\\u0300-\\u036f]', '', 'g')) > 0
        or to_tsvector('dutch', ??) @@ plainto_tsquery('dutch', ?))`,
      [word, column, column, word],
    );
  }
  return query;
}

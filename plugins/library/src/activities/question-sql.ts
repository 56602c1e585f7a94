import { querySql, wordQueries, wordSql } from '../text.js';
import type { Asked, Level } from './asked.js';
import { availableSql, type Offer } from './offered.js';
import { synonymsOf } from './synonyms.js';

export interface Sql {
  sql: string;
  bindings: unknown[];
}

/**
 * Ranks activities with all words in the title first, then those with all words in title, keywords and concepts, then the others, then those
 * that have synonyms only; within each group by frequency and position of the words, relative to the length of the text.
 */
const rankSql = `case when ts_filter(a.search, '{a}') @@ asked.literal then 2 when ts_filter(a.search, '{a,b}') @@ asked.literal then 1
              when a.search @@ asked.literal then 0 else -1 end
            + ts_rank('{0.05, 0.2, 0.5, 1.0}', a.search, asked.query, 1)`;

/** The reader's language counts slightly more than one step of {@link rankSql}; drafts come after finished activities. */
const weightSql = `case when split_part(a.language, '-', 1) = ? then 1.1 else 0 end
            - case when a.title like '%(%' and a.title ~* '\\((in ){0,1}(draft|ontwerp|concept|brouillon|en construction)\\M[^)]*\\)' then 4 else 0 end`;

/**
 * The activities that match the words and levels: rows of `id` and `rank`, lower for better ones. It includes activities that are in no library
 * any more.
 */
export function matchesSql(question: Asked, language: string): Sql {
  const asked = expanded(question.words);
  const literal = querySql(question.words);
  const levels = question.levels.map(levelSql);
  const nothing = asked === null && levels.length === 0;
  const conditions = [nothing ? 'false' : asked === null ? 'true' : 'a.search @@ asked.query', ...levels.map(({ sql }) => sql)];
  return {
    sql: `with asked as materialized (select ${asked?.sql ?? `''::tsquery`} as query, ${literal?.sql ?? `''::tsquery`} as literal)
      select a.id, -(${asked ? rankSql : '0'} + ${weightSql})::float8 as rank
      from activities a cross join asked where ${conditions.join(' and ')}`,
    bindings: [...(asked?.bindings ?? []), ...(literal?.bindings ?? []), language, ...levels.flatMap(({ bindings }) => bindings)],
  };
}

/** The words with their synonyms, and what the whole of them is called otherwise: `kunstmatige intelligentie`, `AI`. */
function expanded(asked: readonly string[]): Sql | null {
  const found = querySql(asked, synonymsOf);
  const phrase = asked.length < 2 ? [] : synonymsOf(asked.join(' ')).map(wordSql);
  if (found === null || phrase.length === 0) return found;
  return {
    sql: `((${found.sql}) || ${phrase.map(({ sql }) => `(${sql})`).join(' || ')})`,
    bindings: [...found.bindings, ...phrase.flatMap(({ bindings }) => bindings)],
  };
}

/** An activity is on a level by its ages or by the level's name, because concepts of the education structure are indexed as words. */
function levelSql({ name, ages }: Level): Sql {
  const parts = [{ sql: `a.search @@ plainto_tsquery('simple', ?)`, bindings: [name] as unknown[] }, ...ages.map(ageOverlaps)];
  return { sql: `(${parts.map(({ sql }) => sql).join(' or ')})`, bindings: parts.flatMap(({ bindings }) => bindings) };
}

/** An activity without ages is on no level. */
const ageOverlaps = ({ from, to }: { from: number; to: number }): Sql => ({
  sql: `coalesce(coalesce(a.age_from, a.age_to) <= ? and coalesce(a.age_to, a.age_from) >= ?, false)`,
  bindings: [to, from],
});

/**
 * For words that find nothing together, rows of `place`, from 1: `known`, whether the word is in any activity that the reader may find, and
 * `ids` of the activities that have all other words and are on the levels.
 */
export function missingWordsSql({ words: asked, levels }: Asked, offer: Offer, personId: string | null): Sql {
  const queries = wordQueries(asked, synonymsOf);
  const available = availableSql(offer, personId);
  const narrowing = levels.map(levelSql);
  return {
    sql: `with asked as materialized (select ${queries.map(({ sql }, index) => `${sql} as q${index}`).join(', ')}),
      matched as materialized (
        select a.id, array[${queries.map((_, index) => `a.search @@ asked.q${index}`).join(', ')}] as has,
          (${narrowing.map(({ sql }) => sql).join(' and ') || 'true'}) as passes
        from activities a cross join asked where ${available.sql}
      )
      select place, coalesce(bool_or(has[place]), false) as known,
        coalesce(json_agg(id) filter (where passes and not has[place] and cardinality(array_positions(has, true)) = ?::int), '[]') as ids
      from matched cross join generate_series(1, ?::int) as place group by place order by place`,
    bindings: [
      ...queries.flatMap(({ bindings }) => bindings),
      ...narrowing.flatMap(({ bindings }) => bindings),
      ...available.bindings,
      asked.length - 1,
      asked.length,
    ],
  };
}

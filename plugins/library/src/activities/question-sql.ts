import { querySql, wordQueries, wordSql } from '../text.js';
import type { Asked, Level } from './asked.js';
import { availableSql, type Offer } from './offered.js';
import { draftPattern } from './shared-texts-migration.js';
import { synonymsOf } from './synonyms.js';

export interface Sql {
  sql: string;
  bindings: unknown[];
}

/**
 * Ranks activities with all words in the title first, then those with all words in title, keywords and concepts, then the others, then those
 * that have synonyms only; within each group by frequency and position of the words, relative to the length of the text. The reader's language
 * counts slightly more than one step; drafts come after finished activities.
 */
const rankSql = (ranked: boolean): string =>
  `-(${
    ranked
      ? `case when ts_filter(t.search, '{a}') @@ asked.literal then 2 when ts_filter(t.search, '{a,b}') @@ asked.literal then 1
        when t.search @@ asked.literal then 0 else -1 end
      + ts_rank('{0.05, 0.2, 0.5, 1.0}', t.search, asked.query, 1)`
      : '0'
  } + case when split_part(t.language, '-', 1) = ? then 1.1 else 0 end - case when t.draft then 4 else 0 end)::float8`;

/**
 * The activities that match the words and levels: rows of `id` and `rank`, lower for better ones. It includes activities that are in no library
 * any more.
 *
 * @param schools whose own activities are read; null: all that the caller may see
 */
export function matchesSql(question: Asked, language: string, schools: readonly string[] | null): Sql {
  const asked = expanded(question.words);
  const literal = querySql(question.words);
  const levels = question.levels.map((level) => levelSql(level, 't'));
  const nothing = asked === null && levels.length === 0;
  const conditions = [nothing ? 'false' : asked === null ? 'true' : 't.search @@ asked.query', ...levels.map(({ sql }) => sql)];
  const rank = rankSql(asked !== null);
  const own = schools === null ? 'a.school_id is not null' : 'a.school_id = any(?::uuid[])';
  const ofLevels = levels.flatMap(({ bindings }) => bindings);
  return {
    sql: `with asked as materialized (select ${asked?.sql ?? `''::tsquery`} as query, ${literal?.sql ?? `''::tsquery`} as literal)
      select t.activity_id as id, ${rank} as rank from asked, shared_texts t where ${conditions.join(' and ')}
      union all
      select t.id, ${rank} as rank
      from asked, (select a.*, a.title ~* '${draftPattern}' as draft from activities a where ${own}) t where ${conditions.join(' and ')}`,
    bindings: [
      ...(asked?.bindings ?? []),
      ...(literal?.bindings ?? []),
      language,
      ...ofLevels,
      language,
      ...(schools === null ? [] : [[...schools]]),
      ...ofLevels,
    ],
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
function levelSql({ name, ages }: Level, of: 'a' | 't'): Sql {
  const parts = [
    { sql: `${of}.search @@ plainto_tsquery('simple', ?)`, bindings: [name] as unknown[] },
    ...ages.map((age) => ageOverlaps(age, of)),
  ];
  return { sql: `(${parts.map(({ sql }) => sql).join(' or ')})`, bindings: parts.flatMap(({ bindings }) => bindings) };
}

/** An activity without ages is on no level. */
const ageOverlaps = ({ from, to }: { from: number; to: number }, of: 'a' | 't'): Sql => ({
  sql: `coalesce(coalesce(${of}.age_from, ${of}.age_to) <= ? and coalesce(${of}.age_to, ${of}.age_from) >= ?, false)`,
  bindings: [to, from],
});

/**
 * For words that find nothing together, rows of `place`, from 1: `known`, whether the word is in any activity that the reader may find, and
 * `ids` of the activities that have all other words and are on the levels.
 */
export function missingWordsSql({ words: asked, levels }: Asked, offer: Offer, personId: string | null): Sql {
  const queries = wordQueries(asked, synonymsOf);
  const available = availableSql(offer, personId);
  const narrowing = levels.map((level) => levelSql(level, 'a'));
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

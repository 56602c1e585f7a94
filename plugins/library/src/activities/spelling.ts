import type { KernelCradle } from '@ilearn/core';
import type { Knex } from 'knex';
import { editDistance } from './edit-distance.js';

const shortest = 4;
const longest = 30;
/** Number of most similar words by trigrams that are then compared by edit distance. */
const compared = 60;

/**
 * The words of shared activities, to correct typing errors. Words of a school's own activities are left out, because suggestions would
 * reveal them to other schools. Uses its own table of trigrams, because `pg_trgm` is not available everywhere.
 */
export class Spelling {
  readonly #knex: Knex;

  constructor({ knex }: Pick<KernelCradle, 'knex'>) {
    this.#knex = knex;
  }

  async learn(words: Iterable<string>): Promise<void> {
    const rows = [...new Set(words)]
      .filter((word) => word.length >= shortest && word.length <= longest && /^\p{L}+$/u.test(word))
      // Sort, so that two imports do not deadlock.
      .sort()
      .map((word) => ({ word, trigrams: trigramsOf(word) }));
    if (rows.length === 0) return;
    await this.#knex.raw(
      `insert into search_words (word, trigrams)
       select word, trigrams from jsonb_to_recordset(?::jsonb) as r(word text, trigrams text[]) order by word on conflict do nothing`,
      [JSON.stringify(rows)],
    );
  }

  /** The nearest known word for each word that has one; a single statement. */
  async nearest(words: readonly string[]): Promise<Map<string, string>> {
    const asked = words
      .filter((word) => word.length >= shortest && word.length <= longest)
      .map((word) => ({ word, trigrams: trigramsOf(word), allowed: allowedFor(word) }));
    if (asked.length === 0) return new Map();
    const { rows } = await this.#knex.raw<{ rows: { asked: string; word: string }[] }>(
      `select r.word as asked, near.word from jsonb_to_recordset(?::jsonb) as r(word text, trigrams text[], allowed int)
       cross join lateral (
         select w.word from search_words w
         where w.trigrams && r.trigrams and length(w.word) between length(r.word) - r.allowed and length(r.word) + r.allowed
         order by (select count(*) from unnest(w.trigrams) as t(one) where t.one = any(r.trigrams)) desc, w.word
         limit ?
       ) as near`,
      [JSON.stringify(asked), compared],
    );
    const found = new Map<string, { word: string; distance: number }>();
    for (const { asked: typed, word } of rows) {
      const distance = editDistance(typed, word);
      const best = found.get(typed);
      if (distance > 0 && distance <= allowedFor(typed) && (best === undefined || distance < best.distance)) {
        found.set(typed, { word, distance });
      }
    }
    return new Map([...found].map(([typed, { word }]) => [typed, word]));
  }
}

/** Typing errors allowed: one in a short word, two in a longer one. */
const allowedFor = (word: string): number => (word.length < 7 ? 1 : 2);

/** Trigrams including the word's ends: `_ta`, `taa`, …, `rt_`. */
const trigramsOf = (word: string): string[] => {
  const ended = `_${word}_`;
  return [...new Set(Array.from({ length: ended.length - 2 }, (_, at) => ended.slice(at, at + 3)))];
};

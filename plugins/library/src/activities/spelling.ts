import type { KernelCradle } from '@ilearn/core';
import type { Knex } from 'knex';
import { editDistance } from './edit-distance.js';

const shortest = 4;
const longest = 30;
/** Words that resemble one another most, which are then compared letter by letter. */
const compared = 60;

/**
 * The words that shared activities are found by, to propose the right one for a word with a typing error. A school's own activities are
 * left out: their words would tell other schools of them. A table of its own, since `pg_trgm` cannot be installed everywhere.
 */
export class Spelling {
  readonly #knex: Knex;

  constructor({ knex }: Pick<KernelCradle, 'knex'>) {
    this.#knex = knex;
  }

  async learn(words: Iterable<string>): Promise<void> {
    const rows = [...new Set(words)]
      .filter((word) => word.length >= shortest && word.length <= longest && /^\p{L}+$/u.test(word))
      // In one order, so that two imports do not wait for each other.
      .sort()
      .map((word) => ({ word, trigrams: trigramsOf(word) }));
    if (rows.length === 0) return;
    await this.#knex.raw(
      `insert into search_words (word, trigrams)
       select word, trigrams from jsonb_to_recordset(?::jsonb) as r(word text, trigrams text[]) order by word on conflict do nothing`,
      [JSON.stringify(rows)],
    );
  }

  /** For each word the nearest known one; a word without is left out. One statement. */
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

/** Typing errors that are forgiven: one in a short word, two in a longer one. */
const allowedFor = (word: string): number => (word.length < 7 ? 1 : 2);

/** Three letters each, with the word's ends: `_ta`, `taa`, …, `rt_`. */
const trigramsOf = (word: string): string[] => {
  const ended = `_${word}_`;
  return [...new Set(Array.from({ length: ended.length - 2 }, (_, at) => ended.slice(at, at + 3)))];
};

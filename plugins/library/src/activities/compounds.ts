import type { KernelCradle } from '@ilearn/core';

const shortestPart = 3;
/** Letters that join the parts of a Dutch compound: `klimaat-s-verandering`, `tafel-oefening`, `breuk-en-les`. */
const joints = ['', 's', 'en', 'n', 'e'];
const longest = 40;

/** The parts into which a compound may be divided, the most even division first. */
export function divisionsOf(word: string): [string, string][] {
  if (word.length > longest || !/^\p{L}+$/u.test(word)) return [];
  const found: [string, string][] = [];
  for (let at = shortestPart; at <= word.length - shortestPart; at += 1) {
    const tail = word.slice(at);
    for (const joint of joints) {
      const head = word.slice(0, at - joint.length);
      if (word.slice(0, at).endsWith(joint) && head.length >= shortestPart) found.push([head, tail]);
    }
  }
  return found.sort(([a, b], [c, d]) => Math.min(c.length, d.length) - Math.min(a.length, b.length));
}

/**
 * Divides words that no activity contains into two that shared activities do contain, and finds longer words that end in one: `breukenspel`
 * → breuken, spel; `tafels` → `maaltafels`. Uses the words of {@link Spelling}, so it reveals nothing of a school's own activities.
 */
export class Compounds {
  readonly #knex: Pick<KernelCradle, 'knex'>['knex'];

  constructor({ knex }: Pick<KernelCradle, 'knex'>) {
    this.#knex = knex;
  }

  async divide(word: string): Promise<string[] | null> {
    const divisions = divisionsOf(word);
    if (divisions.length === 0) return null;
    // Words of three letters are not among those for spelling; a short head must be a word of its own, such as "zee".
    const rows: { word: string }[] = await this.#knex('search_words')
      .whereRaw('word = any(?::text[])', [[...new Set(divisions.flat())]])
      .select('word');
    const known = new Set(rows.map((row) => row.word));
    const found = divisions.find(([head, tail]) => known.has(head) && known.has(tail));
    if (found !== undefined) return found;
    const [longer] = await this.#knex('search_words')
      .whereRaw('right(word, ?) = ? and length(word) > ?', [word.length, word, word.length])
      .orderByRaw('length(word), word')
      .limit(1)
      .select<{ word: string }[]>('word');
    return longer === undefined || word.length < 4 ? null : [longer.word];
  }
}

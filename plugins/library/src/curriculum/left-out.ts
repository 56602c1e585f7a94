import type { LeftOut } from './model.js';

const shown = 3;

/** Counts what an import left out, by kind and reason. */
export class LeftOutLog {
  readonly #entries = new Map<string, LeftOut>();

  add(what: string, why: string, example: string, count = 1): void {
    const key = `${what}\n${why}`;
    const entry = this.#entries.get(key) ?? { what, why, count: 0, examples: [] };
    entry.count += count;
    if (entry.examples.length < shown && !entry.examples.includes(example)) entry.examples.push(example);
    this.#entries.set(key, entry);
  }

  list(): LeftOut[] {
    return [...this.#entries.values()];
  }
}

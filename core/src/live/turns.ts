/** Admits a limited number of callers at a time for each name; the others wait in order. */
export class Turns {
  readonly #names = new Map<string, { free: number; waiting: (() => void)[] }>();

  constructor(private readonly atOnce: number) {}

  /** Resolves with a function that ends the turn. */
  async take(name: string): Promise<() => void> {
    const turns = this.#names.get(name) ?? { free: this.atOnce, waiting: [] };
    this.#names.set(name, turns);
    if (turns.free > 0) turns.free--;
    else await new Promise<void>((resolve) => turns.waiting.push(resolve));
    return () => {
      const next = turns.waiting.shift();
      if (next !== undefined) next();
      else turns.free++;
    };
  }
}

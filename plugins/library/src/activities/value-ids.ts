/** A value of a facet: `kind` and `text`; of a concept, `concept` and its URI. */
export interface FacetValue {
  facet: string;
  value: string;
}

const keyOf = (facet: string, value: string): string => `${facet}\n${value}`;

/** Gives each value of a facet a small number, so that counting does not handle text. */
export class ValueIds {
  readonly #base: ValueIds | null;
  readonly #ids = new Map<string, number>();
  readonly #values: FacetValue[] = [];

  /** @param base numbers that stay as they are; new ones are given here only */
  constructor(base: ValueIds | null = null) {
    this.#base = base;
  }

  /** How many values have a number: all below this one. */
  get size(): number {
    return (this.#base?.size ?? 0) + this.#values.length;
  }

  find(facet: string, value: string): number | undefined {
    return this.#base?.find(facet, value) ?? this.#ids.get(keyOf(facet, value));
  }

  of(facet: string, value: string): number {
    const known = this.find(facet, value);
    if (known !== undefined) return known;
    const id = this.size;
    this.#ids.set(keyOf(facet, value), id);
    this.#values.push({ facet, value });
    return id;
  }

  *entries(): Generator<[number, FacetValue]> {
    if (this.#base !== null) yield* this.#base.entries();
    const first = this.#base?.size ?? 0;
    for (const [n, value] of this.#values.entries()) yield [first + n, value];
  }
}

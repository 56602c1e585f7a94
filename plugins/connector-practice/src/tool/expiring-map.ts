/** A map of limited size whose values expire. */
export class ExpiringMap<T> {
  readonly #entries = new Map<string, { value: T; until: number }>();

  constructor(
    private readonly lifetimeMs: number,
    private readonly most = 20_000,
  ) {}

  set(key: string, value: T): void {
    this.#entries.delete(key);
    for (const [old, { until }] of this.#entries) {
      if (this.#entries.size < this.most && until > performance.now()) break;
      this.#entries.delete(old);
    }
    this.#entries.set(key, { value, until: performance.now() + this.lifetimeMs });
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > performance.now() ? entry.value : undefined;
  }

  /** Returns the value and removes it. */
  take(key: string): T | undefined {
    const value = this.get(key);
    this.#entries.delete(key);
    return value;
  }
}

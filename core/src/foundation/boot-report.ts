/** Measures a step of a phase for a plugin. */
export type TimePlugin = <R>(plugin: string, step: () => Promise<R>) => Promise<R>;

/** Duration of each phase, in total and by plugin. */
export class BootReport {
  readonly #phases: { name: string; ms: number; plugins: Map<string, number> }[] = [];

  async phase<T>(name: string, fn: (time: TimePlugin) => Promise<T>): Promise<T> {
    const plugins = new Map<string, number>();
    const started = performance.now();
    const value = await fn(async (plugin, step) => {
      const before = performance.now();
      const result = await step();
      plugins.set(plugin, (plugins.get(plugin) ?? 0) + performance.now() - before);
      return result;
    });
    this.#phases.push({ name, ms: performance.now() - started, plugins });
    return value;
  }

  /** Measures the check, which is synchronous and runs no plugin code except schemas. */
  check<T>(fn: () => T): T {
    const started = performance.now();
    const value = fn();
    this.#phases.push({ name: 'check', ms: performance.now() - started, plugins: new Map() });
    return value;
  }

  /** Milliseconds of all phases that a plugin took. */
  msOf(plugin: string): number {
    return this.#phases.reduce((sum, { plugins }) => sum + (plugins.get(plugin) ?? 0), 0);
  }

  get totalMs(): number {
    return this.#phases.reduce((sum, { ms }) => sum + ms, 0);
  }

  render(): string {
    const lines = this.#phases.map(({ name, ms, plugins }) => {
      const slow = [...plugins].filter(([, each]) => each >= 1).map(([id, each]) => `${id} ${Math.round(each)}`);
      return `  ${name.padEnd(8)}${String(Math.round(ms)).padStart(6)} ms${slow.length > 0 ? `   ${slow.join(' · ')}` : ''}`;
    });
    return lines.join('\n');
  }
}

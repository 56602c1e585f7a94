import type { Logger } from '../contract/services.js';
import { withoutConstants } from '../database/sql/without-constants.js';

const TOLD_AGAIN_MS = 60_000;
/** Statements remembered as told. */
const MOST = 500;
const MOST_TEXT = 2_000;

/** Logs statements that took long, each statement of a place at most once a minute. */
export class SlowStatements {
  readonly #told = new Map<string, { at: number; more: number }>();

  constructor(
    /** From when on a statement is slow, in milliseconds, the wait for a connection included. */
    readonly limitMs: number,
    private readonly log: Pick<Logger, 'warn'>,
    private readonly count: (plugin: string) => void,
  ) {}

  note(about: Record<string, string> | undefined, place: string, plugin: string, text: string, ms: number): void {
    this.count(plugin);
    const key = `${place} ${text}`;
    const now = performance.now();
    const before = this.#told.get(key);
    if (before !== undefined && now - before.at < TOLD_AGAIN_MS) {
      before.more++;
      return;
    }
    if (this.#told.size >= MOST) this.#told.clear();
    this.#told.set(key, { at: now, more: 0 });
    const sql = withoutConstants(text).slice(0, MOST_TEXT);
    const remedy = 'See its plan with explain (analyze), and whether it waited for a lock or a connection.';
    const more = before !== undefined && before.more > 0 ? { more: before.more } : {};
    this.log.warn({ ...about, place, plugin, sql, ms: Math.round(ms), ...more, remedy }, 'slow statement');
  }
}

import { expandsColumns } from '../sql/expands-columns.js';

/**
 * REMEMBERED: number of statements that are counted. NAMED: how many of the frequent ones become prepared statements on every connection.
 */
const REMEMBERED = 2_000;
const NAMED = 300;
const OFTEN = 5;

/** A `*` that expands does so at the time of preparing; when the columns change, the prepared statement fails (SQLSTATE 0A000). */
const mayOutdate = (text: string): boolean => text.includes('*') && expandsColumns(text);

/**
 * Names for statements that are worth preparing. PostgreSQL plans a prepared statement once for each connection; with row-level security,
 * planning takes most of the time. A name belongs to one role and one text, since plans depend on both.
 */
export class PreparedNames {
  #uses = new Map<string, number>();
  #names = new Map<string, string>();
  #generation = 0;

  /** undefined: send it unprepared. */
  nameFor(role: string | null, text: string): string | undefined {
    const key = `${role ?? ''} ${text}`;
    const name = this.#names.get(key);
    if (name !== undefined) return name;
    if (this.#names.size >= NAMED) return undefined;
    const uses = (this.#uses.get(key) ?? 0) + 1;
    if (uses < OFTEN || mayOutdate(text)) {
      if (this.#uses.size >= REMEMBERED) this.#uses.clear();
      // One that may outdate is not judged again.
      this.#uses.set(key, uses < OFTEN ? uses : Number.NEGATIVE_INFINITY);
      return undefined;
    }
    this.#uses.delete(key);
    const given = `ilearn_${this.#generation}_${this.#names.size}`;
    this.#names.set(key, given);
    return given;
  }

  /** Use new names from now on, because the tables of the prepared statements changed. */
  forget(): void {
    this.#generation++;
    this.#names.clear();
  }
}

/** "cached plan must not change result type": a migration changed the statement's tables. */
export const isOutdatedPlan = (error: unknown): boolean => (error as { code?: string }).code === '0A000';

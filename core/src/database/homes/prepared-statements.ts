/** Texts kept in mind; of those that come back often this many become prepared statements of every connection. */
const REMEMBERED = 2_000;
const NAMED = 300;
const OFTEN = 5;

/** With `*` the columns are those of the moment, and a prepared statement must not see them change (SQLSTATE 0A000). */
const allColumns = /(?<!\()\*/;

/**
 * Names for statements that are worth preparing: PostgreSQL plans such a one once a connection instead of at each execution,
 * which with row-level security is most of its work. A name belongs to one role and text, since plans depend on both.
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
    if (this.#names.size >= NAMED || allColumns.test(text)) return undefined;
    const uses = (this.#uses.get(key) ?? 0) + 1;
    if (uses < OFTEN) {
      if (this.#uses.size >= REMEMBERED) this.#uses.clear();
      this.#uses.set(key, uses);
      return undefined;
    }
    this.#uses.delete(key);
    const given = `ilearn_${this.#generation}_${this.#names.size}`;
    this.#names.set(key, given);
    return given;
  }

  /** Tables changed under the prepared statements: none of their names is used again. */
  forget(): void {
    this.#generation++;
    this.#names.clear();
  }
}

/** "cached plan must not change result type": a migration changed what the statement was prepared for. */
export const isOutdatedPlan = (error: unknown): boolean => (error as { code?: string }).code === '0A000';

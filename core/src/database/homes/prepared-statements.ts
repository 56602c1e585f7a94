/** Statements counted at most; NAMED of those that are sent often become prepared statements of every connection. */
const REMEMBERED = 2_000;
const NAMED = 300;
const OFTEN = 5;

/** `*` expands to the columns of the moment of preparing; when they change, the prepared statement fails (SQLSTATE 0A000). */
const allColumns = /(?<!\()\*/;

/**
 * Names of the statements that are worth preparing. PostgreSQL plans a prepared statement once for each connection; with row-level
 * security, planning is most of its work. A name belongs to one role and text, since plans depend on both.
 */
export class PreparedNames {
  #uses = new Map<string, number>();
  #names = new Map<string, string>();
  #generation = 0;

  /** undefined: send it without preparing it. */
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

  /** Uses new names from now on: the tables changed under the prepared statements. */
  forget(): void {
    this.#generation++;
    this.#names.clear();
  }
}

/** "cached plan must not change result type": a migration changed the statement's tables. */
export const isOutdatedPlan = (error: unknown): boolean => (error as { code?: string }).code === '0A000';

import { firstWords, judge } from './judge.js';
import { denied, type SchemaAccess } from './names.js';
import { normaliseText } from './normalise-text.js';
import { SqlSyntaxError } from './parser.js';
import { placeIn } from './place.js';
import { type Refusal, runtimeRules } from './rules.js';

/** Size of each of the two generations of a plugin's cache. */
const REMEMBERED = 500;
/** Longer texts are cached only in normalised form. */
const LONG = 4_000;

/** SQL that a plugin may not send, or that is invalid. `code` is the SQLSTATE that PostgreSQL would return. */
export class RefusedSql extends Error {
  constructor(
    message: string,
    readonly code: '42501' | '42601',
  ) {
    super(message);
    this.name = 'RefusedSql';
  }
}

/**
 * Checks each text that a plugin sends while the portal runs. Allowed texts are cached in two generations, so that a repeated text costs
 * one look-up.
 */
export class PluginGuard {
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(private readonly access: SchemaAccess) {}

  /** @throws RefusedSql with the plugin, the place in the text and the remedy */
  check(sql: string): void {
    if (this.#knows(sql)) return;
    const shape = normaliseText(sql);
    if (shape === sql || !this.#knows(shape)) this.#judge(shape);
    this.#remember(shape);
    if (sql.length <= LONG) this.#remember(sql);
  }

  #knows(text: string): boolean {
    if (this.#young.has(text)) return true;
    if (!this.#old.has(text)) return false;
    this.#remember(text);
    return true;
  }

  #remember(text: string): void {
    if (this.#young.size >= REMEMBERED) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(text);
  }

  #judge(sql: string): void {
    const { plugin } = this.access;
    let refusal: Refusal | null;
    try {
      refusal = judge(sql, this.access, runtimeRules);
    } catch (error) {
      if (!(error instanceof SqlSyntaxError)) throw error;
      throw new RefusedSql(`${plugin}: ${error.message} (${placeIn(sql, error.at)})`, '42601');
    }
    if (refusal !== null) throw new RefusedSql(`${plugin}: ${sentence(refusal, sql)}`, '42501');
  }
}

function sentence({ kind, found, at, remedy }: Refusal, sql: string): string {
  const place = placeIn(sql, at ?? 0);
  if (kind === 'name') return `${denied(found)} (${place}). ${remedy}`;
  if (kind === 'function') return `permission denied: the function ${found} is not open to plugins (${place}). ${remedy}`;
  if (remedy === 'Send one statement at a time.') {
    return `cannot insert multiple commands into a prepared statement: "${found}" follows another (${place}). ${remedy}`;
  }
  return (
    `only the kernel may run "${firstWords(found)}" (${place}). A unit of work is one transaction under the plugin's own role; use ` +
    `knex.transaction or unitOfWork.savepoint inside it, and migrations for the schema. ${remedy}`
  );
}

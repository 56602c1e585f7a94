import { loadModule, parsePlPgSQLSync, parseSync, type ScanToken, scanSync } from 'libpg-query';

/** A node of PostgreSQL's parse tree: fields by name. */
export type Tree = Record<string, unknown>;

export interface ParsedStatement {
  /** `{ SelectStmt: { … } }` */
  tree: Tree;
  /** Byte offset in the text; positions in the tree count from the start of the whole text. */
  start: number;
  /** The text of this statement alone. */
  text: string;
}

/** The text is not SQL. `at` counts characters from 0. */
export class SqlSyntaxError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

// PostgreSQL's parser in WebAssembly; once loaded, it is synchronous.
await loadModule();

/**
 * Parses SQL as PostgreSQL does.
 *
 * @throws SqlSyntaxError
 */
export function parse(sql: string): ParsedStatement[] {
  // Parser and server end a text at a NUL, so anything after it would not be checked.
  const nul = sql.indexOf('\0');
  if (nul !== -1) throw new SqlSyntaxError('the text contains a NUL character', nul);
  if (sql.trim() === '') return [];
  const bytes = Buffer.from(sql);
  const { stmts = [] } = attempt(() => parseSync(sql)) as { stmts?: { stmt: Tree; stmt_location?: number; stmt_len?: number }[] };
  return stmts.map(({ stmt, stmt_location: start = 0, stmt_len: length }) => ({
    tree: stmt,
    start,
    text: bytes.subarray(start, length ? start + length : undefined).toString(),
  }));
}

/**
 * Parses the body of a PL/pgSQL function or DO block.
 *
 * @param sql the single statement that creates or runs it
 * @throws SqlSyntaxError
 */
export function parsePlpgsql(sql: string): Tree {
  return attempt(() => parsePlPgSQLSync(sql)) as unknown as Tree;
}

/**
 * The tokens of a text, comments included. Positions are bytes.
 *
 * @throws SqlSyntaxError
 */
export const scan = (sql: string): ScanToken[] => attempt(() => scanSync(sql)).tokens;

/** Splits a PL/pgSQL assignment `a.b[1] := expression`; null for any other text. */
export function splitAssignment(text: string): { target: string; value: string } | null {
  const bytes = Buffer.from(text);
  let depth = 0;
  for (const { start, end, text: sign } of scan(text)) {
    if (sign === '[' || sign === '(') depth++;
    else if (sign === ']' || sign === ')') depth--;
    else if (depth === 0 && (sign === ':=' || sign === '=')) {
      return { target: bytes.subarray(0, start).toString(), value: bytes.subarray(end).toString() };
    }
  }
  return null;
}

function attempt<T>(fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (error instanceof RangeError) throw new SqlSyntaxError('it is nested too deeply to be read', 0);
    const { message, sqlDetails } = error as Error & { sqlDetails?: { cursorPosition?: number } };
    throw new SqlSyntaxError(message, Math.max(0, sqlDetails?.cursorPosition ?? 0));
  }
}

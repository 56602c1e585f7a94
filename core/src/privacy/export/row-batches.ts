export type Row = Record<string, unknown>;

/** The key of the last row of a batch, column by column as text. */
export type Cursor = readonly string[];

/** The name of the column that carries a row's key. */
export const KEY = 'ilearn key';

const FIRST = 20;
const MOST_ROWS = 1_000;
/** Target size of a batch, in characters. */
const WANTED = 512 * 1024;

/**
 * All rows in batches, in the order of their key. The batch size adapts to the size of the rows: usually at most a few hundred kilobytes
 * are in memory, however many rows there are.
 */
export async function* rowBatches(read: (after: Cursor | null, limit: number) => Promise<Row[]>): AsyncGenerator<Row[]> {
  let limit = FIRST;
  let after: Cursor | null = null;
  for (;;) {
    const rows = await read(after, limit);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last[KEY] as Cursor;
    for (const row of rows) delete row[KEY];
    const size = rows.reduce((sum, row) => sum + sizeOf(row), 0);
    yield rows;
    if (rows.length < limit) return;
    limit = Math.max(1, Math.min(MOST_ROWS, limit * 4, Math.floor((WANTED * rows.length) / size)));
  }
}

const sizeOf = (row: Row): number => Object.values(row).reduce((sum: number, value) => sum + sizeOfValue(value), 1);

function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value).length : 16;
}

export interface KeyColumn {
  /** An SQL expression that is never null. */
  sql: string;
  type: string;
}

/** Keyset pagination: the key among the columns, and the condition for rows after the cursor in parameter `$n`. */
export function keyset(key: readonly KeyColumn[], parameter: string) {
  const list = key.map(({ sql }) => sql).join(', ');
  const values = key.map(({ type }, index) => `(${parameter}::text[])[${index + 1}]::${type}`).join(', ');
  return {
    column: `array[${key.map(({ sql }) => `(${sql})::text`).join(', ')}] as "${KEY}"`,
    after: `(${list}) > (${values})`,
    order: list,
  };
}

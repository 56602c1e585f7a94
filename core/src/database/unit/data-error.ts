/** Errors of statements that were given values: only there can what somebody sent be the cause. */
const withValues = new WeakSet<object>();

export function noteValues(error: unknown, values: unknown[] | undefined): void {
  if (typeof error === 'object' && error !== null && values !== undefined && values.length > 0) withValues.add(error);
}

/** Two units of work met, and one has to begin anew: serialization failure, deadlock. */
export const isContention = (error: unknown): boolean =>
  ['40001', '40P01'].includes(String((error as { code?: unknown } | null | undefined)?.code));

/** What a value does not agree with: the type of its column, a limit or rule of the table, or the rows that are there. */
export type DataFault = 'value' | 'rows';

/**
 * Class 22 (data exception) tells of a value that no such column or function takes. A check constraint (23514) is a narrower type, and
 * an index or a search vector has a size (54000), as an expression has a depth (54001).
 */
const ofValue = /^(?:22...|23514|5400[01])$/;
/**
 * Unique, foreign key, restrict and exclusion: whether they hold depends on the rows of that moment. A plugin that looks first may still
 * meet somebody who came between.
 */
const ofRows = /^(?:23503|23505|23001|23P01)$/;

/**
 * What in an error of the database may be the doing of whoever sent the values, or null. Everything else is the plugin's: what is wrong
 * with a statement itself, a column left empty (23502: nobody sent that), two rows where one was meant (21000), and any error of a
 * statement that was given no values.
 */
export function dataFaultOf(error: unknown): DataFault | null {
  if (typeof error !== 'object' || error === null || !withValues.has(error)) return null;
  const code = String((error as { code?: unknown }).code);
  if (ofValue.test(code)) return 'value';
  return ofRows.test(code) ? 'rows' : null;
}

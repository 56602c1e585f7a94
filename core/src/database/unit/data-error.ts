/** Errors of statements with values: only these can be caused by user input. */
const withValues = new WeakSet<object>();

export function noteValues(error: unknown, values: unknown[] | undefined): void {
  if (typeof error === 'object' && error !== null && values !== undefined && values.length > 0) withValues.add(error);
}

/** Serialization failure or deadlock: two units of work conflicted, and one must start again. */
export const isContention = (error: unknown): boolean =>
  ['40001', '40P01'].includes(String((error as { code?: unknown } | null | undefined)?.code));

/** Raised by `kernel.keep_restricted`: a change concerns a person whose data are restricted. */
export const isRestricted = (error: unknown): boolean => (error as { code?: unknown } | null | undefined)?.code === 'IL423';

/** What a value conflicts with: its column's type or the table's rules (`value`), or existing rows (`rows`). */
export type DataFault = 'value' | 'rows';

/**
 * Class 22 (data exception): a column or function does not accept the value. A check constraint (23514) acts as a narrower type; indexes,
 * search vectors (54000) and expressions (54001) have limits.
 */
const ofValue = /^(?:22...|23514|5400[01])$/;
/** Unique, foreign key, restrict and exclusion violations depend on the current rows: a plugin that checks first may still lose a race. */
const ofRows = /^(?:23503|23505|23001|23P01)$/;

/**
 * Whether user input may have caused a database error; null if not. All other errors are the plugin's fault: an invalid statement, a
 * missing value (23502), two rows where one was expected (21000), and any error of a statement without values.
 */
export function dataFaultOf(error: unknown): DataFault | null {
  if (typeof error !== 'object' || error === null || !withValues.has(error)) return null;
  const code = String((error as { code?: unknown }).code);
  if (ofValue.test(code)) return 'value';
  return ofRows.test(code) ? 'rows' : null;
}

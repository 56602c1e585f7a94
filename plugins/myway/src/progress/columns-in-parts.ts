/** Splits columns into as few parts as needed of at most `most`, of about equal size. One empty part if there are none. */
export function columnsInParts<T>(columns: readonly T[], most: number): T[][] {
  const parts = Math.max(1, Math.ceil(columns.length / most));
  return Array.from({ length: parts }, (_, part) =>
    columns.slice(Math.round((part * columns.length) / parts), Math.round(((part + 1) * columns.length) / parts)),
  );
}

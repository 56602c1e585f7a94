/** A row about one person: what others may know of them, and what nobody should learn. */
export interface Row {
  /** Quasi-identifiers, each at the level of its hierarchy that the definition fixed before any data were seen. */
  known: readonly string[];
  sensitive: string;
}

export interface Protection {
  /** So many people at least share what is known of them. */
  k: number;
  /** So many different sensitive values at least are among them. */
  l: number;
}

/** Rows by what is known of them. */
export function classesOf<T extends Row>(rows: readonly T[]): T[][] {
  const classes = new Map<string, T[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.known);
    const found = classes.get(key);
    if (found === undefined) classes.set(key, [row]);
    else found.push(row);
  }
  return [...classes.values()];
}

/** No sensitive value has more of a class than this: whoever is found in it is not all but sure to have it. */
const greatestShare = { of: 5, most: 4 };

/**
 * The rows that may be released: of classes with k people and l sensitive values, none of which has more than four fifths of the class; all
 * others are dropped as a whole. Nothing is generalised
 * further to save a row: whoever knows that a row was generalised only where it had to be could undo it (Cohen, "Attacks on Deidentification's
 * Defenses", 2022). Sorted by content, so that the order tells nothing.
 *
 * @throws RangeError unless k is at least 2, and l at least 2 and at most k
 */
export function safeRows<T extends Row>(rows: readonly T[], { k, l }: Protection): T[] {
  if (!Number.isSafeInteger(k) || !Number.isSafeInteger(l) || l < 2 || k < l)
    throw new RangeError('k and l must be integers, with 2 ≤ l ≤ k');
  return classesOf(rows)
    .filter((each) => isDiverse(each, { k, l }))
    .flat()
    .sort((one, other) => (textOf(one) < textOf(other) ? -1 : 1));
}

function isDiverse(rows: readonly Row[], { k, l }: Protection): boolean {
  const counts = new Map<string, number>();
  for (const { sensitive } of rows) counts.set(sensitive, (counts.get(sensitive) ?? 0) + 1);
  const greatest = Math.max(...counts.values());
  return rows.length >= k && counts.size >= l && greatest * greatestShare.of <= rows.length * greatestShare.most;
}

const textOf = ({ known, sensitive }: Row): string => JSON.stringify([known, sensitive]);

/** How much of a number may be known. All members are positive integers. */
export interface Rule {
  /** A number about fewer people is not shown. */
  threshold: number;
  /** Numbers are shown as multiples of this; odd. 1: exactly. */
  rounding: number;
  /** At least so far apart are the smallest and the largest number that a reader must hold possible for a number that is not shown. */
  width: number;
}

/** The rule of all publications. */
export const rule: Rule = { threshold: 10, rounding: 5, width: 5 };

/** A number that is published, or counts behind one. Rules and marks are given by its index in a list of cells. */
export interface Cell {
  /** The true number; an integer, not negative. */
  value: number;
  /** How many people are behind it. */
  people: number;
  /** `people`: the value counts people; `sum`: it adds up what people did. */
  unit: 'people' | 'sum';
  /** What hiding it costs, times its value. Totals, which more readers look at, cost more than their parts. */
  weight: number;
  /** The only school behind the number, which may know all its numbers exactly from elsewhere; null: several. */
  insider: string | null;
  /** What was published earlier; it never changes. */
  published: Mark | null;
}

/**
 * What everybody can know about several cells: `low` ≤ Σ sign · value ≤ `high`. A total and its parts: signs 1 and −1, low and high 0;
 * other integers say how often a value counts. `high` may be infinite.
 */
export interface Relation {
  cells: readonly number[];
  signs: readonly number[];
  low: number;
  high: number;
}

/**
 * How a cell is published. `small`: about fewer people than the threshold. `hidden`: not shown, because a small one could be computed from
 * it. `withheld`: nothing is said but that it is not 0.
 */
export type Mark = { kind: 'shown'; value: number } | { kind: 'small' } | { kind: 'hidden' } | { kind: 'withheld' };

/** The multiple of `rounding` that is nearest to an integer. */
export const rounded = (value: number, { rounding }: Rule): number =>
  Math.floor((value + (rounding - 1) / 2) / rounding) * rounding;

/** Whether a cell is about somebody, and about fewer people than the threshold. */
export const isSmall = ({ value, people }: Pick<Cell, 'value' | 'people'>, { threshold }: Rule): boolean =>
  value > 0 && people < threshold;

/** The mark of a cell by itself, before others are looked at. */
export function primaryMark(cell: Pick<Cell, 'value' | 'people'>, rule: Rule): Mark {
  return isSmall(cell, rule) ? { kind: 'small' } : { kind: 'shown', value: rounded(cell.value, rule) };
}

/** The interval in which every reader can place the true number, knowing the rule and this mark alone. */
export function boundsOf(mark: Mark, unit: Cell['unit'], { threshold, rounding }: Rule): [low: number, high: number] {
  const least = unit === 'people' ? threshold : 1;
  const slack = (rounding - 1) / 2;
  switch (mark.kind) {
    case 'small':
      return unit === 'people' ? [1, threshold - 1] : [1, Number.POSITIVE_INFINITY];
    case 'hidden':
      return [least, Number.POSITIVE_INFINITY];
    case 'withheld':
      // Numbers that are 0 are never withheld.
      return [1, Number.POSITIVE_INFINITY];
    case 'shown':
      if (mark.value === 0) return [0, unit === 'people' ? 0 : slack];
      return [Math.max(mark.value - slack, least), mark.value + slack];
  }
}

/**
 * How far apart the bounds of a number that is not shown must be: the width of the rule; for sums also a fifth of the number, since a few
 * people may have done much.
 */
export const neededWidth = ({ value, unit }: Pick<Cell, 'value' | 'unit'>, { width }: Rule): number =>
  unit === 'people' ? width : Math.max(width, Math.ceil(value / 5));

import { boundsOf, type Cell, type Mark, type Relation, type Rule } from './rule.js';
import type { Program, Solver } from './solver.js';

/** Larger than any number of the portal; bounds that reach it are told as infinite. */
const endless = 10_000_000;

/** What a reader of a publication knows: the marks of all cells, how they hang together, and the exact value of some of them. */
export interface Reader {
  units: readonly Cell['unit'][];
  marks: readonly Mark[];
  relations: readonly Relation[];
  /** Index of a cell → its true value. */
  knows?: ReadonlyMap<number, number>;
  /** Bounds by index of a cell, instead of those that follow from its mark. */
  bounds?: ReadonlyMap<number, readonly [number, number]>;
}

/**
 * The attack against which publications are protected: the smallest and largest number that a reader must hold possible for a cell, over
 * everything that was published. Two integer programs.
 *
 * @returns `high` is infinite if nothing limits it
 * @throws Error if no numbers fit what was published
 */
export function attack(
  solver: Solver,
  { units, marks, relations, knows, bounds }: Reader,
  rule: Rule,
  cell: number,
): { low: number; high: number } {
  const limits = marks.map((mark, index) => {
    const known = knows?.get(index);
    if (known !== undefined) return [known, known] as const;
    return bounds?.get(index) ?? boundsOf(mark, units[index] as Cell['unit'], rule);
  });
  const program: Program = {
    low: limits.map(([low]) => low),
    high: limits.map(([, high]) => Math.min(high, endless)),
    rows: relations.map(({ cells, signs, low, high }) => ({ columns: cells, signs, low, high })),
  };
  const least = solver.extreme(program, cell, -1)?.[cell];
  const most = solver.extreme(program, cell, 1)?.[cell];
  if (least === undefined || most === undefined) throw new Error('No numbers fit what was published.');
  return { low: least, high: most >= endless ? Number.POSITIVE_INFINITY : most };
}

import { overlap, type Period } from '../periods.js';
import type { Scope } from '../suppression/proofs.js';
import type { FigureCell } from './hierarchy.js';

/**
 * Two periods of different kinds that share days are one step apart, and one relation joins a period with others a step from it. A proof about
 * a number changes numbers of periods at most so many steps away.
 */
const stepsOfProof = 2;
/**
 * A new period can undo a proof only if a relation joins it with a number that the proof changes, so proofs are looked at again so many steps
 * from it. All others stay valid.
 */
const stepsLookedAt = stepsOfProof + 2;
/** The numbers that those proofs change, and all that relations join with them. */
const stepsNeeded = stepsLookedAt + stepsOfProof + 2;

/** Steps from one period to others, at most so many. */
function stepsFrom(from: Period, periods: readonly Period[], most: number): Map<Period, number> {
  const found = new Map([[from, 0]]);
  // A map gives what is added meanwhile too, in that order.
  for (const [each, steps] of found) {
    if (steps === most) break;
    for (const other of periods)
      if (other.grain !== each.grain && !found.has(other) && overlap(other, each)) found.set(other, steps + 1);
  }
  return found;
}

/** The published periods that a publication has to look at, without itself. */
export const linkedTo = (period: Period, published: readonly Period[]): Period[] =>
  [...stepsFrom(period, published, stepsNeeded).keys()].slice(1);

/**
 * Which numbers are looked at again, and which a proof may change.
 *
 * @param periods of the publication; the first one is published now
 */
export function scopeOf(cells: readonly FigureCell[], periods: readonly Period[]): Scope {
  const [first, ...others] = periods as [Period, ...Period[]];
  const lookedAt = stepsFrom(first, others, stepsLookedAt);
  const near = new Map(periods.map((each) => [each, stepsFrom(each, periods, stepsOfProof)]));
  const periodOf = (cell: number): Period => (cells[cell] as FigureCell).period;
  return {
    mustHold: (cell) => lookedAt.has(periodOf(cell)),
    mayVary: (cell, other) => near.get(periodOf(cell))?.has(periodOf(other)) === true,
  };
}

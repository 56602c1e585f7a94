import { everything, Proofs } from './proofs.js';
import { type Cell, isSmall, type Mark, primaryMark, type Relation, type Rule } from './rule.js';
import type { Solver } from './solver.js';

/** After so many single cells, all nearest ones are hidden at once: a proof takes time, and one more cell rarely helps then. */
const mostSteps = 6;

/**
 * The marks with which cells may be published. Cells about few people are not shown (primary suppression); then further ones are hidden, the
 * cheapest first, until {@link Proofs} shows that none of those can be computed, also from what was published before (complementary
 * suppression). Of a small number even "fewer than the threshold" may say too much, as the total of a number that a school knows; then
 * nothing is said of it. If nothing that can still be hidden is enough, nothing new is said of
 * anything that hangs together with the number.
 *
 * @param cells all that are published together, and those published earlier to which `relations` lead
 * @param scope which of the cells that were published earlier are looked at again
 * @returns a mark for each cell; those that have one keep it
 */
export async function protect(
  cells: readonly Cell[],
  relations: readonly Relation[],
  rule: Rule,
  solver: Solver,
  scope = everything,
): Promise<Mark[]> {
  const marks = cells.map((cell) => cell.published ?? primaryMark(cell, rule));
  const proofs = new Proofs(cells, relations, marks, rule, solver, scope);
  for (const [index, cell] of cells.entries()) {
    if (!isSmall(cell, rule) || !scope.mustHold(index)) continue;
    for (let tries = 1; !(await proofs.holds(index)); tries++) {
      const next = nearest(cells, marks, proofs, index);
      // Nothing new is said of all that hangs together with it.
      if (next.length === 0) break;
      for (const each of next.slice(0, tries > mostSteps ? next.length : 1))
        marks[each] = { kind: marks[each]?.kind === 'shown' ? 'hidden' : 'withheld' };
    }
  }
  return marks;
}

/** The cells nearest to this one of which less can be said, the cheapest first. */
function nearest(cells: readonly Cell[], marks: readonly Mark[], proofs: Proofs, from: number): number[] {
  const cost = (index: number): number => {
    const { value, weight } = cells[index] as Cell;
    return weight * (marks[index]?.kind === 'small' ? 1 : value) * (marks[index]?.kind === 'hidden' ? 1_000 : 1);
  };
  const mayHide = (index: number): boolean => {
    const kind = marks[index]?.kind;
    const { published, value } = cells[index] as Cell;
    return published === null && value > 0 && kind !== 'withheld';
  };
  const seen = new Set([from]);
  let edge = [from];
  while (edge.length > 0) {
    const next = new Set<number>();
    for (const cell of edge) {
      for (const { cells: others } of proofs.relationsOf(cell)) for (const each of others) if (!seen.has(each)) next.add(each);
    }
    const candidates = [...next].filter(mayHide);
    if (candidates.length > 0) return candidates.sort((one, other) => cost(one) - cost(other));
    edge = [...next];
    for (const each of edge) seen.add(each);
  }
  return [];
}

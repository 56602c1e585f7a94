import type { Period } from '../periods.js';
import { protect } from '../suppression/protect.js';
import { type Mark, type Relation, rule } from '../suppression/rule.js';
import { openSolver, type Solver } from '../suppression/solver.js';
import { cellsOf, type FigureCell, keyOf, type PeriodCounts, type Place } from './hierarchy.js';
import { scopeOf } from './reach.js';
import { relationsOf } from './relations.js';

/** All that a publication needs to know. */
export interface Draft {
  period: Period;
  /** Of the period, and then of those that were published earlier and hang together with it. */
  counts: PeriodCounts[];
  /** Of the schools, by the first day of the school year. */
  places: ReadonlyMap<string, ReadonlyMap<string, Place>>;
  /** Number of publications before it. */
  after: number;
}

export interface Publication extends Omit<Draft, 'counts'> {
  cells: FigureCell[];
  /** By index of the cell. */
  marks: Mark[];
}

let solver: Promise<Solver> | undefined;

/** Decides what of a draft is published. Takes seconds of computing: the portal calls {@link decideAside}. */
export async function decide({ counts, ...draft }: Draft): Promise<Publication> {
  const cells = counts.flatMap(cellsOf);
  const periods = counts.map(({ period }) => period);
  const relations = relationsOf(cells, periods, draft.places);
  checkRelations(cells, relations);
  solver ??= openSolver();
  return { ...draft, cells, marks: await protect(cells, relations, rule, await solver, scopeOf(cells, periods)) };
}

/** @throws Error if the counts contradict what everybody can know: then a proof about them would be worthless, and nothing is published */
function checkRelations(cells: readonly FigureCell[], relations: readonly Relation[]): void {
  for (const { cells: linked, signs, low, high } of relations) {
    const sum = linked.reduce((total, cell, at) => total + (signs[at] as number) * (cells[cell] as FigureCell).value, 0);
    if (sum >= low && sum <= high) continue;
    const names = linked.slice(0, 3).map((cell) => keyOf(cells[cell] as FigureCell));
    throw new Error(`Counts do not add up, so nothing is published: ${names.join(', ')}${linked.length > 3 ? ', …' : ''}.`);
  }
}

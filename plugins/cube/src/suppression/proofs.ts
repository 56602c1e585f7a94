import { setImmediate } from 'node:timers/promises';
import { boundsOf, type Cell, type Mark, neededWidth, type Relation, type Rule } from './rule.js';
import { isSolution, type Program, type Solver } from './solver.js';

/** Which cells hang together closely enough. */
export interface Scope {
  /** Whether the new cells may have changed what can be known of a cell. */
  mustHold(cell: number): boolean;
  /** Whether a proof about the first cell may give the second one another value. */
  mayVary(cell: number, other: number): boolean;
}

/** All cells of a publication that stands alone. */
export const everything: Scope = { mustHold: () => true, mayVary: () => true };

/** Other values of some cells, by index, that fit everything published; all other cells keep their true values. */
type Witness = ReadonlyMap<number, number>;

/** So many cells may differ from their true values in one program: a few first, since small programs are solved in milliseconds. */
const sizes = [12, 80, 1_500];
/** Of a relation with many parts, so many are taken along in the smaller programs. */
const partsTaken = 8;

/**
 * Proves that numbers which are not shown stay uncertain. A proof is a pair of witnesses in which the number is so far apart as the rule
 * asks: two sets of numbers between which no reader can decide. To find them quickly, only cells near the number vary, and all others keep
 * their true values; that can miss a proof, but what it finds holds over everything that was published. Witnesses are checked with
 * integers, so no error of the solver is believed.
 */
export class Proofs {
  readonly #around: number[][];
  readonly #witnesses = new Map<number, Witness[]>();

  /**
   * @param marks may be changed to `hidden` by the caller: that widens bounds, so earlier proofs stay valid
   * @param scope limits which cells a witness may change
   */
  constructor(
    private readonly cells: readonly Cell[],
    private readonly relations: readonly Relation[],
    private readonly marks: readonly Mark[],
    private readonly rule: Rule,
    private readonly solver: Solver,
    private readonly scope: Scope,
  ) {
    this.#around = cells.map(() => []);
    for (const [index, relation] of relations.entries()) for (const cell of relation.cells) this.#around[cell]?.push(index);
  }

  relationsOf(cell: number): readonly Relation[] {
    return (this.#around[cell] ?? []).map((index) => this.relations[index] as Relation);
  }

  /** Whether every reader, and every school that knows its own number, must hold numbers possible that are far enough apart. */
  async holds(cell: number): Promise<boolean> {
    if (!this.#holdsFor(cell, null)) return false;
    // A school whose number is the same in all witnesses learns nothing from it, so only the others need witnesses of their own.
    const checked = new Set([null, this.#insiderOf(cell)]);
    for (;;) {
      // The process also serves requests.
      await setImmediate();
      const moved = (this.#witnesses.get(cell) ?? []).flatMap((witness) => [...witness.keys()]);
      const insider = moved.map((each) => this.#insiderOf(each)).find((each) => !checked.has(each));
      if (insider === undefined) return true;
      checked.add(insider);
      if (!this.#holdsFor(cell, insider)) return false;
    }
  }

  #insiderOf(cell: number): string | null {
    return this.cells[cell]?.insider ?? null;
  }

  #holdsFor(cell: number, insider: string | null): boolean {
    const { value } = this.cells[cell] as Cell;
    const wanted = neededWidth(this.cells[cell] as Cell, this.rule);
    const known = (this.#witnesses.get(cell) ?? []).filter(
      (witness) => insider === null || [...witness.keys()].every((each) => this.#insiderOf(each) !== insider),
    );
    let [low, high] = known.reduce(
      ([least, most], witness) => [Math.min(least, witness.get(cell) ?? value), Math.max(most, witness.get(cell) ?? value)],
      [value, value],
    );
    for (const size of sizes) {
      let isComplete = true;
      for (const direction of [-1, 1] as const) {
        if (high - low >= wanted) return true;
        const { witness: found, isAll } = this.#witness(cell, insider, direction, size);
        isComplete &&= isAll;
        if (found === null) continue;
        low = Math.min(low, found.get(cell) ?? value);
        high = Math.max(high, found.get(cell) ?? value);
      }
      // No cell was left out, so a larger program is the same.
      if (isComplete) break;
    }
    return high - low >= wanted;
  }

  /** Varies at most so many cells near the number, in order to make it small or large. */
  #witness(cell: number, insider: string | null, direction: -1 | 1, size: number): { witness: Witness | null; isAll: boolean } {
    const { columns, isAll } = this.#near(cell, insider, size);
    const program = this.#program(columns, 4 * neededWidth(this.cells[cell] as Cell, this.rule));
    let values = this.solver.extreme(program, 0, direction, true);
    if (values !== null && !isSolution(program, values)) values = this.solver.extreme(program, 0, direction);
    if (values === null || !isSolution(program, values)) return { witness: null, isAll };
    const witness: Map<number, number> = new Map();
    for (const [at, value] of values.entries()) {
      const index = columns[at] as number;
      if (value !== this.cells[index]?.value) witness.set(index, value);
    }
    // It says something about each number that differs in it.
    for (const index of new Set([cell, ...witness.keys()])) {
      if (this.marks[index]?.kind === 'shown') continue;
      if (index !== cell && ![...witness.keys()].every((each) => this.scope.mayVary(index, each))) continue;
      const list = this.#witnesses.get(index) ?? [];
      if (list.length < 16 || index === cell) this.#witnesses.set(index, [...list, witness]);
    }
    return { witness, isAll };
  }

  /** The cell itself first, then others that can vary, nearest first, and of these the most uncertain first. */
  #near(cell: number, insider: string | null, size: number): { columns: number[]; isAll: boolean } {
    let isAll = true;
    const found = [cell];
    const seen = new Set([cell]);
    const isFixed = (each: number): boolean =>
      (insider !== null && this.#insiderOf(each) === insider) || !this.scope.mayVary(cell, each);
    for (let at = 0; at < found.length && found.length < size; at++) {
      for (const { cells } of this.relationsOf(found[at] as number)) {
        const free = cells.filter((each) => !seen.has(each) && !isFixed(each) && this.#freedom(each) > 0);
        if (free.length > partsTaken) free.sort((one, other) => this.#freedom(other) - this.#freedom(one));
        const taken = size === sizes.at(-1) ? free : free.slice(0, partsTaken);
        const fitting = taken.slice(0, size - found.length);
        if (fitting.length < free.length) isAll = false;
        for (const each of fitting) {
          seen.add(each);
          found.push(each);
        }
      }
    }
    return { columns: found, isAll: isAll && found.length < size };
  }

  #freedom(cell: number): number {
    const [low, high] = this.#bounds(cell);
    return high - low;
  }

  #bounds(cell: number): [number, number] {
    return boundsOf(this.marks[cell] as Mark, (this.cells[cell] as Cell).unit, this.rule);
  }

  /** Over these cells alone; the true values of the others are moved into the bounds of the rows. */
  #program(columns: readonly number[], reach: number): Program {
    const place = new Map(columns.map((cell, at) => [cell, at]));
    const limits = columns.map((cell) => {
      const [low, high] = this.#bounds(cell);
      const { value } = this.cells[cell] as Cell;
      return [Math.max(low, value - reach), Math.min(high, value + reach)] as const;
    });
    const touched = new Set(columns.flatMap((cell) => this.#around[cell] ?? []));
    const rows = [...touched].map((index) => {
      const { cells, signs, low, high } = this.relations[index] as Relation;
      const row = { columns: [] as number[], signs: [] as number[], low, high };
      for (const [at, cell] of cells.entries()) {
        const sign = signs[at] as number;
        const column = place.get(cell);
        if (column === undefined) {
          row.low -= sign * (this.cells[cell] as Cell).value;
          row.high -= sign * (this.cells[cell] as Cell).value;
        } else {
          row.columns.push(column);
          row.signs.push(sign);
        }
      }
      return row;
    });
    return { low: limits.map(([low]) => low), high: limits.map(([, high]) => high), rows };
  }
}

import highsLoader, { type Highs, type ModelData } from 'highs';

/** Integers x with `low` ≤ x ≤ `high`, column by column, and `low` ≤ Σ sign · x ≤ `high` in each row. */
export interface Program {
  low: readonly number[];
  high: readonly number[];
  rows: readonly { columns: readonly number[]; signs: readonly number[]; low: number; high: number }[];
}

/** Finds extreme solutions of integer programs. */
export interface Solver {
  /**
   * A solution in which one column is as small or as large as possible; null if the solver found none.
   *
   * @param direction -1: as small as possible, 1: as large as possible
   * @param relaxed over all numbers instead of integers, which is many times faster; the result is rounded, and mostly is a solution too
   */
  extreme(program: Program, column: number, direction: -1 | 1, relaxed?: boolean): number[] | null;
}

/** So long may one program take; what is not proved by then counts as not proved. */
const seconds = 5;

/** HiGHS, compiled to WebAssembly. It computes with floating-point numbers, so callers check its solutions with {@link isSolution}. */
export async function openSolver(): Promise<Solver> {
  // Its types describe the CommonJS build; Node.js loads the other one, whose default export is the function itself.
  const highs = await (highsLoader as unknown as typeof highsLoader.default)();
  return { extreme: (...asked) => solve(highs, ...asked) };
}

function solve(highs: Highs, ...[program, column, direction, relaxed = false]: Parameters<Solver['extreme']>): number[] | null {
  const data = modelOf(highs, program, column, direction);
  try {
    const values = relaxed ? relaxedSolution(highs, data) : integerSolution(highs, data);
    return values === null ? null : Array.from(values, Math.round);
  } catch {
    return null;
  }
}

function relaxedSolution(highs: Highs, data: ModelData): ArrayLike<number> | null {
  const { value } = highs.raw.lpCall(data);
  return value?.modelStatus === highs.constants.modelStatus.optimal ? value.solution.colValue : null;
}

function integerSolution(highs: Highs, data: ModelData): ArrayLike<number> {
  const integrality = Array.from({ length: data.numCols }, () => highs.constants.variableType.integer);
  const model = highs.createModel({ ...data, integrality });
  try {
    model.options.set('output_flag', false);
    model.options.set('time_limit', seconds);
    model.run();
    return model.getSolution().colValue;
  } finally {
    model.dispose();
  }
}

function modelOf({ infinity, constants }: Highs, { low, high, rows }: Program, column: number, direction: -1 | 1): ModelData {
  const finite = (bound: number): number => (Number.isFinite(bound) ? bound : Math.sign(bound) * infinity);
  const { minimize, maximize } = constants.objectiveSense;
  return {
    numCols: low.length,
    numRows: rows.length,
    sense: direction === 1 ? maximize : minimize,
    colCost: low.map((_, index) => (index === column ? 1 : 0)),
    colLower: low.map(finite),
    colUpper: high.map(finite),
    rowLower: rows.map((row) => finite(row.low)),
    rowUpper: rows.map((row) => finite(row.high)),
    matrix: {
      format: 'csr',
      numCols: low.length,
      numRows: rows.length,
      starts: startsOf(rows),
      indices: rows.flatMap((row) => row.columns),
      values: rows.flatMap((row) => row.signs),
    },
  };
}

/** Where each row begins in the list of all entries, and where the last one ends. */
function startsOf(rows: Program['rows']): number[] {
  const starts = [0];
  let end = 0;
  for (const row of rows) {
    end += row.columns.length;
    starts.push(end);
  }
  return starts;
}

/** Whether these integers fulfil the program, computed with integers. */
export function isSolution({ low, high, rows }: Program, values: readonly number[]): boolean {
  return (
    values.every((value, column) => value >= (low[column] as number) && value <= (high[column] as number)) &&
    rows.every((row) => {
      const sum = row.columns.reduce((total, column, at) => total + (row.signs[at] as number) * (values[column] as number), 0);
      return sum >= row.low && sum <= row.high;
    })
  );
}

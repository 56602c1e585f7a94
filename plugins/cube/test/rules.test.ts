import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { attack, type Reader } from '../dist/suppression/attack.js';
import { protect } from '../dist/suppression/protect.js';
import {
  boundsOf,
  type Cell,
  isSmall,
  type Mark,
  neededWidth,
  type Relation,
  type Rule,
  rounded,
  rule,
} from '../dist/suppression/rule.js';
import { openSolver, type Solver } from '../dist/suppression/solver.js';

let solver: Solver;
beforeAll(async () => {
  solver = await openSolver();
});

/** A naive office: exact numbers, and small ones left out. What it publishes must fall to the attack. */
const exact = (threshold: number): Rule => ({ threshold, rounding: 1, width: 5 });

/** A table of named cells; totals are the sums of their parts. */
class Table {
  readonly names: string[] = [];
  readonly cells: Cell[] = [];
  readonly relations: Relation[] = [];

  add(name: string, value: number, more: Partial<Cell> = {}): this {
    this.names.push(name);
    this.cells.push({ value, people: value, unit: 'people', weight: 1, insider: null, published: null, ...more });
    return this;
  }

  total(name: string, parts: readonly string[], more: Partial<Cell> = {}): this {
    const indexes = parts.map((part) => this.at(part));
    this.add(
      name,
      indexes.reduce((sum, index) => sum + (this.cells[index] as Cell).value, 0),
      { weight: 3, ...more },
    );
    return this.sum(name, parts);
  }

  /** Says that `name` is the sum of `parts`. */
  sum(name: string, parts: readonly string[]): this {
    const indexes = [name, ...parts].map((each) => this.at(each));
    this.relations.push({ cells: indexes, signs: indexes.map((_, at) => (at === 0 ? 1 : -1)), low: 0, high: 0 });
    return this;
  }

  at(name: string): number {
    const found = this.names.indexOf(name);
    if (found < 0) throw new Error(`no cell ${name}`);
    return found;
  }

  /** What a reader sees if these cells are left out and all others are exact. */
  leaving(hidden: readonly string[]): Mark[] {
    return this.cells.map(({ value }, at) =>
      hidden.includes(this.names[at] as string) ? { kind: 'withheld' } : { kind: 'shown', value },
    );
  }

  reader(marks: readonly Mark[], more: Partial<Reader> = {}): Reader {
    return { units: this.cells.map(({ unit }) => unit), marks, relations: this.relations, ...more };
  }

  attack(marks: readonly Mark[], by: Rule, name: string, more: Partial<Reader> = {}) {
    return attack(solver, this.reader(marks, more), by, this.at(name));
  }

  /** Cells about few people, with what the attack leaves open of each. */
  left(marks: readonly Mark[], by: Rule) {
    return this.cells.flatMap((cell, at) => {
      if (!isSmall(cell, by)) return [];
      expect(marks[at]?.kind).not.toBe('shown');
      const { low, high } = attack(solver, this.reader(marks), by, at);
      return { name: this.names[at], width: high - low, needed: neededWidth(this.cells[at] as Cell, by) };
    });
  }
}

const widths = [
  { by: rule, name: 'rounded' },
  { by: exact(10), name: 'exact' },
];

describe('vector 1: two holes in each row and column', () => {
  const values = { w: [30, 47, 64, 89], x: [90, 124, 5, 31], y: [92, 100, 59, 85], z: [800, 991, 651, 685] };
  const columns = ['a', 'b', 'c', 'd'];
  const table = new Table();
  for (const [row, numbers] of Object.entries(values))
    for (const [at, value] of numbers.entries()) table.add(`${row}-${columns[at]}`, value);
  for (const row of Object.keys(values))
    table.total(
      `row ${row}`,
      columns.map((column) => `${row}-${column}`),
    );
  for (const column of columns)
    table.total(
      `column ${column}`,
      Object.keys(values).map((row) => `${row}-${column}`),
    );
  table.total(
    'all',
    Object.keys(values).map((row) => `row ${row}`),
  );
  table.sum(
    'all',
    columns.map((column) => `column ${column}`),
  );
  const holes = ['w-a', 'w-b', 'w-c', 'x-a', 'x-c', 'y-b', 'y-d', 'z-b', 'z-d'];

  it('falls to the attack, though every line has at least two holes', () => {
    expect(table.attack(table.leaving(holes), exact(1), 'w-b')).toEqual({ low: 47, high: 47 });
  });

  it('is open to the width of the published answer with one more hole', () => {
    // There a hole may be 0.
    const open = (names: readonly string[]) => ({
      bounds: new Map(names.map((name) => [table.at(name), [0, Infinity] as const])),
    });
    for (const [hole, high] of [
      ['x-d', 78],
      ['x-b', 141],
    ] as const) {
      const all = [...holes, hole];
      expect(table.attack(table.leaving(all), exact(1), 'w-b', open(all))).toEqual({ low: 0, high });
    }
  });

  it.each(widths)('is protected, $name', async ({ by }) => {
    const marks = await protect(table.cells, table.relations, by, solver);
    expect(marks[table.at('x-c')]?.kind).not.toBe('shown');
    for (const { width, needed } of table.left(marks, by)) expect(width).toBeGreaterThanOrEqual(needed);
  });
});

describe('vector 2: two tables that share cells', () => {
  const regions = { A: 2, B: 2, I: 8, J: 8, K: 3, L: 3, M: 3, N: 7 };
  const table = new Table();
  for (const [name, value] of Object.entries(regions)) table.add(name, value);
  table.total('county-1', ['A', 'B', 'I', 'J']);
  table.total('small', ['A', 'B', 'I', 'J', 'K', 'N']);
  table.total('BIG', ['L', 'M']);
  table.total('all', Object.keys(regions));
  table.sum('all', ['small', 'BIG']);
  const small = ['A', 'B', 'K', 'L', 'M'];

  it('falls to the attack over both tables, and stands against it in each alone', () => {
    const marks = table.leaving(small);
    expect(table.attack(marks, exact(4), 'K')).toEqual({ low: 3, high: 3 });
    const [county, ...others] = table.relations;
    expect(table.attack(marks, exact(4), 'A', { relations: [county as Relation] }).high).toBeGreaterThan(2);
    expect(table.attack(marks, exact(4), 'K', { relations: others.slice(0, 1) }).high).toBeGreaterThan(3);
  });

  it('is protected by hiding N too', async () => {
    const by: Rule = { threshold: 4, rounding: 1, width: 2 };
    const marks = await protect(table.cells, table.relations, by, solver);
    expect(marks[table.at('K')]?.kind).not.toBe('shown');
    for (const { width, needed } of table.left(marks, by)) expect(width).toBeGreaterThanOrEqual(needed);
    expect(['hidden', 'withheld']).toContain(marks[table.at('N')]?.kind);
  });
});

describe('vector 3: three of whom each knows the own number', () => {
  const table = new Table()
    .add('one', 1, { insider: 'one' })
    .add('two', 1, { insider: 'two' })
    .add('three', 1, { insider: 'three' });
  table.add('other', 60).add('another', 80).total('some', ['one', 'two', 'three', 'other']).total('all', ['some', 'another']);

  it('falls to whoever knows one of them', () => {
    const marks = table.leaving(['one', 'two', 'three']);
    const bounds = new Map(['one', 'two', 'three'].map((name) => [table.at(name), [1, 9] as const]));
    expect(table.attack(marks, exact(10), 'two', { bounds, knows: new Map([[table.at('one'), 1]]) })).toEqual({
      low: 1,
      high: 1,
    });
  });

  it.each(widths)('is protected against each of them, $name', async ({ by }) => {
    const marks = await protect(table.cells, table.relations, by, solver);
    for (const insider of ['one', 'two', 'three']) {
      for (const other of ['one', 'two', 'three']) {
        if (insider === other) continue;
        const { low, high } = table.attack(marks, by, other, { knows: new Map([[table.at(insider), 1]]) });
        expect(high - low).toBeGreaterThanOrEqual(by.width);
      }
    }
  });
});

describe('vector 4: sums that leave no choice', () => {
  it('falls to the attack: 0 = x + x + 0', async () => {
    const table = new Table().add('a', 0).add('b', 0).add('c', 0).total('all', ['a', 'b', 'c']);
    const bounds = new Map(['a', 'b'].map((name) => [table.at(name), [0, Infinity] as const]));
    expect(table.attack(table.leaving(['a', 'b']), exact(10), 'a', { bounds })).toEqual({ low: 0, high: 0 });
    // Nobody is in a number that is 0, so it is shown.
    expect(await protect(table.cells, table.relations, rule, solver)).toEqual(
      table.cells.map(() => ({ kind: 'shown', value: 0 })),
    );
  });

  it('falls to the attack: 15 = 10 + 3 + x + x with positive numbers', () => {
    const table = new Table().add('a', 10).add('b', 3).add('x', 1).add('y', 1).total('all', ['a', 'b', 'x', 'y']);
    const bounds = new Map([
      [table.at('x'), [1, 9] as const],
      [table.at('y'), [1, 9] as const],
    ]);
    expect(table.attack(table.leaving(['x', 'y']), exact(3), 'x', { bounds })).toEqual({ low: 1, high: 1 });
  });

  it.each(widths)('15 = 10 + 3 + x + x is protected, $name', async ({ by }) => {
    const table = new Table().add('a', 10).add('b', 3).add('x', 1).add('y', 1).add('z', 40);
    table.total('some', ['a', 'b', 'x', 'y']).total('all', ['some', 'z']);
    const marks = await protect(table.cells, table.relations, by, solver);
    expect(table.left(marks, by).map(({ name }) => name)).toEqual(['b', 'x', 'y']);
    for (const { width, needed } of table.left(marks, by)) expect(width).toBeGreaterThanOrEqual(needed);
  });
});

it('a percentage cannot be computed back: a share is a quotient of two numbers as they are shown', () => {
  for (let value = 10; value < 200; value++) {
    const [low, high] = boundsOf({ kind: 'shown', value: rounded(value, rule) }, 'people', rule);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
    expect(rounded(value, rule) % 5).toBe(0);
  }
});

it('a number of which nothing is said is at least 1, since one that is 0 has no figure', async () => {
  expect(boundsOf({ kind: 'withheld' }, 'people', rule)).toEqual([1, Infinity]);
  const by = exact(10);
  const table = new Table().add('a', 1, { insider: 'a' }).add('b', 4).total('all', ['a', 'b'], { weight: 1 });
  const marks = await protect(table.cells, table.relations, by, solver);
  // The attacker of the test reads it from what was published, not from the rule.
  const bounds = new Map(marks.flatMap(({ kind }, at) => (kind === 'withheld' ? [[at, [1, Infinity] as const]] : [])));
  for (const name of ['a', 'b', 'all']) {
    const { low, high } = table.attack(marks, by, name, { bounds });
    expect(high - low).toBeGreaterThanOrEqual(by.width);
  }
});

it('what was published earlier never changes; if it leaves no way to protect a number, nothing new is said', async () => {
  const table = new Table().add('a', 4).add('b', 46).total('all', ['a', 'b']);
  const by = exact(10);
  const published: Mark[] = [{ kind: 'withheld' }, { kind: 'shown', value: 46 }, { kind: 'withheld' }];
  const cells = table.cells.map((cell, at) => (at === 1 ? { ...cell, published: published[at] as Mark } : cell));
  const marks = await protect(cells, table.relations, by, solver);
  expect(marks[1]).toEqual({ kind: 'shown', value: 46 });
  expect(marks[2]?.kind).not.toBe('shown');
});

it('over two releases: a later total hides what would tell a number of an earlier one', async () => {
  const by = exact(10);
  const table = new Table().add('a', 4).add('b', 46).add('c', 50).total('all', ['a', 'b', 'c']);
  const first = await protect(table.cells, table.relations, by, solver);
  const later = new Table();
  for (const [at, cell] of table.cells.entries())
    later.add(table.names[at] as string, cell.value, { published: first[at] as Mark });
  for (const { cells } of table.relations) {
    const [total, ...parts] = cells.map((cell) => later.names[cell] as string);
    later.sum(total as string, parts);
  }
  // The same people without those of b and c: the naive difference tells a.
  later.total('later', ['b', 'c']);
  const naive: Mark[] = [
    ...first.slice(0, 1),
    { kind: 'shown', value: 46 },
    { kind: 'shown', value: 50 },
    { kind: 'shown', value: 100 },
    { kind: 'shown', value: 96 },
  ];
  expect(later.attack(naive, by, 'a')).toEqual({ low: 4, high: 4 });
  const marks = await protect(later.cells, later.relations, by, solver);
  for (const { width, needed } of later.left(marks, by)) expect(width).toBeGreaterThanOrEqual(needed);
});

it('any table of schools, levels and tools is protected against the attack, also by a school that knows its own numbers', async () => {
  const runs = Number(process.env['ILEARN_FUZZ'] ?? 6);
  const amount = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 14 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 300 }) },
  );
  const tables = fc.array(fc.array(amount, { minLength: 2, maxLength: 3 }), { minLength: 3, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(tables, fc.constantFrom(rule, exact(10)), async (values, by) => {
      const width = Math.min(...values.map((row) => row.length));
      const table = new Table();
      for (const [school, row] of values.entries())
        for (let tool = 0; tool < width; tool++) table.add(`${school}/${tool}`, row[tool] as number, { insider: `${school}` });
      const tools = [...Array(width).keys()];
      const schools = [...values.keys()];
      for (const school of schools)
        table.total(
          `school ${school}`,
          tools.map((tool) => `${school}/${tool}`),
          { insider: `${school}` },
        );
      for (const tool of tools)
        table.total(
          `tool ${tool}`,
          schools.map((school) => `${school}/${tool}`),
        );
      table
        .total(
          'all',
          tools.map((tool) => `tool ${tool}`),
        )
        .sum(
          'all',
          schools.map((school) => `school ${school}`),
        );
      const marks = await protect(table.cells, table.relations, by, solver);
      for (const [at, mark] of marks.entries()) {
        const { value } = table.cells[at] as Cell;
        if (mark.kind === 'shown') expect(value === 0 || value >= by.threshold).toBe(true);
        if (!isSmall(table.cells[at] as Cell, by)) continue;
        expect(mark.kind).not.toBe('shown');
        // A school knows all its own numbers, whatever is shown of them.
        const ownOf = (school: number) =>
          table.cells.flatMap(({ insider, value: own }, each) => (insider === `${school}` ? [[each, own] as const] : []));
        const readers = [undefined, ...schools.map((school) => new Map(ownOf(school)))];
        for (const knows of readers) {
          if (knows?.has(at)) continue;
          const { low, high } = attack(solver, table.reader(marks, knows === undefined ? {} : { knows }), by, at);
          expect(high - low).toBeGreaterThanOrEqual(by.width);
        }
      }
    }),
    { numRuns: runs },
  );
});

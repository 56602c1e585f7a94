import type { Column } from './cells.js';
import { type Fault, fault, shown } from './faults.js';

export type AnyColumns = { [column: string]: Column<unknown> };

export interface Header {
  names: string[];
  at: Map<string, number>;
  /** Indexes of columns that are not read. */
  others: number[];
}

/** Maximum number of columns of a file; the standard has about twenty. */
const columnLimit = 200;

/** Reads the header. If it has faults, reports them and returns null. */
export function readHeader(file: string, row: number, cells: string[], wanted: AnyColumns, faults: Fault[]): Header | null {
  const names = cells.map((cell) => cell.trim());
  if (names.length === 1 && names[0]?.includes('|')) {
    faults.push(fault({ file, row }, 'separator', { found: '|' }));
    return null;
  }
  if (names.length > columnLimit) {
    faults.push(fault({ file, row }, 'columns-many', { found: names.length, limit: columnLimit }));
    return null;
  }
  const at = new Map<string, number>();
  const before = faults.length;
  for (const [index, name] of names.entries()) {
    if (name !== '' && at.has(name)) faults.push(fault({ file, row, column: shown(name) }, 'header-twice'));
    at.set(name, index);
  }
  for (const [name, column] of Object.entries(wanted)) {
    if (!column.required || at.has(name)) continue;
    const near = nearestOf(
      name,
      names.filter((other) => other !== '' && !(other in wanted)),
    );
    const where = { file, row, column: name };
    faults.push(near === undefined ? fault(where, 'header-missing') : fault(where, 'header-near', { found: shown(near) }));
  }
  if (faults.length > before) return null;
  return { names, at, others: names.flatMap((name, index) => (name in wanted ? [] : [index])) };
}

/** Maximum number of typing errors in a column's name for a suggestion. */
const typos = 2;

/** The name that was probably intended: equal except for capitals, spaces and punctuation, or with at most {@link typos} typing errors. */
export function nearestOf(name: string, others: readonly string[]): string | undefined {
  const wanted = lettersOf(name);
  const distances = others.map((other) => ({ other, distance: distanceOf(wanted, lettersOf(other)) }));
  const [nearest] = distances.sort((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance <= Math.min(typos, wanted.length / 3) ? nearest.other : undefined;
}

const lettersOf = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Levenshtein distance (1966). A result above {@link typos} may be inexact. */
function distanceOf(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > typos) return typos + 1;
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const row = [index + 1];
    for (const [at, found] of [...other].entries()) {
      const replaced = (above[at] as number) + (letter === found ? 0 : 1);
      row.push(Math.min(replaced, (above[at + 1] as number) + 1, (row[at] as number) + 1));
    }
    above = row;
  }
  return above[other.length] as number;
}

import type { ActivityRecord } from '../exports.js';
import { type Column, columnNames, columns, required } from './columns.js';
import type { Fault, TableRow } from './read-table.js';

/** URIs of the concepts with a name, by the name in lower case. */
export type ConceptsByName = ReadonlyMap<string, readonly string[]>;

/** An activity as the provider wrote it, without what the portal adds. */
export type Provided = Omit<ActivityRecord, 'source' | 'school' | 'provider' | 'available'>;

interface Read {
  key: string;
  title: string;
  description: string;
  url: string;
  language: string;
  minutes: number | null;
  ageFrom: number | null;
  ageTo: number | null;
  difficulty: number | null;
  teacherOnly: boolean;
  keywords: string[];
  concepts: string[];
}

const isAddress = (text: string): boolean => /^https?:\/\//.test(text);

/** The names of concepts that the rows use, in lower case, and the addresses. */
export function conceptsIn(rows: readonly TableRow[]): { names: string[]; uris: string[] } {
  const all = new Set(rows.flatMap(({ cells }) => (cells.concepts ?? '').split('|').map((part) => part.trim())));
  all.delete('');
  const uris = [...all].filter(isAddress);
  return { uris, names: [...all].filter((text) => !isAddress(text)).map((name) => name.toLowerCase()) };
}

/** Checks every cell. All faults are reported; the activities are of use only if there are none. */
export function checkRows(
  rows: readonly TableRow[],
  byName: ConceptsByName,
  known: ReadonlySet<string>,
): { activities: Provided[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const activities: Provided[] = [];
  const keys = new Set<string>();
  for (const { row, cells } of rows) {
    const report = (column: Column, code: Fault['code']) => void faults.push({ row, column, code });
    const read = readCells(cells, report);
    if (read === null) continue;
    if (keys.has(read.key)) report('key', 'key-twice');
    keys.add(read.key);
    if (read.ageFrom !== null && read.ageTo !== null && read.ageTo < read.ageFrom) report('ageTo', 'ages');
    const conceptUris: string[] = [];
    for (const text of read.concepts) {
      const uris = isAddress(text) ? [text].filter((uri) => known.has(uri)) : (byName.get(text.toLowerCase()) ?? []);
      if (uris.length === 1) conceptUris.push(uris[0] as string);
      else report('concepts', uris.length === 0 ? 'concept-unknown' : 'concept-ambiguous');
    }
    const { key: sourceId, url, concepts: _concepts, ...described } = read;
    activities.push({ ...described, sourceId, conceptUris, content: { kind: 'link', url } });
  }
  return { activities, faults };
}

function readCells(cells: TableRow['cells'], report: (column: Column, code: Fault['code']) => void): Read | null {
  const read: Record<string, unknown> = {};
  let right = true;
  for (const column of columnNames) {
    const text = cells[column] ?? '';
    if (text === '' && (required as readonly string[]).includes(column)) {
      report(column, 'required');
      right = false;
      continue;
    }
    const parsed = columns[column].safeParse(text);
    read[column] = parsed.data;
    if (parsed.success) continue;
    report(column, 'invalid');
    right = false;
  }
  return right ? (read as unknown as Read) : null;
}

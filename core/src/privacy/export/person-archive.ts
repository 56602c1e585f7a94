import { type ZipEntry, zipStream } from '../../downloads/zip-stream.js';
import type { Language } from '../privacy-texts.js';
import { type ExportPart, emptyCell, type Found, type PersonExport, type WrittenPart } from './person-export.js';
import { personPage } from './person-page.js';
import type { Row } from './row-batches.js';

/** Maximum JSON that a plugin's hook may add; larger data belong in files. */
const MOST_DATA = 4 * 1024 * 1024;

export interface ArchiveInput {
  data: PersonExport;
  parts: readonly ExportPart[];
  language: Language;
  /** Called with a value from 0 to 1. */
  progress?(done: number): void;
}

/**
 * The zip archive, generated while it is read: the plugins' files, `export.json` for machines and `export.html` for people. Rows are read
 * twice, once for each document; each batch reads the database at that moment.
 */
export function personArchive(input: ArchiveInput): AsyncGenerator<Uint8Array> {
  return zipStream(entries(input));
}

async function* entries({ data, parts, language, progress = () => {} }: ArchiveInput): AsyncGenerator<ZipEntry> {
  const written: WrittenPart[] = [];
  for (const { own, tables, ...part } of parts) {
    const { data: more, files = {} } = await own();
    const names: string[] = [];
    for (const [name, content] of Object.entries(files)) {
      names.push(entryName(part.id, name));
      yield { name: entryName(part.id, name), content: content instanceof Uint8Array ? only(content) : content };
    }
    const found = (): Found => ({ rows: 0, columns: [], filled: new Set<string>() });
    written.push({
      ...part,
      tables: tables.map((table) => ({ ...table, found: found() })),
      data: jsonOf(part.id, more),
      files: names,
    });
  }
  const steps = 2 * written.reduce((sum, { tables }) => sum + tables.length, 0);
  let done = 0;
  const step = () => progress(++done / Math.max(1, steps));
  yield { name: 'export.json', content: exportJson(data, written, step) };
  yield { name: 'export.html', content: personPage(data, written, language, step) };
}

function entryName(id: string, name: string): string {
  if (!/^[^/\\\0]+(\/[^/\\\0]+)*$/.test(name) || name.split('/').some((step) => step === '..' || step === '.')) {
    throw new Error(`${id}: the export hook returns a file without a valid name; names are paths such as work/essay.pdf.`);
  }
  return `${id}/${name}`;
}

function jsonOf(id: string, data: unknown): string | null {
  const text = JSON.stringify(data, null, 2) ?? null;
  if (text !== null && text.length > MOST_DATA) {
    throw new Error(`${id}: the export hook returns ${text.length} characters of data; use files for more than ${MOST_DATA}.`);
  }
  return text;
}

async function* only(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** Yields the output of `JSON.stringify(…, null, 2)` in pieces, and records what was found. */
async function* exportJson(data: PersonExport, parts: readonly WrittenPart[], step: () => void): AsyncGenerator<string> {
  const head = JSON.stringify(data, null, 2);
  yield `${head.slice(0, head.lastIndexOf('\n}'))},\n  "plugins": [`;
  let before = '';
  for (const { id, tables, data: own, files } of parts) {
    yield `${before}\n    {\n      "id": ${JSON.stringify(id)},\n      "tables": [`;
    before = ',';
    let separator = '';
    for (const table of tables) {
      for await (const piece of tableJson(table)) {
        yield separator === '' ? piece : `${separator}${piece}`;
        separator = '';
      }
      if (table.found.rows > 0) separator = ',';
      step();
    }
    yield tables.some(({ found }) => found.rows > 0) ? '\n      ]' : ']';
    if (own !== null) yield `,\n      "data": ${indent(own, 6)}`;
    yield `,\n      "files": ${indent(JSON.stringify(files, null, 2), 6)}\n    }`;
  }
  yield '\n  ]\n}';
}

async function* tableJson(table: WrittenPart['tables'][number]): AsyncGenerator<string> {
  const { found, batches, relations, purpose, use, withheld } = table;
  for await (const rows of batches()) {
    for (const row of rows) {
      if (found.rows === 0) {
        const head = JSON.stringify({ table: table.table, relations, purpose, use, withheld }, null, 2);
        yield `\n        ${indent(head.slice(0, head.lastIndexOf('\n}')), 8)},\n          "rows": [`;
      }
      yield `${found.rows === 0 ? '' : ','}\n            ${indent(JSON.stringify(row, null, 2), 12)}`;
      note(found, row);
    }
  }
  if (found.rows > 0) yield '\n          ]\n        }';
}

function note(found: Found, row: Row): void {
  if (found.rows++ === 0) found.columns = Object.keys(row);
  for (const column of found.columns) if (!emptyCell(row[column])) found.filled.add(column);
}

/** Indents JSON; its strings contain no raw line breaks. */
const indent = (json: string, by: number): string => json.replaceAll('\n', `\n${' '.repeat(by)}`);

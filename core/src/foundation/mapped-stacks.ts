import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The last part of a line of a stack: `file:///portal/node_modules/x/dist/routes.js:12:5`, in brackets if a function is named. */
const place = /(file:\/\/[^\s()]+?)(\?[^\s():]*)?:(\d+):(\d+)(\)?)$/;

/**
 * Lets stacks name the lines of the sources from which modules were compiled, as `node --enable-source-maps` does, with two differences: a
 * map is read when a stack first names its module, since reading all maps would take a sixth of the time of a start; and files keep their
 * addresses (`file:///…`), by which the kernel finds the plugin that an error comes from.
 */
export function mapStacks(): void {
  const maps = new Map<string, SourceMap | null>();
  const mapOf = (file: string): SourceMap | null => {
    let map = maps.get(file);
    if (map === undefined) {
      map = readMap(file);
      maps.set(file, map);
    }
    return map;
  };
  const mapped = (line: string): string =>
    line.replace(place, (whole, file: string, _edition, row: string, column: string, end: string) => {
      const entry = mapOf(file)?.findEntry(Number(row) - 1, Number(column) - 1);
      if (entry === undefined || !('originalSource' in entry)) return whole;
      const source = new URL(entry.originalSource, file).href;
      return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}${end}`;
    });
  Error.prepareStackTrace = (error, sites) => [headOf(error), ...sites.map((site) => mapped(`    at ${site}`))].join('\n');
}

/** Null if the module has no map beside it, or one that cannot be read. */
function readMap(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${file}.map`), 'utf8')) as SourceMapPayload);
  } catch {
    return null;
  }
}

/** `TypeError: message`, also of errors that refuse to be printed. */
function headOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return '<error>';
  }
}

import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';
import { packageFolder } from './package-folder.js';

/** The last part of a line of a stack: `file:///portal/node_modules/x/dist/routes.js:12:5`, in brackets if a function is named. */
const place = /(file:\/\/[^\s()]+?)(\?[^\s():]*)?:(\d+):(\d+)(\)?)$/;

/**
 * Lets stacks name the lines of the sources from which modules were compiled, as `node --enable-source-maps` does, with two differences: a
 * map is read when a stack first names its module, since reading all maps would take a sixth of the time of a start; and files keep their
 * addresses (`file:///…`), by which the kernel finds the plugin that an error comes from.
 */
export function mapStacks(): void {
  const modules = new Map<string, Mapped | null>();
  const mappedOf = (file: string): Mapped | null => {
    let found = modules.get(file);
    if (found === undefined) {
      found = readMap(file);
      modules.set(file, found);
    }
    return found;
  };
  const mapped = (line: string): string =>
    line.replace(place, (whole, file: string, _edition, row: string, column: string, end: string) => {
      const module = mappedOf(file);
      const entry = module?.map.findEntry(Number(row) - 1, Number(column) - 1);
      if (entry === undefined || !('originalSource' in entry)) return whole;
      // A map may leave its source out, whatever the type says.
      const { originalSource } = entry as { originalSource?: unknown };
      if (typeof originalSource !== 'string' || !URL.canParse(originalSource, file)) return whole;
      const source = new URL(originalSource, file).href;
      // The kernel finds the plugin that an error comes from by this address, so a map must not lead out of its package.
      if (!source.startsWith(module?.folder as string)) return whole;
      return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}${end}`;
    });
  Error.prepareStackTrace = (error, sites) => [headOf(error), ...sites.map((site) => mapped(`    at ${site}`))].join('\n');
}

interface Mapped {
  map: SourceMap;
  /** URL of the folder of the module's package. */
  folder: string;
}

/** Null if the module has no map beside it, or one that cannot be read. */
function readMap(file: string): Mapped | null {
  try {
    const path = fileURLToPath(file);
    const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')) as SourceMapPayload);
    return { map, folder: packageFolder(path) };
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

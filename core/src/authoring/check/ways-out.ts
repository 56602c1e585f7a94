import { existsSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Connection, connectionsIn } from './connections.js';
import type { Findings } from './finding.js';
import { packagesAmong, serverModules, specifiersIn } from './imports.js';
import type { Subject } from './subject.js';

/** Maximum number of modules read per dependency; if it has more, the finding says that it was not read completely. */
const MOST_MODULES = 2_000;
const MOST_TOLD = 5;

const remedy =
  'Call other services by the service http, with the hosts declared under http in the manifest. For a protocol other than HTTP, ' +
  "give the reason in http: { sockets: 'why' }; ilearn plan and the register then show it.";

/**
 * Checks that the plugin's own server code opens connections only through the service `http`, and lists its dependencies that could open
 * others. This reads the source of modules: it finds oversights, but does not protect from a plugin that hides what it does.
 */
export function checkWaysOut(subject: Subject, findings: Findings): void {
  const { folder, manifest, definition } = subject;
  const found = [...serverModules(subject)].flatMap((file) =>
    connectionsOf(file, true).map((each) => `${relative(folder, file).split('\\').join('/')}:${each.line} ${each.what}`),
  );
  const declared = definition.http?.sockets;
  for (const each of found.slice(0, MOST_TOLD)) {
    if (declared === undefined) findings.failed('outgoing calls', `${each}, without the service http.`, remedy);
    else findings.passed('outgoing calls', `${each}; declared: ${declared}`);
  }
  if (found.length > MOST_TOLD && declared === undefined) {
    findings.failed('outgoing calls', `There are ${found.length - MOST_TOLD} more such places.`, remedy);
  }
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const way = wayOutOf(name, folder);
    if (way === null) continue;
    findings.skipped(
      'outgoing calls',
      `The dependency ${name} can open connections by itself (${way}). Not checked: whether it does.`,
      'Pass it http.fetch if it accepts a fetch function, and do not use those of its parts that call others.',
    );
  }
  findings.passedUnlessFailed('outgoing calls', 'its server code calls other services only through the service http');
}

function connectionsOf(file: string, ownCode: boolean): Connection[] {
  if (!existsSync(file)) return [];
  try {
    return connectionsIn(readFileSync(file, 'utf8'), ownCode);
  } catch {
    // Files that Node cannot read either are reported when the plugin is loaded; files of dependencies may have any content.
    return [];
  }
}

/** The first place in a package, or in its dependencies, that opens connections; null if there is none. */
function wayOutOf(name: string, from: string): string | null {
  const seen = new Set<string>();
  const queue: string[] = [];
  const add = (specifier: string, importer: string) => {
    const file = resolveFrom(specifier, importer);
    if (file !== null && /\.[cm]?js$/.test(file) && !seen.has(file)) {
      seen.add(file);
      queue.push(file);
    }
  };
  add(name, join(from, 'package.json'));
  for (let file = queue.shift(); file !== undefined && seen.size <= MOST_MODULES; file = queue.shift()) {
    const [first] = connectionsOf(file, false);
    if (first !== undefined) return `${first.what} in ${shortName(file)}`;
    const specifiers = specifiersIn(file);
    const next = [...specifiers.filter((each) => each.startsWith('.')), ...packagesAmong(specifiers), ...requiresIn(file)];
    for (const each of next) if (!isBuiltin(each)) add(each, file);
  }
  return null;
}

const requiresIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g)].map(([, specifier]) => specifier as string);

/** The file to which an import resolves, by the conditions of `import`, then by those of `require`. */
function resolveFrom(specifier: string, importer: string): string | null {
  if (specifier.startsWith('.')) {
    const plain = join(dirname(importer), specifier);
    return (
      [plain, `${plain}.js`, `${plain}.cjs`, join(plain, 'index.js')].find((each) => /js$/.test(each) && existsSync(each)) ?? null
    );
  }
  const require = createRequire(importer);
  for (const folder of require.resolve.paths(specifier) ?? []) {
    const file = join(folder, specifier, 'package.json');
    if (!existsSync(file)) continue;
    const { exports, module, main = 'index.js' } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const target = importTarget(exports) ?? (typeof module === 'string' ? module : String(main));
    const found = join(folder, specifier, target);
    return [found, `${found}.js`, join(found, 'index.js')].find((each) => /js$/.test(each) && existsSync(each)) ?? null;
  }
  return null;
}

function importTarget(exports: unknown): string | null {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return null;
  const map = exports as Record<string, unknown>;
  for (const key of ['.', 'node', 'import', 'module', 'default', 'require']) {
    if (map[key] !== undefined) return importTarget(map[key]);
  }
  return null;
}

const shortName = (file: string): string => file.split('\\').join('/').split('/node_modules/').at(-1) as string;

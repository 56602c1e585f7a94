// `npm run docs:api`: writes plugins/api/http.txt, what programs of others can ask of the plugins of this repository: a line for each operation that machines may
// call, and for each value that it takes (>) and answers (<). A change that breaks such programs is refused, unless the operation was deprecated and its
// sunset is over: `node core/scripts/http-report.mjs --break` writes it all the same, and is for changes that docs/versioning.md allows.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const file = join(root, 'plugins', 'api', 'http.txt');

const head = `# Made from the routes by \`npm run docs:api\`. What programs of others can ask: each operation with its scope, what it takes (>), and what it
# answers (<): place, name, types, whether it is always there (!), and the values of a list.
`;

/** Types, values and presence of everything in a schema: path → `{ types, values, required }`. `values` is null where any value of the type fits. */
export function factsOf(schema, path = '', required = true, found = new Map(), depth = 0) {
  if (depth > 12) return found;
  const branches = schema.anyOf ?? schema.oneOf;
  const add = (types, values) => {
    const known = found.get(path);
    const all = new Set([...(known?.types ?? []), ...types]);
    const both =
      known === undefined ? values : known.values === null || values === null ? null : [...new Set([...known.values, ...values])];
    found.set(path, { types: all, values: both, required: known === undefined ? required : known.required && required });
  };
  if (branches !== undefined) {
    const each = branches.map((branch) =>
      factsOf({ ...schema, anyOf: undefined, oneOf: undefined, ...branch }, path, required, new Map(), depth + 1),
    );
    for (const facts of each)
      for (const [at, { types, values, required: always }] of facts) {
        const known = found.get(at);
        const inAll = always && each.every((other) => other.has(at));
        found.set(at, {
          types: new Set([...(known?.types ?? []), ...types]),
          values:
            known === undefined
              ? values
              : known.values === null || values === null
                ? null
                : [...new Set([...known.values, ...values])],
          required: inAll && (known?.required ?? true),
        });
      }
    return found;
  }
  const values = 'const' in schema ? [String(schema.const)] : (schema.enum?.map(String) ?? null);
  const types = [schema.type ?? (values === null ? 'any' : typeof (schema.const ?? schema.enum[0]))].flat();
  add(types, values === null ? null : [...values].sort());
  const under = (name) => (path === '' ? name : `${path}.${name}`);
  for (const [name, part] of Object.entries(schema.properties ?? {}))
    factsOf(part, under(name), schema.required?.includes(name) ?? false, found, depth + 1);
  if (schema.items !== undefined && schema.items !== false) factsOf(schema.items, `${path}[]`, true, found, depth + 1);
  if (typeof schema.additionalProperties === 'object') factsOf(schema.additionalProperties, under('*'), false, found, depth + 1);
  return found;
}

/** What one operation takes and answers, as lines. */
function linesOf(operation) {
  const lines = [];
  const put = (sign, place, facts) => {
    for (const [path, { types, values, required }] of facts) {
      const listed = values === null ? '' : ` = ${values.join(' | ')}`;
      lines.push(
        `  ${sign} ${place}${path === '' ? '' : ` ${path}`}${required ? '!' : ''}: ${[...types].sort().join(' | ')}${listed}`,
      );
    }
  };
  for (const { name, in: place, required, schema } of operation.parameters)
    put('>', `${place} ${name}`, factsOf(schema, '', required));
  for (const [type, { schema }] of Object.entries(operation.requestBody?.content ?? {}))
    put('>', `body ${type}`, factsOf(schema ?? {}));
  for (const [status, { content = {} }] of Object.entries(operation.responses)) {
    if (status === 'default') continue;
    if (Object.keys(content).length === 0) lines.push(`  < ${status}`);
    for (const [type, { schema }] of Object.entries(content)) put('<', `${status} ${type}`, factsOf(schema ?? {}));
  }
  return lines;
}

/** The report of a list of `[route, operation]`, such as `['GET /api/notes', …]`. */
export function reportOf(operations) {
  const parts = operations
    .filter(([, operation]) => operation['x-machines']?.scope !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([route, operation]) => {
      const { since, sunset } = operation['x-deprecation'] ?? {};
      const old = since === undefined ? '' : ` deprecated ${since}${sunset === undefined ? '' : ` sunset ${sunset}`}`;
      return [`${route} [${operation['x-machines'].scope}]${old}`, ...linesOf(operation)].join('\n');
    });
  return `${head}\n${parts.join('\n\n')}\n`;
}

const lineForm = /^ {2}([<>]) (.+?)(!?): (.+?)(?: = (.+))?$/;

/** The operations of a report: route → scope, sunset, and its lines by sign and place. */
function parse(report) {
  const operations = new Map();
  let current;
  for (const line of report.split('\n')) {
    const [, route, scope, sunset] = /^([A-Z]+ \/\S+) \[(\S+)\](?:.* sunset (\S+))?/.exec(line) ?? [];
    if (route !== undefined) {
      current = { scope, sunset, lines: new Map() };
      operations.set(route, current);
    } else if (line.startsWith('  ')) {
      const [, sign, place, always, types, values] = lineForm.exec(line) ?? [null, line.slice(2, 3), line.slice(4), '!', 'none'];
      current.lines.set(`${sign} ${place}`, {
        ...{ sign, required: always === '!', types: types.split(' | ') },
        values: values?.split(' | ') ?? null,
      });
    }
  }
  return operations;
}

const lacks = (all, some) => some.filter((each) => !all.includes(each));
/** Whether some types are among others; whole numbers are numbers. */
const widened = (types) => (types.includes('any') ? null : types.includes('number') ? [...types, 'integer'] : types);
const beyond = (wide, narrow) => (widened(wide) === null ? [] : lacks(widened(wide), narrow));

/**
 * What of a newer report breaks programs that follow an older one, in words. More may be answered, and more may be taken; new values in lists of answers are
 * no break, since programs are told to expect them.
 *
 * @param today removals after a sunset before this day are no break
 */
export function breaksOf(older, newer, today = new Date().toISOString().slice(0, 10)) {
  const breaks = [];
  const now = parse(newer);
  for (const [route, { scope, sunset, lines }] of parse(older)) {
    const found = now.get(route);
    if (found === undefined) {
      if (sunset === undefined || sunset.slice(0, 10) > today) breaks.push(`${route}: is gone`);
      continue;
    }
    if (found.scope !== scope) breaks.push(`${route}: needs ${found.scope} instead of ${scope}`);
    for (const [place, was] of lines) {
      const is = found.lines.get(place);
      const [wide, narrow] = was.sign === '<' ? [was, is] : [is, was];
      if (is === undefined) breaks.push(`${route}: ${place} is gone`);
      else if (beyond(wide.types, narrow.types).length > 0)
        breaks.push(`${route}: ${place} is ${is.types.join(' | ')} instead of ${was.types.join(' | ')}`);
      else if (was.sign === '<' && was.required && !is.required) breaks.push(`${route}: ${place} may be missing`);
      else if (was.sign === '>' && !was.required && is.required) breaks.push(`${route}: ${place} is required`);
      else if (was.sign === '>' && is.values !== null && lacks(is.values, was.values ?? ['any other value']).length > 0)
        breaks.push(`${route}: ${place} does not take ${lacks(is.values, was.values ?? ['any other value']).join(', ')}`);
    }
    for (const [place, is] of found.lines)
      if (is.sign === '>' && is.required && !lines.has(place) && !isBelowNew(place, lines))
        breaks.push(`${route}: ${place} is required`);
  }
  return breaks;
}

/** Whether something optional that was not taken before is around it. */
function isBelowNew(place, lines) {
  const above = place.replace(/(?:\.[^.\s[\]]+|\[\])$/, '');
  return above !== place && !lines.has(above);
}

/** The report of the built plugins of this repository. */
export async function wantedHttpReport() {
  const load = (path) => import(pathToFileURL(join(root, path)).href);
  const { describeRoutes } = await load('core/dist/http/openapi.js');
  const operations = [];
  for (const name of readdirSync(join(root, 'plugins')).sort()) {
    if (!existsSync(join(root, 'plugins', name, 'dist', 'index.js'))) continue;
    const { default: plugin } = await load(`plugins/${name}/dist/index.js`);
    for (const [path, methods] of Object.entries(describeRoutes(plugin.id, plugin.routes ?? [])))
      for (const [method, operation] of Object.entries(methods)) operations.push([`${method.toUpperCase()} ${path}`, operation]);
  }
  return reportOf(operations);
}

export const keptHttpReport = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = await wantedHttpReport();
  const breaks = breaksOf(keptHttpReport(), wanted);
  if (breaks.length > 0 && !process.argv.includes('--break')) {
    console.error(
      `These changes break programs of others. Deprecate first, with a sunset (docs/versioning.md):\n- ${breaks.join('\n- ')}`,
    );
    process.exitCode = 1;
  } else if (wanted === keptHttpReport()) console.log('The report of the HTTP API is up to date.');
  else {
    writeFileSync(file, wanted);
    console.log('Written: plugins/api/http.txt');
  }
}

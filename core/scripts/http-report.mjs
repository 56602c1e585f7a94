// `npm run docs:api`: writes plugins/api/http.txt, what programs of others can ask of the plugins of this repository: a line for each operation that machines may
// call or that asks for no session, and for each value that it takes (>) and answers (<). A change that breaks such programs is refused, unless the operation was deprecated and its
// sunset is over: `node core/scripts/http-report.mjs --break` writes it all the same, and is for changes that docs/versioning.md allows.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const file = join(root, 'plugins', 'api', 'http.txt');

const head = `# Made from the routes by \`npm run docs:api\`. What programs of others can ask: each operation with its scope, what it takes (>), and what it
# answers (<): place, name, types, whether it is always there (!), the values of a list, and the bounds of what it takes. [public]: it asks for no session.
`;

/** Keywords that bound what is taken, the type that each is about, and the looser of two values; without one they differ or not. */
const bounds = {
  minLength: { of: 'string', looser: Math.min },
  maxLength: { of: 'string', looser: Math.max },
  pattern: { of: 'string' },
  minimum: { of: 'number', looser: Math.min },
  exclusiveMinimum: { of: 'number', looser: Math.min },
  maximum: { of: 'number', looser: Math.max },
  exclusiveMaximum: { of: 'number', looser: Math.max },
  minItems: { of: 'array', looser: Math.min },
  maxItems: { of: 'array', looser: Math.max },
  closed: { of: 'object' },
};

/** Bounds of a schema: keyword → value. Those of whole numbers that JSON can carry say nothing. */
function limitsOf(schema) {
  const limits = {};
  for (const name of Object.keys(bounds)) {
    const value = name === 'closed' ? schema.additionalProperties === false || undefined : schema[name];
    if (value !== undefined && Math.abs(value) !== Number.MAX_SAFE_INTEGER) limits[name] = value;
  }
  return limits;
}

/** Whether a value of one of these types may be of the type that a bound is about. */
const concerns = (types, of) => types.includes('any') || types.includes(of) || (of === 'number' && types.includes('integer'));

/** The bounds that hold whichever of two alternatives a value fits. */
function looserOf(one, other) {
  const limits = {};
  for (const [name, { of, looser }] of Object.entries(bounds)) {
    const [mine, theirs] = [one.limits[name], other.limits[name]];
    const value =
      mine === undefined && !concerns([...one.types], of)
        ? theirs
        : theirs === undefined && !concerns([...other.types], of)
          ? mine
          : mine === theirs
            ? mine
            : mine === undefined || theirs === undefined
              ? undefined
              : looser?.(mine, theirs);
    if (value !== undefined) limits[name] = value;
  }
  return limits;
}

/** What holds at one place in any of two alternatives. */
const eitherOf = (one, other, required) => ({
  types: new Set([...one.types, ...other.types]),
  values: one.values === null || other.values === null ? null : [...new Set([...one.values, ...other.values])].sort(),
  limits: looserOf(one, other),
  required,
});

/** One schema in place of parts that all hold. */
function together({ allOf = [], ...own }) {
  const all = { ...own };
  for (const { properties = {}, required = [], ...rest } of allOf.map(together)) {
    const known = all.properties ?? {};
    const both = Object.keys(properties).filter((name) => Object.hasOwn(known, name));
    const merged = Object.fromEntries(both.map((name) => [name, { allOf: [known[name], properties[name]] }]));
    Object.assign(all, rest, {
      properties: { ...known, ...properties, ...merged },
      required: [...(all.required ?? []), ...required],
    });
  }
  return all;
}

/** The member whose only value tells alternatives apart, or undefined. */
function discriminatorOf(branches) {
  const constOf = (branch, name) => together(branch).properties?.[name]?.const;
  const names = Object.keys(together(branches[0] ?? {}).properties ?? {});
  return names.find((name) => {
    const values = branches.map((branch) => constOf(branch, name));
    return branches.length > 1 && values.every((value) => value !== undefined) && new Set(values).size === values.length;
  });
}

/**
 * Types, values, bounds and presence of everything in a schema: path → `{ types, values, limits, required }`. `values` is null where any value of the type
 * fits. Alternatives that a member tells apart have paths of their own, `(kind=a)`; what others say of one place is taken together.
 */
export function factsOf(written, path = '', required = true, found = new Map(), depth = 0) {
  if (depth > 12) return found;
  const schema = together(written);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) {
    const whole = (branch) => ({ allOf: [{ ...schema, anyOf: undefined, oneOf: undefined }, branch] });
    const member = discriminatorOf(branches);
    if (member !== undefined) {
      found.set(path, { types: new Set(['object']), values: null, limits: {}, required });
      for (const branch of branches)
        factsOf(whole(branch), `${path}(${member}=${together(branch).properties[member].const})`, false, found, depth + 1);
      return found;
    }
    const each = branches.map((branch) => factsOf(whole(branch), path, required, new Map(), depth + 1));
    for (const facts of each)
      for (const [at, fact] of facts) {
        const known = found.get(at);
        const inAll = fact.required && each.every((other) => other.has(at));
        found.set(at, known === undefined ? { ...fact, required: inAll } : eitherOf(known, fact, inAll && known.required));
      }
    return found;
  }
  const values = 'const' in schema ? [String(schema.const)] : (schema.enum?.map(String) ?? null);
  const types = [schema.type ?? (values === null ? 'any' : typeof (schema.const ?? schema.enum[0]))].flat();
  const fact = { types: new Set(types), values: values === null ? null : [...values].sort(), limits: limitsOf(schema), required };
  const known = found.get(path);
  found.set(path, known === undefined ? fact : eitherOf(known, fact, known.required && required));
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
    for (const [path, { types, values, limits, required }] of facts) {
      const listed = values === null ? '' : ` = ${values.join(' | ')}`;
      // Of answers, programs rely on no bounds.
      const bounded = sign === '>' && Object.keys(limits).length > 0 ? ` ${JSON.stringify(limits)}` : '';
      lines.push(
        `  ${sign} ${place}${path === '' ? '' : ` ${path}`}${required ? '!' : ''}: ${[...types].sort().join(' | ')}${listed}${bounded}`,
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

/** Scope of an operation that programs of others may call: `public` if it asks for no session and checks tokens itself. */
const scopeOf = (operation) => operation['x-machines']?.scope ?? (operation['x-no-session'] === true ? 'public' : undefined);

/** The report of a list of `[route, operation]`, such as `['GET /api/notes', …]`. */
export function reportOf(operations) {
  const parts = operations
    .filter(([, operation]) => scopeOf(operation) !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([route, operation]) => {
      const { since, sunset } = operation['x-deprecation'] ?? {};
      const old = since === undefined ? '' : ` deprecated ${since}${sunset === undefined ? '' : ` sunset ${sunset}`}`;
      return [`${route} [${scopeOf(operation)}]${old}`, ...linesOf(operation)].join('\n');
    });
  return `${head}\n${parts.join('\n\n')}\n`;
}

const lineForm = /^ {2}([<>]) (.+?)(!?): (.+?)(?: = (.+?))?(?: (\{".*\}))?$/;

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
      const [, sign, place, always, types, values, limits] = lineForm.exec(line) ?? [
        null,
        line.slice(2, 3),
        line.slice(4),
        '!',
        'none',
      ];
      current.lines.set(`${sign} ${place}`, {
        ...{ sign, required: always === '!', types: types.split(' | ') },
        values: values?.split(' | ') ?? null,
        limits: limits === undefined ? {} : JSON.parse(limits),
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
      else if (was.sign === '>' && tighter(was, is).length > 0)
        breaks.push(`${route}: ${place} has a narrower ${tighter(was, is).join(', ')}`);
    }
    for (const [place, is] of found.lines)
      if (is.sign === '>' && is.required && !lines.has(place) && !isBelowNew(place, lines) && !isFurther(place, lines))
        breaks.push(`${route}: ${place} is required`);
  }
  return breaks;
}

/** Bounds that refuse what was taken. Where values are listed, these decide. */
const tighter = (was, is) =>
  is.values !== null
    ? []
    : Object.entries(is.limits).flatMap(([name, value]) => {
        const before = was.limits[name];
        const isLooser = before !== undefined && bounds[name].looser?.(before, value) === value;
        return before === value || isLooser || !concerns(was.types, bounds[name].of) ? [] : [name];
      });

/** Whether it is part of a body of another media type, which may be sent instead of those of before. */
function isFurther(place, lines) {
  const [body] = /^> body \S+/.exec(place) ?? [];
  return body !== undefined && !lines.has(body) && [...lines.keys()].some((each) => each.startsWith('> body '));
}

/** Whether something optional that was not taken before is around it. */
function isBelowNew(place, lines) {
  // Without the sign, the kind of place, and its name or media type, which may have dots.
  const [, before, path] = /^(\S+ \S+ \S+ )(\S+)$/.exec(place) ?? [];
  if (path === undefined) return false;
  const above = path.replace(/(?:\.[^.\s[\]()]+|\[\]|\([^()]*\))$/, '');
  return above !== path && !lines.has(`${before}${above}`.trim());
}

/** The report of the built plugins of this repository. */
export async function wantedHttpReport() {
  const load = (path) => import(pathToFileURL(join(root, path)).href);
  const { describeRoutes } = await load('core/dist/http/openapi.js');
  const operations = [];
  for (const name of readdirSync(join(root, 'plugins')).sort()) {
    if (!existsSync(join(root, 'plugins', name, 'dist', 'index.js'))) continue;
    const { default: plugin } = await load(`plugins/${name}/dist/index.js`);
    const routes = plugin.routes ?? [];
    const describe = (some, mark) => {
      for (const [path, methods] of Object.entries(describeRoutes(plugin.id, some)))
        for (const [method, operation] of Object.entries(methods))
          operations.push([`${method.toUpperCase()} ${path}`, { ...operation, ...mark }]);
    };
    const isOutside = ({ permission, session }) => permission === 'public' && session === false;
    describe(routes.filter(isOutside), { 'x-no-session': true });
    describe(
      routes.filter((route) => !isOutside(route)),
      {},
    );
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

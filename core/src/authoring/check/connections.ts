import { type Node, parse } from 'acorn';
import { ancestor, full } from 'acorn-walk';

/** A place in a module that opens connections, or gets access to something that does. */
export interface Connection {
  line: number;
  /** `imports node:https`, `uses fetch`. */
  what: string;
}

/** Node's modules that open connections or resolve names. */
const modules = new Set([
  'http',
  'https',
  'http2',
  'net',
  'tls',
  'dgram',
  'dns',
  'dns/promises',
  'inspector',
  'inspector/promises',
]);
/** Exports of these modules that open no connections. */
const harmless = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress', 'STATUS_CODES', 'METHODS', 'constants']);
/** Packages for making network calls. */
const clientNames =
  'undici|axios|node-fetch(?:-native)?|cross-fetch|isomorphic-fetch|got|ky|ofetch|superagent|request|needle|phin|bent|wretch|ws|eventsource|socket\\.io-client';
const clients = new RegExp(`^(?:${clientNames})(?:/|$)`);
const globals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];
const globalObjects = ['globalThis', 'global', 'self', 'window'];
/** Whatever is found has one of these words in its source: of most modules no tree is needed. */
const mention = new RegExp(
  `${globals.join('|')}|['"\`](?:(?:node:)?(?:${[...modules].join('|')})|(?:${clientNames})(?:/[^'"\`]*)?)['"\`]`,
);

// biome-ignore lint/suspicious/noExplicitAny: acorn types its nodes by a union that a walk over all of them cannot use
type Any = Node & { [member: string]: any };

/** Places in a module that open connections without the service `http`. @throws SyntaxError, where a word in it may stand for one */
export function connectionsIn(code: string, ownCode: boolean): Connection[] {
  if (!mention.test(code)) return [];
  const tree = parseModule(code);
  const found: Connection[] = [];
  const tell = (node: Node, what: string) => found.push({ line: node.loc?.start.line ?? 0, what });
  const asksFor = (node: Any, specifier: unknown, names: string[] | null) => {
    if (typeof specifier !== 'string') return;
    const builtin = specifier.replace(/^node:/, '');
    if (modules.has(builtin) && names?.every((each) => harmless.has(each)) !== true) tell(node, `imports ${specifier}`);
    else if (ownCode && clients.test(specifier)) tell(node, `imports ${specifier}`);
  };
  full(tree, (given) => {
    const node = given as Any;
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
        if (node['source'] != null) asksFor(node, node['source'].value, namesOf(node));
        break;
      case 'ExportAllDeclaration':
        asksFor(node, node['source'].value, null);
        break;
      case 'ImportExpression':
        asksFor(node, textOf(node['source']), null);
        break;
      case 'CallExpression':
        // `require('net')`, `process.getBuiltinModule('net')`, `createRequire(…)('net')`
        if (isLoader(node['callee'])) asksFor(node, textOf(node['arguments'][0]), null);
        break;
      case 'MemberExpression': {
        const name = node['computed'] ? textOf(node['property']) : node['property'].name;
        if (globals.includes(name) && globalObjects.includes(node['object'].name)) tell(node, `uses ${name}`);
        break;
      }
      case 'VariableDeclarator':
        // `const { fetch } = globalThis`
        for (const { key } of globalObjects.includes(node['init']?.name) ? (node['id'].properties ?? []) : []) {
          if (globals.includes(key?.name)) tell(node, `uses ${key.name}`);
        }
    }
  });
  for (const name of globals.filter((each) => code.includes(each))) {
    for (const node of freeUses(tree, name)) tell(node, `uses ${name}`);
  }
  const unique = new Map(found.map((each) => [`${each.line} ${each.what}`, each]));
  return [...unique.values()].sort((one, other) => one.line - other.line);
}

function parseModule(code: string): Node {
  const options = { ecmaVersion: 'latest', locations: true, allowHashBang: true } as const;
  try {
    return parse(code, { ...options, sourceType: 'module' });
  } catch {
    return parse(code, { ...options, sourceType: 'script', allowReturnOutsideFunction: true });
  }
}

const textOf = (node: Any | undefined): string | undefined =>
  node?.type === 'Literal' && typeof node['value'] === 'string'
    ? node['value']
    : node?.type === 'TemplateLiteral' && node['expressions'].length === 0
      ? node['quasis'][0].value.cooked
      : undefined;

/** Names that an import or re-export uses; null for the whole module. */
function namesOf(node: Any): string[] | null {
  const names = (node['specifiers'] as Any[]).map(
    (each) => each['imported']?.name ?? (node.type === 'ImportDeclaration' ? null : each['local']?.name),
  );
  return names.length === 0 || names.includes(null) ? null : names;
}

const isLoader = (callee: Any): boolean =>
  callee['name'] === 'require' ||
  callee['name'] === 'getBuiltinModule' ||
  callee['property']?.name === 'getBuiltinModule' ||
  (callee.type === 'CallExpression' && callee['callee'].name === 'createRequire') ||
  // A function returned by `createRequire` usually has this word in its name.
  /require/i.test(callee['name'] ?? '');

/** Uses of a global name that no enclosing scope declares. If a scope declares it, all uses in that scope count as the declared one. */
function freeUses(tree: Node, name: string): Node[] {
  const declaring = new Set<Node>();
  const scopes = /^(?:Program|FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
  const scopeOf = (above: Node[]): Node => [...above].reverse().find(({ type }) => scopes.test(type)) as Node;
  const declares = (node: Any, _: unknown, above: Node[]) => {
    if (node['name'] === name) declaring.add(scopeOf(above.slice(0, -1)) ?? tree);
  };
  const declaresOutside = (node: Any, _: unknown, above: Node[]) => {
    if (node['id']?.name === name) declaring.add(scopeOf(above.slice(0, -1)) ?? tree);
  };
  const imports = (node: Any) => {
    if ((node['specifiers'] as Any[]).some((each) => each['local'].name === name)) declaring.add(tree);
  };
  // The types of acorn-walk lack its own kinds of node.
  const visitors = { VariablePattern: declares, ImportDeclaration: imports, Function: declaresOutside, Class: declaresOutside };
  ancestor(tree, visitors as never);
  const uses: Node[] = [];
  ancestor(tree, {
    Identifier: ((node: Any, _: unknown, above: Node[]) => {
      // `typeof fetch` only tests whether it exists.
      const asked = (above.at(-2) as Any | undefined)?.['operator'] === 'typeof';
      if (node['name'] === name && !asked && !above.some((each) => declaring.has(each))) uses.push(node);
    }) as never,
  });
  return uses;
}

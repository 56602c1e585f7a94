// `npm run docs:api`: writes docs/api/core.md and docs/api/ui.md from the built declarations (dist/**/*.d.ts). Each lists every name that the
// package exports, with its signature and docstring: the reference for plugin authors, and the report that shows a change of the contract.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Members that a component has because it is a Lit element; plugins neither call nor read them. */
const LIT_MEMBERS = new Set([
  ...['styles', 'render', 'createRenderRoot', 'update', 'willUpdate', 'updated', 'firstUpdated', 'shouldUpdate'],
  ...['connectedCallback', 'disconnectedCallback', 'attributeChangedCallback', 'shadowRootOptions'],
]);

const modules = new Map();

/** A declaration file: `{ file, text, comments, declarations, exports, stars, imports }`. */
function readModule(file) {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const { program, comments, errors } = parseSync(file, text, { lang: 'dts', sourceType: 'module' });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const module = { file, text, comments, declarations: new Map(), exports: new Map(), stars: [], imports: new Map() };
  modules.set(file, module);
  const target = (source) => join(dirname(file), source.value.replace(/\.js$/, '.d.ts'));
  const declare = (node, outer) => {
    const names = node.type === 'VariableDeclaration' ? node.declarations.map(({ id }) => id.name) : [node.id.name];
    for (const name of names) {
      module.declarations.set(name, [...(module.declarations.get(name) ?? []), { node, outer }]);
      if (outer.type === 'ExportNamedDeclaration') module.exports.set(name, { file, name });
    }
  };
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') {
      if (!node.source.value.startsWith('.')) continue;
      for (const { local, imported } of node.specifiers) {
        if (imported !== undefined) module.imports.set(local.name, { file: target(node.source), name: imported.name });
      }
    } else if (node.type === 'ExportAllDeclaration') {
      if (node.source.value.startsWith('.')) module.stars.push(target(node.source));
    } else if (node.type === 'ExportNamedDeclaration' && node.source?.value.startsWith('.')) {
      for (const { local, exported } of node.specifiers) {
        module.exports.set(exported.name, { file: target(node.source), name: local.name });
      }
    } else if (node.type === 'ExportNamedDeclaration' && node.declaration !== null) {
      declare(node.declaration, node);
    } else if ('id' in node || node.type === 'VariableDeclaration') {
      declare(node, node);
    }
  }
  return module;
}

/** Name → where it is declared, of everything that a declaration file exports, directly or from other files. */
function exportsOf(file) {
  const module = readModule(file);
  const all = new Map(module.stars.flatMap((star) => [...exportsOf(star)]));
  for (const [name, { file: from, name: original }] of module.exports) {
    const place = from === file ? { file, name } : exportsOf(from).get(original);
    if (place === undefined) throw new Error(`${file} exports ${name}, which ${from} does not declare.`);
    all.set(name, place);
  }
  return all;
}

/** Every identifier below a node. */
function* identifiersIn(node) {
  if (Array.isArray(node)) for (const each of node) yield* identifiersIn(each);
  else if (node !== null && typeof node === 'object') {
    if (node.type === 'Identifier') yield node.name;
    for (const [key, value] of Object.entries(node)) if (key !== 'loc' && typeof value === 'object') yield* identifiersIn(value);
  }
}

/**
 * Adds to `found` (file → names) what the signature of a declaration names and nobody can import: in its own file, and in files of the same
 * folder. Other folders hold the inside of the kernel, of which only the exported types count.
 */
function addHelpers({ file, name }, isPublic, found) {
  const module = readModule(file);
  for (const { node } of module.declarations.get(name) ?? []) {
    for (const used of new Set(identifiersIn(node))) {
      const place = module.declarations.has(used) ? { file, name: used } : module.imports.get(used);
      if (place === undefined || dirname(place.file) !== dirname(file) || isPublic(place)) continue;
      const names = found.get(place.file) ?? new Set();
      if (names.has(place.name)) continue;
      found.set(place.file, names.add(place.name));
      addHelpers(place, isPublic, found);
    }
  }
}

/** The text of a docstring directly before a node, without its stars; '' where there is none. */
function docstringOf({ text, comments }, { outer }) {
  const comment = comments.findLast(({ type, end }) => type === 'Block' && end <= outer.start);
  if (comment === undefined || !comment.value.startsWith('*') || text.slice(comment.end, outer.start).trim() !== '') return '';
  return comment.value
    .slice(1)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}

/** How each tag of a docstring is written; `@fires name - text` and the like are those of the custom elements manifest. */
const TAGS = [
  [/^@deprecated\s*(.*)/, '**Deprecated.** $1'],
  [/^@param (\w+)/, '- `$1`:'],
  [/^@returns /, '- Returns '],
  [/^@throws \{?(\w+)\}?/, '- Throws `$1`'],
  [/^@fires ([\w-]+) - /, '- Fires `$1`: '],
  [/^@slot - /, '- Slot without a name: '],
  [/^@slot ([\w-]+) - /, '- Slot `$1`: '],
  [/^@csspart ([\w-]+) - /, '- Part `$1`: '],
];

/** Docstrings as Markdown: links to names become code, tags become a list. */
function asMarkdown(docstring) {
  const lines = docstring.replace(/\{@link ([\w.]+)\}/g, '`$1`').split('\n');
  return lines
    .map((line, index) => {
      const [pattern, text] = TAGS.find(([tag]) => tag.test(line)) ?? [];
      if (pattern === undefined) return line;
      const first = index > 0 && !lines[index - 1].startsWith('@') && lines[index - 1] !== '';
      return `${first ? '\n' : ''}${line.replace(pattern, text)}`;
    })
    .join('\n');
}

/** The name by which a page writes an element: `<il-dialog>`; undefined for what is no element. */
const elementOf = ({ text }, name) => new RegExp(`HTMLElementTagNameMap[^}]*["']([\\w-]+)["']: ${name};`).exec(text)?.[1];

/** The declaration as text, without `export declare`, and without the members of a class that its users cannot or need not reach. */
function signatureOf({ text }, { node }) {
  let signature = text.slice(node.start, node.end);
  const members = node.type === 'ClassDeclaration' ? node.body.body : [];
  for (const [index, member] of [...members.entries()].reverse()) {
    const hidden =
      member.key?.type === 'PrivateIdentifier' ||
      ['private', 'protected'].includes(member.accessibility) ||
      LIT_MEMBERS.has(member.key?.name);
    if (!hidden) continue;
    const from = index === 0 ? node.body.start + 1 : members[index - 1].end;
    signature = signature.slice(0, from - node.start) + signature.slice(member.end - node.start);
  }
  return signature
    .replace(/^declare /, '')
    .replace(/import\(["']zod["']\)\./g, 'z.')
    .replace(/import\(["']zod\/v4\/core["']\)\./g, 'z.core.')
    .replace(/import\(["'][^"']+["']\)\./g, '');
}

/** Formats all signatures in one run; a marker line stands between two. */
function format(signatures) {
  const marker = '// next signature';
  const biome = join(dirname(createRequire(import.meta.url).resolve('@biomejs/biome/package.json')), 'bin', 'biome');
  const source = signatures.map((each) => `${/^(?:type|interface|abstract class)\b/.test(each) ? '' : 'declare '}${each}`);
  const formatted = execFileSync(process.execPath, [biome, 'format', '--stdin-file-path=core/src/api.d.ts'], {
    cwd: root,
    input: source.join(`\n${marker}\n`),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return formatted.split(marker).map((each) => each.trim().replace(/^declare /, ''));
}

const byName = (one, other) => one.toLowerCase().localeCompare(other.toLowerCase(), 'en') || (one < other ? -1 : 1);

/** What one entry point of a package exports, module by module, as sections: `{ module, entries, helpers }`. */
function sectionsOf(entry, folder) {
  const places = exportsOf(entry);
  const isPublic = ({ file, name }) => [...places.values()].some((place) => place.file === file && place.name === name);
  const helpers = new Map();
  for (const place of places.values()) addHelpers(place, isPublic, helpers);
  const files = new Set([...[...places.values()].map(({ file }) => file), ...helpers.keys()]);
  const titleOf = (file) =>
    relative(join(folder, 'dist'), file)
      .split(sep)
      .join(posix.sep)
      .replace(/\.d\.ts$/, '');
  return [...files]
    .map((file) => {
      const module = readModule(file);
      const described = (name, original) => {
        const declarations = module.declarations.get(original) ?? [];
        const docstrings = declarations.map((declaration) => docstringOf(module, declaration)).filter((text) => text !== '');
        const node = declarations.map((declaration) => signatureOf(module, declaration));
        return { name, element: elementOf(module, original), docstring: [...new Set(docstrings)].join('\n\n'), signatures: node };
      };
      return {
        module: titleOf(file),
        entries: [...places]
          .filter(([, place]) => place.file === file)
          .map(([name, place]) => described(name, place.name))
          .sort((one, other) => byName(one.name, other.name)),
        helpers: [...(helpers.get(file) ?? [])].sort(byName).map((name) => described(name, name)),
      };
    })
    .sort((one, other) => byName(one.module, other.module));
}

const code = (signatures) => `\`\`\`ts\n${signatures.join('\n')}\n\`\`\``;

function renderSection({ module, entries, helpers }, specifier) {
  const parts = entries.map(({ name, element, docstring, signatures }) =>
    [
      `### \`${name}\``,
      ...(element === undefined ? [] : [`The element \`<${element}>\`.`]),
      ...(docstring === '' ? [] : [asMarkdown(docstring)]),
      code(signatures),
    ].join('\n\n'),
  );
  if (helpers.length > 0) {
    const texts = helpers.flatMap(({ docstring, signatures }) => [
      ...(docstring === '' ? [] : [`/** ${docstring.replace(/\n/g, '\n * ')} */`]),
      ...signatures,
    ]);
    parts.push(`Signatures name these types, which \`${specifier}\` does not export:\n\n${code(texts)}`);
  }
  return [`## ${module}`, ...parts].join('\n\n');
}

/** The page of one package. */
function renderPackage(name) {
  const folder = join(root, name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entries = Object.entries(manifest.exports).flatMap(([path, { types }]) =>
    types === undefined ? [] : [[posix.join(manifest.name, path), sectionsOf(join(folder, types), folder)]],
  );
  const described = entries.flatMap(([, sections]) => sections.flatMap(({ entries: own, helpers }) => [...own, ...helpers]));
  const formatted = format(described.flatMap(({ signatures }) => signatures));
  for (const each of described) each.signatures = formatted.splice(0, each.signatures.length);
  const body = entries.map(([specifier, sections]) => {
    const names = sections.flatMap(({ module, entries: own }) =>
      own.length === 0 ? [] : [`- ${module}: ${own.map((each) => `\`${each.name}\``).join(', ')}`],
    );
    return [`# ${specifier}`, names.join('\n'), ...sections.map((section) => renderSection(section, specifier))].join('\n\n');
  });
  return `<!-- Made from the declarations by \`npm run docs:api\`. Change the docstrings in ${name}/src, not this page. -->

Everything that \`${manifest.name}\` exports: the reference for plugin authors, by module. A change of this page is a change of the contract
([versioning.md](../versioning.md)).

${body.join('\n\n')}
`;
}

/** Pages that this script writes: path → text as it must be. The packages must be built. */
export const wantedReports = () => new Map(['core', 'ui'].map((name) => [`docs/api/${name}.md`, renderPackage(name)]));

export const staleReports = (wanted = wantedReports()) =>
  [...wanted]
    .filter(([file, text]) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text)
    .map(([file]) => file);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = wantedReports();
  const stale = staleReports(wanted);
  mkdirSync(join(root, 'docs', 'api'), { recursive: true });
  for (const file of stale) writeFileSync(join(root, file), wanted.get(file));
  console.log(stale.length === 0 ? 'The API reports are up to date.' : `Written: ${stale.join(', ')}`);
}

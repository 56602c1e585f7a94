import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CommandError } from '../../contract/work.js';
import { didYouMean } from '../../foundation/nearest-name.js';
import { languages, messagesOf } from '../../privacy/privacy-texts.js';
import { builtCode, builtFiles } from './built-pages.js';
import type { Findings } from './finding.js';
import type { Subject } from './subject.js';

/** Libraries provided by the portal; a plugin with its own copy would use another instance. */
const shared = ['@ilearn/core', '@ilearn/ui', 'knex', 'lit', 'zod'];

/** Text that occurs only in bundles with the internals of these libraries. */
const bundled: Record<string, RegExp> = {
  lit: /litHtmlVersions|reactiveElementVersions|litElementVersions/,
  zod: /vendor:\s*["'`]zod["'`]/,
  knex: /__knexUid/,
};

/** Checks the files that npm would publish: they are complete, and include no library that the portal provides. */
export function checkPackage({ folder, manifest, definition }: Subject, files: readonly string[], findings: Findings): void {
  const needed = new Map(exportedFiles(manifest.exports));
  if (definition.ui !== undefined) {
    needed.set('ui.entry', relative(folder, fileURLToPath(definition.ui.entry)));
    for (const file of builtFiles(definition).slice(1)) needed.set(`pages in ${basename(file)}`, relative(folder, file));
  }
  const texts = messagesOf(definition);
  if (texts !== undefined) {
    const messages = relative(folder, fileURLToPath(texts));
    for (const language of languages) needed.set(`messages in ${language}`, join(messages, `${language}.json`));
  }
  for (const [what, file] of needed) {
    if (files.includes(file.split('\\').join('/').replace(/^\.\//, ''))) continue;
    findings.failed(
      'package',
      `npm would publish it without its ${what} (${file}).`,
      'Build it, and name the folder under "files" in package.json.',
    );
  }
  if (manifest.version !== definition.version) {
    findings.failed(
      'package',
      `package.json says version ${manifest.version}, definePlugin ${definition.version}.`,
      'Give both the same version: other plugins require one, npm installs the other.',
    );
  }
  for (const name of Object.keys(manifest.ilearn ?? {}).filter((each) => each !== 'contract')) {
    findings.failed(
      'package',
      `package.json has "ilearn": { "${name}": … }, which no kernel reads.${didYouMean(name, ['contract'])}`,
      'Rename it, or remove it.',
    );
  }
  for (const name of shared) {
    if (manifest.dependencies?.[name] === undefined && manifest.bundledDependencies?.includes(name) !== true) continue;
    findings.failed('package', `It depends on its own copy of ${name}.`, `Move ${name} from dependencies to peerDependencies.`);
  }
  findings.passedUnlessFailed('package', `${files.length} files, complete`);
}

/** Paths in the packages' tarballs, as listed by npm. */
export async function packedFiles(subjects: readonly Subject[]): Promise<Map<Subject, string[]>> {
  const folders = subjects.map(({ folder }) => folder);
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', ...folders], {
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: Error) => {
    throw new CommandError(`npm cannot list what it would publish: ${error.message}`);
  });
  const packed = Object.values(JSON.parse(stdout) as Record<string, { name: string; files: { path: string }[] }>);
  return new Map(
    subjects.map((subject) => {
      const files = packed.find(({ name }) => name === subject.manifest.name)?.files ?? [];
      return [subject, files.map(({ path }) => path)];
    }),
  );
}

/** Files to which `exports` refers: entry, types, client. */
function exportedFiles(exports: unknown, name = 'exports'): [string, string][] {
  if (typeof exports === 'string') return exports.includes('*') ? [] : [[name, exports]];
  if (typeof exports !== 'object' || exports === null) return [];
  return Object.entries(exports).flatMap(([key, inner]) => exportedFiles(inner, `${name} ${key}`));
}

/** Checks that all languages have the same messages, and none is empty. Returns their keys. */
export function checkMessages({ definition }: Subject, findings: Findings): Set<string> {
  const folder = messagesOf(definition);
  if (folder === undefined) return new Set();
  const keys = new Map<string, Set<string>>();
  for (const language of languages) {
    const file = new URL(`${language}.json`, folder);
    if (!existsSync(file)) continue;
    try {
      keys.set(language, new Set(keysOf(JSON.parse(readFileSync(file, 'utf8')))));
    } catch (error) {
      findings.failed('messages', `${language}.json is not JSON: ${(error as Error).message}`, 'Fix the file.');
    }
  }
  const all = new Set([...keys.values()].flatMap((each) => [...each]));
  for (const [language, known] of keys) {
    const missing = [...all].filter((key) => !known.has(key));
    if (missing.length === 0) continue;
    findings.failed(
      'messages',
      `${language}.json has no text for ${fewOf(missing)}.`,
      'Every plugin needs texts in nl, en and fr.',
    );
  }
  findings.passedUnlessFailed('messages', `${all.size} texts in ${[...keys.keys()].join(', ')}`);
  return all;
}

export const fewOf = (keys: readonly string[]): string =>
  keys.slice(0, 5).join(', ') + (keys.length > 5 ? ` and ${keys.length - 5} more` : '');

/** Keys of non-empty texts. Plural forms count as one key, since languages have different ones. */
function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null)
    return value === '' ? [] : [path.replace(/_(zero|one|two|few|many|other)$/, '')];
  return Object.entries(value).flatMap(([name, inner]) => keysOf(inner, path === '' ? name : `${path}.${name}`));
}

/** Checks the built pages: no second Lit, no URLs of other hosts. */
export function checkBuiltUi({ definition }: Subject, findings: Findings): void {
  if (definition.ui === undefined || !existsSync(definition.ui.entry)) return;
  const code = builtCode(definition);
  for (const [name, mark] of Object.entries(bundled)) {
    if (mark.test(code))
      findings.failed(
        'ui',
        `The built pages contain ${name}.`,
        'Build with "ilearn-ui build", which uses the copy of the portal.',
      );
  }
  // Links and sentences may lead anywhere; XML namespaces and the scopes of 1EdTech are names that are never fetched.
  const names = ['www.w3.org', 'purl.imsglobal.org'];
  const foreign = new Set(
    [...code.matchAll(/(href=\\?["'`]?|[a-z,.:] )?https?:\/\/([a-z0-9][a-z0-9.-]*\.[a-z]{2,})/gi)]
      .filter(([, link, host]) => link === undefined && !names.includes(host ?? '') && !host?.endsWith('.invalid'))
      .map(([, , host]) => host),
  );
  if (foreign.size > 0) {
    findings.failed(
      'ui',
      `The built pages refer to ${[...foreign].join(', ')}.`,
      'Include the file in the package, or request it from a route: pages may not load anything from other hosts. A link is written <a href="https://…">.',
    );
  }
  findings.passedUnlessFailed('ui', `${Math.round(code.length / 1024)} kB, no library of the portal's, no foreign address`);
}

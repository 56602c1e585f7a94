import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page, PageDocument, Slot } from '../contract/plugin.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import type { Assets } from './assets.js';
import { Compressible } from './compression.js';
import { type ElementModules, modulesFor, readBuiltPages } from './page-elements.js';
import { mentionedTexts, PageMessages, type PluginTexts, type Texts } from './page-messages.js';
import { pictureFolders } from './picture-paths.js';

/** Contents of `dist/assets/manifest.json`, written by the build of the UI package. */
interface UiManifest {
  imports: Record<string, string>;
  integrity: Record<string, string>;
  shell: string;
  styles: string[];
  icon: string;
  preload: string[];
  elements: ElementModules;
  /** Code that sets theme and language before the first paint, and begins to load what the page needs. */
  boot: string;
  fonts?: string[];
  /** Language → messages of the UI package; not of Dutch, which comes with the shell. */
  messages?: Record<string, Texts>;
}

export interface ShellPage {
  readonly html: Compressible;
  readonly contentSecurityPolicy: string;
  /** Whether the path belongs to a page of a plugin that is out of service. */
  isOut(path: string): boolean;
  /** The path of the route that answers at this address in place of the shell; undefined: the shell does. */
  documentAt(path: string): string | undefined;
}

/** What the shell gets about a plugin, with its messages by language. */
export interface ServedUi extends PluginTexts {
  entry: string;
  /** Size of the code of its pages, before compression. */
  codeBytes: number;
  /** Tag → names of the shared elements that the element uses. */
  uses(tag: string): readonly string[];
  /** Tag → names of the shared elements that only dialogs of the element use. */
  later(tag: string): readonly string[];
  /** Tag → addresses of the modules that define the element; undefined: `entry` does. */
  modules(tag: string): readonly string[] | undefined;
  pages: readonly Page[];
  slots: readonly Slot[];
  documents: readonly PageDocument[];
  integrity: Record<string, string>;
  /** Folders of addresses from which pages may show pictures. */
  pictures: readonly string[];
}

/** A plugin out of service; the shell shows a notice on its pages. */
export interface AbsentPlugin {
  id: string;
  pages: readonly Page[];
}

const LANGUAGES = ['nl', 'en', 'fr'];

/**
 * What is seen until the shell's modules have arrived: the bar with the logo, and a placeholder in the shape of a page. It is replaced as
 * a whole, since children of the shell's element are not shown once it has a shadow root. `portal.css` has its look; it has no words, so
 * that it is the same in every language.
 */
const FIRST_PICTURE = [
  '<div class="il-first" aria-hidden="true">',
  '<div class="il-first-bar"><svg viewBox="0 0 40 48" width="40" height="48"><path d="M12 22 V32 a14 14 0 0 0 14 14 H40"/>',
  '<circle cx="12" cy="10" r="6"/></svg><b>Learn</b></div>',
  '<div class="il-first-page"><i class="il-first-title"></i><div class="il-first-line">',
  '<i class="il-first-stop"></i><i></i><i></i><i></i></div></div>',
  '</div>',
].join('');

/** The folder of the UI package's built files, resolved from the portal's folder; null if the portal has no UI package. */
export function findUi(from: string): string | null {
  const require = createRequire(pathToFileURL(`${from}/`));
  try {
    const folder = join(dirname(require.resolve('@ilearn/ui/package.json')), 'dist', 'assets');
    return existsSync(join(folder, 'manifest.json')) ? folder : null;
  } catch {
    return null;
  }
}

/** The portal's single page: an import map, then the shell, which reads the plugins from a JSON block. The same for everyone. */
export function createShellPage(
  uiFolder: string,
  plugins: readonly ServedUi[],
  absent: readonly AbsentPlugin[],
  assets: Assets,
  /** The portal's own origins, read for each request. */
  origins: readonly string[],
): ShellPage {
  const manifest = JSON.parse(readFileSync(join(uiFolder, 'manifest.json'), 'utf8')) as UiManifest;
  assets.addFolder('/assets/ui/', uiFolder);
  const integrity = Object.assign({}, manifest.integrity, ...plugins.map((plugin) => plugin.integrity));
  const described = plugins.map(({ id, entry, uses, later, modules, pages, slots, documents }) => {
    const withNeeds = <T extends { tag: string }>(element: T) => {
      const needs = modulesFor(uses(element.tag), manifest.elements);
      const more = modulesFor(later(element.tag), manifest.elements).filter((address) => !needs.includes(address));
      return { ...element, needs, modules: modules(element.tag), later: more.length > 0 ? more : undefined };
    };
    return { id, entry, pages: pages.map(withNeeds), slots: slots.map(withNeeds), documents: documents.map(({ path }) => path) };
  });
  const importMap = JSON.stringify({ imports: manifest.imports, integrity });
  const out = absent.map(({ id, pages }) => ({ id, out: true, pages: pages.map(({ nav: _, ...page }) => page) }));
  const portal = JSON.stringify({
    languages: LANGUAGES,
    messages: messageFiles(plugins, manifest.messages ?? {}, assets),
    plugins: [...described, ...out],
  }).replaceAll('<', '\\u003c');
  const html = [
    '<!doctype html>',
    '<html lang="nl">',
    '<head>',
    '<meta charset="utf-8">',
    `<script type="importmap">${importMap}</script>`,
    `<script type="application/json" id="ilearn-portal">${portal}</script>`,
    `<script>${manifest.boot}</script>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="theme-color" content="#fbf6ee">',
    '<title>i-Learn</title>',
    `<link rel="icon" href="${manifest.icon}" type="image/svg+xml">`,
    ...manifest.styles.map((url) => `<link rel="stylesheet" href="${url}">`),
    ...(manifest.fonts ?? []).map(
      (url) => `<link rel="preload" as="font" type="font/woff2" crossorigin fetchpriority="low" href="${url}">`,
    ),
    ...manifest.preload.map((url) => `<link rel="modulepreload" href="${url}" integrity="${manifest.integrity[url] ?? ''}">`),
    `<script type="module" src="${manifest.shell}"></script>`,
    '</head>',
    '<body>',
    `<il-shell>${FIRST_PICTURE}</il-shell>`,
    '<noscript>i-Learn heeft JavaScript nodig. · i-Learn needs JavaScript. · i-Learn a besoin de JavaScript.</noscript>',
    '</body>',
    '</html>',
  ].join('\n');
  const hashes = [importMap, manifest.boot].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  const standing = pathsOf(plugins.flatMap(({ pages }) => pages));
  const outPaths = pathsOf(absent.flatMap(({ pages }) => pages));
  const documents = plugins.flatMap(({ id, documents: own }) =>
    own.map(({ path, route }) => ({ pattern: patternOf(path), names: namesIn(path), route: `/api/${id}${route}` })),
  );
  return {
    html: new Compressible(Buffer.from(html)),
    documentAt: (path) => {
      for (const { pattern, names, route } of documents) {
        const found = pattern.exec(path);
        if (found !== null) return route.replace(/:(\w+)/g, (_, name: string) => found[names.indexOf(name) + 1] ?? '');
      }
      return undefined;
    },
    isOut: (path) => outPaths.some((each) => each.test(path)) && !standing.some((each) => each.test(path)),
    get contentSecurityPolicy() {
      // Only below /assets/ and where plugins send files: any other address would be requested with the reader's session.
      const folders = ['/assets/', ...plugins.flatMap(({ pictures }) => pictures)];
      const pictures = origins.flatMap((origin) => folders.map((folder) => `${origin}${folder}`)).join(' ');
      return [
        "default-src 'none'",
        `script-src 'self' ${hashes.join(' ')}`,
        "style-src 'self'",
        `img-src ${pictures} data:`,
        "font-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
      ].join('; ');
    },
  };
}

/** The address of each language's messages, of shell and plugins. */
const messageFiles = (plugins: readonly ServedUi[], ofUi: Record<string, Texts>, assets: Assets): Record<string, string> =>
  Object.fromEntries(
    LANGUAGES.map((language) => {
      const messages = new PageMessages(language, plugins, ofUi[language]);
      const url = `/assets/messages/${language}-${messages.hash}.json`;
      assets.addAnswers(url, (query) => messages.answer(query));
      return [language, url];
    }),
  );

/** @throws Error if the file does not exist or is not JSON */
function readMessages(file: string): Texts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Texts;
  } catch (error) {
    throw new Error(`the messages ${file} cannot be read: ${(error as Error).message}`);
  }
}

const pathsOf = (pages: readonly Page[]): RegExp[] => pages.map(({ path }) => patternOf(path));

function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => (part.startsWith(':') ? '([^/]+)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}/?$`);
}

/** Names of the parameters of a path, in order. */
const namesIn = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);

/**
 * Registers a plugin's built files as assets; null if it has none.
 * @throws Error if a file that `index.js` names does not exist
 */
export function serveUi({ id, definition: { ui, routes = [] } }: CheckedPlugin, assets: Assets): ServedUi | null {
  if (ui === undefined) return null;
  const prefix = `/assets/${id}/`;
  const file = fileURLToPath(ui.entry);
  const entry = assets.addFile(prefix, file);
  const index = readFileSync(file, 'utf8');
  const built = readBuiltPages(index);
  const codeOf = new Map(built.files.map((name) => [name, readBuilt(id, dirname(file), name)]));
  const code = [index, ...codeOf.values()].join('\n');
  const messages = LANGUAGES.map((language) => {
    const { privacy, ...others } = readMessages(fileURLToPath(new URL(`${language}.json`, ui.messages)));
    // The server writes register, exports and audit log; few pages use one of their texts.
    return [language, privacy !== undefined && /["'`]privacy\./.test(code) ? { ...others, privacy } : others] as const;
  });
  const texts = messages[0]?.[1] ?? {};
  const mentioned = new Map([...codeOf].map(([name, text]) => [name, mentionedTexts(text, texts)]));
  const mentionsOf = (tag: string): Set<string> | null => {
    const names = built.filesOf(tag);
    return names === undefined ? null : new Set(names.flatMap((name) => [...(mentioned.get(name) ?? [])]));
  };
  const { pages = [], slots = [], documents = [] } = ui;
  return {
    id,
    entry: entry.url,
    codeBytes: Buffer.byteLength(code),
    uses: built.uses,
    later: built.later,
    modules: (tag) => built.filesOf(tag)?.map((name) => `${prefix}${name}`),
    messages: Object.fromEntries(messages),
    titles: ['plugin.title', ...pages.flatMap(({ title, nav }) => [title, ...(nav?.label === undefined ? [] : [nav.label])])],
    mentions: new Map([...pages, ...slots].map(({ tag }) => [tag, mentionsOf(tag)])),
    pages,
    slots,
    documents,
    integrity: Object.fromEntries([
      [entry.url, entry.integrity],
      ...[...codeOf.keys()].map((name) => [`${prefix}${name}`, assets.addBuilt(prefix, join(dirname(file), name))]),
    ]),
    pictures: pictureFolders(id, routes),
  };
}

/** @throws Error if the name leads elsewhere, or there is no such file */
function readBuilt(id: string, folder: string, name: string): string {
  const file = join(folder, name);
  if (!/^[\w-][\w.-]*\.js$/.test(name) || !existsSync(file))
    throw new Error(
      `${id}: index.js of its pages names ${JSON.stringify(name)}, which is not beside it. Build the plugin again.`,
    );
  return readFileSync(file, 'utf8');
}

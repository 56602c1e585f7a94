import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page, PageDocument, Slot } from '../contract/plugin.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import type { Assets } from './assets.js';
import { Compressible } from './compression.js';
import { type ElementModules, modulesFor, type SharedNames, sharedNames } from './page-elements.js';
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
  messages?: Record<string, object>;
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
export interface ServedUi {
  id: string;
  entry: string;
  messages: Record<string, unknown>;
  uses: SharedNames;
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
  const described = plugins.map(({ id, entry, uses, pages, slots, documents }) => {
    const withNeeds = <T extends { tag: string }>(element: T) => ({
      ...element,
      needs: modulesFor(uses(element.tag), manifest.elements),
    });
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

/** One message file per language for shell and plugins, so that a page does not request one for each: language → URL. */
const messageFiles = (plugins: readonly ServedUi[], ofUi: Record<string, object>, assets: Assets): Record<string, string> =>
  Object.fromEntries(
    LANGUAGES.map((language) => {
      const own = ofUi[language];
      const all = {
        ...(own === undefined ? {} : { ui: own }),
        ...Object.fromEntries(plugins.map(({ id, messages }) => [id, messages[language]])),
      };
      return [language, assets.addText(`/assets/messages/${language}`, JSON.stringify(all), '.json')];
    }),
  );

/** @throws Error if the file does not exist or is not JSON */
function readMessages(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
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

/** Registers a plugin's built files as assets; null if it has none. */
export function serveUi({ id, definition: { ui, routes = [] } }: CheckedPlugin, assets: Assets): ServedUi | null {
  if (ui === undefined) return null;
  const prefix = `/assets/${id}/`;
  const entry = assets.addFile(prefix, fileURLToPath(ui.entry));
  const code = readFileSync(fileURLToPath(ui.entry), 'utf8');
  const messages = LANGUAGES.map((language) => {
    const { privacy, ...others } = readMessages(fileURLToPath(new URL(`${language}.json`, ui.messages)));
    // The server writes register, exports and audit log; few pages use one of their texts.
    return [language, /["'`]privacy\./.test(code) ? { ...others, privacy } : others];
  });
  return {
    id,
    entry: entry.url,
    uses: sharedNames(code),
    messages: Object.fromEntries(messages),
    pages: ui.pages ?? [],
    slots: ui.slots ?? [],
    documents: ui.documents ?? [],
    integrity: { [entry.url]: entry.integrity },
    pictures: pictureFolders(id, routes),
  };
}

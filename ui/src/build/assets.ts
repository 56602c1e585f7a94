import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, mergeConfig, type Plugin, type Rolldown } from 'vite';
import { ELEMENT_MODULES } from './elements.js';
import { sharedModules } from './guard.js';
import { lucideIcons, noSystemIcons } from './icons.js';
import { collectInputs, common, denseStyles } from './settings.js';
import { LIT_SPECIFIERS } from './specifiers.js';
import { isFresh, writeStamp } from './stamp.js';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const SRC = join(PACKAGE, 'src');

/** Path under which the server serves this package's files. */
const BASE = '/assets/ui/';

/** The languages of the shell besides Dutch. */
const TRANSLATIONS = ['en', 'fr'];
const messagesOf = (language: string): string => join(PACKAGE, 'messages', `${language}.json`);

/** What the server needs to render the portal's HTML page: `dist/assets/manifest.json`. */
export interface AssetManifest {
  /** The import map: specifier → address. */
  imports: Record<string, string>;
  /** Address → Subresource Integrity, for every script. */
  integrity: Record<string, string>;
  /** The module that starts the shell. */
  shell: string;
  styles: string[];
  icon: string;
  /** Modules that the shell needs immediately, for `<link rel="modulepreload">`. */
  preload: string[];
  /** Fonts of the first page, for `<link rel="preload" as="font" type="font/woff2" crossorigin>`. */
  fonts: string[];
  /** Language → this package's messages, of each language but Dutch, which comes with the shell. */
  messages: Record<string, object>;
  /** Tag of an element that does not come with the shell → the modules that define it, all of which must be imported. */
  elements: Record<string, string[]>;
  /**
   * Code of a classic script for `<head>`, after the import map and the portal's description and before the styles: sets theme and language
   * before the first paint, and begins to load what the page needs.
   */
  boot: string;
}

interface Built {
  entries: Record<string, string>;
  files: Map<string, Uint8Array>;
  /** Chunk → chunks that it imports statically. */
  imports: Map<string, string[]>;
  inputs: Set<string>;
}

const bytes = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** Builds in memory, so that a failed build keeps the previous files. */
async function bundle(input: Record<string, string>, plugins: Plugin[], output: Rolldown.OutputOptions = {}): Promise<Built> {
  const inputs = new Set<string>();
  const results = await build(
    mergeConfig(common, {
      root: PACKAGE,
      base: BASE,
      plugins: [...plugins, collectInputs(inputs)],
      build: {
        write: false,
        assetsInlineLimit: 0,
        rolldownOptions: {
          input,
          preserveEntrySignatures: 'strict',
          output: {
            entryFileNames: '[name]-[hash].js',
            chunkFileNames: '[name]-[hash].js',
            assetFileNames: '[name]-[hash][extname]',
            ...output,
          },
        },
      },
    }),
  );
  const built: Built = { entries: {}, files: new Map(), imports: new Map(), inputs };
  for (const result of [results].flat() as Rolldown.RolldownOutput[]) {
    for (const file of result.output) {
      if (file.type === 'asset') {
        built.files.set(file.fileName, bytes(file.source));
        continue;
      }
      if (/\.css$/.test(file.facadeModuleId ?? '')) continue;
      built.files.set(file.fileName, bytes(file.code));
      built.imports.set(file.fileName, file.imports);
      if (file.isEntry) built.entries[file.name] = file.fileName;
    }
  }
  return built;
}

/** Provides modules from source text. */
function virtual(modules: Record<string, string>): Plugin {
  return {
    name: 'ilearn:virtual',
    enforce: 'pre',
    resolveId: (id) => (id in modules ? `\0${id}` : null),
    load: (id) => modules[id.slice(1)] ?? null,
  };
}

function vendor(): Promise<Built> {
  const specifiers = [...LIT_SPECIFIERS].filter(([, into]) => into === 'lit-all').map(([specifier]) => specifier);
  const all = specifiers.map((specifier) => `export * from '${specifier}';`).join('\n');
  return bundle({ 'lit-all': 'virtual:lit-all', 'static-html': 'lit/static-html.js' }, [virtual({ 'virtual:lit-all': all })]);
}

/** Few chunks, so that a page does not make a request for each small module that two others share. */
const SHARED_CHUNKS = {
  groups: [
    { name: 'base', test: /\/ui\/(?:src|messages)\/(?!elements\/)|preload-helper|ilearn-icons/, minShareCount: 2 },
    { name: 'web-awesome', test: /webawesome|localize|\/ui\/src\/elements\//, minShareCount: 4 },
  ],
};

async function shell(): Promise<Built> {
  const entries = {
    ui: join(SRC, 'index.ts'),
    shell: join(SRC, 'shell/index.ts'),
    ...Object.fromEntries(Object.keys(ELEMENT_MODULES).map((module) => [basename(module), join(SRC, `${module}.ts`)])),
  };
  const built = await bundle(entries, [sharedModules({ strict: false }), lucideIcons(), noSystemIcons(), denseStyles()], {
    codeSplitting: SHARED_CHUNKS,
  });
  built.inputs.add(join(SRC, 'icons/names.ts'));
  return built;
}

async function styles(): Promise<Built> {
  const built = await bundle({ portal: join(SRC, 'styles/portal.css') }, []);
  // Imported stylesheets are not entries, so add them to the inputs.
  for (const name of await readdir(join(SRC, 'styles'))) if (name.endsWith('.css')) built.inputs.add(join(SRC, 'styles', name));
  return built;
}

const boot = (): Promise<Built> => bundle({ boot: join(SRC, 'shell/boot.ts') }, [], { format: 'iife' });

async function picture(file: string): Promise<Built> {
  const content = await readFile(join(PACKAGE, 'assets', file));
  const name = file.replace('.', `-${createHash('sha256').update(content).digest('base64url').slice(0, 8)}.`);
  return {
    entries: { [file]: name },
    files: new Map([[name, content]]),
    imports: new Map(),
    inputs: new Set([join(PACKAGE, 'assets', file)]),
  };
}

/** A chunk and, after it, all its static imports. */
function closure(chunk: string, imports: ReadonlyMap<string, string[]>, seen = new Set<string>()): Set<string> {
  if (seen.has(chunk) || !imports.has(chunk)) return seen;
  seen.add(chunk);
  for (const next of imports.get(chunk) ?? []) closure(next, imports, seen);
  return seen;
}

/** SHA-256: the document has one for every file, and hashes do not compress. */
const integrityOf = (content: Uint8Array): string => `sha256-${createHash('sha256').update(content).digest('base64')}`;

/** A hash of what determines the output besides the sources. */
async function toolOf(): Promise<string> {
  const hash = createHash('sha256');
  const here = fileURLToPath(new URL('./', import.meta.url));
  for (const name of (await readdir(here)).filter((file) => file.endsWith('.js')).sort())
    hash.update(await readFile(join(here, name)));
  return hash.digest('hex');
}

/** Result of a build: what was built, whether it was skipped as up to date, and the duration. */
export interface BuildReport {
  what: string;
  skipped: boolean;
  milliseconds: number;
}

/** Builds the vendor bundle, shell, styles and pictures into `dist/assets`. */
export async function buildAssets(options: { force?: boolean } = {}): Promise<BuildReport> {
  const began = performance.now();
  const folder = join(PACKAGE, 'dist/assets');
  const stamp = join(PACKAGE, 'dist/assets.stamp.json');
  const tool = await toolOf();
  const report = (skipped: boolean): BuildReport => ({
    what: '@ilearn/ui',
    skipped,
    milliseconds: Math.round(performance.now() - began),
  });
  if (!options.force && (await isFresh(stamp, tool))) return report(true);

  const parts = await Promise.all([vendor(), shell(), styles(), boot(), picture('logo.svg')]);
  const [lit, ui, css, early, logo] = parts as [Built, Built, Built, Built, Built];
  const files = new Map([lit, ui, css, logo].flatMap((part) => [...part.files]));
  const address = (file: string | undefined): string => {
    if (!file) throw new Error('a bundle has no entry');
    return `${BASE}${file}`;
  };
  const named = (pattern: RegExp): string[] => [...css.files.keys()].filter((name) => pattern.test(name)).map(address);
  const first = new Set([...closure(ui.entries.shell ?? '', ui.imports), ...closure(ui.entries.ui ?? '', ui.imports)]);
  const usesStatic = [...first].some((chunk) =>
    ui.imports.get(chunk)?.some((specifier) => LIT_SPECIFIERS.get(specifier) === 'static-html'),
  );
  const vendors = ['lit-all', ...(usesStatic ? ['static-html'] : [])];
  const preload = [...new Set([...vendors.flatMap((name) => [...closure(lit.entries[name] ?? '', lit.imports)]), ...first])];
  const translations = await Promise.all(
    TRANSLATIONS.map(async (language) => ({ language, file: await readFile(messagesOf(language), 'utf8') })),
  );
  const manifest: AssetManifest = {
    imports: {
      ...Object.fromEntries([...LIT_SPECIFIERS].map(([specifier, into]) => [specifier, address(lit.entries[into])])),
      '@ilearn/ui': address(ui.entries.ui),
    },
    integrity: Object.fromEntries(
      [...files].filter(([name]) => name.endsWith('.js')).map(([name, content]) => [address(name), integrityOf(content)]),
    ),
    shell: address(ui.entries.shell),
    styles: named(/\.css$/),
    icon: address(logo.entries['logo.svg']),
    preload: preload.map(address),
    fonts: named(/latin-normal-[^/]*\.woff2$/),
    messages: Object.fromEntries(translations.map(({ language, file }) => [language, JSON.parse(file) as object])),
    elements: Object.fromEntries(
      Object.entries(ELEMENT_MODULES).flatMap(([module, tags]) => {
        const chunks = [...closure(ui.entries[basename(module)] ?? '', ui.imports)].filter((chunk) => !preload.includes(chunk));
        return tags.map((tag) => [tag, chunks.map(address)]);
      }),
    ),
    boot: new TextDecoder().decode(early.files.get(early.entries.boot ?? '')).trim(),
  };

  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(join(folder, name), content);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest, null, 2));
  const inputs = new Set([...parts.flatMap((part) => [...part.inputs]), ...TRANSLATIONS.map(messagesOf)]);
  await writeStamp(stamp, tool, inputs, [join(folder, 'manifest.json')]);
  return report(false);
}

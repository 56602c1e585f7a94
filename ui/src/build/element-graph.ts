import type { Plugin } from 'vite';

/** Names of shared elements; one that ends with `-` is the beginning of a name that the code composes. */
const SHARED_NAME = /(?<![\w@-])(?:wa|il)-[a-z-]*/g;
const DEFINITION = /\bcustomElements?(?:\.define)?\(\s*['"`]([a-z][\w.]*-[\w.-]*)['"`]/g;
/** Everything that may be part of a name; a search for the hyphen itself would take long in encoded pictures. */
const WORD = /[\w.-]+/g;

/** An element that is a dialog: nothing of it is seen before it opens. */
const DIALOG = /\brender\(\)\s*\{(?:(?!html`)[\s\S])*html`\s*<il-dialog\b/;

/** Comments, and imports for their effects. */
const WITHOUT_CODE = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|import\s*["'`][^"'`]+["'`];?|\s+/g;

/** Whether a module does nothing but import others for their effects. */
export const onlyImports = (source: string): boolean => source.replace(WITHOUT_CODE, '') === '';

export interface Module {
  imports: readonly string[];
  code: string;
}

const NOTHING: Module = { imports: [], code: '' };

/**
 * The modules of a plugin's pages, the elements that each defines, and the elements that each names. What it says that an element needs
 * may be too much, never too little: a name that ends with `-` stands for all that begin with it.
 */
export class ElementGraph {
  readonly #modules = new Map<string, Module>();

  plugin(): Plugin {
    return {
      name: 'ilearn:element-graph',
      moduleParsed: ({ id, code, importedIds, dynamicallyImportedIds }) => {
        this.#modules.set(id, { imports: [...importedIds, ...dynamicallyImportedIds], code: code ?? '' });
      },
    };
  }

  module(id: string): Module {
    return this.#modules.get(id) ?? NOTHING;
  }

  /** The modules that a module imports, without those of the import map. */
  importsOf(id: string): string[] {
    return [...new Set(this.module(id).imports)].filter((other) => this.#modules.has(other));
  }

  /** Tag of each element of the plugin → the module that defines it. */
  definitions(): Map<string, string> {
    const found = new Map<string, string>();
    for (const [id, { code }] of this.#modules) for (const [, tag = ''] of code.matchAll(DEFINITION)) found.set(tag, id);
    return found;
  }

  isDialog(id: string): boolean {
    return DIALOG.test(this.module(id).code);
  }

  /** The module, those that it imports, and those that define an element which one of them names; without what only dialogs need, if so asked. */
  reachedFrom(start: string, definitions = this.definitions(), { dialogs = true } = {}): Set<string> {
    const composed = (name: string): string[] =>
      name.endsWith('-') ? [...definitions].flatMap(([tag, id]) => (tag.startsWith(name) ? [id] : [])) : [];
    const seen = new Set([start]);
    for (const id of seen) {
      if (!dialogs && id !== start && this.isDialog(id)) continue;
      for (const other of this.importsOf(id)) seen.add(other);
      for (const name of new Set(
        this.module(id)
          .code.match(WORD)
          ?.filter((word) => word.includes('-')),
      )) {
        for (const other of [definitions.get(name) ?? [], composed(name)].flat()) seen.add(other);
      }
    }
    return seen;
  }

  /** The modules of those parts that define and name no element, such as one that registers icons: they come with every element. */
  commonTo(parts: readonly string[]): Set<string> {
    const definitions = this.definitions();
    const defining = new Set(definitions.values());
    const reached = parts.map((part) => this.reachedFrom(part, definitions));
    return new Set(reached.filter((modules) => ![...modules].some((id) => defining.has(id))).flatMap((modules) => [...modules]));
  }

  /** The shared elements that an element's first rendering needs, and those that only its dialogs do. */
  usesOf(start: string, definitions = this.definitions()): { now: string[]; later: string[] } {
    const parts = [...this.reachedFrom(start, definitions, { dialogs: false })];
    const now = this.sharedNames(parts.filter((id) => id === start || !this.isDialog(id)));
    const all = this.sharedNames(this.reachedFrom(start, definitions));
    return { now, later: all.filter((name) => !now.includes(name)) };
  }

  /** Names of the shared elements (`wa-button`, `il-line`) in these modules. */
  sharedNames(modules: Iterable<string>): string[] {
    return [...new Set([...modules].flatMap((id) => this.module(id).code.match(SHARED_NAME) ?? []))].sort();
  }
}

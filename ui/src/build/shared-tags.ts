import type { Plugin } from 'vite';

/** Names of shared elements; one that ends with `-` is the beginning of a name that the code composes. */
const SHARED_NAME = /(?<![\w@-])(?:wa|il)-[a-z-]*/g;
const DEFINITION = /\bcustomElements?(?:\.define)?\(\s*['"`]([a-z][\w.]*-[\w.-]*)['"`]/g;
const ANY_NAME = /[a-z][\w.]*-[\w.-]*/g;

interface Module {
  imports: readonly string[];
  code: string;
}

/**
 * Finds which shared elements (`wa-button`, `il-line`) each element of a plugin uses: those named in the module that defines it, in the
 * modules that this one imports, and in those that define an element which they name. The result may name too many, never too few.
 */
export class SharedTags {
  readonly #modules = new Map<string, Module>();

  plugin(): Plugin {
    return {
      name: 'ilearn:shared-tags',
      moduleParsed: ({ id, code, importedIds, dynamicallyImportedIds }) => {
        this.#modules.set(id, { imports: [...importedIds, ...dynamicallyImportedIds], code: code ?? '' });
      },
    };
  }

  /** Tag of the plugin's element → names of shared elements. */
  byElement(): Record<string, string[]> {
    const definedIn = new Map<string, string>();
    for (const [id, { code }] of this.#modules) for (const [, tag = ''] of code.matchAll(DEFINITION)) definedIn.set(tag, id);
    const next = ({ imports, code }: Module) => [
      ...imports,
      ...(code.match(ANY_NAME) ?? []).flatMap((name) => definedIn.get(name) ?? []),
    ];
    return Object.fromEntries(
      [...definedIn].map(([tag, start]) => {
        const seen = new Set([start]);
        for (const id of seen) for (const other of next(this.#modules.get(id) ?? { imports: [], code: '' })) seen.add(other);
        const names = [...seen].flatMap((id) => this.#modules.get(id)?.code.match(SHARED_NAME) ?? []);
        return [tag, [...new Set(names)].sort()];
      }),
    );
  }
}

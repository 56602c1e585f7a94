/** Tag of an element of the UI package that does not come with the shell → addresses of the modules that define it. */
export type ElementModules = Readonly<Record<string, readonly string[]>>;

/** What the last lines of a plugin's built pages say about its elements. */
export interface BuiltPages {
  /** Tag of a plugin's element → names of the shared elements that it uses. */
  uses(tag: string): readonly string[];
  /** Tag of a plugin's element → names of the shared elements that only its dialogs use. */
  later(tag: string): readonly string[];
  /** Tag of a plugin's element → names of the files, beside `index.js`, that define it; undefined: `index.js` does. */
  filesOf(tag: string): readonly string[] | undefined;
  /** All files beside `index.js`. */
  files: readonly string[];
}

/** Not custom properties (`--il-ink`) or events in templates (`@wa-select`). */
const SHARED_NAME = /(?<![\w@-])(?:wa|il)-[a-z-]*/g;

/**
 * Reads which shared elements (`wa-button`, `il-line`) a plugin's elements use, and which files define them. Builds from before the
 * `ilearn-elements` line do not tell elements apart: each then gets every name in the code. Those from before the `ilearn-files` line are
 * one file.
 * @param code the plugin's `index.js`
 */
export function readBuiltPages(code: string): BuiltPages {
  const elements = lineOf(code, 'elements');
  const later = lineOf(code, 'later') ?? {};
  const files = lineOf(code, 'files') ?? {};
  const all = [...new Set(code.match(SHARED_NAME))];
  return {
    uses: (tag) => elements?.[tag] ?? all,
    later: (tag) => later[tag] ?? [],
    filesOf: (tag) => files[tag],
    files: [...new Set(Object.values(files).flat())],
  };
}

function lineOf(code: string, name: string): Record<string, string[]> | undefined {
  const text = new RegExp(`\\n//# ilearn-${name}=(\\{.*\\})[ \\t]*(?:\\n|$)`).exec(code)?.[1];
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, string[]>);
  } catch {
    return undefined;
  }
}

/**
 * The modules to import before an element that uses these names is created, so that it finds them defined. A name that ends with `-` was
 * composed (`wa-${kind}`) and stands for all that begin with it.
 */
export function modulesFor(names: readonly string[], known: ElementModules): string[] {
  const used = new Set(names);
  const beginnings = names.filter((name) => name.endsWith('-'));
  const tags = Object.keys(known).filter((tag) => used.has(tag) || beginnings.some((each) => tag.startsWith(each)));
  return [...new Set(tags.flatMap((tag) => known[tag] ?? []))];
}

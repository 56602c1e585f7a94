/** Tag of an element of the UI package that does not come with the shell → addresses of the modules that define it. */
export type ElementModules = Readonly<Record<string, readonly string[]>>;

/** Tag of a plugin's element → names of the shared elements that it uses. */
export type SharedNames = (tag: string) => readonly string[];

/** The last line of a plugin's built pages: the names for each of its elements, as JSON. */
const LAST_LINE = /\n\/\/# ilearn-elements=(\{.*\})\s*$/;
/** Not custom properties (`--il-ink`) or events in templates (`@wa-select`). */
const SHARED_NAME = /(?<![\w@-])(?:wa|il)-[a-z-]*/g;

/**
 * Reads which shared elements (`wa-button`, `il-line`) a plugin's elements use. Builds from before the `ilearn-elements` line do not tell
 * elements apart: each then gets every name in the code.
 * @param code the plugin's built pages
 */
export function sharedNames(code: string): SharedNames {
  const listed = listIn(code);
  const all = [...new Set(code.match(SHARED_NAME))];
  return (tag) => listed?.[tag] ?? all;
}

function listIn(code: string): Record<string, string[]> | undefined {
  const text = LAST_LINE.exec(code)?.[1];
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

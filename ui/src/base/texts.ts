/** Texts by name; plural forms of a text have a suffix: `results_one`, `results_other`. */
export interface Texts {
  [name: string]: string | Texts;
}

/** What a text is filled with. */
export interface TextOptions extends Record<string, unknown> {
  /** Chooses the plural form if it is a number. */
  count?: number | string | null | undefined;
  /** Instead of a text that does not exist. */
  defaultValue?: string;
}

/** Language and plugin → texts. */
const known = new Map<string, Texts>();
const nameOf = (language: string, namespace: string): string => `${language} ${namespace}`;

function merge(into: Texts, from: Texts): Texts {
  for (const [name, value] of Object.entries(from)) {
    const there = into[name];
    into[name] = typeof there === 'object' && typeof value === 'object' ? merge(there, value) : value;
  }
  return into;
}

/** Adds texts to those of a plugin in a language. */
export function addTexts(language: string, namespace: string, texts: object): void {
  const name = nameOf(language, namespace);
  known.set(name, merge(known.get(name) ?? {}, texts as Texts));
}

function textAt(texts: Texts | undefined, key: string): string | undefined {
  if (texts === undefined) return undefined;
  if (Object.hasOwn(texts, key)) {
    const found = texts[key];
    return typeof found === 'string' ? found : undefined;
  }
  const dot = key.indexOf('.');
  const inner = dot === -1 ? undefined : texts[key.slice(0, dot)];
  return typeof inner === 'object' ? textAt(inner, key.slice(dot + 1)) : undefined;
}

const rules = new Map<string, Intl.PluralRules>();

/** The forms of a key that may hold the text for a count, best first. */
function formsOf(language: string, key: string, count: unknown): string[] {
  if (typeof count !== 'number') return [key];
  const rule = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, rule);
  return [...(count === 0 ? [`${key}_zero`] : []), `${key}_${rule.select(count)}`, `${key}_other`, key];
}

/** The text for a key, filled with the options; undefined if no known text has it. */
export function findText(language: string, namespace: string, key: string, options: TextOptions = {}): string | undefined {
  const texts = known.get(nameOf(language, namespace));
  for (const form of formsOf(language, key, options.count)) {
    const text = textAt(texts, form);
    if (text !== undefined) return text.replace(/\{\{\s*([\w-]+)\s*\}\}/g, (_, name: string) => String(options[name] ?? ''));
  }
  return undefined;
}

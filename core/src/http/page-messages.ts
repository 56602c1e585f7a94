import { createHash } from 'node:crypto';
import { Compressible } from './compression.js';

/** Texts by key; a name with a plural suffix (`results_one`) is one of the forms of a text. */
export type Texts = { readonly [name: string]: string | Texts };

/** A plugin's texts, and what of them its pages use. */
export interface PluginTexts {
  id: string;
  /** By language. */
  messages: Readonly<Record<string, Texts>>;
  /** Keys of the names of the plugin and its pages, which the shell shows. */
  titles: readonly string[];
  /** Tag of each element of the manifest → what its code mentions, see {@link mentionedTexts}; null: everything. */
  mentions: ReadonlyMap<string, ReadonlySet<string> | null>;
}

/** So many answers are kept; each page asks for the same parts each time. */
const KEPT = 200;
/** A page asks for itself, and for its parts of other plugins. */
const MOST_PARTS = 100;

/** The name under which a text is asked for: `results` for `results_one`. */
const askedAs = (name: string): string => name.replace(/_(?:zero|one|two|few|many|other)$/, '');

/** Code that asks for a text whose first word it composes: `` this.t(`${group}.title`) ``. */
const COMPOSES_FIRST = /\bt\(\s*`\$\{/;

/**
 * The texts that code mentions: the first two words of their keys, of which the second may be composed (`states.${state}`). The first one
 * is enough if it is a text itself (`cancel`), or if the code composes first words.
 */
export function mentionedTexts(code: string, messages: Texts): Set<string> {
  const inner = new Map<string, string[]>();
  for (const [name, value] of Object.entries(messages))
    inner.set(askedAs(name), typeof value === 'object' ? Object.keys(value).map(askedAs) : []);
  const composes = COMPOSES_FIRST.test(code);
  const found = new Set<string>();
  for (const [, first = '', second, end] of code.matchAll(/["'`]([\w-]+)(?:\.([\w-]*))?(["'`.$])/g)) {
    const names = inner.get(first);
    if (names === undefined) continue;
    if (names.length === 0 || (second === undefined && composes)) found.add(first);
    else if (second !== undefined)
      for (const name of names)
        if (end === '$' || second === '' ? name.startsWith(second) : name === second) found.add(`${first}.${name}`);
  }
  return found;
}

/** The messages of these names, of one or two words. */
function textsOf(messages: Texts, names: ReadonlySet<string>): Texts {
  const chosen: Record<string, string | Texts> = {};
  for (const [name, value] of Object.entries(messages)) {
    if (names.has(askedAs(name))) chosen[name] = value;
    else if (typeof value === 'object') {
      const inner = Object.entries(value).filter(([each]) => names.has(`${name}.${askedAs(each)}`));
      if (inner.length > 0) chosen[name] = Object.fromEntries(inner);
    }
  }
  return chosen;
}

/** The text of this key alone, in the form of the messages; nothing if they lack it. */
function only(key: string, messages: Texts): Texts {
  const [name = '', ...rest] = key.split('.');
  const found = messages[name];
  if (typeof found === 'object') return { [name]: only(rest.join('.'), found) };
  return found === undefined || rest.length > 0 ? {} : { [name]: found };
}

const merged = (one: Texts, other: Texts): Texts => {
  const result: Record<string, string | Texts> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const known = result[name];
    result[name] = typeof known === 'object' && typeof value === 'object' ? merged(known, value) : value;
  }
  return result;
};

/**
 * The texts of a language, of which a page asks for parts: `?for=shell,login-sign-in-page,myway:states`. `shell` is what the shell shows,
 * a tag is what that element shows, and a plugin's id with a name at the top of its messages is that group. Without a query: all.
 */
export class PageMessages {
  /** Part → texts by plugin. */
  readonly #parts = new Map<string, () => Record<string, Texts>>();
  readonly #all: Record<string, Texts>;
  readonly #kept = new Map<string, Compressible>();
  /** Of all that the answers depend on. */
  readonly hash: string;

  /** @param ofUi texts of the shell; undefined for the language that comes with its code */
  constructor(language: string, plugins: readonly PluginTexts[], ofUi: Texts | undefined) {
    const own = ofUi === undefined ? {} : { ui: ofUi };
    const known = plugins.map(({ messages, ...plugin }) => ({ ...plugin, texts: messages[language] ?? {} }));
    this.#all = { ...own, ...Object.fromEntries(known.map(({ id, texts }) => [id, texts])) };
    this.#parts.set('shell', () => ({
      ...own,
      ...Object.fromEntries(known.map(({ id, titles, texts }) => [id, titles.map((key) => only(key, texts)).reduce(merged, {})])),
    }));
    for (const { id, texts, mentions } of known) {
      for (const [tag, names] of mentions) this.#parts.set(tag, () => ({ [id]: names === null ? texts : textsOf(texts, names) }));
      for (const name of new Set(Object.keys(texts).map(askedAs)))
        this.#parts.set(`${id}:${name}`, () => ({ [id]: textsOf(texts, new Set([name])) }));
    }
    this.hash = createHash('sha256')
      .update(
        JSON.stringify([
          this.#all,
          known.map(({ titles, mentions }) => [titles, [...mentions].map(([tag, names]) => [tag, [...(names ?? [])]])]),
        ]),
      )
      .digest('hex')
      .slice(0, 10);
  }

  answer(query: URLSearchParams): Compressible {
    const wanted = query.get('for')?.split(',').slice(0, MOST_PARTS);
    const parts = wanted === undefined ? null : [...new Set(wanted)].filter((part) => this.#parts.has(part)).sort();
    const key = parts === null ? 'all' : parts.join();
    let answer = this.#kept.get(key);
    if (answer === undefined) {
      answer = new Compressible(Buffer.from(JSON.stringify(parts === null ? this.#all : this.#textsOf(parts))));
      const [oldest] = this.#kept.size < KEPT ? [] : this.#kept.keys();
      if (oldest !== undefined) this.#kept.delete(oldest);
      this.#kept.set(key, answer);
    }
    return answer;
  }

  #textsOf(parts: readonly string[]): Record<string, Texts> {
    const texts: Record<string, Texts> = {};
    for (const part of parts) {
      for (const [id, some] of Object.entries(this.#parts.get(part)?.() ?? {})) texts[id] = merged(texts[id] ?? {}, some);
    }
    return texts;
  }
}

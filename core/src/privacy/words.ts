import { readFileSync } from 'node:fs';
import type { CheckedPlugin } from '../plugins/loaded.js';

export const languages = ['nl', 'en', 'fr'] as const;
export type Language = (typeof languages)[number];

export const languageOf = (wish: string | null | undefined): Language => languages.find((language) => language === wish) ?? 'nl';

interface Texts {
  [key: string]: string | Texts;
}

/** The kernel's own words for what privacy prints. */
export class Words {
  readonly #texts: Texts;
  readonly #ofPlugins = new Map<string, Texts>();

  constructor(readonly language: Language) {
    this.#texts = readTexts(new URL(`../../messages/privacy/${language}.json`, import.meta.url));
  }

  /** @throws Error for a key that the message file lacks */
  of(key: string, holes: Record<string, string> = {}): string {
    const text = find(this.#texts, key);
    if (text === null) throw new Error(`messages/privacy/${this.language}.json has no "${key}"`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => holes[name] ?? '');
  }

  /** What a plugin calls itself towards people (`privacy.title` in its messages); else its id. Null: the kernel. */
  ofPlugin(plugin: CheckedPlugin | null): string {
    return find(this.#own(plugin), 'privacy.title') ?? plugin?.id ?? 'kernel';
  }

  /** What a table is for, in this language where the messages tell (`privacy.<table>.purpose`); else as declared. */
  ofPurpose(plugin: CheckedPlugin | null, table: string, declared: string): string {
    return find(this.#own(plugin), `privacy.${table}.purpose`) ?? declared;
  }

  /** What a plugin calls a table or a column in its messages (`privacy.<table>.title`, `privacy.<table>.<column>`); else its bare name. */
  ofTable(plugin: CheckedPlugin | null, table: string, column?: string): string {
    const bare = (column ?? table).replaceAll('_', ' ');
    return (
      find(this.#own(plugin), `privacy.${table}.${column ?? 'title'}`) ?? find(this.#texts, `columns.${column ?? ''}`) ?? bare
    );
  }

  #own(plugin: CheckedPlugin | null): Texts {
    if (plugin === null) return this.#texts;
    const { id, definition } = plugin;
    const texts =
      this.#ofPlugins.get(id) ??
      (definition.ui === undefined ? {} : readTexts(new URL(`${this.language}.json`, definition.ui.messages)));
    this.#ofPlugins.set(id, texts);
    return texts;
  }
}

function find(texts: Texts, key: string): string | null {
  let found: string | Texts | undefined = texts;
  for (const step of key.split('.')) found = typeof found === 'object' && Object.hasOwn(found, step) ? found[step] : undefined;
  return typeof found === 'string' ? found : null;
}

const readTexts = (file: URL): Texts => JSON.parse(readFileSync(file, 'utf8')) as Texts;

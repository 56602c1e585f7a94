import { readFileSync } from 'node:fs';
import type { PluginDefinition } from '../contract/plugin.js';
import { type Language, languages } from '../foundation/message-texts.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { type PrivateTable, recordedRoutes } from './person-table.js';

export { type Language, languages };

export const languageOf = (wish: string | null | undefined): Language => languages.find((language) => language === wish) ?? 'nl';

/** Folder of a plugin's message files. */
export const messagesOf = ({ ui, privacy }: PluginDefinition): URL | undefined => ui?.messages ?? privacy?.messages;

interface Texts {
  [key: string]: string | Texts;
}

type Declared = 'use' | 'recipients' | 'tenants';

/** Kernel texts of entries that are not of a plugin's route: commands, calls of the service `privacy`, settings, the kernel's own routes. */
const kernelDoings: [pattern: RegExp, key: string][] = [
  [/(^ilearn privacy |: )export$|^POST \/api\/kernel\/privacy\/export$/, 'export'],
  [/: export file$|^GET \/api\/kernel\/privacy\/export\/file$/, 'exportFile'],
  [/(^ilearn privacy |: )audit$/, 'audit'],
  [/(^ilearn privacy |: )erase$/, 'erase'],
  [/: erasable$/, 'erasable'],
  [/: choices$/, 'choices'],
  [/: object$/, 'object'],
  [/: withdraw objection$/, 'withdrawObjection'],
  [/: restrict$/, 'restrict'],
  [/: end restriction$/, 'endRestriction'],
  [/: give consent$/, 'giveConsent'],
  [/: withdraw consent$/, 'withdrawConsent'],
  [/^ilearn /, 'command'],
  [/^setting /, 'setting'],
  [/^DELETE \/api\/kernel\/session$/, 'signOut'],
  [/^DELETE \/api\/kernel\/sessions/, 'signOutElsewhere'],
  [/^PUT \/api\/kernel\/session\/language$/, 'language'],
];
const otherDoings: Record<string, string> = { GET: 'view', POST: 'do', PUT: 'change', PATCH: 'change', DELETE: 'delete' };

/** Letters of ISO 8601 durations, before and after the T. */
const units: Record<string, string>[] = [
  { Y: 'year', M: 'month', W: 'week', D: 'day' },
  { H: 'hour', M: 'minute', S: 'second' },
];

/** The texts of exports and the register in one language. */
export class PrivacyTexts {
  readonly #texts: Texts;
  readonly #ofPlugins = new Map<string, Texts>();
  /** Cached, because creating one takes longer than a thousand uses. */
  #moments: Intl.DateTimeFormat | null = null;

  constructor(readonly language: Language) {
    this.#texts = readTexts(new URL(`../../messages/privacy/${language}.json`, import.meta.url));
  }

  /** @throws Error for a key that the message file lacks */
  of(key: string, holes: Record<string, string> = {}): string {
    const text = find(this.#texts, key);
    if (text === null) throw new Error(`messages/privacy/${this.language}.json has no "${key}"`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => holes[name] ?? '');
  }

  /** The plugin's display name (`privacy.title` in its messages), otherwise its id. Null: the kernel. */
  ofPlugin(plugin: CheckedPlugin | null): string {
    return find(this.#own(plugin), 'privacy.title') ?? plugin?.id ?? 'kernel';
  }

  /** A table's use, recipients, or reason for having no tenant (`privacy.<table>.use` and so on); otherwise as declared. */
  ofDeclared(plugin: CheckedPlugin | null, table: string, what: Declared, declared: string): string {
    return find(this.#own(plugin), `privacy.${table}.${what}`) ?? declared;
  }

  /** Name of a purpose, why it is pursued, or whom it concerns (`privacy.purposes.<id>.name` and so on); otherwise its id, or nothing. */
  ofPurpose(plugin: CheckedPlugin | null, id: string, what: 'name' | 'why' | 'people'): string {
    return find(this.#own(plugin), `privacy.purposes.${id}.${what}`) ?? (what === 'people' ? '' : id);
  }

  /** What the plugin says in a statement, by reader (`privacy.statement.<reader>`). */
  statementsOf(plugin: CheckedPlugin | null): Record<string, string> {
    const { privacy } = this.#own(plugin);
    const statement = typeof privacy === 'object' ? privacy['statement'] : undefined;
    const texts = typeof statement === 'object' ? Object.entries(statement) : [];
    return Object.fromEntries(texts.filter((each): each is [string, string] => typeof each[1] === 'string' && each[1] !== ''));
  }

  /** Keys of texts about the plugin's own purposes that its messages lack. */
  missingOfPurposes(plugin: CheckedPlugin): string[] {
    return Object.keys(plugin.definition.purposes ?? {})
      .flatMap((id) => [`privacy.purposes.${id}.name`, `privacy.purposes.${id}.why`])
      .filter((key) => find(this.#own(plugin), key) === null);
  }

  /** The text of a scope for machines; otherwise its message key. */
  ofScope(plugin: CheckedPlugin | null, key: string): string {
    return find(this.#own(plugin), key) ?? key;
  }

  /** What a plugin sends outside the portal, and why (`privacy.outgoing-http.purpose` and so on); otherwise as declared. */
  ofOutgoing(plugin: CheckedPlugin | null, what: 'purpose' | 'sends' | 'further', declared: string): string {
    return find(this.#own(plugin), `privacy.outgoing-http.${what}`) ?? declared;
  }

  /** Keys of texts about outgoing calls that the plugin's messages lack. */
  missingOfOutgoing(plugin: CheckedPlugin): string[] {
    const { http } = plugin.definition;
    if (http === undefined) return [];
    const wanted = ['purpose', 'sends', ...(http.named === undefined && http.sockets === undefined ? [] : ['further'])];
    return wanted.map((each) => `privacy.outgoing-http.${each}`).filter((key) => find(this.#own(plugin), key) === null);
  }

  /**
   * The label of a table or column (`privacy.<table>.title`, `privacy.<table>.<column>`, `privacy.columns.<column>`); otherwise its name.
   */
  ofTable(plugin: CheckedPlugin | null, table: string, column?: string): string {
    return this.#labelOf(plugin, table, column) ?? (column ?? table).replaceAll('_', ' ');
  }

  /** The label of a value (`privacy.values.<column>.<value>`), otherwise the value. */
  ofValue(plugin: CheckedPlugin | null, column: string, value: string): string {
    const key = `values.${column}.${value}`;
    return find(this.#own(plugin), `privacy.${key}`) ?? find(this.#texts, key) ?? value;
  }

  /**
   * What an entry of the audit log is about, as a phrase without its subject: "Viewed the class board". Plugins give it for each route, by
   * method and path (`privacy.audit`). An entry whose route has no text, or no longer exists, tells what kind of act it was and in which
   * plugin.
   *
   * @param plugin that of the entry; null if it is the kernel, or not in service
   */
  ofDoing(plugin: CheckedPlugin | null, entry: { plugin: string; route: string }): string {
    const [method = '', path = ''] = entry.route.split(' ');
    const own = plugin === null ? null : doingsOf(this.#own(plugin))[`${method} ${path.replace(`/api/${entry.plugin}`, '')}`];
    if (typeof own === 'string' && own !== '') return own;
    const kernel = kernelDoings.find(([pattern]) => pattern.test(entry.route))?.[1];
    if (kernel !== undefined) return this.of(`doings.${kernel}`);
    const name = entry.plugin === 'kernel' ? this.ofPlugin(null) : plugin === null ? entry.plugin : this.#moduleOf(plugin);
    return this.of(`doings.${otherDoings[method] ?? 'do'}`, { plugin: name });
  }

  /** Keys of texts about recorded routes that the plugin's messages lack. */
  missingDoings(plugin: CheckedPlugin): string[] {
    const own = doingsOf(this.#own(plugin));
    return recordedRoutes(plugin)
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => typeof own[route] !== 'string' || own[route] === '')
      .map((route) => `privacy.audit › ${route}`);
  }

  /** Date and time in the Belgian format of the language. */
  moment(value: string | Date): string {
    this.#moments ??= new Intl.DateTimeFormat(`${this.language}-BE`, {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: 'Europe/Brussels',
    });
    return this.#moments.format(new Date(value));
  }

  /** `P1Y` → "1 year". */
  ofDuration(duration: string): string {
    const [date = '', time = ''] = duration.slice(1).split('T');
    const parts = [date, time].flatMap((part, index) =>
      [...part.matchAll(/(\d+)([YMWDHS])/g)].map(([, count, letter = '']) => this.#unit(Number(count), units[index]?.[letter])),
    );
    return new Intl.ListFormat(this.language, { type: 'unit' }).format(parts);
  }

  /** Keys of texts about a table that its plugin's messages lack. */
  missing(plugin: CheckedPlugin, { name, declaration, columns }: PrivateTable): string[] {
    const { tenant, recipients, withheld = {} } = declaration;
    const wanted = [
      'title',
      'use',
      ...(typeof tenant === 'object' && 'none' in tenant ? ['tenants'] : []),
      ...(recipients === undefined ? [] : ['recipients']),
    ].filter((key) => find(this.#own(plugin), `privacy.${name}.${key}`) === null);
    const shown = [...columns.keys()].filter((column) => withheld[column] === undefined);
    const unnamed = shown.filter((column) => this.#labelOf(plugin, name, column) === null);
    return [...wanted, ...unnamed].map((key) => `privacy.${name}.${key}`);
  }

  /** The plugin's name for people (`plugin.title`). */
  #moduleOf(plugin: CheckedPlugin): string {
    return find(this.#own(plugin), 'plugin.title') ?? this.ofPlugin(plugin);
  }

  #labelOf(plugin: CheckedPlugin | null, table: string, column?: string): string | null {
    const own = this.#own(plugin);
    if (column === undefined) return find(own, `privacy.${table}.title`);
    const ofFile = plugin?.definition.files?.[table] === undefined ? null : find(this.#texts, `fileColumns.${column}`);
    return (
      find(own, `privacy.${table}.${column}`) ??
      ofFile ??
      find(own, `privacy.columns.${column}`) ??
      find(this.#texts, `columns.${column}`)
    );
  }

  #unit(count: number, unit: string | undefined): string {
    return new Intl.NumberFormat(this.language, { style: 'unit', unit: unit ?? 'second', unitDisplay: 'long' }).format(count);
  }

  #own(plugin: CheckedPlugin | null): Texts {
    if (plugin === null) return this.#texts;
    const { id, definition } = plugin;
    const folder = messagesOf(definition);
    const texts = this.#ofPlugins.get(id) ?? (folder === undefined ? {} : readTexts(new URL(`${this.language}.json`, folder)));
    this.#ofPlugins.set(id, texts);
    return texts;
  }
}

/** Texts of a plugin's routes by method and path. Not by a key with dots, because a path may have some. */
function doingsOf({ privacy }: Texts): Texts {
  const audit = typeof privacy === 'object' ? privacy['audit'] : undefined;
  return typeof audit === 'object' ? audit : {};
}

function find(texts: Texts, key: string): string | null {
  let found: string | Texts | undefined = texts;
  for (const step of key.split('.')) found = typeof found === 'object' && Object.hasOwn(found, step) ? found[step] : undefined;
  return typeof found === 'string' && found !== '' ? found : null;
}

const readTexts = (file: URL): Texts => JSON.parse(readFileSync(file, 'utf8')) as Texts;

import { nothing } from 'lit';
import nl from '../../messages/nl.json' with { type: 'json' };
import { earlyAddresses, takeEarly } from './early.js';
import { CHOSEN_LANGUAGE, wishedLanguage } from './language-choice.js';
import { partsIn, withParts } from './message-parts.js';
import { pluginOf, portal } from './portal.js';
import { Store } from './store.js';
import { addTexts, findText, type TextOptions, type Texts } from './texts.js';

/** Locale for dates and numbers, by language. */
const LOCALES: Record<string, string> = { nl: 'nl-BE', fr: 'fr-BE', en: 'en-GB' };

// Other languages come with the messages of the plugins.
addTexts('nl', 'ui', nl);

/** The interface's language: `nl`, `en` or `fr`. Also set after messages have loaded, so that elements render again. */
export const language = new Store<string>('nl');

/** The last chosen language; its messages may still be loading. */
let chosen = language.value;

/** The locale of the interface (BCP 47), for `Intl`: `nl-BE`. */
export const locale = (): string => LOCALES[language.value] ?? language.value;

/**
 * Value of a `lang` attribute for text that may be in another language than the interface, so that screen readers pronounce it correctly
 * (WCAG 2.2, 3.1.2): `lang=${foreignLanguage(activity.language)}`. No attribute if the language is the interface's or unknown.
 *
 * @param tag BCP 47
 */
export const foreignLanguage = (tag: string | null | undefined): string | typeof nothing =>
  tag && tag.split('-')[0]?.toLowerCase() !== language.value ? tag : nothing;

/** Name of a language in the interface's language. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([locale()], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Texts without placeholders, which a page asks for again at each rendering: `namespace:key` → text. */
const plain = new Map<string, string>();

/** In the interface's language, or in Dutch, which comes with the shell. */
const textFor = (namespace: string, key: string, options?: TextOptions): string | undefined =>
  findText(language.value, namespace, key, options) ?? findText('nl', namespace, key, options);

/**
 * Text for `key` in a plugin's messages, filled with options: `count` chooses the plural form, others replace `{{name}}`. A key may name
 * another plugin: `myway:given.text`. A text that has not been loaded is empty until it has; an unknown key is returned unchanged.
 */
export function translate(namespace: string, key: string, options?: TextOptions): string {
  const [, other, inner] = /^([a-z][a-z0-9-]*):(.+)$/.exec(key) ?? [];
  if (other !== undefined && inner !== undefined) return translate(other, inner, options);
  const name = `${namespace}:${key}`;
  const kept = options === undefined ? plain.get(name) : undefined;
  if (kept !== undefined) return kept;
  const text = textFor(namespace, key, options);
  if (text === undefined) return options?.defaultValue ?? (missing(namespace, key) ? '' : key);
  if (options === undefined) plain.set(name, text);
  return text;
}

/** Text for `key` if it is known by now. */
export const knownText = (namespace: string, key: string): string | undefined => textFor(namespace, key);

/** A plugin's name for people: `plugin.title` of its messages; its id if it has none or is out of service. */
export const pluginTitle = (id: string): string => knownText(id, 'plugin.title') ?? id;

/** Adds texts that come with a module of the shell, by language. */
export function addMessages(namespace: string, messages: Readonly<Record<string, object>>): void {
  for (const [lng, texts] of Object.entries(messages)) addTexts(lng, namespace, texts);
  plain.clear();
}

/** Part of the messages, with its language → the request for it. */
const loading = new Map<string, Promise<void>>();
/** Parts for which there was a request in any language. */
const wanted = new Set<string>(['shell']);
/** Those that have arrived, or never will. */
const loaded = new Set<string>();
/** Groups of which a text was shown empty. */
const missed = new Set<string>();

/** Requests a group of a plugin's messages that the page needs after all. False if that was done before, or cannot help. */
function missing(namespace: string, key: string): boolean {
  const plugin = pluginOf(namespace);
  const lng = language.value;
  if (plugin === undefined || plugin.out || addressOf(lng) === undefined) return false;
  const part = `${namespace}:${key.split('.')[0]}`;
  const name = `${lng} ${part}`;
  if (loaded.has(name)) return false;
  missed.add(part);
  loadMessages([part], lng).catch((error: unknown) => {
    console.error(error);
    // Rather the keys than nothing.
    loaded.add(name);
    language.set(language.value);
  });
  return true;
}

function addressOf(lng: string): string | undefined {
  const { messages } = portal();
  return messages[lng] ?? messages.nl ?? Object.values(messages)[0];
}

/** Parts of {@link loadMessages} that were asked for in this task. */
const gathered = new Map<string, { parts: Set<string>; request: Promise<void> }>();

/**
 * Loads parts of the messages, each once: `shell`, the tag of an element of the manifest, or a group of a plugin's messages
 * (`myway:states`). What is asked for at the same time is one request.
 */
export function loadMessages(parts: readonly string[], lng = chosen): Promise<void> {
  const address = addressOf(lng);
  if (address === undefined) return Promise.resolve();
  adoptEarly(address, lng);
  for (const part of parts) wanted.add(part);
  const fresh = parts.filter((part) => !loading.has(`${lng} ${part}`));
  if (fresh.length > 0) {
    const batch = gathered.get(lng) ?? gather(address, lng);
    for (const part of fresh) {
      batch.parts.add(part);
      remember(part, lng, batch.request);
    }
  }
  return Promise.all(parts.map((part) => loading.get(`${lng} ${part}`))).then(() => {});
}

function gather(address: string, lng: string): { parts: Set<string>; request: Promise<void> } {
  const parts = new Set<string>();
  const request = Promise.resolve().then(() => {
    gathered.delete(lng);
    return fetchMessages(withParts(address, [...parts]), [...parts], lng);
  });
  const batch = { parts, request };
  gathered.set(lng, batch);
  return batch;
}

/** Takes what the document began to load. */
function adoptEarly(address: string, lng: string): void {
  for (const early of earlyAddresses()) {
    const parts = partsIn(early, address);
    if (parts.length === 0) continue;
    const request = fetchMessages(early, parts, lng);
    for (const part of parts) remember(part, lng, request);
  }
}

function remember(part: string, lng: string, request: Promise<void>): void {
  const name = `${lng} ${part}`;
  loading.set(name, request);
  // Load again the next time they are needed.
  request.catch(() => loading.delete(name));
}

async function fetchMessages(address: string, parts: readonly string[], lng: string): Promise<void> {
  const response = await (takeEarly(address) ?? fetch(address, { credentials: 'same-origin' }));
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const all = (await response.json()) as Record<string, Texts>;
  for (const [namespace, messages] of Object.entries(all)) addTexts(lng, namespace, messages);
  plain.clear();
  for (const part of parts) loaded.add(`${lng} ${part}`);
  // Render again what was shown without them.
  if (lng !== language.value || missed.size === 0) return;
  missed.clear();
  language.set(lng);
}

/** The language in which the portal starts, see {@link wishedLanguage}. */
export const preferredLanguage = (): string => wishedLanguage(portal().languages);

export const chosenLanguage = (): string => chosen;

/** Changes the interface's language: loads the messages, then notifies every element unless another language was chosen meanwhile. */
export async function setLanguage(lng: string, options: { keep?: boolean } = {}): Promise<void> {
  chosen = lng;
  await loadMessages([...wanted], lng).catch((error: unknown) => console.error(error));
  if (chosen !== lng) return;
  plain.clear();
  document.documentElement.lang = lng;
  if (options.keep) localStorage.setItem(CHOSEN_LANGUAGE, lng);
  language.set(lng);
}

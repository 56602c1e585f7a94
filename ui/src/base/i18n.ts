import i18next from 'i18next';
import { nothing } from 'lit';
import nl from '../../messages/nl.json' with { type: 'json' };
import { takeEarly } from './early.js';
import { CHOSEN_LANGUAGE, wishedLanguage } from './language-choice.js';
import { portal } from './portal.js';
import { Store } from './store.js';

/** Locale for dates and numbers, by language. */
const LOCALES: Record<string, string> = { nl: 'nl-BE', fr: 'fr-BE', en: 'en-GB' };

const i18n = i18next.createInstance();
void i18n.init({
  lng: 'nl',
  fallbackLng: 'nl',
  ns: ['ui'],
  defaultNS: 'ui',
  // Other languages come with the messages of the plugins.
  resources: { nl: { ui: nl } },
  initAsync: false,
  interpolation: { escapeValue: false },
  returnNull: false,
});

/** The interface's language: `nl`, `en` or `fr`. Also set after messages have loaded, so that elements render again. */
export const language = new Store<string>('nl');

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
for (const change of ['added', 'removed'] as const) i18n.store.on(change, () => plain.clear());
i18n.on('languageChanged', () => plain.clear());

/** Text for `key` in a plugin's messages, with i18next's options (`count`, placeholders). An unknown key is returned unchanged. */
export function translate(namespace: string, key: string, options?: Record<string, unknown>): string {
  if (options !== undefined) return String(i18n.t(key, { ns: namespace, ...options }));
  const name = `${namespace}:${key}`;
  const known = plain.get(name);
  if (known !== undefined) return known;
  const text = String(i18n.t(key, { ns: namespace }));
  plain.set(name, text);
  return text;
}

/** A plugin's name for people: `plugin.title` of its messages; its id if it has none or is out of service. */
export function pluginTitle(id: string): string {
  const key = 'plugin.title';
  const title = translate(id, key);
  return title === key ? id : title;
}

/** Adds texts that come with a module of the shell, by language. */
export function addMessages(namespace: string, messages: Readonly<Record<string, object>>): void {
  for (const [lng, texts] of Object.entries(messages)) i18n.addResourceBundle(lng, namespace, texts);
}

const loading = new Map<string, Promise<void>>();

/** Loads the messages of all plugins in a language, only once. */
export function loadMessages(lng = language.value): Promise<void> {
  const { messages } = portal();
  const address = messages[lng] ?? messages.nl ?? Object.values(messages)[0];
  if (!address) return Promise.resolve();
  let started = loading.get(lng);
  if (started === undefined) {
    started = fetchMessages(address, lng);
    // Load again the next time they are needed.
    started.catch(() => loading.delete(lng));
    loading.set(lng, started);
  }
  return started;
}

async function fetchMessages(address: string, lng: string): Promise<void> {
  const response = await (takeEarly(address) ?? fetch(address, { credentials: 'same-origin' }));
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const all = (await response.json()) as Record<string, object>;
  for (const [namespace, messages] of Object.entries(all)) i18n.addResourceBundle(lng, namespace, messages);
  if (lng === language.value) language.set(lng);
}

/** The language in which the portal starts, see {@link wishedLanguage}. */
export const preferredLanguage = (): string => wishedLanguage(portal().languages);

/** The last chosen language; its messages may still be loading. */
let chosen = language.value;

export const chosenLanguage = (): string => chosen;

/** Changes the interface's language: loads the messages, then notifies every element unless another language was chosen meanwhile. */
export async function setLanguage(lng: string, options: { keep?: boolean } = {}): Promise<void> {
  chosen = lng;
  await loadMessages(lng).catch((error: unknown) => console.error(error));
  if (chosen !== lng) return;
  await i18n.changeLanguage(lng);
  document.documentElement.lang = lng;
  if (options.keep) localStorage.setItem(CHOSEN_LANGUAGE, lng);
  // The messages of the language in use have told it when they came.
  if (language.value !== lng) language.set(lng);
}

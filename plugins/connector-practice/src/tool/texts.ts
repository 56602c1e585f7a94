import { readFileSync } from 'node:fs';

interface Texts {
  [key: string]: string | Texts;
}

export type Translate = (key: string, values?: Record<string, string | number>) => string;

export const languages = ['nl', 'en', 'fr'] as const;

const byLanguage = new Map<string, Texts>(
  languages.map((language) => [
    language,
    JSON.parse(readFileSync(new URL(`../../messages/${language}.json`, import.meta.url), 'utf8')).tool,
  ]),
);

/** The supported language for a locale such as `fr-BE`; Dutch if there is none. */
export function languageFor(locale: string): string {
  const language = locale.toLowerCase().split(/[-_]/)[0] ?? '';
  return byLanguage.has(language) ? language : 'nl';
}

/** Returns a function that looks up texts by dotted key, fills in `{{name}}`, and picks the plural (`_one`, `_other`) by `count`. */
export function translator(language: string): Translate {
  const root = byLanguage.get(language) ?? {};
  const plurals = new Intl.PluralRules(language);
  const find = (key: string): string | undefined => {
    let text: Texts | string | undefined = root;
    for (const part of key.split('.')) text = typeof text === 'object' ? text[part] : undefined;
    return typeof text === 'string' ? text : undefined;
  };
  return (key, values = {}) => {
    const plural = typeof values.count === 'number' ? find(`${key}_${plurals.select(values.count)}`) : undefined;
    return (plural ?? find(key) ?? key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
  };
}

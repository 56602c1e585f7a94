import { readFileSync } from 'node:fs';
import { type Language, languages } from '@ilearn/core';
import { z } from 'zod';

interface Texts {
  [key: string]: string | Texts;
}
const texts: z.ZodType<Texts> = z.record(z.string(), z.union([z.string(), z.lazy(() => texts)]));

const byLanguage = new Map<string, Texts>(
  languages.map((language) => {
    const file = new URL(`../../messages/${language}.json`, import.meta.url);
    return [language, texts.parse(JSON.parse(readFileSync(file, 'utf8')))];
  }),
);

export type Translate = (key: string, values?: Record<string, string | number>) => string;

/** Looks up a text of this plugin by dotted key and fills in `{{name}}`; a key without a text is returned as it is. */
export function translator(language: Language): Translate {
  const root = byLanguage.get(language) ?? {};
  return (key, values = {}) => {
    let text: Texts | string | undefined = root;
    for (const part of key.split('.')) text = typeof text === 'object' ? text[part] : undefined;
    return (typeof text === 'string' ? text : key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
  };
}

/** Name of a country by its ISO 3166-1 code. */
export const countryName = (language: Language, code: string): string =>
  new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;

/** A day in the words of the language: `28 november 2026`. */
export const dayIn = (language: Language, day: Date): string =>
  new Intl.DateTimeFormat(`${language}-BE`, { dateStyle: 'long', timeZone: 'Europe/Brussels' }).format(day);

/** The language that was asked for, otherwise the requester's. */
export const languageOf = (query: { language?: Language | undefined }, request: { language: string }): Language =>
  query.language ?? languages.find((each) => each === request.language) ?? 'nl';

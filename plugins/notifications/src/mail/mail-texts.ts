import { readFileSync } from 'node:fs';
import { type Language, languages } from '@ilearn/core';

type Texts = Record<string, string>;

const texts = Object.fromEntries(
  languages.map((language) => {
    const file = new URL(`../../messages/${language}.json`, import.meta.url);
    return [language, (JSON.parse(readFileSync(file, 'utf8')) as { mail: Texts }).mail];
  }),
) as Record<Language, Texts>;

/** A text of the e-mails: the messages below `mail`, with placeholders, and `_one` or `_other` where there is a `count`. */
export function mailText(language: Language, key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const plural = typeof values['count'] === 'number' ? `_${new Intl.PluralRules(language).select(values['count'])}` : '';
  const found = texts[language][key + plural] ?? texts[language][`${key}_other`] ?? texts[language][key];
  if (found === undefined) throw new Error(`messages/${language}.json has no mail.${key}`);
  return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}

export const isLanguage = (value: unknown): value is Language => languages.some((language) => language === value);

import { readFileSync } from 'node:fs';
import { type Language, languages } from '@ilearn/core';

const texts = Object.fromEntries(
  languages.map((language) => {
    const file = new URL(`../../messages/${language}.json`, import.meta.url);
    return [language, (JSON.parse(readFileSync(file, 'utf8')) as { mail: { letters: Record<string, string> } }).mail.letters];
  }),
) as Record<Language, Record<string, string>>;

/** A text of e-mails and of what mail writes in tickets: the messages below `mail.letters`. */
export function mailText(
  language: string | undefined,
  key: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const known = languages.find((each) => each === language) ?? 'nl';
  const found = texts[known][key];
  if (found === undefined) throw new Error(`messages/${known}.json has no mail.letters.${key}`);
  return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}

import { readFileSync } from 'node:fs';
import { languages } from '@ilearn/core';
import { z } from 'zod';

interface Texts {
  [key: string]: string | Texts;
}
const texts: z.ZodType<Texts> = z.record(z.string(), z.union([z.string(), z.lazy(() => texts)]));

const byLanguage = new Map<string, Texts>(
  languages.map((language) => {
    const file = new URL(`../messages/${language}.json`, import.meta.url);
    return [language, texts.parse(JSON.parse(readFileSync(file, 'utf8')))];
  }),
);

/** Looks up a text of this plugin by dotted key and fills in `{{name}}`. Unknown languages get Dutch. */
export function textOf(language: string, key: string, values: Record<string, string> = {}): string {
  let text: Texts | string | undefined = byLanguage.get(language) ?? byLanguage.get('nl');
  for (const part of key.split('.')) text = typeof text === 'object' ? text[part] : undefined;
  return (typeof text === 'string' ? text : key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
}

import { readFileSync } from 'node:fs';
import { languages } from '@ilearn/core';
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

/** Looks up a text by dotted key and fills in `{{name}}`; with `count`, the key ends in `_one` or `_other`. Unknown languages get Dutch. */
export function translator(language: string): Translate {
  const root = byLanguage.get(language) ?? byLanguage.get('nl') ?? {};
  const find = (key: string): string | undefined => {
    let text: Texts | string | undefined = root;
    for (const part of key.split('.')) text = typeof text === 'object' ? text[part] : undefined;
    return typeof text === 'string' ? text : undefined;
  };
  return (key, values = {}) => {
    const { count } = values;
    const text = count === undefined ? find(key) : find(`${key}_${Number(count) === 1 ? 'one' : 'other'}`);
    return (text ?? key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
  };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');
const pairs = (value: object, prefix = ''): [string, string][] =>
  Object.entries(value).flatMap(([key, each]) =>
    typeof each === 'string' ? [[prefix + key, each]] : pairs(each, `${prefix}${key}.`),
  );
const messages = Object.fromEntries(
  ['nl', 'en', 'fr'].map((language) => [
    language,
    Object.fromEntries(pairs(JSON.parse(readFileSync(join(folder, 'messages', `${language}.json`), 'utf8')))),
  ]),
);
const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(folder, 'src', name), 'utf8'))
  .join('\n');
const keys = Object.keys(messages.nl ?? {}).map((key) => key.replace(/_(one|other)$/, ''));

describe('the messages', () => {
  it('have the same keys and placeholders in each language', () => {
    const holes = (text = '') => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
    for (const language of ['en', 'fr']) {
      expect(Object.keys(messages[language] ?? {}).sort()).toEqual(Object.keys(messages.nl ?? {}).sort());
      for (const [key, text] of Object.entries(messages.nl ?? {})) {
        expect(holes(messages[language]?.[key]), `${language} ${key}`).toEqual(holes(text));
      }
    }
  });

  it('have every key that a page uses', () => {
    const asked = [...sources.matchAll(/\.t\(\s*'([^']+)'/g)].map((match) => match[1] as string);
    const chosen = [...sources.matchAll(/\.t\([^'`)]*\?\s*'([^']+)'\s*:\s*'([^']+)'/g)].flatMap((match) => [
      match[1] as string,
      match[2] as string,
    ]);
    const titles = [...sources.matchAll(/title: '([a-zA-Z]+\.title)'/g)].map((match) => match[1] as string);
    const missing = [...asked, ...chosen, ...titles].filter((key) => !keys.includes(key));
    expect(missing).toEqual([]);
  });

  it('have a text for every problem that the server throws', () => {
    const thrown = [...sources.matchAll(/(?:conflicting|unacceptable)\('([a-z-]+)'/g)].map((match) => match[1]);
    expect(thrown.length).toBeGreaterThan(10);
    expect(thrown.filter((slug) => !keys.includes(`problems.${slug}`))).toEqual([]);
  });
});

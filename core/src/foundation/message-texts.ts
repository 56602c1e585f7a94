import { readFileSync } from 'node:fs';

/** The languages in which every plugin has its messages. */
export const languages = ['nl', 'en', 'fr'] as const;
/** One of {@link languages}. */
export type Language = (typeof languages)[number];

/**
 * Reads what the message files of a plugin have at a key, for a point whose contributions name their texts: the contributing plugin is then
 * at fault, at the start, if one is missing.
 *
 * @param folder with `nl.json`, `en.json` and `fr.json`
 * @param key such as `search.people`
 * @param report called for each file that cannot be read
 * @returns by language; undefined where there is nothing at the key
 */
export function messagesAt(folder: URL, key: string, report: (fault: string) => void): Record<Language, unknown> {
  const found = languages.map((language) => [language, messageIn(new URL(`${language}.json`, folder), key, report)]);
  return Object.fromEntries(found) as Record<Language, unknown>;
}

function messageIn(file: URL, key: string, report: (fault: string) => void): unknown {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    report(`${file.pathname.split('/').at(-1)} cannot be read: ${(error as Error).message}`);
    return undefined;
  }
  for (const part of key.split('.')) {
    found = typeof found === 'object' && found !== null && Object.hasOwn(found, part) ? Reflect.get(found, part) : undefined;
  }
  return found;
}

import { readFileSync } from 'node:fs';

/** The languages in which every plugin has its messages. */
export const languages = ['nl', 'en', 'fr'] as const;

/** The name of a kind of results in each language. */
export type Labels = Record<(typeof languages)[number], string>;

/**
 * Reads a text from the messages of a plugin, in each language.
 *
 * @param folder with `nl.json`, `en.json` and `fr.json`
 * @param key such as `search.people`
 * @param report called for each language without this text
 */
export function labelsIn(folder: URL, key: string, report: (fault: string) => void): Labels {
  const labels = languages.map((language) => {
    const file = `${language}.json`;
    const text = textIn(new URL(file, folder), key, report);
    if (typeof text !== 'string' || text.trim() === '') report(`${key} is missing in ${file}`);
    return [language, String(text)];
  });
  return Object.fromEntries(labels) as Labels;
}

function textIn(file: URL, key: string, report: (fault: string) => void): unknown {
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

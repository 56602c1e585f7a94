import { readFileSync } from 'node:fs';

/** The languages in which every plugin has its messages. */
export const languages = ['nl', 'en', 'fr'] as const;
export type Language = (typeof languages)[number];

/** The name of a kind in each language. */
export type Labels = Record<Language, string>;

/**
 * Reads the names of a kind from the messages of its plugin, and checks that its sentence is there too.
 *
 * @param folder with `nl.json`, `en.json` and `fr.json`
 * @param key of an object with `label` and `text`, or `text_one` and `text_other`
 * @param report called with each text that is missing or unsuitable
 */
export function labelsIn(folder: URL, key: string, report: (fault: string) => void): Labels {
  const labels = languages.map((language) => {
    const file = `${language}.json`;
    const { label, ...texts } = textsIn(new URL(file, folder), key, report);
    if (!isText(label)) report(`${key}.label is missing in ${file}`);
    else if (label.includes('{{')) report(`${key}.label in ${file} has a placeholder, but e-mails show it as it is`);
    if (!isText(texts['text']) && !(isText(texts['text_one']) && isText(texts['text_other'])))
      report(`${key}.text (or text_one and text_other) is missing in ${file}`);
    return [language, String(label)];
  });
  return Object.fromEntries(labels) as Labels;
}

/** The texts below a key; none if there are none, which is reported. */
export function textsIn(file: URL, key: string, report: (fault: string) => void): Record<string, unknown> {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    report(`${file.pathname.split('/').at(-1)} cannot be read: ${(error as Error).message}`);
    return {};
  }
  for (const part of key.split('.')) found = isObject(found) && Object.hasOwn(found, part) ? found[part] : undefined;
  return isObject(found) ? found : {};
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

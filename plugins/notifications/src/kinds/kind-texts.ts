import { type Language, languages, messagesAt } from '@ilearn/core';

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
  const found = textsAt(folder, key, report);
  const labels = languages.map((language) => {
    const file = `${language}.json`;
    const { label, ...texts } = found[language];
    if (!isText(label)) report(`${key}.label is missing in ${file}`);
    else if (label.includes('{{')) report(`${key}.label in ${file} has a placeholder, but e-mails show it as it is`);
    if (!isText(texts['text']) && !(isText(texts['text_one']) && isText(texts['text_other'])))
      report(`${key}.text (or text_one and text_other) is missing in ${file}`);
    return [language, String(label)];
  });
  return Object.fromEntries(labels) as Labels;
}

/** The texts below a key in each language; none where there are none. */
export function textsAt(folder: URL, key: string, report: (fault: string) => void): Record<Language, Record<string, unknown>> {
  const found = Object.entries(messagesAt(folder, key, report)).map(([language, texts]) => [
    language,
    isObject(texts) ? texts : {},
  ]);
  return Object.fromEntries(found) as Record<Language, Record<string, unknown>>;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

import { readFileSync, statSync } from 'node:fs';

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
    found = parsedMessages(file);
  } catch (error) {
    report(`${file.pathname.split('/').at(-1)} cannot be read: ${(error as Error).message}`);
    return undefined;
  }
  for (const part of key.split('.')) {
    found = typeof found === 'object' && found !== null && Object.hasOwn(found, part) ? Reflect.get(found, part) : undefined;
  }
  return found;
}

const read = new Map<string, { version: string; messages: unknown }>();

/** Files are asked for many keys in a row, one for each contribution; each is parsed again only once it changed. */
function parsedMessages(file: URL): unknown {
  const { mtimeMs, size } = statSync(file);
  const version = `${mtimeMs} ${size}`;
  const known = read.get(file.href);
  if (known?.version === version) return known.messages;
  const messages: unknown = JSON.parse(readFileSync(file, 'utf8'));
  read.set(file.href, { version, messages });
  return messages;
}

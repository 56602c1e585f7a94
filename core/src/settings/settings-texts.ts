import { readFileSync } from 'node:fs';
import type { PluginDefinition } from '../contract/plugin.js';
import { languages } from '../foundation/message-texts.js';

interface Texts {
  [key: string]: string | Texts;
}

const own = new URL('../../messages/settings/', import.meta.url);
/** By file path; each file is read once. */
const files = new Map<string, Texts>();

/** Texts of a settings section in one language, by key: a plugin's, or the kernel's own if `definition` is null. */
export function textsOf(definition: PluginDefinition | null, language: string | undefined): (key: string) => string | null {
  const folder = definition === null ? own : (definition.ui?.messages ?? definition.privacy?.messages);
  if (folder === undefined) return () => null;
  const known = languages.find((each) => each === language) ?? 'nl';
  const texts = readTexts(new URL(`${known}.json`, folder));
  return (key) => {
    let found: string | Texts | undefined = texts;
    for (const step of key.split('.')) found = typeof found === 'object' && Object.hasOwn(found, step) ? found[step] : undefined;
    return typeof found === 'string' && found !== '' ? found : null;
  };
}

function readTexts(file: URL): Texts {
  const texts = files.get(file.href) ?? (JSON.parse(readFileSync(file, 'utf8')) as Texts);
  files.set(file.href, texts);
  return texts;
}

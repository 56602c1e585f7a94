import { readFileSync } from 'node:fs';
import type { CheckedPlugin } from '../foundation/plugin.js';

/**
 * The plugin's name for people, in a language: `plugin.title` of its messages. Its id if it has no such text, or cannot be loaded.
 *
 * @param language `nl`, `en` or `fr`; otherwise, and without the text, `nl`
 */
export function titleOf(plugin: Pick<CheckedPlugin, 'definition'> | null, id: string, language: string | undefined): string {
  const folder = plugin?.definition.ui?.messages ?? plugin?.definition.privacy?.messages;
  if (folder === undefined) return id;
  return titleIn(folder, language === 'en' || language === 'fr' ? language : 'nl') ?? titleIn(folder, 'nl') ?? id;
}

function titleIn(folder: URL, language: string): string | null {
  try {
    const messages = JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8')) as { plugin?: { title?: unknown } };
    const title = messages.plugin?.title;
    return typeof title === 'string' && title !== '' ? title : null;
  } catch {
    // A plugin without readable messages is listed too: its fault is among the causes.
    return null;
  }
}

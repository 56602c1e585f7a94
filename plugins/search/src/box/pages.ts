import { navigationPages } from '@ilearn/ui';
import type { Result } from './answer.js';

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();

/** The person's pages whose name contains every word of the text, ignoring accents and case; without words, all of them. */
export function pagesFor(text: string): (Result & { icon: string })[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  return navigationPages()
    .filter(({ label }) => words.every((word) => folded(label).includes(word)))
    .map(({ path, label, icon }) => ({ title: label, detail: null, place: path, icon }));
}

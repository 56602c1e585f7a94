import { furtherPages, navigationPages } from '@ilearn/ui';
import type { Result } from './answer.js';
import { folded } from './folded.js';

/**
 * The person's pages whose name contains every word of the text, ignoring accents and case: those of the navigation, and then those on which
 * something is done, such as adding an activity. Without words, those of the navigation.
 */
export function pagesFor(text: string): (Result & { icon: string })[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const further = words.length === 0 ? [] : furtherPages().sort((one, other) => one.path.localeCompare(other.path));
  return [...navigationPages(), ...further]
    .filter(({ label }) => words.every((word) => folded(label).includes(word)))
    .map(({ path, label, icon = 'chevron-right' }) => ({ title: label, detail: null, place: path, icon }));
}

import { allPages, mayOpen, navigationPages, titleOf } from '@ilearn/ui';
import type { Result } from './answer.js';
import { folded } from './folded.js';

/**
 * The pages that a signed-in person may open without more than their address, beside those of the navigation. Titles that have not been
 * loaded are requested, and are empty until they have arrived.
 */
function furtherPages(): { path: string; label: string; icon: string | undefined }[] {
  const entries = navigationPages();
  return allPages()
    .filter(({ path, permission, nav }) => nav === undefined && !path.includes(':') && permission !== 'public' && mayOpen(path))
    .map((page) => {
      const above = entries.find(({ path }) => page.path.startsWith(`${path}/`));
      return { path: page.path, label: titleOf(page), icon: above?.icon };
    })
    .sort((one, other) => one.path.localeCompare(other.path));
}

/**
 * The person's pages whose name contains every word of the text, ignoring accents and case: those of the navigation, and then those on which
 * something is done, such as adding an activity. Without words, those of the navigation.
 */
export function pagesFor(text: string): (Result & { icon: string })[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  return [...navigationPages(), ...(words.length === 0 ? [] : furtherPages())]
    .filter(({ label }) => words.every((word) => folded(label).includes(word)))
    .map(({ path, label, icon = 'chevron-right' }) => ({ title: label, detail: null, place: path, icon }));
}

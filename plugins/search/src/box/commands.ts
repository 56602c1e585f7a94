import { findPage, locale, titleOf } from '@ilearn/ui';
import { search } from '../client.js';
import { placeIn, type Result } from './answer.js';
import { folded } from './folded.js';

export type Listed = Awaited<ReturnType<typeof listCommands>>;
type Labels = Listed['commands'][number]['labels'];

/** Most commands that are shown before something is typed. */
const mostUnasked = 6;

export const listCommands = () => search.get('/commands');

/** A text of a plugin in the language of the page. */
export const inLanguage = (labels: Labels): string => labels[locale().slice(0, 2) as keyof Labels] ?? labels.nl;

/** What the person may do, by the words of its name, ignoring accents and case; without words, the first few. */
export function commandsFor(
  text: string,
  commands: Listed['commands'],
  can: (permission: string) => boolean,
): (Result & { icon: string })[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const found = commands.flatMap(({ labels, words: more, icon, permission, place, aboutPage }) => {
    const title = inLanguage(labels);
    const searched = folded(more === null ? title : `${title} ${inLanguage(more)}`);
    const to = placeIn(aboutPage ? aboutThisPage(place) : place);
    const fits = words.every((word) => searched.includes(word)) && can(permission);
    return to === null || !fits ? [] : [{ title, detail: null, place: to, icon }];
  });
  return words.length === 0 ? found.slice(0, mostUnasked) : found;
}

function aboutThisPage(place: string): string {
  const page = findPage(location.pathname)?.target;
  const url = new URL(place, location.origin);
  url.searchParams.set('taal', locale().slice(0, 2));
  if (page?.help !== undefined) url.searchParams.set('over', page.help);
  if (page !== undefined) url.searchParams.set('pagina', titleOf(page));
  return `${url.pathname}${url.search}`;
}

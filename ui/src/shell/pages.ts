import type { NavSection } from '@ilearn/core';
import { fillingsOf } from '../base/fillings.js';
import { translate } from '../base/i18n.js';
import { type Density, isDocument, type PortalPage, portal } from '../base/portal.js';
import { can, isPupil, session } from '../base/session.js';
import { Matcher } from './matcher.js';

/** A page, and the plugin that declares it. */
export interface KnownPage extends PortalPage {
  plugin: string;
}

let pages: readonly KnownPage[] | undefined;
let matcher: Matcher<KnownPage> | undefined;

/** All pages of the portal, also those that the person may not open. */
export const allPages = (): readonly KnownPage[] => {
  pages ??= portal().plugins.flatMap((plugin) => plugin.pages.map((page) => ({ ...page, plugin: plugin.id })));
  return pages;
};

/** The page at a path of the portal, as its plugin declares it, with the parameters of the path; undefined if there is none. */
export function findPage(path: string): { target: KnownPage; params: Record<string, string> } | undefined {
  matcher ??= new Matcher(allPages());
  return matcher.match(path);
}

/** The accessibility statement. */
export const ACCESSIBILITY_PATH = '/toegankelijkheid';

/** A page in the navigation. */
export type Entry = KnownPage & { nav: NonNullable<PortalPage['nav']> };

const entriesOf = (menu: 'person' | undefined): Entry[] =>
  allPages()
    .filter((page): page is Entry => page.nav !== undefined && page.nav.menu === menu && can(page.permission))
    .sort((a, b) => a.nav.order - b.nav.order);

/** The start page's entry in the navigation, which the shell itself adds. */
const START: Entry = {
  plugin: 'ui',
  path: '/',
  tag: 'il-start-page',
  title: 'start.title',
  permission: 'signed-in',
  nav: { icon: 'house', order: Number.NEGATIVE_INFINITY },
};

/** Whether the person has a start page: somebody is signed in, a plugin has a part for them, and no plugin has a page at `/`. */
export const hasStart = (): boolean =>
  Boolean(session.value) && fillingsOf('shell.start').length > 0 && findPage('/') === undefined;

/** Whether a plugin with pages is out of service, which may be why something is missing from somebody's start page. */
export const somethingIsOut = (): boolean => portal().plugins.some(({ out, pages }) => out && pages.length > 0);

/** The navigation entries that this person may see, in order. The start page comes first. */
export const navigation = (): Entry[] => [...(hasStart() ? [START] : []), ...entriesOf(undefined)];

/** Somebody with more entries in the navigation has those of a section folded. */
const MOST_FLAT = 12;

/** Part of the navigation that is folded, at the place of its first entry. */
export interface Section {
  section: NavSection;
  entries: Entry[];
}

/** The navigation, with sections if it is long. */
export function foldedNavigation(entries: readonly Entry[]): (Entry | Section)[] {
  if (entries.length <= MOST_FLAT) return [...entries];
  const folded: (Entry | Section)[] = [];
  const sections = new Map<NavSection, Section>();
  for (const entry of entries) {
    const { section } = entry.nav;
    const known = section === undefined ? undefined : sections.get(section);
    if (section === undefined) folded.push(entry);
    else if (known !== undefined) known.entries.push(entry);
    else {
      const added = { section, entries: [entry] };
      sections.set(section, added);
      folded.push(added);
    }
  }
  return folded;
}

/** The entries of the person's menu. */
export const personMenu = (): Entry[] => entriesOf('person');

/** A page's own density. On pages without one, pupils keep that of their own pages, so that sizes do not jump. */
export const densityOf = (page?: PortalPage): Density => page?.density ?? (isPupil() ? 'kid' : 'standard');

/** A page's title in the language of the reader; empty until it has been loaded. */
export const titleOf = (page: KnownPage): string => translate(page.plugin, page.title);

export const navLabelOf = (page: KnownPage): string => translate(page.plugin, page.nav?.label ?? page.title);

/** Whether `path` is the path of this entry or below it. */
export const isBelow = (path: string, entry: string): boolean => path === entry || path.startsWith(`${entry}/`);

/** Whether `path` is a page of this portal that the person may open. */
export function mayOpen(path: string): boolean {
  if ((path === START.path && hasStart()) || isDocument(path)) return true;
  const page = findPage(path)?.target;
  return page !== undefined && can(page.permission);
}

/** The pages in the navigation and in the person's menu that the person may open, in order. */
export const navigationPages = (): { path: string; label: string; icon: string }[] =>
  [...navigation(), ...personMenu()].map((page) => ({ path: page.path, label: navLabelOf(page), icon: page.nav.icon }));

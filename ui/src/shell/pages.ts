import { translate } from '../base/i18n.js';
import { type PortalPage, portal } from '../base/portal.js';
import { can } from '../base/session.js';
import { Matcher } from './matcher.js';

export interface KnownPage extends PortalPage {
  plugin: string;
}

let pages: KnownPage[] | undefined;
let matcher: Matcher<KnownPage> | undefined;

const allPages = (): KnownPage[] => {
  pages ??= portal().plugins.flatMap((plugin) => plugin.pages.map((page) => ({ ...page, plugin: plugin.id })));
  return pages;
};

export function findPage(path: string): { target: KnownPage; params: Record<string, string> } | undefined {
  matcher ??= new Matcher(allPages());
  return matcher.match(path);
}

/** The entries of the navigation that this person may see, in order. */
export function navigation(): (KnownPage & { nav: NonNullable<PortalPage['nav']> })[] {
  return allPages()
    .filter((page): page is KnownPage & { nav: NonNullable<PortalPage['nav']> } => page.nav !== undefined && can(page.permission))
    .sort((a, b) => a.nav.order - b.nav.order);
}

export const titleOf = (page: KnownPage): string => translate(page.plugin, page.title);

export const navLabelOf = (page: KnownPage): string => translate(page.plugin, page.nav?.label ?? page.title);

/** Whether `path` is the page of this entry, or lies below it. */
export const isBelow = (path: string, entry: string): boolean => path === entry || path.startsWith(`${entry}/`);

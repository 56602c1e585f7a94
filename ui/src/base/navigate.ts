import { confirmDialog, type Question } from '../feedback/confirm.js';
import { translate } from './i18n.js';
import { isDocument } from './portal.js';
import { Store } from './store.js';

/** The current page, and how the user arrived there. */
export interface Place {
  url: URL;
  /** `load`: the document was loaded. `back`: the browser's back or forward button, which also restores the scroll position. */
  by: 'load' | 'link' | 'back';
}

const start = globalThis.location?.href ?? 'http://localhost/';

export const place = new Store<Place>({ url: new URL(start), by: 'load' });

interface Unsaved {
  isDirty: () => boolean;
  question: Partial<Question>;
}

const unsaved = new Set<Unsaved>();

/**
 * Asks for confirmation before the user leaves with unsaved work, by a link, the browser's buttons or closing the tab. Call it when the
 * page appears; call the returned function when the page is removed.
 */
export function guardLeaving(isDirty: () => boolean, question: Partial<Question> = {}): () => void {
  const guard = { isDirty, question };
  unsaved.add(guard);
  return () => unsaved.delete(guard);
}

/** Whether something was typed or chosen since the user arrived at this page. */
let touched = false;

/** Whether leaving the page now would lose what the user typed or has not saved. */
export const hasWork = (): boolean => touched || [...unsaved].some(({ isDirty }) => isDirty());

let leaving = false;

/** Loads another document without asking about unsaved work. */
export function leaveWithoutAsking(path: string): void {
  leaving = true;
  location.replace(path);
}

async function mayLeave(): Promise<boolean> {
  for (const { isDirty, question } of unsaved) {
    if (!isDirty()) continue;
    const leave = await confirmDialog({
      title: translate('ui', 'leave.title'),
      text: translate('ui', 'leave.text'),
      confirm: translate('ui', 'leave.confirm'),
      cancel: translate('ui', 'leave.cancel'),
      danger: true,
      ...question,
    });
    if (!leave) return false;
  }
  return true;
}

/** Each history entry has a number, so that a refused step back can be undone. */
interface Entry {
  index: number;
}

const scrolled = new Map<number, number>();
const indexOf = (state: unknown): number => (state as Entry | null)?.index ?? 0;
let index = 0;
let ignoreNext = false;

/** The page's scroll position in pixels when the user left it. */
export const scrollOf = (): number => scrolled.get(index) ?? 0;

/** Goes to a page of the portal without loading a document; other origins, and pages that the server renders, are loaded. `replace` replaces the history entry. */
export async function navigate(path: string, options: { replace?: boolean } = {}): Promise<void> {
  const url = new URL(path, location.href);
  if (url.origin !== location.origin || isDocument(url.pathname)) {
    location.assign(url);
    return;
  }
  if (!(await mayLeave())) return;
  scrolled.set(index, scrollY);
  if (!options.replace) index += 1;
  scrolled.delete(index);
  history[options.replace ? 'replaceState' : 'pushState']({ index } satisfies Entry, '', url);
  place.set({ url, by: 'link' });
}

async function stepped(event: PopStateEvent): Promise<void> {
  if (ignoreNext) {
    ignoreNext = false;
    return;
  }
  const url = new URL(location.href);
  const isSamePage = url.pathname === place.value.url.pathname && url.search === place.value.url.search;
  // The browser made this entry: somebody followed a link to a part of the page.
  if (isSamePage && event.state === null) {
    index += 1;
    history.replaceState({ index } satisfies Entry, '');
    return;
  }
  const to = indexOf(event.state);
  if (isSamePage) {
    index = to;
    return;
  }
  if ([...unsaved].some(({ isDirty }) => isDirty())) {
    ignoreNext = true;
    history.go(index - to);
    if (!(await mayLeave())) return;
    ignoreNext = true;
    history.go(to - index);
  }
  scrolled.set(index, scrollY);
  index = to;
  place.set({ url, by: 'back' });
}

/** Paths that the server handles, not the shell. */
const SERVED = /^\/(api|assets|health|metrics|problems)(\/|$)/;

function followed(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event
    .composedPath()
    .find((target): target is HTMLAnchorElement => target instanceof HTMLAnchorElement && target.href !== '');
  if (!link || link.hasAttribute('download') || (link.target && link.target !== '_self')) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || SERVED.test(url.pathname) || isDocument(url.pathname)) return;
  const here = new URL(location.href);
  if (url.hash && url.pathname === here.pathname && url.search === here.search) return;
  event.preventDefault();
  void navigate(url.href);
}

/** Handles links and the browser's buttons; called once by the shell. */
export function startNavigation(): void {
  history.scrollRestoration = 'manual';
  index = indexOf(history.state);
  history.replaceState({ index } satisfies Entry, '');
  addEventListener('popstate', (event) => void stepped(event));
  addEventListener('click', followed);
  // Composed events, so those of fields inside shadow roots arrive too.
  addEventListener('input', () => {
    touched = true;
  });
  let path = place.value.url.pathname;
  place.watch(({ url }) => {
    if (url.pathname !== path) touched = false;
    path = url.pathname;
  });
  addEventListener('beforeunload', (event) => {
    // Added before any page's own listener, which then does not ask either.
    if (leaving) event.stopImmediatePropagation();
    else if ([...unsaved].some(({ isDirty }) => isDirty())) event.preventDefault();
  });
}

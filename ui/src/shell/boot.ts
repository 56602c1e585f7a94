/**
 * Runs in `<head>`, before the first paint and before any module has arrived: sets the chosen theme and language, so that a page never
 * appears in another one first, and requests at once what this address needs, so that it does not wait for the shell to ask.
 */
import { type EarlyResponses, SESSION_ADDRESS } from '../base/early.js';
import { wishedLanguage } from '../base/language-choice.js';
import { withParts } from '../base/message-parts.js';
import { isOnlyPupil, permits } from '../base/permits.js';
import type { Portal } from '../base/portal.js';
import { preloadModules } from '../base/preload.js';
import type { Session } from '../base/session.js';
import { Matcher } from './matcher.js';
import { START_DENSITY } from './start-density.js';

const theme = localStorage.getItem('ilearn.theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

const portal = JSON.parse(document.getElementById('ilearn-portal')?.textContent ?? '{}') as Portal;
const language = wishedLanguage(portal.languages);
document.documentElement.lang = language;

const early: EarlyResponses = new Map();
(window as { ilearnEarly?: EarlyResponses }).ilearnEarly = early;
const request = (address: string, init?: RequestInit): void => {
  const response = fetch(address, { credentials: 'same-origin', ...init });
  // Whoever takes the response handles its failure.
  response.catch(() => {});
  early.set(address, response);
};
request(SESSION_ADDRESS, { headers: { accept: 'application/json' } });
const messages = portal.messages[language];
const requestMessages = (parts: readonly string[]): void => {
  if (messages !== undefined && parts.length > 0) request(withParts(messages, parts));
};

interface Needed {
  plugin: string;
  entry?: string | undefined;
  permission: string;
  needs?: string[];
  modules?: string[];
  loads?: string[];
}

const preload = ({ entry, needs = [], modules = entry === undefined ? [] : [entry] }: Needed): void =>
  preloadModules([...needs, ...modules]);

function load({ plugin, loads = [] }: Needed, params: Record<string, string> = {}): void {
  for (const path of loads) {
    const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    request(`/api/${plugin}${filled}`, { headers: { accept: 'application/json' } });
  }
}

const pages = portal.plugins.flatMap(({ id, entry, pages }) => pages.map((page) => ({ ...page, entry, plugin: id })));
const found = new Matcher(pages).match(location.pathname);
// The layout of the page, so that the bar does not change its height. That of the start page depends on the person: as it was last here.
const density = location.pathname === '/' ? localStorage.getItem(START_DENSITY) : found?.target.density;
if (density === 'kid' || density === 'compact') document.documentElement.dataset.density = density;
requestMessages(['shell', ...(found ? [found.target.tag] : [])]);
if (found) {
  preload(found.target);
  if (found.target.permission === 'public') load(found.target, found.params);
}

/** What depends on who is signed in: nothing is requested that would be refused. */
async function loadForPerson(response: Response): Promise<void> {
  if (!response.ok) return;
  const { session } = (await response.json()) as { session: Pick<Session, 'permissions' | 'roles'> | null };
  if (session === null) return;
  if (found && found.target.permission !== 'public' && permits(session, found.target.permission))
    load(found.target, found.params);
  if (found || location.pathname !== '/') return;
  document.documentElement.dataset.density = isOnlyPupil(session.roles) ? 'kid' : 'standard';
  const parts = portal.plugins.flatMap(({ id, entry, slots }) =>
    slots
      .filter((slot) => slot.slot === 'shell.start' && permits(session, slot.permission))
      .map((slot) => ({ ...slot, entry, plugin: id })),
  );
  requestMessages(parts.map(({ tag }) => tag));
  for (const part of parts) {
    preload(part);
    load(part);
  }
}
const session = early.get(SESSION_ADDRESS);
if (session !== undefined) {
  // The shell learns it afterwards: what it asks for next has been requested by then. It also reports what goes wrong.
  const told = session.then(async (response) => {
    await loadForPerson(response.clone()).catch(() => {});
    return response;
  });
  told.catch(() => {});
  early.set(SESSION_ADDRESS, told);
}

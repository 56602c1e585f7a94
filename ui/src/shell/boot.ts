/**
 * Runs in `<head>`, before the first paint and before any module has arrived: sets the chosen theme and language, so that a page never
 * appears in another one first, and requests at once what this address needs, so that it does not wait for the shell to ask.
 */
import { type EarlyResponses, SESSION_ADDRESS } from '../base/early.js';
import { wishedLanguage } from '../base/language-choice.js';
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
if (messages !== undefined) request(messages);

interface Needed {
  plugin: string;
  entry?: string | undefined;
  permission: string;
  needs?: string[];
  loads?: string[];
}

const preload = ({ entry, needs = [] }: Needed): void => preloadModules(entry === undefined ? [] : [...needs, entry]);

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
if (found) {
  preload(found.target);
  if (found.target.permission === 'public') load(found.target, found.params);
}

/** What depends on who is signed in: nothing is requested that would be refused. */
async function loadForPerson(): Promise<void> {
  const response = await early.get(SESSION_ADDRESS);
  if (!response?.ok) return;
  const { session } = (await response.clone().json()) as { session: Pick<Session, 'permissions' | 'roles'> | null };
  if (session === null) return;
  if (found && found.target.permission !== 'public' && permits(session, found.target.permission))
    load(found.target, found.params);
  if (found || location.pathname !== '/') return;
  document.documentElement.dataset.density = isOnlyPupil(session.roles) ? 'kid' : 'standard';
  for (const { id, entry, slots } of portal.plugins) {
    for (const slot of slots) {
      if (slot.slot !== 'shell.start' || !permits(session, slot.permission)) continue;
      preload({ ...slot, entry, plugin: id });
      load({ ...slot, plugin: id });
    }
  }
}
// The shell reports what goes wrong.
loadForPerson().catch(() => {});

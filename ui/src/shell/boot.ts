/**
 * Runs in `<head>`, before the first paint and before any module has arrived: sets the chosen theme and language, so that a page never
 * appears in another one first, and requests at once what this address needs, so that it does not wait for the shell to ask.
 */
import { type EarlyResponses, SESSION_ADDRESS } from '../base/early.js';
import { wishedLanguage } from '../base/language-choice.js';
import type { Portal } from '../base/portal.js';
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

const pages = portal.plugins.flatMap(({ entry, pages }) => pages.map((page) => ({ ...page, entry })));
const page = new Matcher(pages).match(location.pathname)?.target;
// The layout of the page, so that the bar does not change its height. That of the start page depends on the person: as it was last here.
const density = location.pathname === '/' ? localStorage.getItem(START_DENSITY) : page?.density;
if (density === 'kid' || density === 'compact') document.documentElement.dataset.density = density;
for (const address of page?.entry === undefined ? [] : [...(page.needs ?? []), page.entry]) {
  const link = document.createElement('link');
  link.rel = 'modulepreload';
  link.href = address;
  document.head.append(link);
}

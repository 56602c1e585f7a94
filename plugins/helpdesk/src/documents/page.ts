import { createHash } from 'node:crypto';
import { type Reply, reply } from '@ilearn/core';
import { clean, type Html, html } from './html.js';
import { translator } from './messages.js';
import { style } from './style.js';

const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

const policy = [
  "default-src 'none'",
  `style-src ${styleHash}`,
  // Pictures of articles; their addresses are limited where Markdown is rendered.
  "img-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export interface DocumentPage {
  status?: number;
  /** Language of the interface. */
  language: string;
  title: string;
  /** Path of the page, for the links to its other languages. */
  path: string;
  signedIn: boolean;
  /** Address of the page that tells what the portal keeps about people; undefined if it has none. */
  privacyPath: string | undefined;
  content: Html;
}

const names = { nl: 'Nederlands', en: 'English', fr: 'Français' } as const;

/** A whole page without script: its bar, the content, and links to the same page in the other languages. */
export function documentPage<Status extends number = 200>(page: DocumentPage & { status?: Status }): Reply<Status, string> {
  const { language, title, path, signedIn, privacyPath, content } = page;
  const t = translator(language);
  const own = `taal=${language}`;
  const { text } = html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title} · i-Learn</title><style>${clean(style)}</style></head><body>
<a class="skip" href="#inhoud">${t('documents.skip')}</a>
<header><a class="logo" href="/"><b>i-Learn</b></a><nav aria-label="${t('documents.nav')}">
<a href="/hulp?${own}"${current(path, '/hulp')}>${t('documents.help')}</a>
<a href="/status?${own}"${current(path, '/status')}>${t('documents.status')}</a>
<a href="/">${t(signedIn ? 'documents.back' : 'documents.signIn')}</a></nav></header>
<main id="inhoud" tabindex="-1">${content}</main>
<footer><nav aria-label="${t('documents.languages')}">${Object.entries(names).map(([code, name]) =>
    code === language
      ? html`<span lang="${code}" aria-current="true">${name}</span>`
      : html`<a lang="${code}" hreflang="${code}" href="${path}?taal=${code}">${name}</a>`,
  )}</nav>${privacyPath === undefined ? '' : html`<p><a href="${privacyPath}">${t('documents.privacy')}</a></p>`}</footer>
</body></html>`;
  return reply((page.status ?? 200) as Status, text, {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  });
}

const current = (path: string, entry: string): Html =>
  html`${path === entry || path.startsWith(`${entry}/`) ? clean(' aria-current="page"') : ''}`;

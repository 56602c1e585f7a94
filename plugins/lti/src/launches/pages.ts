import { createHash } from 'node:crypto';
import { translator } from '../messages.js';
import type { RefusalCode } from './refusal.js';

const submitScript = 'document.forms[0].submit();';
const style = `
  :root { color-scheme: light dark; font: 1.125rem/1.5 "Atkinson Hyperlegible Next", system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: start; padding: 1.5rem; box-sizing: border-box;
    max-width: 34rem; margin-inline: auto; background: light-dark(#fbf8f1, #1d1b18); color: light-dark(#211d18, #f4efe6); }
  h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
  p { margin: 0 0 1.5rem; }
  .code { font-size: .875rem; margin: 2rem 0 0; overflow-wrap: anywhere; }
  button, .action { display: inline-block; font: inherit; font-weight: 700; padding: .75rem 1.5rem; min-height: 3rem; box-sizing: border-box; border: 0; border-radius: .5rem;
    background: light-dark(#0b5c53, #7fd3c4); color: light-dark(#ffffff, #10201d); text-decoration: none; cursor: pointer; }
  :focus-visible { outline: 3px solid currentColor; outline-offset: 3px; }
`;

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const scriptHash = hash(submitScript);
const styleHash = hash(style);

export interface HtmlPage {
  body: string;
  headers: Record<string, string>;
}

export interface FormPost {
  language: string;
  toolName: string;
  action: string;
  fields: Record<string, string>;
  /** Other origins to which the receiver may redirect, because Chromium applies `form-action` to redirects too. */
  redirectOrigins: readonly string[];
}

/** A page that submits a form when it loads, with a button for browsers without scripts (OAuth 2.0 Form Post Response Mode §2). */
export function formPostPage({ language, toolName, action, fields, redirectOrigins }: FormPost): HtmlPage {
  const t = translator(language);
  const inputs = Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
  const title = t('launch.forwarding.title', { tool: toolName });
  const button = t('launch.forwarding.button', { tool: toolName });
  const content = `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(t('launch.forwarding.text'))}</p>
<form method="post" action="${escapeHtml(action)}">${inputs}<button>${escapeHtml(button)}</button></form>
<script>${submitScript}</script>`;
  const targets = [cspSource(action), ...redirectOrigins.filter((origin) => origin !== new URL(action).origin)];
  return page(language, title, content, `script-src ${scriptHash}; form-action ${targets.join(' ')}`);
}

export interface RefusalPage {
  language: string;
  code: RefusalCode;
  requestId: string;
  returnUrl: string;
}

const ownExplanation: ReadonlySet<RefusalCode> = new Set([
  'launch-used',
  'launch-expired',
  'launch-unknown',
  'person-mismatch',
  'client-unknown',
]);

/** A page that says that the activity did not open and what to do, with a code for the helpdesk. */
export function refusalPage({ language, code, requestId, returnUrl }: RefusalPage): HtmlPage {
  const t = translator(language);
  const title = t('launch.refused.title');
  const explanation = t(`launch.refused.${ownExplanation.has(code) ? code : 'other'}`);
  const content = `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(explanation)}</p>
<a class="action" href="${escapeHtml(returnUrl)}">${escapeHtml(t('launch.refused.back'))}</a>
<p class="code">${escapeHtml(t('launch.refused.code', { code, request: requestId }))}</p>`;
  return page(language, title, content, `form-action 'none'`);
}

function page(language: string, title: string, content: string, policy: string): HtmlPage {
  return {
    body: `<!doctype html>
<html lang="${escapeHtml(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body>
<main>${content}</main></body></html>`,
    headers: {
      'content-security-policy': `default-src 'none'; style-src ${styleHash}; base-uri 'none'; frame-ancestors 'self'; ${policy}`,
      'x-frame-options': 'SAMEORIGIN',
      'cache-control': 'no-store',
      // Show the tool only the portal's origin.
      'referrer-policy': 'origin',
    },
  };
}

/** An address as a CSP source expression: without its query, and with `;` and `,` escaped. */
function cspSource(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname.replaceAll(';', '%3B').replaceAll(',', '%2C');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

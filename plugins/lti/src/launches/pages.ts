import { createHash } from 'node:crypto';
import { translator } from '../messages.js';
import { launchPageScript } from './storage-script.js';

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

/** The page around a tool fills the window. */
const wideStyle = `
  body.wide { display: flex; flex-direction: column; max-width: none; padding: 0; height: 100vh; }
  body.wide main { display: flex; flex-direction: column; flex: 1; width: 100%; min-height: 0; }
  header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .5rem 1rem; }
  header h1 { font-size: 1.125rem; margin: 0; flex: 1 1 12rem; overflow-wrap: anywhere; }
  header a, .help a { color: inherit; font-weight: 600; padding-block: .75rem; }
  iframe { flex: 1; width: 100%; min-height: 20rem; border: 0; border-top: 1px solid currentColor; background: #ffffff; }
  .help { padding: .5rem 1rem; background: light-dark(#fdeec4, #4a3b10); }
  .help p { margin: 0; }
  .beside { padding: 1.5rem; max-width: 34rem; margin: 0 auto; }
`;

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const scriptHash = hash(submitScript);
const allStyles = style + wideStyle;
const styleHash = hash(allStyles);

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
  /** Of a check: a `RefusalCode`, or that of another page of the plugin. */
  code: string;
  requestId: string;
  returnUrl: string;
  /** Page on which the person can report it; null: there is none. */
  reportUrl?: string | null;
}

const ownExplanation: ReadonlySet<string> = new Set([
  'choice-unknown',
  'choice-over',
  'launch-used',
  'launch-expired',
  'launch-unknown',
  'person-mismatch',
  'client-unknown',
  'not-licensed',
]);

/** A page that says that the activity did not open and what to do, with a code for the helpdesk. */
export function refusalPage({ language, code, requestId, returnUrl, reportUrl = null }: RefusalPage): HtmlPage {
  const t = translator(language);
  const title = t('launch.refused.title');
  const explanation = t(`launch.refused.${ownExplanation.has(code) ? code : 'other'}`);
  const report =
    reportUrl === null ? '' : `\n<p><a href="${escapeHtml(reportUrl)}">${escapeHtml(t('launch.refused.report'))}</a></p>`;
  const content = `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(explanation)}</p>
<a class="action" href="${escapeHtml(returnUrl)}">${escapeHtml(t('launch.refused.back'))}</a>${report}
<p class="code">${escapeHtml(t('launch.refused.code', { code, request: requestId }))}</p>`;
  return page(language, title, content, `form-action 'none'`);
}

export interface LaunchPage {
  language: string;
  toolName: string;
  presentation: 'frame' | 'tab' | 'window';
  /** Address of the launch itself. */
  launchUrl: string;
  /** Address that launches again, in the whole window. */
  againUrl: string;
  /** Address that tells how far the launch is. */
  stateUrl: string;
  /** Page of the portal from which the launch started. */
  returnUrl: string;
  /** Origins of the tool, which may use the storage of the page. */
  origins: readonly string[];
}

/** A window of its own, as `window.open` takes it. Neither it nor a tab can send this page elsewhere (`noopener`). */
const windowFeatures = 'popup,noopener,width=1200,height=800';

/** The page around a tool: with the tool in a frame, or with a button that opens it in a tab or window. */
export function launchPage(launch: LaunchPage): HtmlPage {
  const { language, toolName, presentation, launchUrl, againUrl, stateUrl, returnUrl, origins } = launch;
  const t = translator(language);
  const title = t('launch.page.title', { tool: toolName });
  const back = `<a href="${escapeHtml(returnUrl)}">${escapeHtml(t('launch.page.back'))}</a>`;
  const settings = Object.entries({
    origins: origins.join(' '),
    back: returnUrl,
    state: stateUrl,
    slow: t('launch.page.slow', { tool: toolName }),
    failed: t('launch.page.failed', { tool: toolName }),
  })
    .map(([name, value]) => `data-${name}="${escapeHtml(value)}"`)
    .join(' ');
  const inTab = `<a href="${escapeHtml(againUrl)}" target="_blank" rel="noopener">${escapeHtml(t('launch.page.inTab'))}</a>`;
  const frame = `<div class="help" hidden><p role="status"></p>${inTab}</div>
<iframe name="lti-tool" title="${escapeHtml(title)}" src="${escapeHtml(launchUrl)}" allow="fullscreen; clipboard-write"></iframe>`;
  const button = `<div class="beside"><p>${escapeHtml(t(`launch.page.${presentation === 'tab' ? 'tabText' : 'windowText'}`, { tool: toolName }))}</p>
<a class="action" href="${escapeHtml(againUrl)}" target="_blank" rel="noopener"${presentation === 'window' ? ` data-window="${windowFeatures}"` : ''}>${escapeHtml(
    t('launch.forwarding.button', { tool: toolName }),
  )}</a></div>`;
  const content = `<main ${settings}><header><h1>${escapeHtml(title)}</h1>${presentation === 'frame' ? inTab : ''}${back}</header>
${presentation === 'frame' ? frame : button}</main><script>${launchPageScript}</script>`;
  // A tool goes where it likes inside its frame, but only by https, or on the machine of a portal that is there too.
  const local = origins.filter((origin) => origin.startsWith('http:'));
  const sources = ["'self'", 'https:', ...local].join(' ');
  const made = page(
    language,
    title,
    content,
    `script-src ${hash(launchPageScript)}; connect-src 'self'; frame-src ${sources}; form-action 'none'`,
    true,
  );
  return { ...made, headers: { ...made.headers, 'referrer-policy': 'same-origin' } };
}

/** A page in a frame that takes the whole window to an address of the portal. */
export function leaveFramePage(language: string, address: string): HtmlPage {
  const t = translator(language);
  const title = t('launch.page.back');
  const content = `<h1>${escapeHtml(title)}</h1><a class="action" target="_top" href="${escapeHtml(address)}">${escapeHtml(title)}</a>
<script>${leaveScript}</script>`;
  return page(language, title, content, `script-src ${hash(leaveScript)}; form-action 'none'`);
}

const leaveScript = "window.top.location.replace(document.querySelector('a').href);";

function page(language: string, title: string, content: string, policy: string, wide = false): HtmlPage {
  return {
    body: `<!doctype html>
<html lang="${escapeHtml(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${allStyles}</style></head><body${wide ? ' class="wide"' : ''}>
${wide ? content : `<main>${content}</main>`}</body></html>`,
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

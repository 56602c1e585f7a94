/** The texts and links of an e-mail. */
export interface MailParts {
  language: string;
  subject: string;
  host: string;
  intro: string;
  items: readonly string[];
  button: string;
  inbox: string;
  why: string;
  /** Links to the preferences, and to stop e-mails. Not in letters, which do not depend on them. */
  preferences?: string;
  preferencesUrl?: string;
  stop?: string;
  stopUrl?: string;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] as string);

/**
 * An e-mail as HTML: one column, no pictures, nothing loaded from elsewhere. Styles are inline, because many mail programs ignore sheets;
 * the sheet only serves dark mode, in programs that have it. The kinds are stations on a line, as in the portal.
 */
export function htmlOf(parts: MailParts): string {
  const p = Object.fromEntries(
    Object.entries(parts).map(([key, value]) => [key, typeof value === 'string' ? escaped(value) : '']),
  ) as Required<Record<keyof MailParts, string>>;
  const font = "font-family:'Atkinson Hyperlegible Next','Atkinson Hyperlegible',Verdana,sans-serif";
  const links =
    parts.stopUrl === undefined
      ? ''
      : `<br>
        <a href="${p.preferencesUrl}" style="color:#55515f">${p.preferences}</a> · <a href="${p.stopUrl}" style="color:#55515f">${p.stop}</a>`;
  const items = parts.items
    .map(
      (item) => `<tr>
          <td width="28" valign="top" style="padding:8px 0"><div class="station" style="width:12px;height:12px;margin:4px 0 0 2px;background:#f6b21b;border:3px solid #1d1b2a;border-radius:10px;font-size:0">&nbsp;</div></td>
          <td class="ink" style="padding:8px 0;color:#1d1b2a;font-size:17px;line-height:24px;${font};font-weight:bold">${escaped(item)}</td>
        </tr>`,
    )
    .join('\n        ');
  return `<!doctype html>
<html lang="${p.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${p.subject}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .paper { background: #16151d !important; }
  .ink { color: #f6f1e4 !important; }
  .soft, .soft a { color: #c4bfb0 !important; }
  .line { border-color: #f6f1e4 !important; }
  .station { border-color: #f6f1e4 !important; }
  .rule { border-color: #4a4757 !important; }
}
</style>
</head>
<body class="paper" style="margin:0;padding:0;background:#fbf7ee">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="paper" style="background:#fbf7ee">
  <tr><td align="center" style="padding:24px 16px">
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;text-align:left">
      <tr><td class="ink line" style="padding:0 0 8px;color:#1d1b2a;border-bottom:4px solid #1d1b2a;font-size:22px;${font};font-weight:bold">i-Learn</td></tr>
      <tr><td class="ink" style="padding:24px 0 8px;color:#1d1b2a;font-size:17px;line-height:26px;${font}">${p.intro}</td></tr>
      <tr><td>
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
        ${items}
        </table>
      </td></tr>
      <tr><td style="padding:24px 0"><a href="${p.inbox}" style="display:inline-block;padding:12px 24px;color:#1d1b2a;background:#f6b21b;border:2px solid #1d1b2a;border-radius:10px;font-size:17px;${font};font-weight:bold;text-decoration:none">${p.button}</a></td></tr>
      <tr><td class="soft rule" style="padding:16px 0 0;color:#55515f;border-top:1px solid #d9d2c0;font-size:14px;line-height:21px;${font}">${p.why}${links}</td></tr>
    </table>
  </td></tr>
</table>
</body>
</html>
`;
}

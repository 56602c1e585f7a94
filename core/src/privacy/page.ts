const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] as string);

const style = `
:root { color-scheme: light dark; --paper: #fbf6ee; --ink: #1f1a17; --soft: #5b524b; --line: #cfc4b4; --head: #f1e8da }
@media (prefers-color-scheme: dark) { :root { --paper: #1d1a18; --ink: #f4ede4; --soft: #c4b8aa; --line: #564d45; --head: #2a2522 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 "Atkinson Hyperlegible Next", system-ui, sans-serif }
h1 { font-size: 1.8rem; line-height: 1.2; overflow-wrap: anywhere; hyphens: auto } h2 { font-size: 1.4rem; margin-top: 3rem } h3 { font-size: 1.1rem; margin-top: 2rem }
p { max-width: 42rem } .soft { color: var(--soft) }
.scroll { overflow-x: auto } .scroll:focus-visible { outline: 3px solid currentColor; outline-offset: 2px }
table { border-collapse: collapse; min-width: 100% } th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
thead th { background: var(--head) } td { overflow-wrap: break-word; max-width: 28rem } pre { overflow-x: auto; white-space: pre-wrap }
@media print { body { max-width: none; background: none } .scroll { overflow: visible } }
`;

interface Around {
  start: string;
  end: string;
}

/** Start and end of a page without scripts and requests. */
export const pageAround = ({ language, title }: { language: string; title: string }): Around => ({
  start: `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
`,
  end: `
</main>
</body>
</html>
`,
});

/** `body` is HTML. */
export function standalonePage({ language, title, body }: { language: string; title: string; body: string }): string {
  const { start, end } = pageAround({ language, title });
  return `${start}${body}${end}`;
}

const cells = (tag: string, row: readonly string[]) =>
  `<tr>${row.map((cell) => `<${tag}>${cell}</${tag.split(' ')[0]}>`).join('')}</tr>`;

/** Start and end of a table that can be scrolled, also by keyboard, if it is wider than the page. */
export const tableAround = (label: string, head: readonly string[]): Around => ({
  start: `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(label)}"><table>
<thead>${cells('th scope="col"', head)}</thead>
<tbody>`,
  end: `</tbody>
</table></div>`,
});

/** Cells are HTML. */
export const tableRow = (row: readonly string[]): string => cells('td', row);

export function table(label: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const { start, end } = tableAround(label, head);
  return `${start}${rows.map(tableRow).join('\n')}${end}`;
}

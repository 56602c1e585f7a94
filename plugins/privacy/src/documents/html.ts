/** HTML that was escaped, or written here. */
export class Html {
  constructor(readonly text: string) {}
}

export type Part = string | number | Html | readonly Part[];

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

function write(part: Part): string {
  if (part instanceof Html) return part.text;
  return typeof part === 'object' ? part.map(write).join('') : escaped(String(part));
}

/** HTML with every inserted text escaped, for text and for attributes in double quotes. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((text, at) => text + (at < parts.length ? write(parts[at] as Part) : '')).join(''));

const style = `
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; background: #fff; color: #1f1a17; font: 1rem/1.5 "Atkinson Hyperlegible Next", system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.7rem; line-height: 1.2 } h2 { font-size: 1.3rem; margin-top: 2.5rem } h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; break-after: avoid }
dl { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: .25rem 1rem; margin: 0 }
dt { color: #5b524b } dd { margin: 0 }
section { break-inside: avoid }
table { border-collapse: collapse; width: 100% } th, td { padding: .4rem .7rem .4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #cfc4b4 }
svg { max-width: 100%; height: auto }
@media (max-width: 40rem) { dl { grid-template-columns: minmax(0, 1fr) } dd { margin-bottom: .5rem } }
@media print { body { max-width: none; padding: 0 } }
`;

/** A page for paper, without external parts. */
export const sheet = ({ language, title, body }: { language: string; title: string; body: Html }): string =>
  html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${new Html(style)}</style></head>
<body><main><h1>${title}</h1>
${body}
</main></body></html>
`.text;

/** Terms with their descriptions; those without one are left out. */
export const facts = (entries: readonly (readonly [term: string, description: string | readonly string[]])[]): Html =>
  html`<dl>${entries
    .filter(([, description]) => description.length > 0)
    .map(([term, description]) => html`<dt>${term}</dt>${[description].flat().map((each) => html`<dd>${each}</dd>`)}`)}</dl>`;

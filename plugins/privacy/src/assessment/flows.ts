import { type Html, html } from '../documents/html.js';

/** A module, with who reads its data by the portal, and where data leave the portal. */
export interface Flow {
  module: string;
  /** Kinds of data. */
  data: string[];
  readers: string[];
  outside: string[];
}

export interface FlowLabels {
  title: string;
  readers: string;
  portal: string;
  outside: string;
}

const WIDTH = 900;
const LINE = 18;
const GAP = 16;
const COLUMNS = { readers: 10, module: 320, outside: 630 } as const;
const BOX = 260;
/** Characters that fit on a line of a box. */
const CHARACTERS = 34;

/** The data flows as an SVG picture: who reads on the left, modules in the middle, whoever receives data outside on the right. */
export function flowPicture(flows: readonly Flow[], labels: FlowLabels): Html {
  let top = 40;
  const rows = flows.map((flow) => {
    const boxes = {
      readers: wrapped(flow.readers.join(', ')),
      module: [...wrapped(flow.module), ...wrapped(flow.data.join(', '))],
      outside: wrapped(flow.outside.join('; ')),
    };
    const height = Math.max(...Object.values(boxes).map(({ length }) => length)) * LINE + 16;
    const [y, middle] = [top, top + height / 2];
    top += height + GAP;
    return html`<g>
${box('readers', boxes.readers, y, height)}${box('module', boxes.module, y, height)}${box('outside', boxes.outside, y, height)}
${flow.readers.length > 0 ? arrow(COLUMNS.module, COLUMNS.readers + BOX, middle) : ''}
${flow.outside.length > 0 ? arrow(COLUMNS.module + BOX, COLUMNS.outside, middle) : ''}</g>`;
  });
  const head = (column: keyof typeof COLUMNS, text: string) =>
    html`<text x="${COLUMNS[column]}" y="24" font-weight="bold" font-size="15">${text}</text>`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" role="img" aria-label="${labels.title}" font-family="system-ui, sans-serif" font-size="13">
<defs><marker id="point" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
${head('readers', labels.readers)}${head('module', labels.portal)}${head('outside', labels.outside)}
${rows}</svg>`;
}

function box(column: keyof typeof COLUMNS, lines: readonly string[], y: number, height: number): Html {
  if (lines.length === 0) return html``;
  const x = COLUMNS[column];
  return html`<rect x="${x}" y="${y}" width="${BOX}" height="${height}" rx="6" fill="none" stroke="#575365"/>${lines.map(
    (line, index) => html`<text x="${x + 8}" y="${y + 20 + index * LINE}">${line}</text>`,
  )}`;
}

const arrow = (from: number, to: number, y: number): Html =>
  html`<line x1="${from}" y1="${y}" x2="${to}" y2="${y}" stroke="#1f1a17" marker-end="url(#point)"/>`;

/** Lines of at most {@link CHARACTERS}, broken between words; a longer word has a line of its own. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < CHARACTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

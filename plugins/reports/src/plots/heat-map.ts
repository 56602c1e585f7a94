import { formatDate, formatNumber, type PortalElement } from '@ilearn/ui';
import { html, svg } from 'lit';
import { figureText, hatch, type Shown } from './not-shown.js';

export interface HeatRow {
  name: string;
  /** By week; null: not published. */
  cells: readonly (Shown | null)[];
}

const width = 720;
const left = 130;
const row = 22;
const head = 16;

/** Weeks by tools: the darker, the more. Each square says its number when pointed at. */
export function heatMap(element: PortalElement, label: string, weeks: readonly string[], rows: readonly HeatRow[]) {
  const slot = (width - left) / Math.max(1, weeks.length);
  const most = Math.max(1, ...rows.flatMap(({ cells }) => cells.map((cell) => cell?.value ?? 0)));
  return html`<figure>
    <svg class="plot" viewBox=${`0 0 ${width} ${head + row * rows.length}`} role="img" aria-label=${label}>
      ${hatch}
      ${weeks.map((week, at) =>
        at === 0 || week.slice(0, 7) !== weeks[at - 1]?.slice(0, 7)
          ? svg`<text x=${left + at * slot} y="11">${formatDate(`${week.slice(0, 7)}-15`).split(' ')[1] ?? ''}</text>`
          : '',
      )}
      ${rows.map(
        ({ name, cells }, line) => svg`
          <text class="name" x=${left - 8} y=${head + row * line + 15} text-anchor="end">${name.length > 18 ? `${name.slice(0, 17)}…` : name}</text>
          ${cells.map((cell, at) =>
            cell === null
              ? ''
              : svg`<rect
                  class=${cell.mark === 'shown' ? 'heat' : 'hatched'}
                  x=${left + at * slot + 0.5} y=${head + row * line + 1} width=${Math.max(1, slot - 1)} height=${row - 2}
                  fill-opacity=${cell.mark === 'shown' ? 0.06 + (0.94 * (cell.value as number)) / most : 1}
                ><title>${name}, ${formatDate(weeks[at] ?? '')}: ${figureText(element, cell, formatNumber)}</title></rect>`,
          )}`,
      )}
    </svg>
  </figure>`;
}

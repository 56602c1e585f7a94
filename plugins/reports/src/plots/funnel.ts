import { formatNumber, type PortalElement } from '@ilearn/ui';
import { html, svg } from 'lit';
import { figureText, hatch } from './not-shown.js';
import type { Ranked } from './ranked-dots.js';

const width = 720;
const row = 46;

/** Steps that fewer and fewer people take, as bars one below the other. */
export function funnel(element: PortalElement, label: string, steps: readonly Ranked[]) {
  const most = Math.max(1, ...steps.map(({ figure }) => figure.value ?? 0));
  return html`<figure>
    <svg class="plot" viewBox=${`0 0 ${width} ${row * steps.length}`} role="img" aria-label=${label}>
      ${hatch}
      ${steps.map(({ name, figure }, at) => {
        const isShown = figure.mark === 'shown';
        const length = isShown ? Math.max(2, (width * (figure.value as number)) / most) : 40;
        return svg`<text class="name" x="0" y=${row * at + 14}>${name}: ${figureText(element, figure, formatNumber)}</text>
          <rect class=${isShown ? 'bar' : 'hatched'} x="0" y=${row * at + 20} width=${length} height="16"></rect>`;
      })}
    </svg>
  </figure>`;
}

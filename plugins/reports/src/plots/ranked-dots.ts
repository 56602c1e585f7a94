import { formatNumber, type PortalElement } from '@ilearn/ui';
import { html, nothing, svg } from 'lit';
import { figureText, hatch, type Shown } from './not-shown.js';
import { roundTop } from './scale.js';

export interface Ranked {
  name: string;
  figure: Shown;
}

const width = 720;
const left = 170;
const right = 60;
const row = 26;

/** The order of a list: the largest first, then what is not shown. */
export const ranked = (entries: readonly Ranked[]): Ranked[] =>
  [...entries].sort((one, other) => (other.figure.value ?? -1) - (one.figure.value ?? -1) || one.name.localeCompare(other.name));

/** Dots on a common scale, the largest first. */
export function rankedDots(
  element: PortalElement,
  label: string,
  entries: readonly Ranked[],
  format: (value: number) => string = formatNumber,
) {
  const sorted = ranked(entries);
  const top = roundTop(Math.max(0, ...sorted.map(({ figure }) => figure.value ?? 0)));
  const x = (value: number): number => left + ((width - left - right) * value) / top;
  return html`<figure>
    <svg class="plot" viewBox=${`0 0 ${width} ${row * sorted.length + 6}`} role="img" aria-label=${label}>
      ${hatch}
      ${sorted.map(({ name, figure }, at) => {
        const y = row * (at + 0.5) + 3;
        const value = figure.mark === 'shown' ? (figure.value as number) : null;
        return svg`<text class="name" x=${left - 10} y=${y + 4} text-anchor="end">${name.length > 24 ? `${name.slice(0, 23)}…` : name}</text>
          <line class="grid" x1=${left} x2=${width - right} y1=${y} y2=${y}></line>
          ${
            value === null
              ? svg`<rect class="hatched" x=${left} y=${y - 6} width="40" height="12"></rect>`
              : svg`<circle class="dot" cx=${x(value)} cy=${y} r="6"></circle>`
          }
          <text x=${value === null ? left + 48 : x(value) + 12} y=${y + 4}>${figureText(element, figure, format)}</text>`;
      })}
    </svg>
    ${sorted.length === 0 ? html`<p class="muted">${element.t('empty.period')}</p>` : nothing}
  </figure>`;
}

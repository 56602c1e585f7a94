import { css, svg } from 'lit';
import { stationColour } from './line.js';

const circle = svg`<circle class="shape" r="16" />`;
const square = svg`<rect class="shape" x="-14.5" y="-14.5" width="29" height="29" rx="5" />`;
const diamond = svg`<rect class="shape" x="-13.5" y="-13.5" width="27" height="27" rx="3.5" transform="rotate(45)" />`;
const shapes = { lti: circle, quiz: circle, text: square, task: square, link: diamond, moment: diamond };

/** A numbered station for use outside `il-line`: in sortable rows and above table columns. Without a learning area it has the colour of `--line`. */
export function numberedStation({ kind, area }: { kind: keyof typeof shapes | null; area: string | null }, number: number) {
  const colour = stationColour(area);
  const style = colour === undefined ? '' : `--line: var(--il-line-${colour})`;
  return svg`<svg class="numbered-station" viewBox="-20 -20 40 40" aria-hidden="true" .style=${style}>
    ${shapes[kind ?? 'text']}<text>${number}</text>
  </svg>`;
}

export const numberedStationStyles = css`
  .numbered-station {
    position: relative;
    width: 2.5rem;
    height: 2.5rem;
    overflow: visible;
  }
  .numbered-station .shape {
    fill: var(--il-surface);
    stroke: var(--line);
    stroke-width: 4.5;
  }
  .numbered-station text {
    fill: currentcolor;
    font-weight: 700;
    font-size: 13px;
    text-anchor: middle;
    dominant-baseline: central;
  }
`;

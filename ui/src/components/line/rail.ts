import { nothing, type SVGTemplateResult, svg } from 'lit';
import { stationGlyph } from './glyph.js';
import { isTravelled, type Station } from './station.js';

/** Sizes in pixels. `middle`: from the start of the row to the middle of its station. */
const LIST = { track: 6, radius: 12, middle: 24 };

const trackClass = (stations: readonly Station[], to: number): string => `track ${isTravelled(stations, to) ? 'travelled' : ''}`;

/** One row of a straight line: its station, and the track before and after it. */
export function straightRail(stations: readonly Station[], index: number, along: 'vertical' | 'horizontal'): SVGTemplateResult {
  const { track, radius, middle } = LIST;
  const across = along === 'horizontal';
  const at = across ? radius + 10 : middle;
  const stretch = (to: number, from: number | string, until: number | string) => {
    if (to === 0 || to === stations.length) return nothing;
    const x = across ? [from, until] : ['50%', '50%'];
    const y = across ? [at, at] : [from, until];
    return svg`<line class=${trackClass(stations, to)} stroke-width=${track} x1=${x[0]} x2=${x[1]} y1=${y[0]} y2=${y[1]} />`;
  };
  return svg`
    <svg class="rail" aria-hidden="true">
      ${stretch(index, -0.5, at)} ${stretch(index + 1, at, '100%')}
      <svg x=${across ? at : '50%'} y=${at} overflow="visible">${stationGlyph(stations[index] as Station, radius, along)}</svg>
    </svg>
  `;
}

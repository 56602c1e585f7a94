import { nothing, type SVGTemplateResult, svg } from 'lit';
import { stationGlyph } from './glyph.js';
import { isTravelled, type Station } from './station.js';

/** Sizes in pixels. `middle`: from the start of the row to the middle of its station. */
const LIST = { track: 6, radius: 12, middle: 24 };
const LARGE = { track: 10, radius: 28 };

/** Amplitude of the large line, in percent of its rail. */
const SWING = 14;

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

/** Position of station `index` on its rail, in percent: middle, right, middle, left. */
const swing = (index: number): number => 50 + SWING * Math.round(Math.sin((index * Math.PI) / 2));

/**
 * One row of a winding line. Rows meet half-way between two stations. Each draws half of the S-bend between them, a cubic curve. The
 * drawing is stretched to the height of the row.
 */
export function windingRail(stations: readonly Station[], index: number): SVGTemplateResult {
  const here = swing(index);
  const bend = (neighbour: number, edge: 0 | 100) => {
    if (neighbour < 0 || neighbour >= stations.length) return nothing;
    const there = swing(neighbour);
    const near = edge === 0 ? 25 : 75;
    const far = edge === 0 ? 12.5 : 87.5;
    const path = `M${here} 50 C${here} ${near} ${(3 * here + there) / 4} ${far} ${(here + there) / 2} ${edge}`;
    const className = trackClass(stations, Math.max(index, neighbour));
    return svg`<path class="${className} bend" stroke-width=${LARGE.track} d=${path} />`;
  };
  return svg`
    <svg class="rail" aria-hidden="true">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">${bend(index - 1, 0)} ${bend(index + 1, 100)}</svg>
      <svg x="${here}%" y="50%" overflow="visible">${stationGlyph(stations[index] as Station, LARGE.radius, 'vertical')}</svg>
    </svg>
  `;
}

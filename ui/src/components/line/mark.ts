import { nothing, type SVGTemplateResult, svg } from 'lit';
import { currentStation, isTravelled, type Station, stationStyle } from './station.js';

const HEIGHT = 20;
const WIDEST = 160;
const STEP = 15;
const EDGE = 8;

/** A path as small as a word: a dot for each station, or only the completed part if the dots would touch. */
export function lineMark(stations: readonly Station[]): SVGTemplateResult {
  const count = stations.length;
  const step = count > 1 ? Math.min(STEP, (WIDEST - 2 * EDGE) / (count - 1)) : 0;
  const width = 2 * EDGE + step * Math.max(0, count - 1);
  const x = (index: number): number => EDGE + step * index;
  const middle = HEIGHT / 2;
  const current = currentStation(stations);
  const dotted = step >= 10 || count < 2;
  return svg`
    <svg width=${width} height=${HEIGHT} viewBox="0 0 ${width} ${HEIGHT}" aria-hidden="true">
      ${stations.slice(1).map(
        (_, index) => svg`
          <line class="track ${isTravelled(stations, index + 1) ? 'travelled' : ''}" stroke-width="4"
            x1=${x(index)} x2=${x(index + 1)} y1=${middle} y2=${middle} />`,
      )}
      ${stations.map((station, index) => {
        const here = index === current;
        if (!dotted && !here && index > 0 && index < count - 1) return nothing;
        return svg`<circle class="dot ${here ? 'here' : station.state}" .style=${stationStyle(station)} cx=${x(index)} cy=${middle} r=${here ? 6 : 4} />`;
      })}
    </svg>
  `;
}

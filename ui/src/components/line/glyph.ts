import { nothing, type SVGTemplateResult, svg } from 'lit';
import { type Station, type StationKind, stationStyle } from './station.js';

const isSquare = (kind: StationKind | undefined): boolean => kind === 'text' || kind === 'task';
const isDiamond = (kind: StationKind | undefined): boolean => kind === 'link' || kind === 'moment';

/** Outline of a station around (0, 0): circle, rounded square or diamond, of equal optical weight. */
export function outline(kind: StationKind | undefined, radius: number, className: string): SVGTemplateResult {
  if (isSquare(kind)) {
    const half = radius * 0.9;
    return svg`<rect class=${className} x=${-half} y=${-half} width=${2 * half} height=${2 * half} rx=${radius * 0.32} />`;
  }
  if (isDiamond(kind)) {
    const half = radius * 0.86;
    return svg`<rect class=${className} x=${-half} y=${-half} width=${2 * half} height=${2 * half} rx=${radius * 0.22} transform="rotate(45)" />`;
  }
  return svg`<circle class=${className} r=${radius} />`;
}

/** The lower half of a station: done, but not yet well. */
export function half(kind: StationKind | undefined, radius: number): SVGTemplateResult {
  if (isDiamond(kind)) {
    const tip = radius * 0.86 * Math.SQRT2;
    return svg`<path class="core" d="M${-tip} 0 L0 ${tip} L${tip} 0 Z" />`;
  }
  if (isSquare(kind)) {
    const side = radius * 0.9;
    return svg`<path class="core" d="M${-side} 0 H${side} V${side} H${-side} Z" />`;
  }
  return svg`<path class="core" d="M${-radius} 0 A${radius} ${radius} 0 0 0 ${radius} 0 Z" />`;
}

/** The sign in a station: a tick for done, half a fill for a low score, a triangle for next, a dot for started, a lock for locked. */
function sign({ state, kind }: Station, r: number): SVGTemplateResult | typeof nothing {
  switch (state) {
    case 'done':
      return svg`<path class="tick" d="M${-0.42 * r} ${0.03 * r} L${-0.12 * r} ${0.34 * r} L${0.45 * r} ${-0.32 * r}" stroke-width=${0.22 * r} />`;
    case 'next':
      return svg`<path class="go" d="M${-0.26 * r} ${-0.42 * r} L${0.46 * r} 0 L${-0.26 * r} ${0.42 * r} Z" stroke-width=${0.16 * r} />`;
    case 'low':
      return half(kind, r);
    case 'started':
      return outline(kind, r * 0.46, 'core');
    case 'locked':
      return svg`
        <path class="shackle" d="M${-0.22 * r} ${-0.06 * r} V${-0.24 * r} a${0.22 * r} ${0.22 * r} 0 0 1 ${0.44 * r} 0 V${-0.06 * r}" stroke-width=${0.14 * r} />
        <rect class="body" x=${-0.36 * r} y=${-0.08 * r} width=${0.72 * r} height=${0.5 * r} rx=${0.08 * r} />
      `;
    default:
      return nothing;
  }
}

/**
 * A station around (0, 0).
 * @param radius in CSS pixels
 * @param along direction of the line; the barrier of a locked station is perpendicular to it
 */
export function stationGlyph(station: Station, radius: number, along: 'vertical' | 'horizontal'): SVGTemplateResult {
  const barrier = radius * 1.36;
  return svg`
    <g class="station ${station.state}" .style=${stationStyle(station)}>
      ${station.state === 'next' ? outline(station.kind, radius * 1.28, 'ring') : nothing}
      ${
        station.state === 'locked'
          ? svg`<line class="barrier" stroke-width=${radius * 0.3} transform=${along === 'vertical' ? 'rotate(0)' : 'rotate(90)'}
              x1=${-barrier} x2=${barrier} y1="0" y2="0" />`
          : nothing
      }
      ${outline(station.kind, radius, 'shape')}
      ${sign(station, radius)}
    </g>
  `;
}

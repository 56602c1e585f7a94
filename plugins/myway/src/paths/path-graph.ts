import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Draft } from './draft.js';
import { type Drawing, drawing } from './graph-layout.js';

const column = 84;
const lane = 72;
const margin = 44;

/** A path as a map of lines and junctions. The list of steps says the same in words. */
@customElement('myway-path-graph')
export class PathGraph extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      .map {
        overflow-x: auto;
        padding: var(--il-space-3) 0;
      }
      svg {
        display: block;
        overflow: visible;
      }
      .track {
        fill: none;
        stroke: var(--line);
        stroke-width: 7;
        stroke-linejoin: round;
      }
      .station {
        fill: var(--il-surface);
        stroke: var(--line);
        stroke-width: 4.5;
      }
      .optional {
        stroke-dasharray: 5 4.5;
      }
      .junction {
        fill: var(--line);
        stroke: var(--il-paper);
        stroke-width: 2;
      }
      text {
        fill: currentcolor;
        font-weight: 700;
        font-size: 13px;
        text-anchor: middle;
        dominant-baseline: central;
      }
      .name {
        font-weight: 500;
        font-size: 12px;
      }
    `,
  ];

  @property({ attribute: false }) draft: Draft | undefined;

  override render() {
    if (this.draft === undefined) return nothing;
    const plan = drawing(this.draft.steps, this.draft.blocks);
    const x = (at: number) => margin + at * column;
    const y = (at: number) => margin + at * lane;
    const width = x(plan.columns) + margin;
    const height = y(plan.lanes - 1) + margin + 16;
    return html`<div class="map" tabindex="0" role="group" aria-label=${this.t('builder.mapLabel')}>
      <svg width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img" aria-label=${this.#words(plan)}>
        ${plan.tracks.map(({ from, to }) => svg`<path class="track" d=${bend(x(from.x), y(from.y), x(to.x), y(to.y))} />`)}
        ${plan.junctions.map((at) => svg`<circle class="junction" cx=${x(at.x)} cy=${y(at.y)} r="7" />`)}
        ${plan.stations.map((station) => {
          const step = this.draft?.steps[station.index];
          if (step === undefined) return nothing;
          const title = step.title || step.shownTitle;
          return svg`<g transform="translate(${x(station.x)} ${y(station.y)})">
            <circle class="station ${step.required ? '' : 'optional'}" r="16" />
            <text>${station.index + 1}</text>
            <text class="name" y="29">${title.length > 12 ? `${title.slice(0, 11)}…` : title}</text>
          </g>`;
        })}
      </svg>
    </div>`;
  }

  #words({ stations, junctions }: Drawing): string {
    return this.t('builder.mapWords', { steps: stations.length, junctions: junctions.length / 2 });
  }
}

/** A track between two points: straight on a lane, else with bends at 45 degrees, as on a metro map. */
function bend(x1: number, y1: number, x2: number, y2: number): string {
  const drop = Math.abs(y2 - y1);
  if (drop === 0) return `M${x1} ${y1} H${x2}`;
  const slope = Math.min(drop, Math.abs(x2 - x1));
  return y2 > y1 ? `M${x1} ${y1} L${x1 + slope} ${y2} H${x2}` : `M${x1} ${y1} H${x2 - slope} L${x2} ${y2}`;
}

import { html, nothing, svg, type TemplateResult } from 'lit';
import { half, outline } from './glyph.js';
import { currentStation, isTravelled, KIND_ICONS, type Station, stationStyle } from './station.js';

/** Where a station of the large line stands: on the left or right rail, or, for the current one, in the middle above its card. */
export type Side = 'left' | 'right' | 'middle';

/** Stations alternate between left and right. */
export function sidesOf(stations: readonly Station[]): Side[] {
  const current = currentStation(stations);
  return stations.map((_, index) => {
    if (index === current) return 'middle';
    const place = current >= 0 && index > current ? index - 1 : index;
    return place % 2 === 0 ? 'left' : 'right';
  });
}

/** Radius of a station in pixels. */
const RADIUS = 30;

/** Half of the way between two rails: round the corner into the middle, or, towards a station in the middle, straight down. */
const CORNER = 'M100 0 C25 0 0 10 0 100';
const SLOPE = 'M100 0 C100 65 0 35 0 100';

/** The part of the line in one row: from the row above to the station, and on to the row below. */
export function railOf(stations: readonly Station[], sides: readonly Side[], index: number): TemplateResult {
  const half = (neighbour: number, way: 'up' | 'down') => {
    if (neighbour < 0 || neighbour >= stations.length) return nothing;
    const travelled = isTravelled(stations, Math.max(index, neighbour)) ? 'travelled' : '';
    const bent = sides[index] !== 'middle';
    const path = sides[neighbour] === 'middle' ? SLOPE : CORNER;
    return html`
      <span class="stem ${way} ${travelled} ${bent ? 'bent' : ''}"></span>
      ${
        bent
          ? html`<svg class="bend ${way}" viewBox="0 0 100 100" preserveAspectRatio="none">
            ${svg`<path class="track ${travelled}" d=${path} stroke-width="10" />`}
          </svg>`
          : nothing
      }
    `;
  };
  return html`<span class="rails" aria-hidden="true">${half(index - 1, 'up')}${half(index + 1, 'down')}</span>`;
}

const BADGES: Partial<Record<Station['state'], string>> = {
  done: 'check',
  low: 'rotate-ccw',
  locked: 'lock',
  started: 'ellipsis',
};

/** A station with the mark of its kind, a badge for its state and, on the current one, the train. */
export function markOf(station: Station, here: boolean): TemplateResult {
  const badge = here ? undefined : BADGES[station.state];
  return html`
    <span class="mark ${station.state} ${here ? 'here' : ''}" .style=${stationStyle(station)} aria-hidden="true">
      <svg viewBox="-42 -42 84 84" width="84" height="84">
        ${here ? svg`${outline(station.kind, RADIUS * 1.26, 'ring')}` : nothing}
        ${svg`${outline(station.kind, RADIUS, 'shape')}`}
        ${station.state === 'low' ? svg`${half(station.kind, RADIUS)}` : nothing}
      </svg>
      <il-icon class="kind" name=${station.kind === undefined ? (station.icon ?? 'circle') : KIND_ICONS[station.kind]}></il-icon>
      ${badge ? html`<il-icon class="badge" name=${badge}></il-icon>` : nothing}
      ${here ? html`<il-icon class="train" name="train-front"></il-icon>` : nothing}
    </span>
  `;
}

/** How long the train travels, in milliseconds. */
const TRAVEL = 250;

/** Moves the train from the station where it was. Nothing moves where motion is unwanted. */
export function moveTrain(list: Element, from: number, to: number): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const marks = [...list.querySelectorAll('.mark')];
  const train = marks[to]?.querySelector('.train');
  const start = marks[from]?.getBoundingClientRect();
  const end = marks[to]?.getBoundingClientRect();
  if (!train || !start || !end) return;
  const offset = `${start.x - end.x}px ${start.y - end.y}px`;
  train.animate({ translate: [offset, '0 0'] }, { duration: TRAVEL, easing: 'ease-in-out' });
}

import { formatDate, formatNumber, type PortalElement } from '@ilearn/ui';
import { html, nothing, svg } from 'lit';
import { hatch, type Shown } from './not-shown.js';
import { gridOf, roundTop } from './scale.js';

/** One week of a school year. Null: not published yet, or not counted then. */
export interface LinePoint {
  startsOn: string;
  now: Shown | null;
  before: Shown | null;
  holiday: boolean;
}

const width = 720;
const height = 200;
const left = 44;
const bottom = 18;

/** A line through the weeks of a school year, with holidays shaded and the year before behind it. The table says the same. */
export function linePlot(element: PortalElement, label: string, points: readonly LinePoint[]) {
  const slot = (width - left) / Math.max(1, points.length);
  const values = points.flatMap(({ now, before }) => [now?.value ?? 0, before?.value ?? 0]);
  const top = roundTop(Math.max(...values, 0));
  const x = (at: number): number => left + (at + 0.5) * slot;
  const y = (value: number): number => height * (1 - value / top);
  const of = (key: 'now' | 'before') => runs(points.map((point) => (point[key]?.mark === 'shown' ? point[key].value : null)));
  const hasBefore = points.some(({ before }) => before !== null);
  const months = points.flatMap(({ startsOn }, at) =>
    at === 0 || startsOn.slice(0, 7) !== points[at - 1]?.startsOn.slice(0, 7) ? [{ at, startsOn }] : [],
  );
  return html`<figure>
    <svg class="plot" viewBox=${`0 0 ${width} ${height + bottom}`} role="img" aria-label=${label}>
      ${hatch}
      ${points.map(({ holiday }, at) =>
        holiday ? svg`<rect class="holiday" x=${left + at * slot} y="0" width=${slot} height=${height}></rect>` : nothing,
      )}
      ${gridOf(top).map(
        (value) => svg`<line class=${value === 0 ? 'axis' : 'grid'} x1=${left} x2=${width} y1=${y(value)} y2=${y(value)}></line>
          <text x=${left - 6} y=${y(value) + 4} text-anchor="end">${formatNumber(value)}</text>`,
      )}
      ${months.map(
        ({ at, startsOn }) =>
          svg`<text x=${left + at * slot} y=${height + bottom - 3}>${at % 2 === 0 || months.length < 14 ? monthOf(startsOn) : ''}</text>`,
      )}
      ${points.map(({ now }, at) =>
        now === null || now.mark === 'shown'
          ? nothing
          : svg`<rect class="hatched" x=${left + at * slot + 1} y=${height - 14} width=${Math.max(2, slot - 2)} height="14"></rect>`,
      )}
      ${of('before').map((run) => svg`<polyline class="before" points=${run.map(([at, value]) => `${x(at)},${y(value)}`).join(' ')}></polyline>`)}
      ${of('now').map((run) =>
        run.length === 1
          ? svg`<circle class="dot" cx=${x(run[0]?.[0] ?? 0)} cy=${y(run[0]?.[1] ?? 0)} r="3"></circle>`
          : svg`<polyline class="now" points=${run.map(([at, value]) => `${x(at)},${y(value)}`).join(' ')}></polyline>`,
      )}
    </svg>
    <ul class="legend">
      <li><svg viewBox="0 0 28 12" aria-hidden="true"><line class="now" x1="0" x2="28" y1="6" y2="6"></line></svg>${element.t('legend.now')}</li>
      ${
        hasBefore
          ? html`<li><svg viewBox="0 0 28 12" aria-hidden="true"><line class="before" x1="0" x2="28" y1="6" y2="6"></line></svg>${element.t('legend.before')}</li>`
          : nothing
      }
      ${
        points.some(({ holiday }) => holiday)
          ? html`<li><svg viewBox="0 0 28 12" aria-hidden="true"><rect class="holiday" width="28" height="12"></rect></svg>${element.t('legend.holiday')}</li>`
          : nothing
      }
      ${
        points.some(({ now }) => now !== null && now.mark !== 'shown')
          ? html`<li><svg viewBox="0 0 28 12" aria-hidden="true">${hatch}<rect class="hatched" width="28" height="12"></rect></svg>${element.t('legend.notShown')}</li>`
          : nothing
      }
    </ul>
  </figure>`;
}

const monthOf = (day: string): string => formatDate(`${day.slice(0, 7)}-15`, 'short').split(' ')[1] ?? '';

/** Stretches of values without a gap, each a list of index and value. */
function runs(values: readonly (number | null)[]): [number, number][][] {
  const found: [number, number][][] = [];
  let open: [number, number][] | null = null;
  for (const [at, value] of values.entries()) {
    if (value === null) {
      open = null;
      continue;
    }
    if (open === null) {
      open = [];
      found.push(open);
    }
    open.push([at, value]);
  }
  return found;
}

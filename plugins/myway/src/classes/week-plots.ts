import { formatDate, formatNumber, type PortalElement } from '@ilearn/ui';
import { css, html, nothing, svg } from 'lit';
import type { PupilWeek } from './model.js';

export const weekPlotStyles = css`
  .plots {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr));
    gap: var(--il-space-5);
  }
  figure {
    margin: 0;
  }
  figcaption {
    padding-block-end: var(--il-space-2);
    font-weight: 600;
  }
  svg {
    display: block;
    width: 100%;
    height: auto;
    overflow: visible;
  }
  .bar {
    fill: var(--il-good);
  }
  .trend {
    fill: none;
    stroke: var(--il-info);
    stroke-width: 2;
  }
  .dot {
    fill: var(--il-info);
  }
  .axis {
    stroke: var(--il-edge);
    stroke-width: 1;
  }
  .grid {
    stroke: var(--il-rule);
    stroke-width: 1;
    stroke-dasharray: 3 3;
  }
  text {
    fill: var(--il-ink-soft);
    font-size: 10px;
  }
`;

const width = 320;
const height = 96;
/** Room for the labels of the axes. */
const left = 34;
const bottom = 14;

const percent = (share: number): string => formatNumber(share, { style: 'percent', maximumFractionDigits: 0 });

/** Steps done and average score by week. The drawings have a name and say the same as {@link weekTable}. */
export function weekPlots(element: PortalElement, weeks: readonly PupilWeek[]) {
  const slot = (width - left) / weeks.length;
  const middle = (index: number): number => left + (index + 0.5) * slot;
  const most = Math.max(1, ...weeks.map(({ done }) => done));
  const scored = weeks.flatMap(({ average }, index) =>
    average === null ? [] : [{ x: middle(index), y: height * (1 - average), average }],
  );
  const total = weeks.reduce((sum, { done }) => sum + done, 0);
  const dates = svg`<line class="axis" x1=${left} y1=${height} x2=${width} y2=${height}></line>
    <text x=${left} y=${height + bottom - 2}>${formatDate(weeks[0]?.monday ?? '', 'day')}</text>
    ${weeks.length > 1 ? svg`<text x=${width} y=${height + bottom - 2} text-anchor="end">${formatDate(weeks.at(-1)?.monday ?? '', 'day')}</text>` : nothing}`;
  const view = `0 0 ${width} ${height + bottom}`;
  return html`<div class="plots">
    <figure>
      <figcaption>${element.t('weeks.done')}</figcaption>
      <svg viewBox=${view} role="img" aria-label=${element.t('weeks.doneLabel', { count: total, weeks: weeks.length })}>
        <text x=${left - 4} y="8" text-anchor="end">${most}</text>
        ${weeks.map(
          ({ done }, index) =>
            svg`<rect class="bar" x=${left + index * slot + 1} y=${height * (1 - done / most)} width=${Math.max(1, slot - 2)} height=${(height * done) / most}></rect>`,
        )}
        ${dates}
      </svg>
    </figure>
    ${
      scored.length === 0
        ? nothing
        : html`<figure>
          <figcaption>${element.t('weeks.average')}</figcaption>
          <svg
            viewBox=${view}
            role="img"
            aria-label=${element.t('weeks.averageLabel', { first: percent(scored[0]?.average ?? 0), last: percent(scored.at(-1)?.average ?? 0) })}
          >
            ${[0, 0.5, 1].map(
              (
                share,
              ) => svg`<line class="grid" x1=${left} y1=${height * (1 - share)} x2=${width} y2=${height * (1 - share)}></line>
                <text x=${left - 4} y=${height * (1 - share) + (share === 1 ? 8 : 3)} text-anchor="end">${percent(share)}</text>`,
            )}
            <polyline class="trend" points=${scored.map(({ x, y }) => `${x},${y}`).join(' ')}></polyline>
            ${scored.map(({ x, y }) => svg`<circle class="dot" cx=${x} cy=${y} r="3"></circle>`)}
            ${dates}
          </svg>
        </figure>`
    }
  </div>`;
}

/** The same as a table. */
export function weekTable(element: PortalElement, weeks: readonly PupilWeek[]) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${element.t('weeks.heading')}>
    <table>
      <caption class="visually-hidden">${element.t('weeks.heading')}</caption>
      <thead>
        <tr>
          <th scope="col">${element.t('weeks.week')}</th>
          <th scope="col" class="number">${element.t('weeks.done')}</th>
          <th scope="col" class="number">${element.t('weeks.tries')}</th>
          <th scope="col" class="number">${element.t('weeks.average')}</th>
        </tr>
      </thead>
      <tbody>
        ${weeks.toReversed().map(
          ({ monday, done, tries, average }) => html`<tr>
            <th scope="row">${formatDate(monday, 'day')}</th>
            <td class="number">${done}</td>
            <td class="number">${tries}</td>
            <td class="number">${average === null ? '–' : percent(average)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

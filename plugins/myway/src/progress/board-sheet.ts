import { drawIcon, foreignLanguage, formatDate, type PortalElement } from '@ilearn/ui';
import { css, html, svg } from 'lit';
import { sharePercent } from './class-grid.js';
import { columnsInParts } from './columns-in-parts.js';
import type { Board } from './model.js';
import { shareDone } from './rows.js';
import { cellLooks, lookIcons, lookOf, percentOf } from './states.js';

/** Steps beside the names that fit on A4, upright. */
const mostColumns = 12;

export const boardSheetStyles = css`
  .print-sheet {
    color: #000;
    font-size: 8.5pt;
    line-height: 1.25;
  }
  .print-sheet .signs {
    position: absolute;
    width: 0;
    height: 0;
  }
  .print-sheet .part + .part {
    break-before: page;
  }
  .print-sheet h1 {
    font-size: 14pt;
  }
  .print-sheet table {
    width: 100%;
    margin-block-start: 2mm;
    border-collapse: collapse;
    table-layout: fixed;
  }
  .print-sheet :is(th, td) {
    padding: 0.5mm 0.4mm;
    border: 0.2mm solid #999;
    text-align: center;
    vertical-align: middle;
  }
  .print-sheet thead th {
    color: #000;
    font-size: 8pt;
    font-weight: 600;
    vertical-align: bottom;
    border-bottom: 0.5mm solid #000;
  }
  .print-sheet .upright {
    display: inline-block;
    max-height: 38mm;
    writing-mode: vertical-rl;
    transform: rotate(180deg);
    text-align: start;
    overflow-wrap: anywhere;
  }
  .print-sheet .name {
    width: 42mm;
    text-align: start;
    overflow-wrap: anywhere;
  }
  .print-sheet .fact {
    width: 15mm;
  }
  .print-sheet td svg,
  .print-sheet .key svg {
    width: 3.2mm;
    height: 3.2mm;
    fill: none;
    stroke: currentcolor;
    stroke-width: 2.2;
    vertical-align: -0.5mm;
  }
  .print-sheet .score {
    font-size: 6.5pt;
  }
  .print-sheet .cell {
    white-space: nowrap;
  }
  .print-sheet .key {
    display: flex;
    flex-wrap: wrap;
    gap: 1mm 4mm;
    margin-block-start: 2mm;
    font-size: 7.5pt;
    padding: 0;
    list-style: none;
  }
`;

/**
 * The class board on paper: every pupil of the class and every step. Wide boards are split by columns, with the names in each part, each of
 * which begins on a page of its own.
 */
export function boardSheet(element: PortalElement, board: Board) {
  const { assignment, rows } = board;
  const numbered = board.steps.map((step, index) => ({ step, index }));
  const parts = columnsInParts(numbered, mostColumns);
  return html`
    <svg class="signs" aria-hidden="true">
      ${cellLooks.map((look) => svg`<symbol id="paper-${look}" viewBox="0 0 24 24">${drawIcon(lookIcons[look])}</symbol>`)}
    </svg>
    ${parts.map(
      (columns, number) => html`<section class="part">
        <h1><span lang=${foreignLanguage(assignment.path.language)}>${assignment.path.title}</span> · ${assignment.class.name}</h1>
        <p>
          ${element.t('board.standOn', { date: formatDate(board.at, 'time') })}
          ${assignment.dueOn ? ` · ${element.t('board.dueOn', { date: formatDate(assignment.dueOn, 'long') })}` : ''}
          ${parts.length > 1 ? ` · ${element.t('board.part', { part: number + 1, parts: parts.length })}` : ''}
        </p>
        <table>
          <thead>
            <tr>
              <th class="name">${element.t('board.pupil')}</th>
              <th class="fact">${element.t('board.total')}</th>
              <th class="fact">${element.t('board.lastActive')}</th>
              ${columns.map(({ step, index }) => html`<th><span class="upright">${index + 1}. ${step.title}</span></th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) => html`<tr>
                <th class="name">${row.pupil.familyName} ${row.pupil.givenName}</th>
                <td>${element.t('board.of', { done: row.done, total: row.total })}${row.extra.length === 0 ? '' : ` +${row.extra.length}`}</td>
                <td>${row.lastActiveAt ? formatDate(row.lastActiveAt, 'day') : '–'}</td>
                ${columns.map(({ index }) => {
                  const cell = row.cells[index];
                  if (cell === undefined) return html`<td></td>`;
                  return html`<td class="cell">${sign(lookOf(cell))}${cell.score === null ? '' : html`<span class="score">${percentOf(cell.score)}</span>`}</td>`;
                })}
              </tr>`,
            )}
            <tr>
              <th class="name">${element.t('board.wholeClass')}</th>
              <td></td>
              <td></td>
              ${columns.map(({ index }) => html`<td>${sharePercent(shareDone(rows, index))}</td>`)}
            </tr>
          </tbody>
        </table>
        <ul class="key">
          ${cellLooks.map((look) => html`<li>${sign(look)} ${element.t(`board.look.${look}`)}</li>`)}
        </ul>
      </section>`,
    )}
  `;
}

const sign = (look: string) => svg`<svg aria-hidden="true" viewBox="0 0 24 24"><use href="#paper-${look}"></use></svg>`;

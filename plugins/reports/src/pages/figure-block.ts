import { formatDate, formatNumber, type PortalElement } from '@ilearn/ui';
import { html, type TemplateResult } from 'lit';
import type { MeasureText } from '../figures/shapes.js';
import { figureText, type Shown } from '../plots/not-shown.js';

/** A table of the same numbers as a plot. Cells: texts, or numbers as they may be told. */
export interface FigureTable {
  heads: readonly string[];
  rows: readonly (readonly [string, ...(Shown | string | null)[]])[];
}

/** A plot with what it shows, who answers for it and since when it is counted; the same as a table, and as CSV. */
export function figureBlock(
  element: PortalElement,
  {
    measure,
    heading,
    plot,
    table,
    csv,
  }: { measure: MeasureText; heading: string; plot: unknown; table: FigureTable; csv: string },
): TemplateResult {
  const { id, owner, since } = measure;
  // A measure may have several plots, but each has its own numbers.
  const headingId = `h${csv.replace(/\W+/g, '-')}`;
  return html`<section class="stack block" aria-labelledby=${headingId}>
    <h2 id=${headingId}>${heading}</h2>
    ${plot}
    <p class="muted small">
      ${element.t(`measures.${id}.definition`)} ${element.t('block.owner', { owner: element.t(`owners.${owner}`) })}
      ${since === null ? element.t('block.notYet') : element.t('block.since', { day: formatDate(since) })}
    </p>
    <div class="actions no-print">
      <details>
        <summary>${element.t('block.table')}</summary>
        ${figureTable(element, heading, table)}
      </details>
      <a href=${csv} download>${element.t('block.csv')}<span class="visually-hidden"> ${heading}</span></a>
    </div>
  </section>`;
}

export function figureTable(element: PortalElement, caption: string, { heads, rows }: FigureTable): TemplateResult {
  return html`<div class="scroll-x" tabindex="0" role="group" aria-label=${caption}>
    <table>
      <caption class="visually-hidden">${caption}</caption>
      <thead>
        <tr>
          ${heads.map((head, at) => html`<th scope="col" class=${at === 0 ? '' : 'number'}>${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...cells]) => html`<tr>
            <th scope="row">${name}</th>
            ${cells.map((cell) => tableCell(element, cell))}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function tableCell(element: PortalElement, cell: Shown | string | null) {
  if (cell === null) return html`<td class="number muted">–</td>`;
  if (typeof cell === 'string') return html`<td class="number">${cell}</td>`;
  const notShown = cell.mark !== 'shown';
  return html`<td class=${notShown ? 'number not-shown' : 'number'}>${figureText(element, cell, formatNumber)}</td>`;
}

export const noFigures = (element: PortalElement) =>
  html`<il-empty heading=${element.t('empty.heading')}>${element.t('empty.text')}</il-empty>`;

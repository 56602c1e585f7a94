import { foreignLanguage, formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { numberedStation, numberedStationStyles } from '../client/station-shapes.js';
import { boardStyles } from './board-styles.js';
import { gridMove } from './grid-keys.js';
import type { BoardRow, BoardStep, Cell } from './model.js';
import { cellWords, lookIcons, lookOf, percentOf } from './states.js';

/**
 * The grid of the class board: a row for each pupil, a column for each step. One tab stop, with arrow keys.
 * @fires myway-open - `{ pupilId, stepId }`: a cell is pressed; `stepId` is undefined for the pupil's name
 */
@customElement('myway-class-grid')
export class ClassGrid extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles, numberedStationStyles, boardStyles];

  @property({ attribute: false }) steps: readonly BoardStep[] = [];

  @property({ attribute: false }) rows: readonly BoardRow[] = [];

  @property() label = '';

  /** The cell with the tab stop; column 0 is the pupil's name. */
  @state() private at = { row: 0, column: 0 };

  override willUpdate(): void {
    const row = Math.min(this.at.row, Math.max(0, this.rows.length - 1));
    const column = Math.min(this.at.column, this.steps.length);
    if (row !== this.at.row || column !== this.at.column) this.at = { row, column };
  }

  #keys(event: KeyboardEvent): void {
    const size = { rows: this.rows.length, columns: this.steps.length + 1 };
    const to = gridMove(event.key, this.at, size, event.ctrlKey);
    if (to === null) return;
    event.preventDefault();
    this.at = to;
    void this.updateComplete.then(() => {
      const cell = this.renderRoot.querySelector<HTMLElement>(`[data-at="${to.row}-${to.column}"]`);
      cell?.focus();
      cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
  }

  override render() {
    return html`
      <div class="board">
        <table role="grid" aria-label=${this.label} @keydown=${this.#keys}>
          <thead>
            <tr>
              <th scope="col" class="corner">${this.t('board.pupil')}</th>
              ${this.steps.map((step, index) => this.#station(step, index))}
              <th scope="col" class="total">${this.t('board.total')}</th>
              <th scope="col" class="total">${this.t('board.lastActive')}</th>
            </tr>
          </thead>
          <tbody>
            ${repeat(
              this.rows,
              (row) => row.pupil.id,
              (row, index) => this.#row(row, index),
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  #station(step: BoardStep, index: number) {
    const place = [index === 0 ? 'first' : '', index === this.steps.length - 1 ? 'last' : ''].join(' ');
    const facts = [step.required ? '' : this.t('builder.optional'), step.available ? '' : this.t('builder.unavailable')].filter(
      Boolean,
    );
    return html`
      <th scope="col" class=${place}>
        <div class="station" title=${[step.title, ...facts].join(' · ')}>
          <span class="title"><span lang=${foreignLanguage(step.language)}>${step.title}</span>${facts.map((fact) => html`<span class="muted"><br />${fact}</span>`)}</span>
          <span class="stop" aria-hidden="true">${numberedStation(step, index + 1)}</span>
        </div>
      </th>
    `;
  }

  #row(row: BoardRow, index: number) {
    return html`
      <tr>
        <th scope="row">
          ${this.#button(index, 0, row, undefined, html`<span>${row.pupil.familyName} ${row.pupil.givenName}</span>`)}
        </th>
        ${row.cells.map((cell, column) => this.#cell(cell, row, index, column + 1))}
        <td class="total number">${this.t('board.of', { done: row.done, total: row.total })}</td>
        <td class="total muted">${row.lastActiveAt ? formatDate(row.lastActiveAt, 'day') : '–'}</td>
      </tr>
    `;
  }

  #cell(cell: Cell, row: BoardRow, index: number, column: number) {
    const look = lookOf(cell);
    const shown = html`
      <il-icon name=${lookIcons[look]}></il-icon>
      ${cell.score === null ? nothing : html`<span aria-hidden="true">${percentOf(cell.score)}</span>`}
      <span class="visually-hidden">${cellWords(this, cell)}</span>
    `;
    return html`<td class="look-${look}">${this.#button(index, column, row, cell, shown)}</td>`;
  }

  #button(row: number, column: number, { pupil }: BoardRow, cell: Cell | undefined, content: unknown) {
    const here = this.at.row === row && this.at.column === column;
    return html`<button
      type="button"
      class="cell"
      data-at="${row}-${column}"
      tabindex=${here ? 0 : -1}
      @focus=${() => (this.at = { row, column })}
      @click=${() => this.emit('myway-open', { pupilId: pupil.id, stepId: cell?.stepId })}
    >${content}</button>`;
  }
}

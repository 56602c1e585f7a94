import { drawIcon, foreignLanguage, formatDate, formatNumber, locale, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing, type PropertyValues, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { numberedStation, numberedStationStyles } from '../client/station-shapes.js';
import { gridMove } from './grid-keys.js';
import { gridStyles } from './grid-styles.js';
import type { BoardRow, BoardStep, Cell } from './model.js';
import { shareDone } from './rows.js';
import { cellLooks, cellWords, extraWords, lookIcons, lookOf, percentOf } from './states.js';

/** Columns between the pupil's name and the first step: progress and last activity. They have no controls. */
const factColumns = 2;

/** Rows that are drawn at a time after those that fit on the screen: few enough for a slow telephone to answer between. */
const rowsAtOnce = 6;

/** Rows that fit on the screen, below the head of the page and that of the grid. */
const rowsInView = (): number => Math.max(6, Math.ceil((innerHeight - 300) / 40));

/**
 * The grid of the class board: a row for each pupil, a column for each step, and a last row with the share of the class that has done
 * each step. One tab stop, with arrow keys. Cells share their listeners and their drawings, since a board may have thousands. Rows below
 * the screen follow in steps, so that the page answers meanwhile.
 * @fires myway-open - `{ pupilId, stepId }`: a cell is pressed; `stepId` is undefined for the pupil's name
 */
@customElement('myway-class-grid')
export class ClassGrid extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles, numberedStationStyles, gridStyles];

  @property({ attribute: false }) steps: readonly BoardStep[] = [];

  @property({ attribute: false }) rows: readonly BoardRow[] = [];

  /** Number of rows at the top that a rule separates from the others. */
  @property({ type: Number }) first = 0;

  /** The rows of the whole class; `rows` may be a choice of them. */
  @property({ attribute: false }) everyone: readonly BoardRow[] = [];

  /** Wide cells with their score. */
  @property({ type: Boolean, reflect: true }) roomy = false;

  /** Id of the pupil who is shown beside the grid. */
  @property() chosen: string | undefined;

  @property() label = '';

  /** How many rows are drawn. */
  @state() private drawn = rowsInView();

  #drawing: ReturnType<typeof setTimeout> | undefined;

  /** The cell with the tab stop; column 0 is the pupil's name. */
  #at: { pupilId: string | undefined; column: number } = { pupilId: undefined, column: 0 };
  #tabStop: HTMLElement | undefined;
  #hadFocus = false;

  /** Moves the focus to the cell that had it last. */
  override focus(options?: FocusOptions): void {
    this.#tabStop?.focus(options);
  }

  override willUpdate(): void {
    this.#hadFocus = this.shadowRoot?.activeElement?.classList.contains('cell') ?? false;
  }

  override updated(_changed: PropertyValues): void {
    if (this.drawn < this.rows.length) this.#drawMore();
    this.#setTabStop();
    // Moving a row in the document takes the focus from its cells.
    if (this.#hadFocus && this.#tabStop !== this.shadowRoot?.activeElement) this.#tabStop?.focus({ preventScroll: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
  }

  #drawMore(): void {
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.drawn += rowsAtOnce;
    });
  }

  #setTabStop(): void {
    const row = Math.max(0, this.#rowIndex);
    const column = Math.min(this.#at.column, this.steps.length);
    this.#at = { pupilId: this.rows[row]?.pupil.id, column };
    const cell = this.#cellAt(row, column);
    if (cell === this.#tabStop) return;
    if (this.#tabStop) this.#tabStop.tabIndex = -1;
    if (cell) cell.tabIndex = 0;
    this.#tabStop = cell;
  }

  get #rowIndex(): number {
    return this.rows.findIndex((row) => row.pupil.id === this.#at.pupilId);
  }

  #cellAt(row: number, column: number): HTMLElement | undefined {
    const line = this.renderRoot.querySelector<HTMLTableSectionElement>('tbody')?.rows[row];
    return line?.cells[column === 0 ? 0 : column + factColumns]?.querySelector<HTMLElement>('.cell') ?? undefined;
  }

  /** The pupil and column of the cell in which something happened. */
  #placeOf(event: Event): { row: BoardRow; column: number } | undefined {
    const cell = (event.target as Element).closest<HTMLTableCellElement>('tbody :is(th, td)');
    const row = this.rows.find(({ pupil }) => pupil.id === cell?.parentElement?.dataset.pupil);
    if (!cell || !row || (cell.cellIndex > 0 && cell.cellIndex <= factColumns)) return undefined;
    return { row, column: Math.max(0, cell.cellIndex - factColumns) };
  }

  async #keys(event: KeyboardEvent): Promise<void> {
    const size = { rows: this.rows.length, columns: this.steps.length + 1 };
    const to = gridMove(event.key, { row: this.#rowIndex, column: this.#at.column }, size, event.ctrlKey);
    if (to === null) return;
    event.preventDefault();
    if (to.row >= this.drawn) {
      this.drawn = this.rows.length;
      await this.updateComplete;
    }
    const cell = this.#cellAt(to.row, to.column);
    cell?.focus();
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #focused(event: FocusEvent): void {
    const place = this.#placeOf(event);
    if (!place) return;
    this.#at = { pupilId: place.row.pupil.id, column: place.column };
    this.#setTabStop();
    this.#tell(event);
  }

  #pressed(event: Event): void {
    const place = (event.target as Element).closest('.cell') && this.#placeOf(event);
    if (place) this.emit('myway-open', { pupilId: place.row.pupil.id, stepId: place.row.cells[place.column - 1]?.stepId });
  }

  /** Describes the cell under the pointer or with the focus in the corner, without rendering the grid again. */
  #tell(event: Event): void {
    const place = this.#placeOf(event);
    const corner = this.renderRoot.querySelector('.told');
    if (!place || !corner) return;
    const { row, column } = place;
    const cell = row.cells[column - 1];
    const [name, step, words] = corner.children;
    if (!name || !step || !words) return;
    name.textContent = `${row.pupil.givenName} ${row.pupil.familyName}`;
    step.textContent = cell ? `${column}. ${this.steps[column - 1]?.title ?? ''}` : '';
    words.textContent = cell ? cellWords(this, cell) : '';
  }

  override render() {
    return html`
      <svg class="signs" aria-hidden="true">
        ${cellLooks.map((look) => svg`<symbol id="sign-${look}" viewBox="0 0 24 24">${drawIcon(lookIcons[look])}</symbol>`)}
      </svg>
      <div class="board">
        <table
          role="grid"
          aria-label=${this.label}
          aria-busy=${this.drawn < this.rows.length}
          @keydown=${this.#keys}
          @focusin=${this.#focused}
          @pointerover=${this.#tell}
          @click=${this.#pressed}
        >
          <thead>
            <tr>
              <th scope="col" class="name corner">
                <div class="told" aria-hidden="true"><b></b><span></span><span></span></div>
                ${this.t('board.pupil')}
              </th>
              <th scope="col" class="progress">${this.t('board.total')}</th>
              <th scope="col" class="active">${this.t('board.lastActive')}</th>
              ${this.steps.map((step, index) => this.#station(step, index))}
            </tr>
          </thead>
          <tbody>
            ${repeat(
              this.rows.slice(0, this.drawn),
              (row) => row.pupil.id,
              (row, index) =>
                this.#pupil(row, { first: index === this.first && index > 0, chosen: row.pupil.id === this.chosen }),
            )}
          </tbody>
          <tfoot>${this.#class()}</tfoot>
        </table>
      </div>
    `;
  }

  #station(step: BoardStep, index: number) {
    const place = [index === 0 ? 'first' : '', index === this.steps.length - 1 ? 'last' : ''].join(' ');
    const facts = [
      step.required ? '' : this.t('builder.optional'),
      step.available ? '' : this.t('builder.unavailable'),
      step.available && step.linkBroken ? this.t('builder.linkBroken') : '',
    ].filter(Boolean);
    return html`
      <th scope="col" class="step ${place}">
        <div class="station" title=${[step.title, ...facts].join(' · ')}>
          <span class="title"><span lang=${foreignLanguage(step.language)}>${step.title}</span>${facts.map((fact) => html` <span class="muted">${fact}</span>`)}</span>
          <span class="stop" aria-hidden="true">${numberedStation(step, index + 1)}</span>
        </div>
      </th>
    `;
  }

  /** Draws a row again only if something in it changed. */
  #pupil(row: BoardRow, place: { first: boolean; chosen: boolean }) {
    return guard([row, place.first, place.chosen, locale()], () => this.#row(row, place));
  }

  #row(row: BoardRow, { first, chosen }: { first: boolean; chosen: boolean }) {
    const { pupil } = row;
    return html`
      <tr
        data-pupil=${pupil.id}
        class="${first ? 'others' : ''} ${chosen ? 'chosen' : ''}"
        aria-current=${chosen ? 'true' : nothing}
      >
        <th scope="row" class="name"><button type="button" class="cell" tabindex="-1"><bdi>${pupil.familyName} ${pupil.givenName}</bdi></button></th>
        <td class="progress">
          <span class="bar" aria-hidden="true"><svg viewBox="0 0 100 4" preserveAspectRatio="none"><rect width=${share(row)} height="4"></rect></svg></span>
          ${this.t('board.of', { done: row.done, total: row.total })}${this.#extra(row)}
        </td>
        <td class="active">${row.lastActiveAt ? formatDate(row.lastActiveAt, 'day') : '–'}</td>
        ${row.cells.map((cell) => this.#cell(cell))}
      </tr>
    `;
  }

  #extra({ extra }: BoardRow) {
    if (extra.length === 0) return nothing;
    const words = `${this.t('board.extra', { count: extra.length })}. ${extraWords(this, extra)}`;
    return html` <span class="extra" title=${words}><span aria-hidden="true">+${extra.length}</span><span class="visually-hidden">${words}</span></span>`;
  }

  #cell(cell: Cell) {
    const look = lookOf(cell);
    const percent = cell.score === null ? nothing : percentOf(cell.score);
    return html`<td class="look-${look} ${cell.other ? 'other' : ''}"><button type="button" class="cell" tabindex="-1" data-score=${percent} aria-label=${cellWords(this, cell)}><svg viewBox="0 0 24 24"><use href="#sign-${look}"></use></svg></button></td>`;
  }

  #class() {
    return html`
      <tr>
        <th scope="row" class="name">${this.t('board.wholeClass')}</th>
        <td class="progress">${sharePercent(shareDone(this.everyone))}</td>
        <td class="active"></td>
        ${this.steps.map((_, index) => html`<td>${sharePercent(shareDone(this.everyone, index))}</td>`)}
      </tr>
    `;
  }
}

/** A share, 0 to 1, in per cent; a dash where there is none. */
export const sharePercent = (value: number | null): string =>
  value === null ? '–' : formatNumber(value, { style: 'percent', maximumFractionDigits: 0 });
const share = (row: BoardRow): number => (row.total === 0 ? 0 : (100 * row.done) / row.total);

declare global {
  interface HTMLElementTagNameMap {
    'myway-class-grid': ClassGrid;
  }
}

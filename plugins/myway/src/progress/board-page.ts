import {
  confirmDialog,
  csvOfRows,
  foreignLanguage,
  formatDate,
  LiveController,
  navigate,
  notify,
  PortalElement,
  sharedStyles,
} from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { paint } from '../client/line.js';
import { inWords, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import { boardStyles } from './board-styles.js';
import './class-grid.js';
import { tableOf } from './csv.js';
import './due-dialog.js';
import type { Board } from './model.js';
import './pupil-dialog.js';
import { cellLooks, cellWords, type Filter, filters, lookIcons, type Order, orders } from './states.js';
import './tool-results-table.js';

/** Reload interval in milliseconds: who is stuck also changes with time. */
const everyMinute = 60_000;

/** `/opvolging/:assignmentId`: the class board. Its filter and order are in the address: `?toon=vast&volgorde=ver`. */
@customElement('myway-board-page')
export class BoardPage extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles, boardStyles];

  @property({ attribute: false }) params: Record<string, string> = {};

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private board: Board | undefined;
  @state() private problem: unknown;
  @state() private looking: { assignmentId: string; pupilId: string; stepId: string | undefined } | undefined;
  @state() private dating = false;

  constructor() {
    super();
    new LiveController(
      this,
      () => (this.#id === '' ? [] : [['myway.board', { assignmentId: this.#id }]]),
      () => this.#load(),
      { refresh: everyMinute },
    );
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('params') as Record<string, string> | undefined;
    if (changed.has('params') && before?.assignmentId !== this.#id) {
      this.board = undefined;
      void this.#load();
    }
  }

  get #id(): string {
    return this.params.assignmentId ?? '';
  }

  get #filter(): Filter {
    const named = this.query.get('toon') ?? '';
    return named in filters ? (named as Filter) : 'allen';
  }

  get #order(): Order {
    const named = this.query.get('volgorde') ?? '';
    return named in orders ? (named as Order) : 'naam';
  }

  /** Keeps the board on the screen if reloading fails. */
  async #load(): Promise<void> {
    const id = this.#id;
    if (id === '') return;
    try {
      const board = await myway.get('/assignments/:id/progress', { params: { id } });
      if (id === this.#id) {
        this.board = board;
        paint(this, board.assignment.area);
      }
      this.problem = undefined;
    } catch (problem) {
      this.problem = problem;
    }
  }

  #show(name: 'toon' | 'volgorde', value: string): void {
    const query = new URLSearchParams(this.query);
    if (value === 'allen' || value === 'naam') query.delete(name);
    else query.set(name, value);
    const text = query.toString();
    void navigate(`/opvolging/${this.#id}${text ? `?${text}` : ''}`, { replace: true });
  }

  async #end(ended: boolean): Promise<void> {
    const { board } = this;
    if (board === undefined) return;
    if (ended) {
      const sure = await confirmDialog({
        title: this.t('board.endTitle', { title: board.assignment.path.title }),
        text: this.t('board.endText', { name: board.assignment.class.name }),
        confirm: this.t('board.endConfirm'),
      });
      if (!sure) return;
    }
    try {
      await myway.patch('/assignments/:id', { params: { id: this.#id }, body: { ended } });
      notify({ kind: 'success', text: this.t(ended ? 'board.ended' : 'board.reopened') });
      await this.#load();
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  #download(): void {
    const { board } = this;
    if (board === undefined) return;
    const table = tableOf(board, {
      familyName: this.t('board.familyName'),
      givenName: this.t('board.givenName'),
      done: this.t('board.total'),
      lastActive: this.t('board.lastActive'),
      cell: (cell) => cellWords(this, cell),
      progress: (row) => this.t('board.of', { done: row.done, total: row.total }),
    });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([csvOfRows(table)], { type: 'text/csv;charset=utf-8' }));
    link.download = `${board.assignment.path.title} ${board.assignment.class.name}.csv`.replace(/[\\/:*?"<>|]/g, '-');
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  override render() {
    const { board } = this;
    if (board === undefined) {
      return html`<div class="page">
        <h1 tabindex="-1">${this.t('board.title')}</h1>
        ${
          this.problem
            ? html`<il-problem .problem=${inWords(this, this.problem)} @retry=${() => this.#load()}></il-problem>`
            : html`<il-skeleton lines="8"></il-skeleton>`
        }
      </div>`;
    }
    const { assignment } = board;
    return html`
      <div class="page">
        <header class="page-head">
          <div>
            <h1 tabindex="-1" lang=${foreignLanguage(assignment.path.language)}>${assignment.path.title}</h1>
            <p>${this.#facts(board)}</p>
          </div>
          <div class="actions">
            <wa-button appearance="outlined" @click=${() => (this.dating = true)}>
              <il-icon slot="start" name="calendar"></il-icon>${this.t('board.due')}
            </wa-button>
            <wa-button appearance="outlined" @click=${this.#download}>
              <il-icon slot="start" name="download"></il-icon>${this.t('board.csv')}
            </wa-button>
            <wa-button appearance="plain" @click=${() => this.#end(assignment.endedAt === null)}>
              ${this.t(assignment.endedAt === null ? 'board.end' : 'board.reopen')}
            </wa-button>
          </div>
        </header>
        ${this.problem ? html`<p class="muted" role="status">${this.t('board.stale', { time: formatDate(board.at, 'time') })}</p>` : nothing}
        ${board.rows.length === 0 ? html`<il-empty icon="users" heading=${this.t('board.noPupils')}></il-empty>` : this.#board(board)}
        <myway-tool-results .assignmentId=${this.#id}></myway-tool-results>
      </div>
      <myway-pupil-dialog .of=${this.looking} @il-close=${() => (this.looking = undefined)} @myway-changed=${() => this.#load()}></myway-pupil-dialog>
      <myway-due-dialog .assignment=${this.dating ? assignment : undefined} @il-close=${() => (this.dating = false)} @myway-changed=${() => this.#load()}></myway-due-dialog>
    `;
  }

  #facts({ assignment, rows }: Board): string {
    const facts = [
      assignment.class.name,
      this.t('assign.pupils', { count: rows.length }),
      assignment.dueOn ? this.t('board.dueOn', { date: formatDate(assignment.dueOn, 'long') }) : '',
      assignment.endedAt ? this.t('board.endedOn', { date: formatDate(assignment.endedAt) }) : '',
    ];
    return facts.filter(Boolean).join(' · ');
  }

  #board(board: Board) {
    const rows = board.rows.filter(filters[this.#filter]).sort(orders[this.#order]);
    return html`
      <div class="toolbar">
        ${this.#choice('toon', this.t('board.show'), this.#filter, Object.keys(filters), (name) =>
          this.t(`board.filter.${name}`, { number: board.rows.filter(filters[name as Filter]).length }),
        )}
        ${this.#choice('volgorde', this.t('board.sort'), this.#order, Object.keys(orders), (name) => this.t(`board.order.${name}`))}
      </div>
      <ul class="legend" aria-label=${this.t('board.legend')}>
        ${cellLooks.map(
          (look) =>
            html`<li><span class="swatch look-${look}"><il-icon name=${lookIcons[look]}></il-icon></span>${this.t(`board.look.${look}`)}</li>`,
        )}
      </ul>
      ${
        rows.length === 0
          ? html`<il-empty icon="filter" heading=${this.t('board.noneShown')}>
            <wa-button appearance="outlined" @click=${() => this.#show('toon', 'allen')}>${this.t('board.showAll')}</wa-button>
          </il-empty>`
          : html`<myway-class-grid
            label=${this.t('board.gridLabel', { title: board.assignment.path.title, name: board.assignment.class.name })}
            .steps=${board.steps}
            .rows=${rows}
            @myway-open=${({ detail }: CustomEvent<{ pupilId: string; stepId: string | undefined }>) =>
              (this.looking = { assignmentId: this.#id, ...detail })}
          ></myway-class-grid>`
      }
    `;
  }

  #choice(name: 'toon' | 'volgorde', label: string, value: string, values: string[], words: (value: string) => string) {
    return html`
      <wa-select .label=${label} .value=${value} @change=${(event: Event) => this.#show(name, (event.target as HTMLSelectElement).value)}>
        ${values.map((each) => html`<wa-option value=${each}>${words(each)}</wa-option>`)}
      </wa-select>
    `;
  }
}

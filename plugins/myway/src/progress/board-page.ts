import {
  foreignLanguage,
  formatDate,
  LiveController,
  mayOpen,
  navigate,
  notify,
  PortalElement,
  PrintSheet,
  removed,
  sharedStyles,
} from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Pupil } from '../assignments/model.js';
import { paint } from '../client/line.js';
import { inWords, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import { BoardAddress } from './board-address.js';
import { classSwitcher, legend, sentence } from './board-head.js';
import { boardSheet, boardSheetStyles } from './board-sheet.js';
import { boardStyles } from './board-styles.js';
import './class-grid.js';
import './class-tools.js';
import type { ClassGrid } from './class-grid.js';
import { downloadCsv } from './download-csv.js';
import './due-dialog.js';
import './group-dialog.js';
import './message-dialog.js';
import type { Board, BoardRow } from './model.js';
import './pupil-panel.js';
import type { PupilPanel } from './pupil-panel.js';
import { isRoomy, setRoomy } from './roomy.js';
import { filters, needsTeacher, type Order, orders } from './rows.js';
import './tool-results-table.js';

/** Reload interval in milliseconds: who is stuck also changes with time. */
const everyMinute = 60_000;

/** `/opvolging/:assignmentId`: the class board. What it shows is in the address, see {@link BoardAddress}. */
@customElement('myway-board-page')
export class BoardPage extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles, boardStyles, boardSheetStyles];

  @property({ attribute: false }) params: Record<string, string> = {};

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private board: Board | undefined;
  @state() private problem: unknown;
  @state() private dating = false;
  @state() private grouping = false;
  /** Who gets the message that is written. */
  @state() private writingTo: readonly Pupil[] | undefined;
  @state() private legend = false;
  @state() private roomy = isRoomy();

  @query('myway-class-grid') private grid!: ClassGrid | null;
  @query('myway-pupil-panel') private panel!: PupilPanel | null;

  constructor() {
    super();
    new LiveController(
      this,
      () => (this.#id === '' ? [] : [['myway.board', { assignmentId: this.#id }]]),
      () => this.#load(),
      { refresh: everyMinute },
    );
    new PrintSheet(this, () => (this.board ? boardSheet(this, this.board) : undefined));
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

  get #address(): BoardAddress {
    return new BoardAddress(this.#id, this.query);
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
        this.emit('il-title', { title: `${board.assignment.path.title} · ${board.assignment.class.name}` });
      }
      this.problem = undefined;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async #show(change: Parameters<BoardAddress['with']>[0]): Promise<void> {
    await navigate(this.#address.with(change), { replace: true });
    await this.updateComplete;
  }

  async #open({ detail }: CustomEvent<{ pupilId: string; stepId: string | undefined }>): Promise<void> {
    await this.#show(detail);
    this.panel?.focus();
  }

  async #closePanel(): Promise<void> {
    await this.#show({ pupilId: undefined });
    this.grid?.focus();
  }

  /** Stopping loses no result and can be taken back, so that there is no question. */
  async #end(ended: boolean): Promise<void> {
    const id = this.#id;
    const change = async (to: boolean) => {
      await myway.patch('/assignments/:id', { params: { id }, body: { ended: to } });
      await this.#load();
    };
    try {
      await change(ended);
      if (ended) removed(this.t('board.ended'), () => change(false));
      else notify({ kind: 'success', text: this.t('board.reopened') });
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  #chosen({ detail }: CustomEvent<{ item: { value: string } }>): void {
    const { board } = this;
    if (board === undefined) return;
    const { value } = detail.item;
    if (value === 'due') this.dating = true;
    else if (value === 'group') this.grouping = true;
    else if (value === 'message') this.writingTo = this.#shown(board).map((row) => row.pupil);
    else if (value === 'csv') downloadCsv(this, board);
    else if (value === 'print') print();
    else if (value === 'path') void navigate(`/paden/${board.assignment.path.id}`);
    else if (value === 'end') void this.#end(board.assignment.endedAt === null);
    else if (value === 'roomy') {
      this.roomy = !this.roomy;
      setRoomy(this.roomy);
    } else if (value in orders) void this.#show({ order: value as Order });
  }

  override render() {
    const { board } = this;
    const back = { href: '/opvolging', text: this.t('followUp.title') };
    if (board === undefined) {
      return html`<div class="page">
        <il-page-head heading=${this.t('board.title')} .back=${back}></il-page-head>
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
        <il-page-head
          class="screen-only"
          heading=${assignment.path.title}
          heading-lang=${foreignLanguage(assignment.path.language)}
          heading-href=${mayOpen('/paden') ? `/paden/${assignment.path.id}` : nothing}
          .back=${back}
        >
          <div slot="actions" class="where">
            ${assignment.beginsOn ? html`<span class="muted">${this.t('board.beginsOn', { date: formatDate(assignment.beginsOn, 'day') })}</span>` : nothing}
            ${assignment.dueOn ? html`<span class="muted">${this.t('board.dueOn', { date: formatDate(assignment.dueOn, 'day') })}</span>` : nothing}
            ${assignment.endedAt ? html`<span class="muted">${this.t('board.endedOn', { date: formatDate(assignment.endedAt) })}</span>` : nothing}
            ${classSwitcher(this, board)}
          </div>
          ${this.#menu(board)}
        </il-page-head>
        ${this.problem ? html`<p class="muted" role="status">${this.t('board.stale', { time: formatDate(board.at, 'time') })}</p>` : nothing}
        ${board.rows.length === 0 ? html`<il-empty icon="users" heading=${this.t('board.noPupils')}></il-empty>` : this.#board(board)}
        <myway-tool-results .assignmentId=${this.#id}></myway-tool-results>
        <myway-class-tools .assignmentId=${this.#id}></myway-class-tools>
      </div>
      <myway-group-dialog .board=${this.grouping ? board : undefined} @il-close=${() => (this.grouping = false)}></myway-group-dialog>
      <myway-message-dialog
        .assignmentId=${this.#id}
        .pupils=${this.writingTo}
        @il-close=${() => (this.writingTo = undefined)}
      ></myway-message-dialog>
      <myway-due-dialog .assignment=${this.dating ? assignment : undefined} @il-close=${() => (this.dating = false)} @myway-changed=${() => this.#load()}></myway-due-dialog>
    `;
  }

  #menu({ assignment }: Board) {
    const item = (value: string, icon: string, key: string) =>
      html`<wa-dropdown-item value=${value}><il-icon slot="icon" name=${icon}></il-icon>${this.t(key)}</wa-dropdown-item>`;
    return html`
      <wa-dropdown slot="actions" placement="bottom-end" @wa-select=${this.#chosen}>
        <wa-button slot="trigger" appearance="plain" aria-label=${this.t('board.more')}>
          <il-icon name="ellipsis-vertical" label=${this.t('board.more')}></il-icon>
        </wa-button>
        ${item('path', 'route', 'board.openPath')} ${item('due', 'calendar', 'board.due')} ${item('message', 'message-square', 'board.message')} ${item('group', 'users', 'board.group')} ${item('csv', 'download', 'board.csv')}
        ${item('print', 'printer', 'board.print')}
        ${assignment.endedAt === null ? item('end', 'archive', 'board.end') : item('end', 'rotate-ccw', 'board.reopen')}
      </wa-dropdown>
    `;
  }

  /** The pupils that the filter shows, in the chosen order. */
  #shown(board: Board): BoardRow[] {
    const { filter, order } = this.#address;
    return board.rows.filter(filters[filter]).sort(orders[order]);
  }

  #board(board: Board) {
    const { order, pupilId, stepId } = this.#address;
    const rows = this.#shown(board);
    const pupils = rows.map((row) => row.pupil);
    const pupil = board.rows.find((row) => row.pupil.id === pupilId)?.pupil;
    return html`
      <div class="line screen-only">
        ${sentence(this, board, this.#address)}
        ${this.#tools(order)}
      </div>
      ${this.legend ? legend(this) : nothing}
      <div class="beside screen-only ${pupil ? 'open' : ''}">
        ${
          rows.length === 0
            ? html`<il-empty icon="filter" heading=${this.t('board.noneShown')}>
              <wa-button appearance="outlined" @click=${() => this.#show({ filter: 'allen' })}>${this.t('board.showAll')}</wa-button>
            </il-empty>`
            : html`<myway-class-grid
              label=${this.t('board.gridLabel', { title: board.assignment.path.title, name: board.assignment.class.name })}
              .steps=${board.steps}
              .rows=${rows}
              .first=${order === 'nodig' ? rows.filter(needsTeacher).length : 0}
              .everyone=${board.rows}
              .chosen=${pupil?.id}
              ?roomy=${this.roomy}
              @myway-open=${this.#open}
            ></myway-class-grid>`
        }
        ${
          pupil
            ? html`<myway-pupil-panel
              .assignmentId=${this.#id}
              .pupil=${pupil}
              .stepId=${stepId}
              .pupils=${pupils}
              .version=${board.at}
              @il-close=${this.#closePanel}
              @myway-write=${() => (this.writingTo = [pupil])}
              @myway-pupil=${({ detail }: CustomEvent<{ pupilId: string }>) => this.#show({ pupilId: detail.pupilId })}
              @myway-changed=${() => this.#load()}
            ></myway-pupil-panel>`
            : nothing
        }
      </div>
    `;
  }

  #tools(order: Order) {
    return html`<div class="tools">
      <wa-dropdown placement="bottom-end" @wa-select=${this.#chosen}>
        <wa-button slot="trigger" size="s" appearance="plain" with-caret>${this.t('board.display')}</wa-button>
        ${Object.keys(orders).map(
          (each) =>
            html`<wa-dropdown-item type="checkbox" value=${each} ?checked=${each === order}>${this.t(`board.order.${each}`)}</wa-dropdown-item>`,
        )}
        <wa-dropdown-item class="apart" type="checkbox" value="roomy" ?checked=${this.roomy}>${this.t('board.roomy')}</wa-dropdown-item>
      </wa-dropdown>
      <wa-button
        size="s"
        appearance="plain"
        aria-expanded=${this.legend}
        title=${this.t('board.legend')}
        @click=${() => (this.legend = !this.legend)}
      ><il-icon name="help" label=${this.t('board.legend')}></il-icon></wa-button>
    </div>`;
  }
}

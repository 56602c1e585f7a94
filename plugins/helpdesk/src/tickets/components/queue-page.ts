import type { Answer } from '@ilearn/core';
import { library } from '@ilearn/plugin-library/client';
import { isSingleKey, navigate, notify, PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { queueRoutes } from '../queue-routes.js';
import { attempt } from './attempt.js';
import { macroPreview } from './desk-panel.js';
import './macro-dialog.js';
import { dueMark, stateMark } from './marks.js';
import './queue-views.js';
import { ticketStyles } from './styles.js';
import { thread } from './thread.js';

type List = Answer<typeof queueRoutes, 'GET', '/queue'>;
type Row = List['tickets'][number];

/** `/helpdesk/wachtrij`: the views, a table of tickets with the keyboard, and a preview. */
@customElement('helpdesk-queue-page')
export class QueuePage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    ticketStyles,
    css`
      .desk {
        display: grid;
        gap: var(--il-space-5);
      }
      tr[aria-selected='true'] {
        background: var(--il-sunk);
        box-shadow: inset 3px 0 var(--il-focus);
      }
      td a:any-link {
        color: inherit;
      }
      tbody tr {
        /* Where each row is a block, beside the mark of the selected one. */
        padding-inline: var(--il-space-3);
      }
      @media (min-width: 64rem) {
        .desk {
          grid-template-columns: 14rem minmax(0, 1fr);
        }
        .desk.previewing {
          grid-template-columns: 14rem minmax(0, 1fr) 24rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();
  @state() private rows: Row[] = [];
  @state() private at = 0;
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private macro = '';
  @state() private previewing = false;
  @state() private making = false;
  @state() private fault: string | undefined;
  /** Rises when the counts of the views have changed. */
  @state() private revision = 0;
  readonly #typing = new TypingPause(this);

  readonly #loaded = new Task(this, {
    task: async ([query], { signal }): Promise<List> => {
      const list = await helpdesk.get('/queue', { query: Object.fromEntries(new URLSearchParams(query)), signal });
      this.rows = list.tickets;
      this.at = 0;
      this.chosen = new Set();
      return list;
    },
    args: () => [this.query.toString()] as const,
  });
  readonly #macros = new Task(this, {
    task: async (_, { signal }) => (await helpdesk.get('/macros', { signal })).macros,
    args: () => [] as const,
  });
  readonly #tools = new Task(this, {
    task: async (_, { signal }) => (this.can('library:read') ? (await library.get('/tools', { signal })).tools : []),
    args: () => [] as const,
  });
  readonly #preview = new Task(this, {
    task: async ([id, open], { signal }) =>
      open && id !== undefined ? helpdesk.get('/tickets/:id', { params: { id }, signal }) : null,
    args: () => [this.rows[this.at]?.id, this.previewing] as const,
  });

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#key);
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('tickets.queue.title')}>
        <p class="small muted">${this.t('tickets.queue.keys')}</p>
        <wa-button slot="actions" appearance="outlined" @click=${() => this.#make(true)}>${this.t('tickets.macros.new')}</wa-button>
      </il-page-head>
      <div class="desk ${this.previewing ? 'previewing' : ''}">
        <helpdesk-queue-views .query=${this.query} .revision=${this.revision}></helpdesk-queue-views>
        <div class="stack">
          ${this.#search()} ${this.#bulk()}
          ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
          ${this.#loaded.render({
            pending: () => (this.rows.length > 0 ? this.#table() : html`<il-skeleton lines="8"></il-skeleton>`),
            complete: ({ more }) => html`${this.#table()}<il-truncated ?more=${more} shown=${this.rows.length}></il-truncated>`,
            error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
          })}
        </div>
        ${this.previewing ? this.#previewed() : nothing}
      </div>
      <helpdesk-macro-dialog .open=${this.making} @il-close=${() => this.#make(false)} @il-changed=${() => this.#macros.run()}></helpdesk-macro-dialog>
    </div>`;
  }

  #search() {
    const tools = this.#tools.value ?? [];
    return html`<div class="toolbar">
      <wa-input
        type="search"
        label=${this.t('tickets.queue.search')}
        .value=${this.query.get('q') ?? ''}
        @input=${(event: Event) => this.#filter('q', (event.target as HTMLInputElement).value.trim())}
      ></wa-input>
      ${
        tools.length === 0
          ? nothing
          : html`<wa-select
              label=${this.t('tickets.queue.tool')}
              .value=${this.query.get('tool') ?? ''}
              @change=${(event: Event) => this.#filter('tool', (event.target as HTMLSelectElement).value)}
            >
              <wa-option value="">${this.t('tickets.queue.allTools')}</wa-option>
              ${tools.map(({ key, name }) => html`<wa-option value=${key}>${name}</wa-option>`)}
            </wa-select>`
      }
      <wa-select
        label=${this.t('tickets.desk.priority')}
        .value=${this.query.get('priority') ?? ''}
        @change=${(event: Event) => this.#filter('priority', (event.target as HTMLSelectElement).value)}
      >
        <wa-option value="">${this.t('tickets.queue.allPriorities')}</wa-option>
        ${[1, 2, 3, 4].map((each) => html`<wa-option value=${String(each)}>${this.t(`tickets.priorities.${each}`)}</wa-option>`)}
      </wa-select>
    </div>`;
  }

  /** Macros over the chosen tickets, with what they would do. */
  #bulk() {
    const macros = this.#macros.value ?? [];
    const macro = macros.find(({ id }) => id === this.macro);
    if (this.chosen.size === 0) return nothing;
    return html`<div class="note-box stack">
      <p>${this.t('tickets.queue.chosen', { count: this.chosen.size })}</p>
      <wa-select label=${this.t('tickets.macros.title')} .value=${this.macro} @change=${(event: Event) => this.#chooseMacro((event.target as HTMLSelectElement).value)}>
        <wa-option value="">${this.t('tickets.macros.choose')}</wa-option>
        ${macros.map(({ id, title }) => html`<wa-option value=${id}>${title}</wa-option>`)}
      </wa-select>
      ${
        macro === undefined
          ? nothing
          : html`${macroPreview((key, options) => this.t(key, options), macro)}
              <div class="actions"><wa-button variant="brand" @click=${() => this.#applyMacro()}>${this.t('tickets.macros.use')}</wa-button></div>`
      }
    </div>`;
  }

  #table() {
    if (this.rows.length === 0) {
      return html`<il-empty icon="inbox" heading=${this.t('tickets.queue.empty')} text=${this.t('tickets.queue.emptyText')}></il-empty>`;
    }
    const t = (key: string, options?: Record<string, unknown>) => this.t(key, options);
    const toolName = new Map((this.#tools.value ?? []).map(({ key, name }) => [key, name]));
    return html`<div class="scroll-x">
      <table class="stacked">
        <thead>
          <tr>
            <th><span class="visually-hidden">${this.t('tickets.queue.choose')}</span></th>
            ${['subject', 'school', 'tool', 'owner', 'state', 'due'].map((column) => html`<th>${this.t(`tickets.columns.${column}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.rows.map(
            (row, at) => html`<tr aria-selected=${at === this.at ? 'true' : 'false'} @click=${() => this.#go(at)}>
              <td>
                <wa-checkbox ?checked=${this.chosen.has(row.id)} @change=${() => this.#toggle(row.id)}
                  ><span class="visually-hidden">${this.t('tickets.queue.chooseOne', { number: row.number })}</span></wa-checkbox
                >
              </td>
              <td data-label=${this.t('tickets.columns.subject')}>
                <a class="strong" href="/helpdesk/ticket/${row.id}">${row.subject}</a><br />
                <span class="small muted">${[`#${row.number}`, row.priority < 3 ? this.t(`tickets.priorities.${row.priority}`) : '', ...row.labels].filter(Boolean).join(' · ')}</span>
              </td>
              <td data-label=${this.t('tickets.columns.school')}>${row.school ?? '–'}<br /><span class="small muted">${row.requester ?? ''}</span></td>
              <td data-label=${this.t('tickets.columns.tool')}>${row.toolKey === null ? '–' : (toolName.get(row.toolKey) ?? row.toolKey)}</td>
              <td data-label=${this.t('tickets.columns.owner')}>${row.owner ?? '–'}</td>
              <td data-label=${this.t('tickets.columns.state')}>${stateMark(t, row.state)}</td>
              <td data-label=${this.t('tickets.columns.due')}>${dueMark(t, row.dueAt)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #previewed() {
    const ticket = this.#preview.value ?? null;
    return html`<section class="stack" aria-label=${this.t('tickets.queue.preview')}>
      ${
        ticket === null
          ? html`<il-skeleton lines="5"></il-skeleton>`
          : html`<h2>${ticket.subject}</h2>
              ${thread((key, options) => this.t(key, options), ticket.conversation.slice(-5))}
              <div class="actions"><wa-button size="s" href="/helpdesk/ticket/${ticket.id}">${this.t('tickets.queue.open')}</wa-button></div>`
      }
    </section>`;
  }

  /** j and k go down and up, p previews, x chooses, o opens. */
  readonly #key = (event: KeyboardEvent): void => {
    if (!isSingleKey(event)) return;
    const acts: Record<string, () => void> = {
      j: () => this.#go(Math.min(this.at + 1, this.rows.length - 1)),
      k: () => this.#go(Math.max(this.at - 1, 0)),
      p: () => this.#togglePreview(),
      x: () => this.#toggle(this.rows[this.at]?.id ?? ''),
      o: () => void navigate(`/helpdesk/ticket/${this.rows[this.at]?.id ?? ''}`),
    };
    const act = acts[event.key];
    if (act === undefined || this.rows.length === 0) return;
    event.preventDefault();
    act();
  };

  #go(at: number): void {
    this.at = at;
    this.renderRoot.querySelectorAll('tbody tr')[at]?.scrollIntoView({ block: 'nearest' });
  }

  #togglePreview(): void {
    this.previewing = !this.previewing;
  }

  #toggle(id: string): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(id) && id !== '') chosen.add(id);
    this.chosen = chosen;
  }

  #make(open: boolean): void {
    this.making = open;
  }

  #chooseMacro(id: string): void {
    this.macro = id;
  }

  #filter(name: string, value: string): void {
    this.#typing.after(() => {
      const query = new URLSearchParams(this.query);
      if (value === '') query.delete(name);
      else query.set(name, value);
      void navigate(`/helpdesk/wachtrij?${query}`, { replace: true });
    });
  }

  async #applyMacro(): Promise<void> {
    const count = this.chosen.size;
    this.fault = await attempt(async () => {
      await helpdesk.post('/macros/:id/uses', { params: { id: this.macro }, body: { tickets: [...this.chosen] } });
      notify({ kind: 'success', text: this.t('tickets.queue.applied', { count }) });
    });
    this.revision += 1;
    await this.#loaded.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-queue-page': QueuePage;
  }
}

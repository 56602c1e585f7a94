import type { Answer } from '@ilearn/core';
import { type ApiProblem, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import { interfaceLanguage } from '../../documents/interface-language.js';
import type { outagesRoutes } from '../routes.js';
import { type ToolState, toolStates } from '../states.js';

type Board = Answer<typeof outagesRoutes, 'GET', '/outages'>;
type Tool = Board['tools'][number];
type Outage = Board['outages'][number];

const texts = ['publicText', 'staffText', 'pupilText'] as const;
const blank = {
  id: null as string | null,
  tools: [] as string[],
  severity: 'down' as 'slow' | 'down',
  publicText: '',
  staffText: '',
  pupilText: '',
};
type Draft = typeof blank;

/** `/helpdesk/storingen`: how each tool does, and outages with their texts and tickets. */
@customElement('helpdesk-outages-page')
export class OutagesPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      .state {
        display: inline-flex;
        gap: var(--il-space-2);
        align-items: center;
        font-weight: 600;
        white-space: nowrap;
        vertical-align: middle;
      }
      .works {
        color: var(--il-good);
      }
      .slow {
        color: var(--il-warn);
      }
      .down {
        color: var(--il-bad);
      }
      .outages {
        display: grid;
        gap: var(--il-space-4);
      }
      .outages h3 {
        margin: 0;
        font-size: var(--il-text-m);
      }
      .form {
        display: grid;
        gap: var(--il-space-4);
      }
      wa-select {
        min-width: 9rem;
      }
    `,
  ];

  @state() private draft: Draft | undefined;
  /** The outage to whose tickets something is written; `ends`: and that ends with it. */
  @state() private writing: { outage: Outage; ends: boolean } | undefined;
  @state() private message = '';
  @state() private busy = false;

  readonly #board = new Task(this, { task: (_, { signal }) => helpdesk.get('/outages', { signal }), args: () => [] as const });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('outages.title')}>
        <wa-button slot="actions" variant="brand" @click=${() => this.#edit({ ...blank })}>${this.t('outages.begin')}</wa-button>
        <wa-button slot="actions" appearance="outlined" href=${`/status?taal=${interfaceLanguage()}`}>${this.t('outages.publicPage')}</wa-button>
      </il-page-head>
      ${this.#board.render({
        pending: () => (this.#board.value ? this.#page(this.#board.value) : html`<il-skeleton lines="8"></il-skeleton>`),
        complete: (board) => this.#page(board),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#board.run()}></il-problem>`,
      })}
    </div>`;
  }

  #page({ tools, outages }: Board) {
    const open = outages.filter(({ endedAt }) => endedAt === null);
    const ended = outages.filter(({ endedAt }) => endedAt !== null);
    const names = new Map(tools.map(({ key, name }) => [key, name]));
    return html`
      <section class="stack" aria-labelledby="open">
        <h2 id="open">${this.t('outages.open')}</h2>
        ${open.length === 0 ? html`<p class="muted">${this.t('outages.none')}</p>` : html`<div class="outages">${open.map((each) => this.#outage(each, names))}</div>`}
      </section>
      <section class="stack" aria-labelledby="board">
        <h2 id="board">${this.t('outages.board')}</h2>
        ${tools.length === 0 ? html`<p class="muted">${this.t('outages.noTools')}</p>` : this.#table(tools)}
      </section>
      ${
        ended.length === 0
          ? nothing
          : html`<section class="stack" aria-labelledby="ended">
              <h2 id="ended">${this.t('outages.ended')}</h2>
              <ul class="list">
                ${ended.map(
                  (each) => html`<li class="row">
                    <span class="grow">${this.#names(each, names)}<br /><span class="small muted">${each.publicText}</span></span>
                    <span class="small muted">${formatDate(each.startedAt, 'short')} – ${formatDate(each.endedAt as never, 'short')}</span>
                  </li>`,
                )}
              </ul>
            </section>`
      }
      ${this.#editor(tools)} ${this.#writer()}
    `;
  }

  #names = ({ tools }: Outage, names: Map<string, string>): string => tools.map((key) => names.get(key) ?? key).join(', ');

  #state(state: ToolState) {
    const icon = { works: 'circle-check', slow: 'triangle-alert', down: 'circle-x' }[state];
    return html`<span class="state ${state}"><il-icon name=${icon}></il-icon>${this.t(`outages.states.${state}`)}</span>`;
  }

  #outage(outage: Outage, names: Map<string, string>) {
    const { severity, publicText, tickets, unsolved, linkable, startedAt } = outage;
    return html`<article class="panel stack">
      <h3>${this.#names(outage, names)} ${this.#state(severity)}</h3>
      <p>${publicText || this.t('outages.noText')}</p>
      <p class="small muted">
        ${this.t('outages.since', { at: formatDate(startedAt, 'short') })} · ${this.t('outages.tickets', { count: tickets })} ·
        ${this.t('outages.unsolved', { count: unsolved })}
      </p>
      <div class="actions">
        ${linkable === 0 ? nothing : html`<wa-button appearance="outlined" @click=${() => this.#link(outage)}>${this.t('outages.link', { count: linkable })}</wa-button>`}
        <wa-button appearance="outlined" @click=${() => this.#write(outage, false)}>${this.t('outages.updateAll')}</wa-button>
        <wa-button appearance="outlined" @click=${() => this.#write(outage, true)}>${this.t('outages.closeAll')}</wa-button>
        <wa-button appearance="plain" @click=${() => this.#edit({ ...outage })}>${this.t('outages.change')}</wa-button>
      </div>
    </article>`;
  }

  #table(tools: readonly Tool[]) {
    return html`<table class="stacked">
      <caption>${this.t('outages.measured')}</caption>
      <thead>
        <tr>
          <th scope="col">${this.t('outages.tool')}</th>
          <th scope="col">${this.t('outages.state')}</th>
          <th scope="col">${this.t('outages.launches')}</th>
          <th scope="col">${this.t('outages.failures')}</th>
          <th scope="col">${this.t('outages.byHand')}</th>
        </tr>
      </thead>
      <tbody>
        ${tools.map(
          ({ key, name, state, launches, failures, byHand }) => html`<tr>
            <th scope="row">${name}</th>
            <td data-label=${this.t('outages.state')}>${this.#state(state)}</td>
            <td data-label=${this.t('outages.launches')} class="number">${launches}</td>
            <td data-label=${this.t('outages.failures')} class="number">${failures}</td>
            <td data-label=${this.t('outages.byHand')}>
              <wa-select
                size="small"
                aria-label=${this.t('outages.byHandOf', { tool: name })}
                .value=${byHand ?? 'measured'}
                @change=${(event: Event) => this.#setByHand(key, (event.target as HTMLSelectElement).value)}
              >
                ${['measured', ...toolStates].map((value) => html`<wa-option value=${value}>${this.t(`outages.states.${value}`)}</wa-option>`)}
              </wa-select>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #edit(draft: Partial<Draft> & { tools: string[] }): void {
    const { id = null, tools, severity = 'down', publicText = '', staffText = '', pupilText = '' } = draft;
    this.draft = { id, tools, severity, publicText, staffText, pupilText };
  }

  #closeEditor(): void {
    this.draft = undefined;
  }

  #editor(tools: readonly Tool[]) {
    const { draft } = this;
    const set = (change: Partial<Draft>) => {
      this.draft = { ...(draft ?? blank), ...change };
    };
    return html`<il-dialog
      heading=${this.t(draft?.id ? 'outages.change' : 'outages.begin')}
      .open=${draft !== undefined}
      @il-close=${this.#closeEditor}
    >
      ${
        draft === undefined
          ? nothing
          : html`<div class="form">
              <wa-select
                multiple
                label=${this.t('outages.toolsField')}
                .value=${draft.tools}
                @change=${(event: Event) => set({ tools: [(event.target as HTMLSelectElement).value].flat() })}
              >
                ${tools.map(({ key, name }) => html`<wa-option value=${key}>${name}</wa-option>`)}
              </wa-select>
              <wa-select label=${this.t('outages.state')} .value=${draft.severity} @change=${(event: Event) => set({ severity: (event.target as HTMLSelectElement).value as 'slow' | 'down' })}>
                ${(['slow', 'down'] as const).map((value) => html`<wa-option value=${value}>${this.t(`outages.states.${value}`)}</wa-option>`)}
              </wa-select>
              ${texts.map(
                (name) => html`<wa-textarea
                  label=${this.t(`outages.${name}`)}
                  hint=${this.t(`outages.${name}Hint`)}
                  rows="2"
                  maxlength="1000"
                  .value=${draft[name]}
                  @input=${(event: Event) => set({ [name]: (event.target as HTMLTextAreaElement).value })}
                ></wa-textarea>`,
              )}
            </div>`
      }
      <wa-button slot="footer" variant="brand" ?disabled=${this.busy || draft === undefined || draft.tools.length === 0} @click=${this.#save}>
        ${this.t('outages.save')}
      </wa-button>
    </il-dialog>`;
  }

  #writer() {
    const { writing } = this;
    const key = writing?.ends ? 'closeAll' : 'updateAll';
    return html`<il-dialog heading=${this.t(`outages.${key}`)} .open=${this.writing !== undefined} @il-close=${() => this.#write(undefined)}>
      ${
        writing === undefined
          ? nothing
          : html`<p>${this.t(`outages.${key}Text`, { count: writing.outage.unsolved })}</p>
              <wa-textarea
                label=${this.t('outages.message')}
                rows="4"
                maxlength="2000"
                .value=${this.message}
                @input=${(event: Event) => this.#type((event.target as HTMLTextAreaElement).value)}
              ></wa-textarea>`
      }
      <wa-button slot="footer" variant="brand" ?disabled=${this.busy || this.message.trim() === ''} @click=${this.#send}>${this.t(`outages.${key}`)}</wa-button>
    </il-dialog>`;
  }

  #type(message: string): void {
    this.message = message;
  }

  #write(outage: Outage | undefined, ends = false): void {
    this.writing = outage === undefined ? undefined : { outage, ends };
    this.message = '';
  }

  async #save(): Promise<void> {
    if (this.draft === undefined) return;
    const { id, ...body } = this.draft;
    const done = await this.#change(
      () => (id === null ? helpdesk.post('/outages', { body }) : helpdesk.put('/outages/:id', { params: { id }, body })),
      () => this.t('outages.saved'),
    );
    if (done) this.draft = undefined;
  }

  async #send(): Promise<void> {
    const { writing, message: text } = this;
    if (writing === undefined) return;
    const call = writing.ends ? '/outages/:id/end' : '/outages/:id/updates';
    const done = await this.#change(
      () => helpdesk.post(call, { params: { id: writing.outage.id }, body: { text } }),
      ({ tickets }: { tickets: number }) => this.t(writing.ends ? 'outages.closedAll' : 'outages.updatedAll', { count: tickets }),
    );
    if (done) this.#write(undefined);
  }

  #link({ id }: Outage) {
    return this.#change(
      () => helpdesk.post('/outages/:id/tickets', { params: { id } }),
      ({ tickets }: { tickets: number }) => this.t('outages.linked', { count: tickets }),
    );
  }

  #setByHand(key: string, chosen: string) {
    const state = chosen === 'measured' ? null : (chosen as ToolState);
    return this.#change(
      () => helpdesk.put('/outages/tools/:key', { params: { key }, body: { state } }),
      () => this.t('outages.saved'),
    );
  }

  async #change<T>(call: () => Promise<T>, done: (answer: T) => string): Promise<boolean> {
    this.busy = true;
    try {
      notify({ kind: 'success', text: done(await call()) });
      return true;
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
      return false;
    } finally {
      this.busy = false;
      await this.#board.run();
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-outages-page': OutagesPage;
  }
}

import type { Answer } from '@ilearn/core';
import { directory } from '@ilearn/plugin-directory/client';
import { confirmDialog, formatDate, LiveController, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { rosters } from '../client.js';
import type { runRoutes } from '../runs/routes.js';
import './connection-form.js';
import './run-details.js';

type Run = Answer<typeof runRoutes, 'GET', '/schools/:school/runs'>['runs'][number];

const few = 10;
const many = 100;

/** `/leerlinggegevens`: how a school’s own system is read, what would change, and what was taken over. */
@customElement('rosters-page')
export class RostersPage extends PortalElement {
  static override ns = 'rosters';
  static override styles = [
    sharedStyles,
    css`
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
        margin-block: var(--il-space-4);
      }
      section {
        margin-block-start: var(--il-space-6);
      }
      h2,
      h3 {
        margin-block-end: var(--il-space-3);
      }
      rosters-run-details {
        display: block;
        margin-block-end: var(--il-space-4);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: center;
        justify-content: space-between;
      }
      .row p {
        margin: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private editing = false;
  @state() private limit = few;
  @state() private opened: string | null = null;
  @state() private problem: unknown;
  @state() private busy = false;

  constructor() {
    super();
    new LiveController(
      this,
      () => (this.#school === null ? [] : [['rosters.runs', { school: this.#school }]]),
      async () => {
        await Promise.all([this.#runs.run(), this.#details.run()]);
      },
    );
  }

  readonly #schools = new Task(this, {
    task: async (_, { signal }) => (await directory.get('/schools', { signal })).schools,
    args: () => [],
  });

  get #school(): string | null {
    const schools = this.#schools.value ?? [];
    const asked = this.query.get('school');
    return schools.find(({ id }) => id === asked)?.id ?? schools[0]?.id ?? null;
  }

  readonly #connection = new Task(this, {
    task: async ([school], { signal }) =>
      school === null ? null : (await rosters.get('/schools/:school/connection', { params: { school }, signal })).connection,
    args: () => [this.#school] as const,
  });

  readonly #runs = new Task(this, {
    task: async ([school, limit], { signal }) =>
      school === null
        ? { runs: [], more: false }
        : rosters.get('/schools/:school/runs', { params: { school }, query: { limit }, signal }),
    args: () => [this.#school, this.limit] as const,
  });

  /** The run that is shown: the one that was opened, else the latest. */
  readonly #details = new Task(this, {
    task: async ([id], { signal }) => (id === undefined ? undefined : rosters.get('/runs/:id', { params: { id }, signal })),
    args: () => [this.opened ?? this.#runs.value?.runs[0]?.id] as const,
  });

  async #do(act: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.problem = undefined;
    this.busy = true;
    try {
      await act();
      this.opened = null;
      await this.#runs.run();
      await this.#details.run();
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  async #remove(school: string): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('page.removeTitle'),
      text: this.t('page.removeText'),
      confirm: this.t('page.remove'),
      danger: true,
    });
    if (!sure) return;
    await this.#do(async () => {
      await rosters.post('/schools/:school/connection/remove', { params: { school } });
      notify({ kind: 'success', text: this.t('page.removed') });
      await this.#connection.run();
    });
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('page.title')}><p>${this.t('page.intro')}</p></il-page-head>
      ${this.#schools.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#schools.run()}></il-problem>`,
        complete: (schools) => html`
          ${
            schools.length < 2
              ? nothing
              : html`<wa-select
                label=${this.t('page.school')}
                .value=${this.#school ?? ''}
                @change=${(event: Event) => navigate(`/leerlinggegevens?school=${(event.target as HTMLSelectElement).value}`)}
              >
                ${schools.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
              </wa-select>`
          }
          ${this.#school === null ? html`<p>${this.t('page.noSchool')}</p>` : this.#ofSchool(this.#school)}
        `,
      })}
    </div>`;
  }

  #ofSchool(school: string) {
    return html`${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
      ${this.#connection.render({
        pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#connection.run()}></il-problem>`,
        complete: (connection) => html`
          <section aria-labelledby="connection">
            <h2 id="connection">${this.t('page.connection')}</h2>
            ${
              connection === null || this.editing
                ? html`<rosters-connection-form
                  .school=${school}
                  .connection=${connection}
                  @rosters-saved=${() => {
                    this.editing = false;
                    void this.#connection.run();
                  }}
                  @rosters-cancelled=${() => {
                    this.editing = false;
                  }}
                ></rosters-connection-form>`
                : html`<div class="row">
                  <p><strong>${URL.canParse(connection.address) ? new URL(connection.address).host : connection.address}</strong> · ${this.t(connection.nightly ? 'page.nightly' : 'page.byHand')}</p>
                  <div class="actions">
                    <wa-button
                      size="small"
                      appearance="outlined"
                      @click=${() => {
                        this.editing = true;
                      }}
                      >${this.t('page.change')}</wa-button
                    >
                    <wa-button size="small" appearance="outlined" @click=${() => this.#remove(school)}>${this.t('page.remove')}</wa-button>
                  </div>
                </div>`
            }
          </section>
          ${connection === null ? nothing : this.#now(school)}
        `,
      })}
      ${this.#history()}`;
  }

  #now(school: string) {
    const latest = this.#runs.value?.runs[0];
    const working = latest?.state === 'reading' || latest?.state === 'applying';
    const waits = latest?.state === 'ready' || latest?.state === 'held';
    const start = (kind: 'preview' | 'manual') =>
      this.#do(() => rosters.post('/schools/:school/runs', { params: { school }, body: { kind } }));
    return html`<section aria-labelledby="now">
      <h2 id="now">${this.t('page.now')}</h2>
      <p role="status">${latest === undefined ? this.t('page.never') : this.#state(latest)}</p>
      ${working ? html`<wa-progress-bar indeterminate label=${this.t('page.working')}></wa-progress-bar>` : nothing}
      <div class="actions">
        <wa-button variant=${waits ? nothing : 'brand'} appearance=${waits ? 'outlined' : nothing} ?disabled=${working} @click=${() => start('preview')}>
          ${this.t('page.preview')}
        </wa-button>
        <wa-button appearance="outlined" ?disabled=${working} @click=${() => start('manual')}>${this.t('page.take')}</wa-button>
      </div>
    </section>`;
  }

  #state({ state, objects, kind, endedAt }: Run): string {
    if (state === 'reading') return this.t('states.readingText', { count: objects });
    return `${this.t(`states.${state}`)}${endedAt === null ? '' : ` · ${formatDate(endedAt, 'time')}`}${kind === 'nightly' ? ` · ${this.t('kinds.nightly')}` : ''}`;
  }

  #history() {
    return html`<section aria-labelledby="history">
      <h2 id="history">${this.t('page.history')}</h2>
      ${this.#details.render({
        error: (problem) => html`<il-problem .problem=${problem}></il-problem>`,
        complete: (run) =>
          run === undefined
            ? nothing
            : html`<h3>${formatDate(run.startedAt, 'time')} · ${this.t(`kinds.${run.kind}`)}</h3>
                <rosters-run-details .run=${run}></rosters-run-details>
                ${run.state === 'ready' || run.state === 'held' ? this.#decision(run.id, run.state) : nothing}`,
      })}
      ${this.#runs.render({
        pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#runs.run()}></il-problem>`,
        complete: ({ runs, more }) =>
          runs.length === 0
            ? html`<p class="muted">${this.t('page.none')}</p>`
            : html`${this.#table(runs)}
                ${
                  more && this.limit === few
                    ? html`<wa-button
                      appearance="outlined"
                      @click=${() => {
                        this.limit = many;
                      }}
                      >${this.t('page.more')}</wa-button
                    >`
                    : html`<il-truncated ?more=${more} shown=${runs.length}></il-truncated>`
                }`,
      })}
    </section>`;
  }

  #decision(id: string, state: 'ready' | 'held') {
    return html`<p>${this.t(`page.${state}Text`)}</p>
      <div class="actions">
        <wa-button variant="brand" ?loading=${this.busy} @click=${() => this.#do(() => rosters.post('/runs/:id/approve', { params: { id } }))}>
          ${this.t('page.approve')}
        </wa-button>
        <wa-button appearance="outlined" @click=${() => this.#do(() => rosters.post('/runs/:id/reject', { params: { id } }))}>
          ${this.t('page.reject')}
        </wa-button>
      </div>`;
  }

  #table(runs: readonly Run[]) {
    return html`<table class="stacked">
      <caption class="visually-hidden">${this.t('page.history')}</caption>
      <thead>
        <tr>
          ${(['when', 'kind', 'state', 'open'] as const).map((key) => html`<th scope="col"><span class=${key === 'open' ? 'visually-hidden' : ''}>${this.t(`history.${key}`)}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${runs.map(
          ({ id, startedAt, kind, state, failure }) => html`<tr>
            <td data-label=${this.t('history.when')}>${formatDate(startedAt, 'time')}</td>
            <td data-label=${this.t('history.kind')}>${this.t(`kinds.${kind}`)}</td>
            <td data-label=${this.t('history.state')}>
              ${this.t(`states.${state}`)}${failure === null ? nothing : html`<br /><span class="muted">${this.t(`failures.${failure}`)}</span>`}
            </td>
            <td>
              <wa-button
                size="small"
                appearance="plain"
                @click=${() => {
                  this.opened = id;
                  this.renderRoot.querySelector('#history')?.scrollIntoView();
                }}
                >${this.t('history.open')}<span class="visually-hidden"> – ${formatDate(startedAt, 'time')}</span></wa-button
              >
            </td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rosters-page': RostersPage;
  }
}

import type { Answer } from '@ilearn/core';
import { directory } from '@ilearn/plugin-directory/client';
import { confirmDialog, formatDate, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { licences } from '../client.js';
import type { requestRoutes } from '../requests/routes.js';
import type { schoolRoutes } from '../school/routes.js';
import { periodOf, seatsOf } from './licence-words.js';
import { pageStyles } from './page-styles.js';

type Licence = Answer<typeof schoolRoutes, 'GET', '/schools/:school/licences'>['licences'][number];
type Tool = Answer<typeof schoolRoutes, 'GET', '/schools/:school/tools'>['tools'][number];
type Request = Answer<typeof requestRoutes, 'GET', '/schools/:school/requests'>['requests'][number];

/** `/licenties`: what a school may use, how many seats are taken, what it asked for and what it is offered. */
@customElement('licences-school-page')
export class SchoolPage extends PortalElement {
  static override ns = 'licences';
  static override styles = [sharedStyles, pageStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private asking: Tool | undefined;
  @state() private seats = '';
  @state() private note = '';
  @state() private problem: unknown;
  @state() private busy = false;

  readonly #schools = new Task(this, {
    task: async (_, { signal }) => (await directory.get('/schools', { signal })).schools,
    args: () => [],
  });

  get #school(): string | null {
    const schools = this.#schools.value ?? [];
    const asked = this.query.get('school');
    return schools.find(({ id }) => id === asked)?.id ?? schools[0]?.id ?? null;
  }

  readonly #loaded = new Task(this, {
    task: async ([school], { signal }) => {
      if (school === null) return null;
      const params = { school };
      const [{ licences: all, more }, { tools }, { requests }] = await Promise.all([
        licences.get('/schools/:school/licences', { params, signal }),
        licences.get('/schools/:school/tools', { params, signal }),
        licences.get('/schools/:school/requests', { params, signal }),
      ]);
      return { school, all, more, tools, requests };
    },
    args: () => [this.#school] as const,
  });

  async #do(act: () => Promise<unknown>, done: string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = undefined;
    try {
      await act();
      notify({ kind: 'success', text: this.t(done) });
      return true;
    } catch (problem) {
      this.problem = problem;
      return false;
    } finally {
      this.busy = false;
      await this.#loaded.run();
    }
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('school.title')}><p>${this.t('school.intro')}</p></il-page-head>
      ${this.#schools.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#schools.run()}></il-problem>`,
        complete: (schools) => html`${this.#choice(schools)} ${this.#content()}`,
      })}
    </div>`;
  }

  #choice(schools: readonly { id: string; name: string }[]) {
    if (schools.length === 0) return html`<p>${this.t('school.none')}</p>`;
    if (schools.length === 1) return nothing;
    return html`<il-combobox
      label=${this.t('school.school')}
      .options=${schools.map(({ id, name }) => ({ value: id, label: name }))}
      .value=${this.#school ?? ''}
      @il-change=${({ detail }: CustomEvent<{ value: string }>) => navigate(`/licenties?school=${detail.value}`)}
    ></il-combobox>`;
  }

  #content() {
    return this.#loaded.render({
      pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      complete: (loaded) =>
        loaded === null
          ? nothing
          : html`
            ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
            ${this.#offers(loaded.requests)}
            <section aria-labelledby="licences">
              <h2 id="licences">${this.t('school.licences')}</h2>
              ${
                loaded.all.length === 0
                  ? html`<il-empty icon="ticket" heading=${this.t('school.empty')} text=${this.t('school.emptyText')}></il-empty>`
                  : html`${this.#table(loaded.school, loaded.all)}
                    <il-truncated ?more=${loaded.more} shown=${loaded.all.length}></il-truncated>`
              }
            </section>
            ${this.#missing(loaded.tools, loaded.requests)}
            ${this.#asked(loaded.requests)}
            ${this.#dialog(loaded.school)}
          `,
    });
  }

  #table(school: string, all: readonly Licence[]) {
    return html`<table class="stacked">
      <caption class="visually-hidden">${this.t('school.licences')}</caption>
      <thead>
        <tr>
          ${(['name', 'period', 'state', 'use', 'price'] as const).map((key) => html`<th scope="col">${this.t(`columns.${key}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${all.map(
          (each) => html`<tr>
            <th scope="row">
              <a href="/licenties/${each.id}?school=${school}">${each.name}</a><br />
              <span class="muted small">${each.provider} · ${each.tools.map(({ name }) => name).join(', ')}</span>
            </th>
            <td data-label=${this.t('columns.period')}>${periodOf((key, options) => this.t(key, options), each)}</td>
            <td data-label=${this.t('columns.state')}>${this.#state(each)}</td>
            <td data-label=${this.t('columns.use')}>${this.#use(each)}</td>
            <td data-label=${this.t('columns.price')}>${each.price || '–'}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #state({ state: is, daysLeft, renewed }: Licence) {
    const soon = is === 'current' && daysLeft <= 30 && !renewed;
    return html`${this.t(`states.${is}`)}${soon ? html`<br /><span class="warn">${this.t('school.endsIn', { count: daysLeft })}</span>` : nothing}
    ${renewed ? html`<br /><span class="muted small">${this.t('school.renewed')}</span>` : nothing}`;
  }

  #use({ seats, used, usedHere, mostSeats }: Licence) {
    if (seats === null) return this.t('terms.unlimited');
    const most = mostSeats ?? seats;
    const taken = mostSeats === null ? used : usedHere;
    return html`${this.t('school.seatsTaken', { taken, most })}
      <wa-progress-bar value=${Math.min(100, Math.round((taken / most) * 100))} label=${this.t('school.seatsTaken', { taken, most })}></wa-progress-bar>
      ${used !== usedHere && mostSeats === null ? html`<span class="muted small">${this.t('school.usedHere', { count: usedHere })}</span>` : nothing}`;
  }

  /** Without those for which a request or an offer stands on this page. */
  #missing(tools: readonly Tool[], requests: readonly Request[]) {
    const waiting = new Set(requests.filter(({ state: is }) => is === 'asked' || is === 'offered').map(({ tool }) => tool));
    const missing = tools.filter(({ name, allowed, endsSoon }) => (!allowed || endsSoon) && !waiting.has(name));
    if (missing.length === 0) return nothing;
    return html`<section aria-labelledby="missing">
      <h2 id="missing">${this.t('school.missing')}</h2>
      <ul class="list">
        ${missing.map(
          (tool) => html`<li class="row">
            <span class="grow"><span class="strong">${tool.name}</span><br /><span class="muted">${tool.allowed ? this.t('school.endsOn', { day: formatDate(tool.day ?? '', 'long') }) : this.t(`reasons.${tool.reason}`)}</span></span>
            <wa-button
              size="small"
              appearance="outlined"
              @click=${() => {
                this.asking = tool;
              }}
              >${this.t('school.ask')}<span class="visually-hidden"> – ${tool.name}</span></wa-button
            >
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #offers(requests: readonly Request[]) {
    const open = requests.filter(({ state: is, offer }) => is === 'offered' && offer !== null);
    if (open.length === 0) return nothing;
    return html`<section aria-labelledby="offers">
      <h2 id="offers">${this.t('offers.heading')}</h2>
      ${open.map((each) => this.#offer(each))}
    </section>`;
  }

  #offer({ id, tool, answer, offer }: Request) {
    if (offer === null) return nothing;
    const t = (key: string, options?: object) => this.t(key, options as never);
    return html`<div class="card panel">
      <h3>${tool}</h3>
      <p>${periodOf(t, offer)} · ${seatsOf(t, offer)}${offer.graceDays > 0 ? html` · ${this.t('terms.grace', { count: offer.graceDays })}` : nothing}</p>
      ${offer.price === '' ? nothing : html`<p class="strong">${offer.price}</p>`}
      ${answer === '' ? nothing : html`<p>“${answer}”</p>`}
      <p class="muted">${offer.over ? this.t('offers.over') : this.t('offers.until', { day: formatDate(offer.until, 'long') })}</p>
      <div class="actions">
        <wa-button variant="brand" ?disabled=${offer.over} ?loading=${this.busy} @click=${() => this.#accept(id, tool, offer)}>${this.t('offers.accept')}</wa-button>
        <wa-button appearance="outlined" @click=${() => this.#withdraw(id, tool)}>${this.t('offers.refuse')}</wa-button>
      </div>
    </div>`;
  }

  async #accept(
    id: string,
    tool: string,
    { until: _until, over: _over, ...terms }: NonNullable<Request['offer']>,
  ): Promise<void> {
    const { price, endsOn } = terms;
    const sure = await confirmDialog({
      title: this.t('offers.acceptTitle', { tool }),
      text: this.t('offers.acceptText', { price: price || '–', day: formatDate(endsOn, 'long') }),
      confirm: this.t('offers.accept'),
    });
    if (!sure) return;
    await this.#do(() => licences.post('/requests/:id/acceptance', { params: { id }, body: terms }), 'offers.accepted');
  }

  async #withdraw(id: string, tool: string): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('offers.withdrawTitle', { tool }),
      text: this.t('offers.withdrawText'),
      confirm: this.t('offers.withdraw'),
      danger: true,
    });
    if (sure) await this.#do(() => licences.post('/requests/:id/withdrawal', { params: { id } }), 'offers.withdrawn');
  }

  #asked(requests: readonly Request[]) {
    const rest = requests.filter(({ state: is }) => is !== 'offered');
    if (rest.length === 0) return nothing;
    return html`<section aria-labelledby="asked">
      <h2 id="asked">${this.t('school.asked')}</h2>
      <ul class="list">
        ${rest.map(
          ({ id, tool, state: is, at, answer, wantedSeats }) => html`<li class="row">
            <span class="grow">
              <span class="strong">${tool}</span> · ${this.t(`requestStates.${is}`)}<br />
              <span class="muted small">${formatDate(at, 'long')}${wantedSeats === null ? nothing : html` · ${this.t('school.wanted', { count: wantedSeats })}`}${answer === '' ? nothing : html` · “${answer}”`}</span>
            </span>
            ${
              is === 'asked'
                ? html`<wa-button size="small" appearance="plain" @click=${() => this.#withdraw(id, tool)}>${this.t('offers.withdraw')}<span class="visually-hidden"> – ${tool}</span></wa-button>`
                : nothing
            }
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #dialog(school: string) {
    return html`<il-dialog
      heading=${this.t('ask.heading', { tool: this.asking?.name ?? '' })}
      .open=${this.asking !== undefined}
      @il-close=${() => {
        this.asking = undefined;
      }}
    >
      <div class="form">
        <wa-input
          type="number"
          min="1"
          label=${this.t('ask.seats')}
          hint=${this.t('ask.seatsHint')}
          .value=${this.seats}
          @input=${(event: Event) => {
            this.seats = (event.target as HTMLInputElement).value;
          }}
        ></wa-input>
        <wa-textarea
          label=${this.t('ask.note')}
          hint=${this.t('ask.noteHint')}
          maxlength="1000"
          rows="4"
          .value=${this.note}
          @input=${(event: Event) => {
            this.note = (event.target as HTMLTextAreaElement).value;
          }}
        ></wa-textarea>
      </div>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${() => this.#ask(school)}>${this.t('ask.send')}</wa-button>
    </il-dialog>`;
  }

  async #ask(school: string): Promise<void> {
    const { asking } = this;
    if (asking === undefined) return;
    const seats = Number(this.seats);
    const body = { tool: asking.key, seats: Number.isInteger(seats) && seats > 0 ? seats : null, note: this.note };
    const sent = await this.#do(() => licences.post('/schools/:school/requests', { params: { school }, body }), 'ask.sent');
    this.asking = undefined;
    if (!sent) return;
    this.seats = '';
    this.note = '';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'licences-school-page': SchoolPage;
  }
}

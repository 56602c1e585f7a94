import type { Answer } from '@ilearn/core';
import { confirmDialog, formatDate, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { licences } from '../client.js';
import type { planRoutes } from '../plans/routes.js';
import type { requestRoutes } from '../requests/routes.js';
import { periodOf, seatsOf } from './licence-words.js';
import { pageStyles } from './page-styles.js';
import { emptyTerms, faultOf, type TermsFault, type TypedTerms, termsOf } from './terms-form.js';
import './plan-grants.js';
import './licensed-tools.js';

type Plan = Answer<typeof planRoutes, 'GET', '/providers/:provider/plans'>['plans'][number];
type Request = Answer<typeof requestRoutes, 'GET', '/providers/:provider/requests'>['requests'][number];

/** What the dialog is for: a new licence, one that follows another, or an offer. */
type Editing = { kind: 'plan' } | { kind: 'renewal'; plan: Plan } | { kind: 'offer'; request: Request };

const mostPlans = 200;

/** `/licenties/aanbod`: what a provider gives to schools, and what schools ask; portal administrators also say which tools need a licence. */
@customElement('licences-provider-page')
export class ProviderPage extends PortalElement {
  static override ns = 'licences';
  static override styles = [sharedStyles, pageStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private editing: Editing | undefined;
  @state() private terms: TypedTerms = emptyTerms;
  @state() private name = '';
  @state() private tools: readonly string[] = [];
  @state() private until = '';
  @state() private answer = '';
  @state() private wrong: TermsFault | 'name' | 'tools' | 'until' | null = null;
  @state() private opened: string | null = null;
  @state() private problem: unknown;
  @state() private dialogProblem: unknown;
  @state() private busy = false;

  readonly #providers = new Task(this, {
    task: async (_, { signal }) => (await licences.get('/providers', { signal })).providers,
    args: () => [],
  });

  get #provider(): string | null {
    const providers = this.#providers.value ?? [];
    const asked = this.query.get('provider');
    return providers.find(({ id }) => id === asked)?.id ?? providers[0]?.id ?? null;
  }

  readonly #loaded = new Task(this, {
    task: async ([provider], { signal }) => {
      if (provider === null) return null;
      const params = { provider };
      const [{ plans, more }, { tools }, { requests }] = await Promise.all([
        licences.get('/providers/:provider/plans', { params, query: { limit: mostPlans }, signal }),
        licences.get('/providers/:provider/tools', { params, signal }),
        licences.get('/providers/:provider/requests', { params, signal }),
      ]);
      return { provider, plans, more, tools, requests };
    },
    args: () => [this.#provider] as const,
  });

  async #do(act: () => Promise<unknown>, done: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await act();
      notify({ kind: 'success', text: this.t(done) });
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
      await this.#loaded.run();
    }
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('provider.title')}><p>${this.t('provider.intro')}</p></il-page-head>
      ${this.#providers.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#providers.run()}></il-problem>`,
        complete: (providers) => html`
          ${
            this.can('licence:manage')
              ? html`<licences-licensed-tools .providers=${providers} @licences-tools-changed=${() => this.#loaded.run()}></licences-licensed-tools>`
              : nothing
          }
          ${
            providers.length < 2
              ? nothing
              : html`<il-combobox
                label=${this.t('provider.provider')}
                .options=${providers.map(({ id, name }) => ({ value: id, label: name }))}
                .value=${this.#provider ?? ''}
                @il-change=${({ detail }: CustomEvent<{ value: string }>) => navigate(`/licenties/aanbod?provider=${detail.value}`)}
              ></il-combobox>`
          }
          ${providers.length === 0 ? html`<p>${this.t('provider.none')}</p>` : this.#content()}
        `,
      })}
    </div>`;
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
            ${this.#requests(loaded.requests)}
            <section aria-labelledby="plans">
              <div class="between">
                <h2 id="plans">${this.t('provider.plans')}</h2>
                ${
                  loaded.tools.length === 0
                    ? nothing
                    : html`<wa-button variant="brand" @click=${() => this.#edit({ kind: 'plan' }, loaded.tools)}>${this.t('provider.add')}</wa-button>`
                }
              </div>
              ${loaded.tools.length === 0 ? html`<p class="muted">${this.t('provider.noTools')}</p>` : nothing}
              ${
                loaded.plans.length === 0
                  ? html`<il-empty icon="ticket" heading=${this.t('provider.empty')} text=${this.t('provider.emptyText')}></il-empty>`
                  : loaded.plans.map((plan) => this.#plan(plan))
              }
              <il-truncated ?more=${loaded.more} shown=${loaded.plans.length}></il-truncated>
            </section>
            ${this.#dialog(loaded.provider, loaded.tools)}
          `,
    });
  }

  #requests(requests: readonly Request[]) {
    const open = requests.filter(({ state: is }) => is === 'asked' || is === 'offered');
    if (open.length === 0) return nothing;
    return html`<section aria-labelledby="requests">
      <h2 id="requests">${this.t('provider.requests')}</h2>
      ${open.map(
        (request) => html`<div class="card">
          <h3>${request.tool} · ${request.school} (${request.number})</h3>
          <p class="muted">
            ${formatDate(request.at, 'long')}
            ${request.wantedSeats === null ? nothing : html` · ${this.t('school.wanted', { count: request.wantedSeats })}`}
          </p>
          ${request.note === '' ? nothing : html`<p>“${request.note}”</p>`}
          ${request.offer === null ? nothing : html`<p>${this.t('provider.offered', { price: request.offer.price || '–', day: formatDate(request.offer.until, 'long') })}</p>`}
          <div class="actions">
            <wa-button size="small" appearance="outlined" @click=${() => this.#edit({ kind: 'offer', request }, [])}>${this.t(request.offer === null ? 'provider.offer' : 'provider.offerAgain')}<span class="visually-hidden"> – ${request.school}</span></wa-button>
            <wa-button size="small" appearance="plain" @click=${() => this.#decline(request)}>${this.t('provider.decline')}<span class="visually-hidden"> – ${request.school}</span></wa-button>
          </div>
        </div>`,
      )}
    </section>`;
  }

  #plan(plan: Plan) {
    const t = (key: string, options?: object) => this.t(key, options as never);
    const { id, name, tools, state: is, schools, seats, used, price, renewedBy, graceDays } = plan;
    const isOpen = this.opened === id;
    return html`<article class="card" aria-labelledby=${`plan-${id}`}>
      <div class="between">
        <h3 id=${`plan-${id}`}>${name}</h3>
        <span>${this.t(`states.${is}`)}</span>
      </div>
      <p class="muted">
        ${tools.map((tool) => tool.name).join(', ')} · ${periodOf(t, plan)} · ${seatsOf(t, plan)}
        ${graceDays > 0 ? html` · ${this.t('terms.grace', { count: graceDays })}` : nothing}${price === '' ? nothing : html` · ${price}`}
      </p>
      <p>
        ${this.t('provider.schools', { count: schools })}${seats === null ? nothing : html` · ${this.t('school.seatsTaken', { taken: used, most: seats })}`}
        ${renewedBy === null ? nothing : html` · ${this.t('school.renewed')}`}
      </p>
      <div class="actions">
        <wa-button
          size="small"
          appearance="outlined"
          aria-expanded=${isOpen ? 'true' : 'false'}
          @click=${() => {
            this.opened = isOpen ? null : id;
          }}
          >${this.t(isOpen ? 'provider.close' : 'provider.open')}<span class="visually-hidden"> – ${name}</span></wa-button
        >
        ${
          renewedBy !== null || is === 'withdrawn'
            ? nothing
            : html`<wa-button size="small" appearance="plain" @click=${() => this.#edit({ kind: 'renewal', plan }, [])}>${this.t('provider.renew')}<span class="visually-hidden"> – ${name}</span></wa-button>`
        }
        <wa-button size="small" appearance="plain" @click=${() => this.#withdraw(plan)}>${this.t(is === 'withdrawn' ? 'provider.restore' : 'provider.withdraw')}<span class="visually-hidden"> – ${name}</span></wa-button>
      </div>
      ${
        isOpen
          ? html`<licences-plan-grants .plan=${plan} @licences-grants-changed=${() => this.#loaded.run()}></licences-plan-grants>`
          : nothing
      }
    </article>`;
  }

  async #withdraw({ id, name, state: is }: Plan): Promise<void> {
    const withdrawn = is !== 'withdrawn';
    const sure =
      !withdrawn ||
      (await confirmDialog({
        title: this.t('provider.withdrawTitle', { name }),
        text: this.t('provider.withdrawText'),
        confirm: this.t('provider.withdraw'),
        danger: true,
      }));
    if (!sure) return;
    await this.#do(
      () => licences.post('/plans/:plan/withdrawal', { params: { plan: id }, body: { withdrawn } }),
      withdrawn ? 'provider.withdrawn' : 'provider.restored',
    );
  }

  async #decline({ id, school, tool }: Request): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('provider.declineTitle', { school, tool }),
      text: this.t('provider.declineText'),
      confirm: this.t('provider.decline'),
      danger: true,
    });
    if (!sure) return;
    await this.#do(
      () => licences.post('/requests/:id/refusal', { params: { id }, body: { answer: this.t('provider.declineAnswer') } }),
      'provider.declined',
    );
  }

  #edit(editing: Editing, tools: readonly { key: string; name: string }[]): void {
    this.editing = editing;
    this.wrong = null;
    this.dialogProblem = undefined;
    this.answer = '';
    this.until = '';
    this.name = '';
    this.tools = tools.length === 1 ? tools.map(({ key }) => key) : [];
    this.terms = emptyTerms;
    if (editing.kind === 'renewal') {
      const { endsOn, seats, price } = editing.plan;
      const first = addDay(endsOn);
      this.terms = {
        ...emptyTerms,
        startsOn: first,
        endsOn: `${Number(endsOn.slice(0, 4)) + 1}${endsOn.slice(4)}`,
        seats: seats === null ? '' : String(seats),
        price,
      };
    }
    if (editing.kind === 'offer') {
      const { offer, wantedSeats, answer } = editing.request;
      this.answer = answer;
      this.until = offer?.until ?? '';
      const seats = offer === null ? wantedSeats : offer.seats;
      this.terms = {
        ...emptyTerms,
        ...(offer === null ? {} : { ...offer, graceDays: String(offer.graceDays) }),
        seats: seats === null ? '' : String(seats),
      };
    }
  }

  #dialog(provider: string, tools: readonly { key: string; name: string }[]) {
    const kind = this.editing?.kind ?? 'plan';
    return html`<il-dialog
      heading=${this.t(`dialog.${kind}`)}
      .open=${this.editing !== undefined}
      @il-close=${() => {
        this.editing = undefined;
      }}
    >
      <div class="form">
        ${kind === 'plan' ? this.#planFields(tools) : nothing}
        <licences-terms-form
          .terms=${this.terms}
          ?renewal=${kind === 'renewal'}
          .wrong=${this.wrong === 'name' || this.wrong === 'tools' || this.wrong === 'until' ? null : this.wrong}
          @licences-terms=${({ detail }: CustomEvent<TypedTerms>) => {
            this.terms = detail;
          }}
        ></licences-terms-form>
        ${kind === 'offer' ? this.#offerFields() : nothing}
        ${this.dialogProblem ? html`<il-problem .problem=${this.dialogProblem}></il-problem>` : nothing}
      </div>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${() => this.#save(provider)}>${this.t(`dialog.${kind}Save`)}</wa-button>
    </il-dialog>`;
  }

  #planFields(tools: readonly { key: string; name: string }[]) {
    return html`<wa-input
        label=${this.t('form.name')}
        hint=${this.t('form.nameHint')}
        maxlength="200"
        .value=${this.name}
        @input=${(event: Event) => {
          this.name = (event.target as HTMLInputElement).value;
        }}
      ></wa-input>
      ${this.#error('name')}
      <fieldset>
        <legend>${this.t('form.tools')}</legend>
        ${tools.map(
          ({ key, name }) => html`<wa-checkbox
            .checked=${this.tools.includes(key)}
            @change=${(event: Event) => {
              const { checked } = event.target as HTMLInputElement;
              this.tools = checked ? [...this.tools, key] : this.tools.filter((each) => each !== key);
            }}
            >${name}</wa-checkbox
          >`,
        )}
      </fieldset>
      ${this.#error('tools')}`;
  }

  #offerFields() {
    return html`<wa-input
        type="date"
        label=${this.t('form.until')}
        .value=${this.until}
        @input=${(event: Event) => {
          this.until = (event.target as HTMLInputElement).value;
        }}
      ></wa-input>
      ${this.#error('until')}
      <wa-textarea
        label=${this.t('form.answer')}
        maxlength="1000"
        rows="3"
        .value=${this.answer}
        @input=${(event: Event) => {
          this.answer = (event.target as HTMLTextAreaElement).value;
        }}
      ></wa-textarea>`;
  }

  #error(field: 'name' | 'tools' | 'until') {
    return this.wrong === field ? html`<p class="bad" role="alert">${this.t(`form.wrong.${field}`)}</p>` : nothing;
  }

  async #save(provider: string): Promise<void> {
    const { editing } = this;
    if (editing === undefined || this.busy) return;
    this.wrong = faultOf(this.terms);
    if (editing.kind === 'plan') this.wrong = this.name.trim() === '' ? 'name' : this.tools.length === 0 ? 'tools' : this.wrong;
    if (editing.kind === 'offer' && !/^\d{4}-\d{2}-\d{2}$/.test(this.until)) this.wrong ??= 'until';
    if (this.wrong !== null) return;
    this.busy = true;
    this.dialogProblem = undefined;
    try {
      await this.#send(editing, provider);
      this.editing = undefined;
      notify({ kind: 'success', text: this.t(`dialog.${editing.kind}Done`) });
    } catch (problem) {
      this.dialogProblem = problem;
    } finally {
      this.busy = false;
      await this.#loaded.run();
    }
  }

  async #send(editing: Editing, provider: string): Promise<void> {
    const terms = termsOf(this.terms);
    if (editing.kind === 'plan') {
      const body = { ...terms, name: this.name, tools: [...this.tools] };
      const { id } = await licences.post('/providers/:provider/plans', { params: { provider }, body });
      this.opened = id;
    } else if (editing.kind === 'renewal') {
      const { startsOn, endsOn, seats, price } = terms;
      const { id, left } = await licences.post('/plans/:plan/renewal', {
        params: { plan: editing.plan.id },
        body: { startsOn, endsOn, seats, price },
      });
      this.opened = id;
      if (left > 0) notify({ kind: 'info', text: this.t('provider.left', { count: left }) });
    } else {
      const body = { until: this.until, answer: this.answer, offer: terms };
      await licences.post('/requests/:id/offer', { params: { id: editing.request.id }, body });
    }
  }
}

const addDay = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

declare global {
  interface HTMLElementTagNameMap {
    'licences-provider-page': ProviderPage;
  }
}

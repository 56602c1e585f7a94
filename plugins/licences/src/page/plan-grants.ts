import type { Answer } from '@ilearn/core';
import { announce, confirmDialog, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { licences } from '../client.js';
import type { grantRoutes } from '../grants/routes.js';
import type { ProviderPlan } from '../plans/plan.js';
import { pageStyles } from './page-styles.js';

type Grants = Answer<typeof grantRoutes, 'GET', '/plans/:plan/grants'>;
type Report = Answer<typeof grantRoutes, 'POST', '/plans/:plan/grants'>;

const shown = 200;

/**
 * The schools of a plan: by number, by school group, or by a table.
 * @fires licences-grants-changed
 */
@customElement('licences-plan-grants')
export class PlanGrants extends PortalElement {
  static override ns = 'licences';
  static override styles = [sharedStyles, pageStyles];

  @property({ attribute: false }) plan!: ProviderPlan;

  @state() private number = '';
  @state() private mostSeats = '';
  @state() private moreSeats = '';
  @state() private wrong: 'number' | 'mostSeats' | null = null;
  @state() private file: File | undefined;
  @state() private report: Report | undefined;
  @state() private problem: unknown;
  @state() private busy = false;

  @query('input[type=file]') private input!: HTMLInputElement;

  readonly #loaded = new Task(this, {
    task: async ([plan], { signal }) => {
      const params = { plan };
      const [grants, { groups }] = await Promise.all([
        licences.get('/plans/:plan/grants', { params, query: { limit: shown }, signal }),
        licences.get('/plans/:plan/groups', { params, signal }),
      ]);
      return { grants, groups };
    },
    args: () => [this.plan.id] as const,
  });

  async #do(act: () => Promise<unknown>, done: string | null): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = undefined;
    try {
      await act();
      if (done !== null) notify({ kind: 'success', text: this.t(done) });
      return true;
    } catch (problem) {
      this.problem = problem;
      return false;
    } finally {
      this.busy = false;
      await this.#loaded.run();
      this.emit('licences-grants-changed');
    }
  }

  override render() {
    return html`<div class="form">
      ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
      ${this.#loaded.render({
        pending: () => html`<il-skeleton lines="3"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
        complete: ({ grants, groups }) => html`
          ${groups.map(
            ({ id, name }) => html`<p>${this.t('grants.groups', { names: name })}</p>
              <div class="actions">
                <wa-button size="small" appearance="outlined" @click=${() => this.#removeGroup(id, name)}>${this.t('grants.removeGroup')}</wa-button>
              </div>`,
          )}
          ${grants.grants.length === 0 ? html`<p class="muted">${this.t('grants.empty')}</p>` : this.#table(grants)}
        `,
      })}
      ${this.plan.state === 'withdrawn' || this.plan.state === 'ended' ? nothing : html`${this.#add()} ${this.#group()} ${this.#seats()} ${this.#csv()}`}
    </div>`;
  }

  #table({ grants, more }: Grants) {
    return html`<table class="stacked">
        <caption class="visually-hidden">${this.t('grants.caption')}</caption>
        <thead>
          <tr>
            ${(['number', 'school', 'seats', 'state', 'act'] as const).map((key) => html`<th scope="col"><span class=${key === 'act' ? 'visually-hidden' : ''}>${this.t(`grants.${key}`)}</span></th>`)}
          </tr>
        </thead>
        <tbody>
          ${grants.map(
            ({ number, school, mostSeats, used, withdrawn }) => html`<tr>
              <td data-label=${this.t('grants.number')}>${number}</td>
              <td data-label=${this.t('grants.school')}>${school}</td>
              <td data-label=${this.t('grants.seats')}>${this.plan.seats === null ? this.t('terms.unlimited') : mostSeats === null ? String(used) : this.t('school.seatsTaken', { taken: used, most: mostSeats })}</td>
              <td data-label=${this.t('grants.state')}>${this.t(withdrawn ? 'grants.withdrawn' : 'grants.granted')}</td>
              <td>
                ${
                  withdrawn
                    ? html`<wa-button size="small" appearance="plain" @click=${() => this.#grant(number, mostSeats)}>${this.t('grants.again')}<span class="visually-hidden"> – ${school}</span></wa-button>`
                    : html`<wa-button size="small" appearance="plain" @click=${() => this.#withdraw(number, school)}>${this.t('grants.withdraw')}<span class="visually-hidden"> – ${school}</span></wa-button>`
                }
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
      <il-truncated ?more=${more} shown=${grants.length}></il-truncated>`;
  }

  #grant(number: string, mostSeats: number | null): Promise<boolean> {
    return this.#do(
      () => licences.put('/plans/:plan/grants/:number', { params: { plan: this.plan.id, number }, body: { mostSeats } }),
      'grants.done',
    );
  }

  async #withdraw(number: string, school: string): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('grants.withdrawTitle', { school }),
      text: this.t('grants.withdrawText'),
      confirm: this.t('grants.withdraw'),
      danger: true,
    });
    if (!sure) return;
    await this.#do(
      () => licences.post('/plans/:plan/grants/:number/withdrawal', { params: { plan: this.plan.id, number } }),
      'grants.taken',
    );
  }

  async #removeGroup(group: string, name: string): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('grants.removeGroupTitle', { name }),
      text: this.t('grants.removeGroupText'),
      confirm: this.t('grants.withdraw'),
      danger: true,
    });
    if (!sure) return;
    await this.#do(
      () => licences.post('/plans/:plan/groups/:group/removal', { params: { plan: this.plan.id, group } }),
      'grants.taken',
    );
  }

  #add() {
    return html`<form
      class="form"
      novalidate
      @submit=${async (event: SubmitEvent) => {
        event.preventDefault();
        const number = this.number.trim();
        const most = this.mostSeats.trim();
        this.wrong = !/^\d{6}$/.test(number) ? 'number' : most !== '' && !/^[1-9]\d{0,5}$/.test(most) ? 'mostSeats' : null;
        if (this.wrong !== null || !(await this.#grant(number, most === '' ? null : Number(most)))) return;
        this.number = '';
        this.mostSeats = '';
      }}
    >
      <wa-input
        label=${this.t('grants.addNumber')}
        hint=${this.t('grants.addNumberHint')}
        inputmode="numeric"
        maxlength="6"
        .value=${this.number}
        @input=${(event: Event) => {
          this.number = (event.target as HTMLInputElement).value;
        }}
      ></wa-input>
      ${this.wrong === 'number' ? html`<p class="bad" role="alert">${this.t('grants.wrongNumber')}</p>` : nothing}
      ${
        this.plan.seats === null
          ? nothing
          : html`<wa-input
              type="number"
              min="1"
              label=${this.t('grants.mostSeats')}
              hint=${this.t('grants.mostSeatsHint')}
              .value=${this.mostSeats}
              @input=${(event: Event) => {
                this.mostSeats = (event.target as HTMLInputElement).value;
              }}
            ></wa-input>
            ${this.wrong === 'mostSeats' ? html`<p class="bad" role="alert">${this.t('form.wrong.seats')}</p>` : nothing}`
      }
      <div class="actions"><wa-button type="submit" appearance="outlined" ?loading=${this.busy}>${this.t('grants.grant')}</wa-button></div>
    </form>`;
  }

  #group() {
    return html`<il-combobox
      label=${this.t('grants.addGroup')}
      hint=${this.t('grants.addGroupHint')}
      .search=${async (text: string, signal: AbortSignal) => {
        const { groups } = await licences.get('/groups', { signal });
        return groups
          .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
          .slice(0, 50)
          .map(({ id, name }) => ({ value: id, label: name }));
      }}
      .value=${''}
      @il-change=${({ detail }: CustomEvent<{ value: string }>) =>
        detail.value === ''
          ? undefined
          : this.#do(
              () => licences.post('/plans/:plan/groups', { params: { plan: this.plan.id }, body: { group: detail.value } }),
              'grants.done',
            )}
    ></il-combobox>`;
  }

  #seats() {
    const { id, seats } = this.plan;
    if (seats === null) return nothing;
    return html`<form
      class="form"
      novalidate
      @submit=${async (event: SubmitEvent) => {
        event.preventDefault();
        const wanted = Number(this.moreSeats);
        if (!Number.isInteger(wanted) || wanted < 1) return;
        const done = await this.#do(
          () => licences.post('/plans/:plan/seats', { params: { plan: id }, body: { seats: seats + wanted } }),
          'grants.seatsAdded',
        );
        if (done) this.moreSeats = '';
      }}
    >
      <wa-input
        type="number"
        min="1"
        label=${this.t('grants.moreSeats')}
        .value=${this.moreSeats}
        @input=${(event: Event) => {
          this.moreSeats = (event.target as HTMLInputElement).value;
        }}
      ></wa-input>
      <div class="actions"><wa-button type="submit" appearance="outlined" ?loading=${this.busy}>${this.t('grants.addSeats')}</wa-button></div>
    </form>`;
  }

  #csv() {
    return html`<div class="form">
      <p class="muted">${this.t('grants.tableText')}</p>
      <div class="actions">
        <wa-button appearance="outlined" href="/api/licences/plans/${this.plan.id}/grants.csv" download>${this.t('grants.download')}</wa-button>
        <input
          type="file"
          hidden
          accept=".csv,text/csv"
          aria-label=${this.t('grants.choose')}
          @change=${() => {
            this.file = this.input.files?.[0];
            this.input.value = '';
            void this.#take(true);
          }}
        />
        <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => this.input.click()}>${this.t('grants.choose')}</wa-button>
      </div>
      ${this.report === undefined ? nothing : this.#result(this.report)}
    </div>`;
  }

  async #take(dryRun: boolean): Promise<void> {
    if (this.file === undefined) return;
    const file = this.file;
    this.report = undefined;
    await this.#do(async () => {
      this.report = await licences.post('/plans/:plan/grants', {
        params: { plan: this.plan.id },
        query: { dryRun: dryRun ? 'true' : 'false' },
        body: new Blob([file], { type: 'application/octet-stream' }),
      });
      announce(this.#outcome(this.report));
    }, null);
  }

  #outcome({ faultCount, stored, granted, changed, withdrawn, unchanged }: Report): string {
    if (faultCount > 0) return this.t('grants.faults', { count: faultCount });
    return this.t(stored ? 'grants.tableDone' : 'grants.tableRight', { granted, changed, withdrawn, unchanged });
  }

  #result(report: Report) {
    return html`<div class="panel">
      <p class="strong">${this.#outcome(report)}</p>
      ${
        report.faults.length === 0
          ? nothing
          : html`<ul>
            ${report.faults.map(({ row, column, code }) => html`<li>${this.t(column === null ? 'grants.atRow' : 'grants.atCell', { row, column, what: this.t(`grants.codes.${code}`) })}</li>`)}
          </ul>`
      }
      ${
        report.stored || report.faultCount > 0
          ? nothing
          : html`<div class="actions"><wa-button variant="brand" ?loading=${this.busy} @click=${() => this.#take(false)}>${this.t('grants.send')}</wa-button></div>`
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'licences-plan-grants': PlanGrants;
  }
}

import { type ApiProblem, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { joining } from '../../client.js';
import { formStyles } from '../../styles.js';
import type { Decision, DeskEntry } from './desk-entry.js';

const usualDays = 14;

/**
 * Decides about a request: a deadline, a reason, the request that stays, or a principal.
 * @fires il-close
 * @fires joining-decided
 */
@customElement('joining-decide-dialog')
export class DecideDialog extends PortalElement {
  static override ns = 'joining';
  static override styles = [sharedStyles, formStyles];

  @property({ attribute: false }) decision: Decision | undefined;
  @property({ attribute: false }) entry: DeskEntry | undefined;
  @state() private fault: string | undefined;
  @state() private busy = false;

  readonly #twins = new Task(this, {
    task: async ([decision, id], { signal }) =>
      decision === 'merge' && id !== undefined
        ? (await joining.get('/entries/:id/twins', { params: { id }, signal })).entries
        : [],
    args: () => [this.decision, this.entry?.id] as const,
  });

  readonly #groups = new Task(this, {
    task: async ([decision, entry], { signal }) =>
      decision === 'offer' && entry?.kind === 'group'
        ? (await joining.get('/entries/:id/groups', { params: { id: entry.id }, signal })).groups
        : [],
    args: () => [this.decision, this.entry] as const,
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('entry')) this.fault = undefined;
  }

  override render() {
    const { decision, entry } = this;
    return html`<il-dialog heading=${decision === undefined ? '' : this.t(`desk.acts.${decision}`)} .open=${decision !== undefined}>
      ${
        decision === undefined || entry === undefined
          ? nothing
          : html`<form id="decide" @submit=${this.#submit}>
              <p>${this.t(`desk.explain.${decision}`, { name: entry.name })}</p>
              ${this.#fields(decision)}
              ${this.fault === undefined ? nothing : html`<p class="fault" role="alert">${this.fault}</p>`}
              <button hidden></button>
            </form>`
      }
      <wa-button slot="footer" appearance="outlined" @click=${() => this.emit('il-close', {})}>${this.t('desk.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${this.#press}>
        ${decision === undefined ? '' : this.t(`desk.acts.${decision}`)}
      </wa-button>
    </il-dialog>`;
  }

  #fields(decision: Decision) {
    if (decision === 'offer') {
      return html`<wa-input
        name="days"
        type="number"
        min="1"
        max="90"
        required
        .value=${String(usualDays)}
        label=${this.t('desk.days')}
      ></wa-input>
      ${this.entry?.kind === 'group' ? this.#groupChoice(this.entry) : nothing}`;
    }
    if (decision === 'principal') {
      return html`<wa-input name="givenName" label=${this.t('request.givenName')} maxlength="100" required></wa-input>
        <wa-input name="familyName" label=${this.t('request.familyName')} maxlength="100" required></wa-input>
        <wa-input name="email" type="email" label=${this.t('request.email')} maxlength="254" required></wa-input>`;
    }
    if (decision === 'merge') return this.#choice();
    if (decision === 'restore' || decision === 'erase') return nothing;
    return html`<wa-textarea name="reason" rows="4" maxlength="2000" required label=${this.t('desk.reasonFor')}></wa-textarea>`;
  }

  #groupChoice({ name }: DeskEntry) {
    return html`<wa-radio-group name="group" label=${this.t('desk.groupChoice.label')} hint=${this.t('desk.groupChoice.hint')} .value=${'none'}>
      <wa-radio value="none">${this.t('desk.groupChoice.none')}</wa-radio>
      ${(this.#groups.value ?? []).map((group) => html`<wa-radio value=${group.id}>${group.name}</wa-radio>`)}
      <wa-radio value="new">${this.t('desk.groupChoice.new', { name })}</wa-radio>
    </wa-radio-group>`;
  }

  #choice() {
    const twins = this.#twins.value ?? [];
    return html`<wa-radio-group name="into" label=${this.t('desk.into')} .value=${twins[0]?.id ?? ''} required>
      ${twins.map(
        (twin) => html`<wa-radio value=${twin.id}>
          ${twin.name}: ${twin.givenName} ${twin.familyName} (${formatDate(twin.requestedAt, 'short')})
        </wa-radio>`,
      )}
    </wa-radio-group>`;
  }

  #press(): void {
    this.renderRoot.querySelector<HTMLFormElement>('#decide')?.requestSubmit();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { decision, entry } = this;
    if (this.busy || decision === undefined || entry === undefined) return;
    const data = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    this.fault = undefined;
    try {
      await this.#carryOut(decision, entry.id, (name) => String(data.get(name) ?? '').trim());
      notify({ kind: 'success', text: this.t(`desk.done.${decision}`, { name: entry.name }) });
      this.emit('il-close', {});
      this.emit('joining-decided', {});
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    } finally {
      this.busy = false;
    }
  }

  #carryOut(decision: Decision, id: string, field: (name: string) => string): Promise<unknown> {
    const params = { id };
    if (decision === 'offer') {
      const group = ['', 'none'].includes(field('group')) ? null : field('group');
      return joining.post('/entries/:id/offer', { params, body: { days: Number(field('days')), group } });
    }
    if (decision === 'erase') return joining.post('/entries/:id/erasure', { params });
    if (decision === 'merge') return joining.post('/entries/:id/merge', { params, body: { into: field('into') } });
    if (decision === 'principal') {
      const body = { givenName: field('givenName'), familyName: field('familyName'), email: field('email') };
      return joining.post('/entries/:id/principal', { params, body });
    }
    if (decision === 'restore') return joining.post('/entries/:id/restore', { params });
    return joining.post(`/entries/:id/${decision}`, { params, body: { reason: field('reason') } });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-decide-dialog': DecideDialog;
  }
}

import { ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { apps } from '../client.js';
import type { AppView } from './app.js';
import { appStyles } from './app-styles.js';
import { type ScopeTitle, scopeLabel } from './scope-label.js';

const fields = ['name', 'description', 'website', 'scopes'] as const;
type Field = (typeof fields)[number];

/**
 * Dialog to register or change an app.
 * @fires api-saved the app
 */
@customElement('api-app-dialog')
export class AppDialog extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles, appStyles];

  /** Null: register a new app. */
  @property({ attribute: false }) app: AppView | null = null;
  @property({ attribute: false }) scopes: readonly ScopeTitle[] = [];
  /** Providers for which the developer may register an app. */
  @property({ attribute: false }) providers: readonly { id: string; name: string }[] = [];

  @state() private values = { name: '', description: '', website: 'https://' };
  @state() private chosen: readonly string[] = [];
  @state() private provider = '';
  @state() private wrong: readonly Field[] = [];
  @state() private problem: unknown;
  @state() private busy = false;

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('providers') && this.provider === '') this.provider = this.providers[0]?.id ?? '';
    if (!changed.has('app') || this.app === null) return;
    const { name, description, website, scopes } = this.app;
    this.values = { name, description, website };
    this.chosen = scopes;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    const body = { ...this.values, scopes: [...this.chosen] };
    try {
      const saved =
        this.app === null
          ? await apps.post('/apps', { body: { ...body, provider: this.provider } })
          : await apps.put('/apps/:id', { params: { id: this.app.id }, body });
      this.emit('api-saved', saved);
    } catch (problem) {
      const errors = problem instanceof ApiProblem ? problem.errors : [];
      this.wrong = fields.filter((field) => errors.some(({ pointer }) => pointer.split('/')[1] === field));
      if (this.wrong.length === 0) this.problem = problem;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('[data-wrong]')?.focus();
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const heading = this.app === null ? this.t('apps.add') : this.t('apps.changeTitle', { name: this.app.name });
    return html`<il-dialog heading=${heading} .open=${true}>
      <form novalidate @submit=${this.#save}>
        ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
        ${this.app === null && this.providers.length > 1 ? this.#providerChoice() : nothing}
        ${this.#text('name')} ${this.#text('description')} ${this.#text('website')}
        <fieldset>
          <legend class="strong">${this.t('fields.scopes')}</legend>
          <p class="small muted">${this.t('fields.scopesHint')}</p>
          ${this.scopes.map(
            ({ name }, index) => html`<wa-checkbox
              .checked=${this.chosen.includes(name)}
              ?data-wrong=${index === 0 && this.wrong.includes('scopes')}
              @change=${(event: Event) => {
                const others = this.chosen.filter((each) => each !== name);
                this.chosen = (event.target as HTMLInputElement).checked ? [...others, name] : others;
                this.wrong = this.wrong.filter((field) => field !== 'scopes');
              }}
              >${scopeLabel(this, this.scopes, name)}</wa-checkbox
            >`,
          )}
          ${this.#fault('scopes')}
        </fieldset>
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('actions.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${this.#save}>
        ${this.t(this.app === null ? 'apps.add' : 'actions.save')}
      </wa-button>
    </il-dialog>`;
  }

  #providerChoice() {
    return html`<label class="choice"
      >${this.t('fields.provider')}
      <select @change=${(event: Event) => (this.provider = (event.target as HTMLSelectElement).value)}>
        ${this.providers.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.provider}>${name}</option>`)}
      </select>
    </label>`;
  }

  #text(field: 'name' | 'description' | 'website') {
    const changed = (event: Event) => {
      this.values = { ...this.values, [field]: (event.target as HTMLInputElement).value };
      this.wrong = this.wrong.filter((each) => each !== field);
    };
    const label = this.t(`fields.${field}`);
    const hint = this.t(`fields.${field}Hint`);
    const wrong = this.wrong.includes(field);
    return html`<div>
      ${
        field === 'description'
          ? html`<wa-textarea rows="4" .label=${label} .hint=${hint} .value=${this.values[field]} ?data-wrong=${wrong} @input=${changed}></wa-textarea>`
          : html`<wa-input .label=${label} .hint=${hint} .value=${this.values[field]} ?data-wrong=${wrong} @input=${changed}></wa-input>`
      }
      ${this.#fault(field)}
    </div>`;
  }

  #fault(field: Field) {
    return this.wrong.includes(field) ? html`<p class="error" role="alert">${this.t('fields.wrong')}</p>` : nothing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-app-dialog': AppDialog;
  }
}

import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import { type ProviderKind, providerKinds } from '../tenants.js';

/**
 * Adds a provider, or changes its name and address.
 * @fires il-close - closed without saving
 * @fires directory-provider-saved - `{ id }`
 */
@customElement('directory-provider-dialog')
export class ProviderDialog extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .wrong {
        color: var(--il-bad);
      }
    `,
  ];

  @property({ type: Boolean }) open = false;

  /** The provider to change; undefined to add one. */
  @property({ attribute: false }) provider: { id: string; name: string; email: string | null } | undefined;

  @state() private kind: ProviderKind = 'training-provider';
  @state() private name = '';
  @state() private email = '';
  @state() private nameMissing = false;
  @state() private problem: unknown;
  @state() private saving = false;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('open') || !this.open) return;
    this.kind = 'training-provider';
    this.name = this.provider?.name ?? '';
    this.email = this.provider?.email ?? '';
    this.nameMissing = false;
    this.problem = undefined;
  }

  override render() {
    return html`
      <il-dialog .heading=${this.t(this.provider ? 'providers.change' : 'providers.add')} ?open=${this.open} @il-close=${this.#close}>
        <form class="stack" @submit=${this.#save}>
          ${
            this.provider
              ? ''
              : html`<wa-radio-group
                  .label=${this.t('providers.kind')}
                  .value=${this.kind}
                  @change=${(event: Event) => {
                    this.kind = (event.target as HTMLInputElement).value as ProviderKind;
                  }}
                >
                  ${providerKinds.map((kind) => html`<wa-radio value=${kind}>${this.t(`providers.kinds.${kind}`)}</wa-radio>`)}
                </wa-radio-group>`
          }
          <wa-input
            .label=${this.t('providers.name')}
            .value=${this.name}
            maxlength="100"
            required
            autofocus
            @input=${(event: Event) => {
              this.name = (event.target as HTMLInputElement).value;
            }}
          ></wa-input>
          ${this.nameMissing ? html`<p class="wrong" role="alert">${this.t('providers.nameMissing')}</p>` : ''}
          <wa-input
            type="email"
            .label=${this.t('providers.email')}
            .hint=${this.t('providers.emailHint')}
            .value=${this.email}
            maxlength="254"
            @input=${(event: Event) => {
              this.email = (event.target as HTMLInputElement).value;
            }}
          ></wa-input>
          ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : ''}
          <button hidden></button>
        </form>
        <wa-button slot="footer" appearance="outlined" @click=${this.#close}>${this.t('cancel')}</wa-button>
        <wa-button slot="footer" variant="brand" ?loading=${this.saving} @click=${this.#save}>${this.t('providers.save')}</wa-button>
      </il-dialog>
    `;
  }

  #close(): void {
    this.emit('il-close');
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.name.trim();
    this.nameMissing = name === '';
    if (this.nameMissing || this.saving) return;
    this.saving = true;
    this.problem = undefined;
    const body = { name, email: this.email.trim() === '' ? null : this.email.trim() };
    try {
      let id = this.provider?.id;
      if (id === undefined) ({ id } = await directory.post('/providers', { body: { ...body, kind: this.kind } }));
      else await directory.put('/providers/:id', { params: { id }, body });
      notify({ kind: 'success', text: this.t('providers.saved', { name }) });
      this.#close();
      this.emit('directory-provider-saved', { id });
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.saving = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-provider-dialog': ProviderDialog;
  }
}

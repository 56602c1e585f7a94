import { confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { appStyles } from '../apps/app-styles.js';
import { apps } from '../client.js';
import '../apps/once-dialog.js';

interface Secret {
  id: string;
  hint: string;
  createdAt: string;
  endsAt: string | null;
}

/**
 * The secrets and keys of an app.
 * @fires api-changed
 */
@customElement('api-app-credentials')
export class AppCredentials extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles, appStyles];

  @property({ attribute: false }) app = '';
  @property({ attribute: false }) secrets: readonly Secret[] = [];
  @property({ attribute: false }) keys: readonly { id: string; kid: string; alg: string }[] = [];

  @state() private made: string | null = null;
  @state() private adding = false;
  @state() private jwk = '';
  @state() private fault = '';

  async #act(act: () => Promise<unknown>, text?: string): Promise<void> {
    try {
      await act();
      if (text !== undefined) notify({ kind: 'success', text });
      this.emit('api-changed');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  #addSecret(): Promise<void> {
    return this.#act(async () => {
      const { secret } = await apps.post('/apps/:id/secrets', { params: { id: this.app }, body: {} });
      this.made = secret;
    });
  }

  async #remove(act: () => Promise<unknown>): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('app.removeSecretTitle'),
      text: this.t('app.removeSecretText'),
      confirm: this.t('actions.remove'),
      danger: true,
    });
    if (sure) await this.#act(act);
  }

  #removeSecret(secret: string): Promise<void> {
    return this.#remove(() => apps.delete('/apps/:id/secrets/:secret', { params: { id: this.app, secret } }));
  }

  #removeKey(key: string): Promise<void> {
    return this.#remove(() => apps.delete('/apps/:id/keys/:key', { params: { id: this.app, key } }));
  }

  async #addKey(event: Event): Promise<void> {
    event.preventDefault();
    let jwk: never;
    try {
      jwk = JSON.parse(this.jwk) as never;
    } catch {
      this.fault = this.t('app.keyNotJson');
      return;
    }
    try {
      await apps.post('/apps/:id/keys', { params: { id: this.app }, body: { jwk } });
      this.adding = false;
      this.jwk = '';
      notify({ kind: 'success', text: this.t('app.keyAdded') });
      this.emit('api-changed');
    } catch (problem) {
      this.fault = (problem as Error).message;
    }
  }

  override render() {
    const params = { id: this.app };
    return html`<section class="stack">
      <h2>${this.t('app.credentials')}</h2>
      <p>${this.t('app.credentialsText')}</p>
      ${
        this.secrets.length + this.keys.length === 0
          ? html`<p class="muted">${this.t('app.noSecrets')}</p>`
          : html`<ul class="list">
              ${this.secrets.map(
                ({ id, hint, createdAt, endsAt }) => html`<li class="item">
                  <div class="about">
                    <span class="strong">${this.t('app.secret', { hint })}</span>
                    <span class="small muted">
                      ${this.t('app.secretSince', { date: formatDate(createdAt, 'long') })}
                      ${endsAt === null ? nothing : html`· ${this.t('app.secretEnds', { date: formatDate(endsAt, 'long') })}`}
                    </span>
                  </div>
                  ${this.#removeButton(hint, () => this.#removeSecret(id))}
                </li>`,
              )}
              ${this.keys.map(
                ({ id, kid, alg }) => html`<li class="item">
                  <div class="about"><span class="strong">${this.t('app.key', { kid, alg })}</span></div>
                  ${this.#removeButton(kid, () => this.#removeKey(id))}
                </li>`,
              )}
            </ul>`
      }
      <div class="actions">
        <wa-button appearance="outlined" ?disabled=${this.secrets.length >= 2} @click=${this.#addSecret}>
          <il-icon slot="start" name="key-round"></il-icon>${this.t('app.addSecret')}
        </wa-button>
        <wa-button appearance="outlined" @click=${() => (this.adding = true)}>${this.t('app.addKey')}</wa-button>
        <wa-button
          appearance="plain"
          @click=${() => this.#act(() => apps.post('/apps/:id/end-tokens', { params }), this.t('app.tokensEnded'))}
          >${this.t('app.endTokens')}</wa-button
        >
      </div>
      ${this.made === null ? nothing : html`<api-once-dialog .secret=${this.made} @il-close=${() => (this.made = null)}></api-once-dialog>`}
      ${this.adding ? this.#keyDialog() : nothing}
    </section>`;
  }

  #removeButton(name: string, act: () => Promise<void>) {
    return html`<div class="actions">
      <wa-button size="s" appearance="outlined" @click=${act}>
        ${this.t('actions.remove')}<span class="visually-hidden"> – ${name}</span>
      </wa-button>
    </div>`;
  }

  #keyDialog() {
    return html`<il-dialog heading=${this.t('app.addKey')} .open=${true} @il-close=${() => (this.adding = false)}>
      <form @submit=${this.#addKey}>
        <wa-textarea
          rows="6"
          .label=${this.t('app.keyLabel')}
          .hint=${this.t('app.keyHint')}
          .value=${this.jwk}
          @input=${(event: Event) => {
            this.jwk = (event.target as HTMLTextAreaElement).value;
            this.fault = '';
          }}
        ></wa-textarea>
        ${this.fault === '' ? nothing : html`<p class="error" role="alert">${this.fault}</p>`}
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => (this.adding = false)}>${this.t('actions.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" @click=${this.#addKey}>${this.t('app.addKey')}</wa-button>
    </il-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-app-credentials': AppCredentials;
  }
}

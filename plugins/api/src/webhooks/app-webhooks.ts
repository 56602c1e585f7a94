import { confirmDialog, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { appStyles } from '../apps/app-styles.js';
import { apps } from '../client.js';
import { typeNames } from './types.js';
import '../apps/once-dialog.js';
import './app-deliveries.js';

interface Endpoint {
  id: string;
  url: string;
  types: string[];
  state: 'on' | 'off' | 'stopped';
  stoppedBecause: 'gone' | 'failing' | null;
}

const icons = { on: 'circle-check', off: 'circle-pause', stopped: 'circle-alert' } as const;

/**
 * The addresses to which an app wants messages, and the messages.
 * @fires api-changed
 */
@customElement('api-app-webhooks')
export class AppWebhooks extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles, appStyles];

  @property({ attribute: false }) app = '';
  @property({ attribute: false }) endpoints: readonly Endpoint[] = [];

  @state() private adding = false;
  @state() private url = 'https://';
  @state() private types: readonly string[] = typeNames;
  @state() private fault = '';
  @state() private made: string | null = null;

  async #act(act: () => Promise<unknown>, text?: string): Promise<void> {
    try {
      await act();
      if (text !== undefined) notify({ kind: 'success', text });
      this.emit('api-changed');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  async #add(event: Event): Promise<void> {
    event.preventDefault();
    try {
      const body = { url: this.url.trim(), types: [...this.types] };
      const { secret } = await apps.post('/apps/:id/endpoints', { params: { id: this.app }, body });
      this.adding = false;
      this.url = 'https://';
      this.made = secret;
      this.emit('api-changed');
    } catch (problem) {
      this.fault = (problem as Error).message;
    }
  }

  async #remove({ id, url }: Endpoint): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('app.removeTitle', { name: url }),
      text: this.t('app.removeEndpointText'),
      confirm: this.t('actions.remove'),
      danger: true,
    });
    if (sure) await this.#act(() => apps.delete('/apps/:id/endpoints/:endpoint', { params: { id: this.app, endpoint: id } }));
  }

  override render() {
    return html`<section class="stack">
      <h2>${this.t('app.webhooks')}</h2>
      <p>${this.t('app.webhooksText')}</p>
      ${
        this.endpoints.length === 0
          ? html`<p class="muted">${this.t('app.noEndpoints')}</p>`
          : html`<ul class="list">
              ${this.endpoints.map((endpoint) => this.#endpoint(endpoint))}
            </ul>`
      }
      <div class="actions">
        <wa-button appearance="outlined" @click=${() => (this.adding = true)}>
          <il-icon slot="start" name="plus"></il-icon>${this.t('app.addEndpoint')}
        </wa-button>
      </div>
      ${this.endpoints.length === 0 ? nothing : html`<api-app-deliveries .app=${this.app}></api-app-deliveries>`}
      ${this.adding ? this.#dialog() : nothing}
      ${this.made === null ? nothing : html`<api-once-dialog .secret=${this.made} @il-close=${() => (this.made = null)}></api-once-dialog>`}
    </section>`;
  }

  #endpoint(endpoint: Endpoint) {
    const { id, url, types, state, stoppedBecause } = endpoint;
    const params = { id: this.app, endpoint: id };
    const button = (label: string, act: () => unknown) => html`<wa-button size="s" appearance="outlined" @click=${act}>
      ${this.t(label)}<span class="visually-hidden"> – ${url}</span>
    </wa-button>`;
    const isOn = state === 'on';
    return html`<li class="item">
      <div class="about">
        <span class="strong">${url}</span>
        <span class="state ${isOn ? 'good' : state === 'stopped' ? 'bad' : ''}">
          <il-icon name=${icons[state]}></il-icon>${this.t(`app.endpointState.${state}`)}
        </span>
        ${stoppedBecause === null ? nothing : html`<p class="small">${this.t(`app.stopped.${stoppedBecause}`)}</p>`}
        <p class="small muted">${types.join(' · ')}</p>
      </div>
      <div class="actions">
        ${
          isOn
            ? button('app.tryOut', () =>
                this.#act(() => apps.post('/apps/:id/endpoints/:endpoint/try-out', { params }), this.t('app.triedOut')),
              )
            : nothing
        }
        ${button(isOn ? 'app.switchOff' : 'app.switchOn', () =>
          this.#act(() => apps.patch('/apps/:id/endpoints/:endpoint', { params, body: { on: !isOn } })),
        )}
        ${button('app.rotate', () =>
          this.#act(async () => {
            const { secret } = await apps.post('/apps/:id/endpoints/:endpoint/secret', { params, body: {} });
            this.made = secret;
          }, this.t('app.rotated')),
        )}
        ${button('actions.remove', () => this.#remove(endpoint))}
      </div>
    </li>`;
  }

  #dialog() {
    return html`<il-dialog heading=${this.t('app.addEndpoint')} .open=${true} @il-close=${() => (this.adding = false)}>
      <form novalidate @submit=${this.#add}>
        <wa-input
          .label=${this.t('app.endpointUrl')}
          .hint=${this.t('app.endpointUrlHint')}
          .value=${this.url}
          @input=${(event: Event) => {
            this.url = (event.target as HTMLInputElement).value;
            this.fault = '';
          }}
        ></wa-input>
        ${this.fault === '' ? nothing : html`<p class="error" role="alert">${this.fault}</p>`}
        <fieldset>
          <legend class="strong">${this.t('app.endpointTypes')}</legend>
          ${typeNames.map(
            (type) => html`<wa-checkbox
              .checked=${this.types.includes(type)}
              @change=${(event: Event) => {
                const others = this.types.filter((each) => each !== type);
                this.types = (event.target as HTMLInputElement).checked ? [...others, type] : others;
              }}
              ><code>${type}</code></wa-checkbox
            >`,
          )}
        </fieldset>
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => (this.adding = false)}>${this.t('actions.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" @click=${this.#add}>${this.t('app.addEndpoint')}</wa-button>
    </il-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-app-webhooks': AppWebhooks;
  }
}

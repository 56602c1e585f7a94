import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { appStyles } from './app-styles.js';

/** Shows a secret the only time that anybody sees it. Fires `il-close`. */
@customElement('api-once-dialog')
export class OnceDialog extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles, appStyles];

  @property({ attribute: false }) secret = '';

  async #copy(): Promise<void> {
    await navigator.clipboard.writeText(this.secret);
    notify({ kind: 'success', text: this.t('actions.copied') });
  }

  override render() {
    return html`<il-dialog heading=${this.t('app.newSecret')} .open=${true}>
      <p>${this.t('app.secretOnce')}</p>
      <pre class="code" tabindex="0">${this.secret}</pre>
      <wa-button slot="footer" appearance="outlined" @click=${this.#copy}>
        <il-icon slot="start" name="copy"></il-icon>${this.t('actions.copy')}
      </wa-button>
      <wa-button slot="footer" variant="brand" @click=${() => this.emit('il-close')}>${this.t('actions.close')}</wa-button>
    </il-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-once-dialog': OnceDialog;
  }
}

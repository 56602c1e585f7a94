import { navigate, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { joining } from '../../client.js';
import { TokenPage } from '../../token-page.js';

/** `/wachtlijst/bevestigen#<token>`: confirms a request. By a button, because programs that check mail open links too. */
@customElement('joining-confirm-page')
export class ConfirmPage extends TokenPage {
  static override styles = [sharedStyles];

  @state() private problem: unknown;
  @state() private busy = false;

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('confirm.title')}><p>${this.t('confirm.lead')}</p></il-page-head>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem}></il-problem>`}
      <div class="actions">
        <wa-button variant="brand" ?loading=${this.busy} @click=${this.#confirm}>${this.t('confirm.button')}</wa-button>
      </div>
    </div>`;
  }

  async #confirm(): Promise<void> {
    this.busy = true;
    this.problem = undefined;
    try {
      const { token } = await joining.post('/requests/confirm', { body: { token: this.token || '-' } });
      navigate(`/wachtlijst/volgen#${token}`, { replace: true });
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-confirm-page': ConfirmPage;
  }
}

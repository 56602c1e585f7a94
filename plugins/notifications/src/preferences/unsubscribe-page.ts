import { PortalElement, sharedStyles } from '@ilearn/ui';
import { html, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { notifications } from '../client.js';

/** `/meldingen/afmelden?token=…`: stops e-mails without signing in. Opening it changes nothing: mail programs open links by themselves. */
@customElement('notifications-unsubscribe-page')
export class UnsubscribePage extends PortalElement {
  static override ns = 'notifications';
  static override styles = [sharedStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private done = false;
  @state() private busy = false;
  @state() private problem: unknown;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('query')) return;
    this.done = false;
    this.problem = undefined;
  }

  async #stop(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      const body = new Blob(['List-Unsubscribe=One-Click'], { type: 'application/x-www-form-urlencoded' });
      await notifications.post('/unsubscribe', { query: { token: this.query.get('token') ?? '' }, body });
      this.done = true;
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('unsubscribe.title')}></il-page-head>
        <div class="stack" role="status">
          ${
            this.done
              ? html`<p class="strong">${this.t('unsubscribe.done')}</p>
                  <p>${this.t('unsubscribe.back')}</p>`
              : html`<p>${this.t('unsubscribe.text')}</p>`
          }
          ${this.problem === undefined ? '' : html`<p>${this.t('unsubscribe.failed')}</p>`}
        </div>
        ${
          this.done
            ? html`<p><a href="/meldingen/voorkeuren">${this.t('preferences.title')}</a></p>`
            : html`<div class="actions">
                <wa-button variant="brand" ?loading=${this.busy} @click=${() => this.#stop()}>${this.t('unsubscribe.stop')}</wa-button>
              </div>`
        }
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'notifications-unsubscribe-page': UnsubscribePage;
  }
}

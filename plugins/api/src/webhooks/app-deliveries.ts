import { formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { appStyles } from '../apps/app-styles.js';
import { apps } from '../client.js';

const few = 10;
const many = 100;

/** The messages that were sent to an app in the last thirty days, with a way to send one again. */
@customElement('api-app-deliveries')
export class AppDeliveries extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles, appStyles];

  @property({ attribute: false }) app = '';

  @state() private limit = few;

  #list = new Task(this, {
    task: ([id, limit], { signal }) => apps.get('/apps/:id/deliveries', { params: { id }, query: { limit }, signal }),
    args: () => [this.app, this.limit] as const,
  });

  async #replay(delivery: string): Promise<void> {
    try {
      await apps.post('/apps/:id/deliveries/:delivery/replay', { params: { id: this.app, delivery } });
      notify({ kind: 'success', text: this.t('app.replayed') });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
    await this.#list.run();
  }

  override render() {
    return html`<h3>${this.t('app.deliveries')}</h3>
      ${this.#list.render({
        pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#list.run()}></il-problem>`,
        complete: ({ deliveries, more }) =>
          deliveries.length === 0
            ? html`<p class="muted">${this.t('app.noDeliveries')}</p>`
            : html`${this.#table(deliveries)}
                ${
                  more && this.limit === few
                    ? html`<wa-button appearance="outlined" @click=${() => (this.limit = many)}>${this.t('app.moreDeliveries')}</wa-button>`
                    : html`<il-truncated ?more=${more} shown=${deliveries.length}></il-truncated>`
                }`,
      })}`;
  }

  #table(
    deliveries: readonly {
      id: string;
      type: string;
      happenedAt: string;
      state: string;
      tries: number;
      lastStatus: number | null;
      lastFailure: string | null;
    }[],
  ) {
    const columns = ['deliveryType', 'deliveryAt', 'deliveryState', 'deliveryTries', 'deliveryAnswer', 'replay'] as const;
    return html`<table class="stacked">
      <caption>${this.t('app.deliveriesText')}</caption>
      <thead>
        <tr>
          ${columns.map((key) => html`<th scope="col"><span class=${key === 'replay' ? 'visually-hidden' : ''}>${this.t(`app.${key}`)}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${deliveries.map(
          ({ id, type, happenedAt, state, tries, lastStatus, lastFailure }) => html`<tr>
            <td data-label=${this.t('app.deliveryType')}><code>${type}</code></td>
            <td data-label=${this.t('app.deliveryAt')}>${formatDate(happenedAt, 'short')} ${formatDate(happenedAt, 'time')}</td>
            <td data-label=${this.t('app.deliveryState')}>${this.t(`app.deliveryStates.${state}`)}</td>
            <td class="number" data-label=${this.t('app.deliveryTries')}>${tries}</td>
            <td data-label=${this.t('app.deliveryAnswer')}>${lastStatus ?? lastFailure ?? '–'}</td>
            <td>
              ${
                state === 'dropped'
                  ? nothing
                  : html`<wa-button size="s" appearance="outlined" @click=${() => this.#replay(id)}>
                      ${this.t('app.replay')}<span class="visually-hidden"> – ${type}, ${formatDate(happenedAt, 'time')}</span>
                    </wa-button>`
              }
            </td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-app-deliveries': AppDeliveries;
  }
}

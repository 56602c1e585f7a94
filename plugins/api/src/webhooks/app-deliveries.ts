import type { Answer } from '@ilearn/core';
import { formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { appStyles } from '../apps/app-styles.js';
import { apps } from '../client.js';
import type { webhookRoutes } from './routes.js';

type Delivery = Answer<typeof webhookRoutes, 'GET', '/apps/:id/deliveries'>['deliveries'][number];

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

  /** Sends again what did not arrive, of those that are shown. */
  async #replayAll(lost: readonly Delivery[]): Promise<void> {
    try {
      let count = 0;
      for (const endpoint of new Set(lost.map((each) => each.endpoint))) {
        const times = lost.filter((each) => each.endpoint === endpoint).map(({ happenedAt }) => Date.parse(happenedAt));
        // What happened within the last millisecond is included.
        const range = { from: new Date(Math.min(...times)).toISOString(), to: new Date(Math.max(...times) + 1).toISOString() };
        const params = { id: this.app, endpoint };
        count += (await apps.post('/apps/:id/endpoints/:endpoint/replay', { params, body: range })).replayed;
      }
      notify({ kind: 'success', text: this.t('app.replayedMany', { count }) });
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
            : html`${this.#table(deliveries)} ${this.#again(deliveries.filter(({ state }) => state === 'failed' || state === 'held'))}
                ${
                  more && this.limit === few
                    ? html`<wa-button appearance="outlined" @click=${() => (this.limit = many)}>${this.t('app.moreDeliveries')}</wa-button>`
                    : html`<il-truncated ?more=${more} shown=${deliveries.length}></il-truncated>`
                }`,
      })}`;
  }

  #again(lost: readonly Delivery[]) {
    return lost.length === 0
      ? nothing
      : html`<wa-button appearance="outlined" @click=${() => this.#replayAll(lost)}>${this.t('app.replayAll')}</wa-button>`;
  }

  #table(deliveries: readonly Delivery[]) {
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
            <td data-label=${this.t('app.deliveryAt')}>${formatDate(happenedAt, 'time')}</td>
            <td data-label=${this.t('app.deliveryState')}>${this.t(`app.deliveryStates.${state}`)}</td>
            <td class="number" data-label=${this.t('app.deliveryTries')}>${tries}</td>
            <td data-label=${this.t('app.deliveryAnswer')}><code>${lastStatus ?? lastFailure ?? '–'}</code></td>
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

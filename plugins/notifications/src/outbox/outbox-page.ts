import type { Answer } from '@ilearn/core';
import { formatDate, formatNumber, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { notifications } from '../client.js';
import { inboxStyles } from '../inbox/inbox-styles.js';
import type { outboxRoutes } from './routes.js';

type Overview = Answer<typeof outboxRoutes, 'GET', '/outbox'>;
type State = Overview['state'];

const states: readonly State[] = ['held', 'waiting', 'failed', 'refused', 'bounced', 'dropped', 'sent'];
const again = ['held', 'failed', 'refused'] as const;

/** `/beheer/uitgaande-mail`: outgoing e-mails, without their recipients. */
@customElement('notifications-outbox-page')
export class OutboxPage extends PortalElement {
  static override ns = 'notifications';
  static override styles = [sharedStyles, inboxStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  #overview = new Task(this, {
    task: ([state], { signal }) => notifications.get('/outbox', { query: { state }, signal }),
    args: () => [this.#state] as const,
  });

  get #state(): State {
    return states.find((state) => state === this.query.get('toestand')) ?? 'held';
  }

  async #again(state: (typeof again)[number]): Promise<void> {
    try {
      const { count } = await notifications.post('/outbox/again', { body: { state } });
      notify({ kind: 'success', text: this.t('outbox.again', { count }) });
      await this.#overview.run();
      this.renderRoot.querySelector('il-page-head')?.focus();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('outbox.title')}>
          <p>${this.t('outbox.intro')}</p>
        </il-page-head>
        ${this.#overview.render({
          pending: () =>
            this.#overview.value ? this.#complete(this.#overview.value) : html`<il-skeleton lines="6"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#overview.run()}></il-problem>`,
          complete: (overview) => this.#complete(overview),
        })}
      </div>
    `;
  }

  #complete({ configured, counts, state, mails, more, addresses }: Overview) {
    const sendable = again.find((each) => each === state);
    return html`
      ${
        configured
          ? nothing
          : html`<wa-callout variant="warning">
              <il-icon slot="icon" name="triangle-alert"></il-icon>
              <p>${this.t('outbox.noServer')} <a href="/beheer/instellingen">${this.t('outbox.toSettings')}</a></p>
            </wa-callout>`
      }
      <div class="tools">
        <nav aria-label=${this.t('outbox.show')}>
          <ul class="filters">
            ${states.map(
              (each) => html`<li>
                <a href="/beheer/uitgaande-mail?toestand=${each}" aria-current=${each === state ? 'page' : nothing}>
                  ${this.t(`outbox.states.${each}`)} <span class="count">${formatNumber(counts[each] ?? 0)}</span>
                </a>
              </li>`,
            )}
          </ul>
        </nav>
        ${
          sendable !== undefined && configured && mails.length > 0
            ? html`<wa-button variant="brand" @click=${() => this.#again(sendable)}>
                <il-icon slot="start" name="rotate-ccw"></il-icon>${this.t('outbox.sendAgain')}
              </wa-button>`
            : nothing
        }
      </div>
      ${
        mails.length === 0
          ? html`<il-empty icon="mail" heading=${this.t('outbox.none')} text=${this.t(`outbox.about.${state}`)}></il-empty>`
          : this.#table(state, mails)
      }
      <il-truncated ?more=${more} shown=${mails.length}></il-truncated>
      <p class="muted small">${this.t('outbox.addresses', { count: addresses })}</p>
    `;
  }

  #table(state: State, mails: Overview['mails']) {
    const label = (key: string) => this.t(`outbox.${key}`);
    return html`<table class="stacked">
      <caption>
        ${this.t(`outbox.about.${state}`)}
      </caption>
      <thead>
        <tr>
          <th scope="col">${label('when')}</th>
          <th scope="col">${label('what')}</th>
          <th scope="col" class="number">${label('tries')}</th>
          <th scope="col">${label('answer')}</th>
          ${state === 'waiting' ? html`<th scope="col">${label('next')}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${mails.map(
          ({ createdAt, kinds, channel, tries, answer, nextTryAt }) => html`<tr>
            <td data-label=${label('when')}>${formatDate(createdAt, 'time')}</td>
            <td data-label=${label('what')}>${this.t(`outbox.channels.${channel}`)}: ${kinds.map((kind) => this.t(kind)).join(', ')}</td>
            <td class="number" data-label=${label('tries')}>${formatNumber(tries)}</td>
            <td data-label=${label('answer')}>${tries > 0 && answer !== null ? answer : '–'}</td>
            ${state === 'waiting' ? html`<td data-label=${label('next')}>${formatDate(nextTryAt, 'time') || '–'}</td>` : nothing}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'notifications-outbox-page': OutboxPage;
  }
}

import {
  ApiProblem,
  announce,
  confirmDialog,
  formatDate,
  formatNumber,
  notify,
  PortalElement,
  pluginTitle,
  sharedStyles,
} from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { operations } from '../client.js';
import type { Overview, QueuedMessage } from './shapes.js';
import { type MessageState, messageStates } from './states.js';
import { queuesStyles } from './styles.js';

/** `/beheer/wachtrijen`: waiting and failed messages. */
@customElement('operations-queues-page')
export class QueuesPage extends PortalElement {
  static override ns = 'operations';
  static override styles = [sharedStyles, queuesStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  #overview = new Task(this, {
    task: ([state], { signal }) => operations.get('/queues', { query: { state }, signal }),
    args: () => [this.#state],
  });

  get #state(): MessageState {
    return messageStates.find((state) => state === this.query.get('toestand')) ?? 'failed';
  }

  async #refresh(): Promise<void> {
    await this.#overview.run();
    announce(this.t('queues.refreshed'));
  }

  /** Runs an action on failed messages and shows its outcome. */
  async #act(act: () => Promise<string>): Promise<void> {
    try {
      notify({ kind: 'success', text: await act() });
    } catch (problem) {
      const gone = problem instanceof ApiProblem && problem.status === 404;
      notify({ kind: gone ? 'info' : 'error', text: gone ? this.t('queues.gone') : (problem as Error).message });
    }
    await this.#overview.run();
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  #retry({ id, name }: QueuedMessage): Promise<void> {
    return this.#act(async () => {
      await operations.post('/queues/failed/:id/retry', { params: { id } });
      return this.t('queues.retried', { name });
    });
  }

  async #retryAll(count: number): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('queues.retryAllTitle'),
      text: this.t('queues.retryAllText', { count }),
      confirm: this.t('queues.retryAll'),
    });
    if (!sure) return;
    await this.#act(async () => {
      const retried = await operations.post('/queues/failed/retry');
      return this.t('queues.retriedAll', { count: retried.count });
    });
  }

  async #remove({ id, name }: QueuedMessage): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('queues.removeTitle', { name }),
      text: this.t('queues.removeText'),
      confirm: this.t('queues.removeConfirm'),
      danger: true,
    });
    if (!sure) return;
    await this.#act(async () => {
      await operations.delete('/queues/failed/:id', { params: { id } });
      return this.t('queues.removed', { name });
    });
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('queues.title')}>
          <p>${this.t('queues.intro')}</p>
          <wa-button slot="actions" appearance="outlined" @click=${() => this.#refresh()}>
            <il-icon slot="start" name="refresh-cw"></il-icon>${this.t('queues.refresh')}
          </wa-button>
        </il-page-head>
        ${this.#overview.render({
          pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#overview.run()}></il-problem>`,
          complete: (overview) => this.#complete(overview),
        })}
      </div>
    `;
  }

  #complete({ engine, counts, state, messages }: Overview) {
    return html`
      ${engine.reachable ? nothing : this.#unreachable(this.t(`queues.engines.${engine.name}`))}
      <nav aria-label=${this.t('queues.show')}>
        <ul class="states">
          ${messageStates.map(
            (each) => html`<li>
              <a href="/beheer/wachtrijen?toestand=${each}" aria-current=${each === state ? 'page' : nothing}>
                ${this.t(`queues.states.${each}`)} <span class="count">${formatNumber(counts[each])}</span>
              </a>
            </li>`,
          )}
        </ul>
      </nav>
      ${messages.length === 0 ? this.#none(state) : this.#table(state, counts[state], messages)}
      <p class="muted small">${this.t('queues.engine', { name: this.t(`queues.engines.${engine.name}`) })}</p>
    `;
  }

  #unreachable(name: string) {
    return html`<wa-callout variant="warning" role="status">
      <il-icon slot="icon" name="warning"></il-icon>
      <p class="strong">${this.t('queues.unreachable')}</p>
      <p>${this.t('queues.unreachableText', { name })}</p>
    </wa-callout>`;
  }

  #none(state: MessageState) {
    return html`<il-empty
      icon=${state === 'failed' ? 'circle-check' : 'list-checks'}
      heading=${this.t(`queues.empty.${state}`)}
      text=${this.t(`queues.emptyText.${state}`)}
    ></il-empty>`;
  }

  #table(state: MessageState, count: number, messages: QueuedMessage[]) {
    const changes = state === 'failed' && this.can('operations:write');
    return html`
      ${
        changes
          ? html`<div class="toolbar">
              <wa-button variant="brand" @click=${() => this.#retryAll(count)}>
                <il-icon slot="start" name="rotate-ccw"></il-icon>${this.t('queues.retryAll')}
              </wa-button>
            </div>`
          : nothing
      }
      <table class="stacked">
        <caption>
          ${this.t('queues.caption', { state: this.t(`queues.states.${state}`), shown: messages.length, count })}
        </caption>
        <thead>
          <tr>
            <th scope="col">${this.t('queues.task')}</th>
            <th scope="col">${this.t('queues.plugin')}</th>
            <th scope="col">${this.t(`queues.when.${state}`)}</th>
            ${state === 'running' ? html`<th scope="col">${this.t('queues.progress')}</th>` : nothing}
            ${state === 'waiting' || state === 'delayed' ? nothing : html`<th scope="col" class="number">${this.t('queues.tries')}</th>`}
            ${state === 'failed' || state === 'retrying' ? html`<th scope="col">${this.t('queues.failure')}</th>` : nothing}
            ${changes ? html`<th scope="col"><span class="visually-hidden">${this.t('queues.actions')}</span></th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${messages.map((message) => this.#row(message, changes))}
        </tbody>
      </table>
    `;
  }

  #row(message: QueuedMessage, changes: boolean) {
    const { kind, name, plugin, state, failures, failure, progress } = message;
    const label = (key: string) => this.t(`queues.${key}`);
    return html`<tr>
      <th scope="row">${name} <span class="muted kind">${label(kind)}</span></th>
      <td data-label=${label('plugin')}>${pluginTitle(plugin)}</td>
      <td data-label=${label(`when.${state}`)}>${formatDate(momentOf(message), 'time')}</td>
      ${
        state === 'running'
          ? html`<td data-label=${label('progress')}>${progress === null ? '–' : formatNumber(progress, { style: 'percent' })}</td>`
          : nothing
      }
      ${state === 'waiting' || state === 'delayed' ? nothing : html`<td class="number" data-label=${label('tries')}>${failures}</td>`}
      ${state === 'failed' || state === 'retrying' ? html`<td data-label=${label('failure')}><code>${failure}</code></td>` : nothing}
      ${changes ? html`<td class="end">${this.#buttons(message)}</td>` : nothing}
    </tr>`;
  }

  #buttons(message: QueuedMessage) {
    const about = html`<span class="visually-hidden"> – ${message.name}</span>`;
    return html`
      <wa-button size="s" appearance="outlined" @click=${() => this.#retry(message)}>${this.t('queues.retry')}${about}</wa-button>
      <wa-button size="s" appearance="plain" @click=${() => this.#remove(message)}>${this.t('queues.remove')}${about}</wa-button>
    `;
  }
}

/** The relevant time in the message's state. */
function momentOf({ state, failedAt, createdAt, dueAt }: QueuedMessage): string {
  if (state === 'failed') return failedAt ?? dueAt;
  return state === 'running' ? createdAt : dueAt;
}

declare global {
  interface HTMLElementTagNameMap {
    'operations-queues-page': QueuesPage;
  }
}

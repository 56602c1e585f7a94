import type { Answer } from '@ilearn/core';
import { formatDate, PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { ticketRoutes } from '../ticket-routes.js';
import { turnMark } from './marks.js';
import { ticketStyles } from './styles.js';

type List = Answer<typeof ticketRoutes, 'GET', '/my-tickets'>;

/** `/helpdesk`: one's own questions, and whose turn it is. */
@customElement('helpdesk-my-tickets-page')
export class MyTicketsPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles, ticketStyles];

  @state() private words = '';
  readonly #typing = new TypingPause(this);

  readonly #loaded = new Task(this, {
    task: async ([q], { signal }): Promise<List> => helpdesk.get('/my-tickets', { query: { q }, signal }),
    args: () => [this.words] as const,
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('tickets.mine.title')}>
        ${
          this.can('helpdesk:handle')
            ? html`<wa-button slot="actions" appearance="outlined" href="/helpdesk/wachtrij">${this.t('tickets.queue.title')}</wa-button>`
            : nothing
        }
        <wa-button slot="actions" variant="brand" href="/helpdesk/vraag">${this.t('tickets.ask.title')}</wa-button>
      </il-page-head>
      <helpdesk-outage-banner></helpdesk-outage-banner>
      ${this.#loaded.render({
        pending: () => (this.#loaded.value ? this.#list(this.#loaded.value) : html`<il-skeleton lines="5"></il-skeleton>`),
        complete: (list) => this.#list(list),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
    </div>`;
  }

  #list({ tickets, more }: List) {
    if (tickets.length === 0 && this.words === '') {
      return html`<il-empty icon="life-buoy" heading=${this.t('tickets.mine.empty')} text=${this.t('tickets.mine.emptyText')}></il-empty>`;
    }
    return html`<wa-input
        type="search"
        label=${this.t('tickets.mine.search')}
        .value=${this.words}
        @input=${(event: Event) => this.#search((event.target as HTMLInputElement).value)}
      ></wa-input>
      ${tickets.length === 0 ? html`<p role="status">${this.t('tickets.mine.nothing')}</p>` : nothing}
      <ul class="list">
        ${tickets.map(
          (each) => html`<li>
            <a class="row" href="/helpdesk/ticket/${each.id}">
              <span class="grow">
                <span class="strong">${each.subject}</span><br />
                <span class="small muted">${[`#${each.number}`, this.t('tickets.last', { at: formatDate(each.lastAt, 'long') })].join(' · ')}</span>
              </span>
              ${turnMark((key, options) => this.t(key, options), each)}
            </a>
          </li>`,
        )}
      </ul>
      <il-truncated ?more=${more} shown=${tickets.length}></il-truncated>`;
  }

  #search(value: string): void {
    this.#typing.after(() => {
      this.words = value.trim();
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-my-tickets-page': MyTicketsPage;
  }
}

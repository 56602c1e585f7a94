import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { client } from './client.js';

/** `/sample`: what the route says. */
@customElement('sample-page')
export class Page extends PortalElement {
  static override ns = 'sample';
  static override styles = [sharedStyles];

  readonly #time = new Task(this, {
    task: (_, { signal }) => client.get('/time', { signal }),
    args: () => [],
  });

  override render() {
    return html`
      <div class="page narrow">
        <h1 tabindex="-1">${this.t('page.title')}</h1>
        ${this.#time.render({
          pending: () => html`<il-skeleton lines="1"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#time.run()}></il-problem>`,
          complete: ({ now }) => html`<p>${this.t('page.today', { date: formatDate(now) })}</p>`,
        })}
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sample-page': Page;
  }
}

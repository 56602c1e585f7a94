import { type ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { academy } from '../../client.js';

/** The secret address of one's own calendar feed: made, renewed and ended here. */
@customElement('academy-calendar-feed')
export class CalendarFeed extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    css`
      .address {
        display: block;
        padding: var(--il-space-3);
        overflow-wrap: anywhere;
        background: var(--il-sunk);
        border-radius: var(--il-radius);
        user-select: all;
      }
    `,
  ];

  @state() private address: string | undefined;

  readonly #loaded = new Task(this, {
    task: (_, { signal }) => academy.get('/my-calendar', { signal }),
    args: () => [] as const,
  });

  override render() {
    const open = this.#loaded.value?.open === true;
    return html`<section class="stack" aria-labelledby="feed">
      <h2 id="feed">${this.t('calendar.title')}</h2>
      <p>${this.t(open && this.address === undefined ? 'calendar.isOpen' : 'calendar.text')}</p>
      ${
        this.address === undefined
          ? nothing
          : html`<p role="status">${this.t('calendar.address')}</p>
              <span class="address code">${this.address}</span>`
      }
      <div class="actions">
        <wa-button appearance="outlined" @click=${this.#make}>${this.t(open ? 'calendar.renew' : 'calendar.open')}</wa-button>
        ${open ? html`<wa-button appearance="plain" @click=${this.#end}>${this.t('calendar.close')}</wa-button>` : nothing}
      </div>
    </section>`;
  }

  async #make(): Promise<void> {
    try {
      this.address = (await academy.post('/my-calendar')).address;
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
    await this.#loaded.run();
  }

  async #end(): Promise<void> {
    try {
      await academy.delete('/my-calendar');
      this.address = undefined;
      notify({ kind: 'success', text: this.t('calendar.closed') });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
    await this.#loaded.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-calendar-feed': CalendarFeed;
  }
}

import type { Answer } from '@ilearn/core';
import { PortalElement, removed, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { queueRoutes } from '../queue-routes.js';
import { attempt } from './attempt.js';
import { ticketStyles } from './styles.js';

type Counts = Answer<typeof queueRoutes, 'GET', '/queue/counts'>;

const mostCounted = 100;

/** The views of a queue with their counts, and those that a helper saved. */
@customElement('helpdesk-queue-views')
export class QueueViews extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    ticketStyles,
    css`
      nav ul {
        padding: 0;
        list-style: none;
      }
      nav a:any-link {
        display: flex;
        justify-content: space-between;
        gap: var(--il-space-3);
        min-height: var(--il-target);
        align-items: center;
        padding-inline: var(--il-space-3);
        color: var(--il-ink-soft);
        text-decoration: none;
        border-radius: var(--il-radius);
      }
      nav a[aria-current] {
        color: var(--il-ink);
        font-weight: 600;
        background: var(--il-sunk);
      }
      nav .row {
        padding: 0;
      }
    `,
  ];

  /** Of the page: which view it shows, and what *save* keeps. */
  @property({ attribute: false }) query = new URLSearchParams();
  /** Changes when the counts may have changed. */
  @property({ type: Number }) revision = 0;
  @state() private fault: string | undefined;
  #takeOfferAway: (() => void) | undefined;

  readonly #counts = new Task(this, {
    task: async (_, { signal }): Promise<Counts> => helpdesk.get('/queue/counts', { signal }),
    args: () => [this.revision] as const,
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#takeOfferAway?.();
  }

  override render() {
    const counts = this.#counts.value;
    const current = this.query.get('view') ?? 'all';
    const shown = (count: number) => (count >= mostCounted ? `${mostCounted - 1}+` : String(count));
    const query = this.query.toString();
    return html`<nav aria-label=${this.t('tickets.queue.views')}>
      <ul>
        ${(counts?.views ?? []).map(
          ({ view, count }) =>
            html`<li><a href="/helpdesk/wachtrij?view=${view}" aria-current=${view === current && !this.query.has('q') ? 'page' : nothing}>${this.t(`tickets.views.${view}`)}<span class="number">${shown(count)}</span></a></li>`,
        )}
      </ul>
      ${
        (counts?.saved ?? []).length === 0
          ? nothing
          : html`<h2>${this.t('tickets.queue.saved')}</h2>
              <ul>
                ${counts?.saved.map(
                  ({ id, title, query: saved, count }) => html`<li class="row">
                    <a class="grow" href="/helpdesk/wachtrij?${saved}" aria-current=${saved === query ? 'page' : nothing}>${title}<span class="number">${shown(count)}</span></a>
                    <wa-button size="s" appearance="plain" @click=${() => this.#removeView(id, title, saved)}
                      ><il-icon name="x" label=${this.t('tickets.queue.removeView', { title })}></il-icon
                    ></wa-button>
                  </li>`,
                )}
              </ul>`
      }
      ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
      <form @submit=${this.#saveView}>
        <wa-input name="title" maxlength="60" label=${this.t('tickets.queue.viewName')}></wa-input>
        <wa-button type="submit" size="s" appearance="outlined">${this.t('tickets.queue.saveView')}</wa-button>
      </form>
    </nav>`;
  }

  async #saveView(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const title = String(new FormData(form).get('title') ?? '').trim();
    if (title === '') return;
    this.fault = await attempt(() => helpdesk.post('/views', { body: { title, query: this.query.toString() } }));
    form.reset();
    await this.#counts.run();
  }

  async #removeView(id: string, title: string, query: string): Promise<void> {
    this.fault = await attempt(() => helpdesk.delete('/views/:id', { params: { id } }));
    this.#takeOfferAway = removed(this.t('tickets.queue.viewRemoved', { title }), async () => {
      await helpdesk.post('/views', { body: { title, query } });
      await this.#counts.run();
    });
    await this.#counts.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-queue-views': QueueViews;
  }
}

import type { Answer } from '@ilearn/core';
import { type ApiProblem, formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { deskRoutes } from '../desk-routes.js';
import { traceList } from './marks.js';
import { ticketStyles } from './styles.js';
import { thread } from './thread.js';

type Side = Answer<typeof deskRoutes, 'GET', '/sides/:id'>;

/** `/helpdesk/aanbieder` and `/helpdesk/aanbieder/:id`: what the helpdesk asks a provider, without names of people at schools. */
@customElement('helpdesk-sides-page')
export class SidesPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles, ticketStyles];

  @property({ attribute: false }) params: Record<string, string> = {};
  @state() private fault: string | undefined;

  readonly #loaded = new Task(this, {
    task: async ([id], { signal }): Promise<{ one: Side | null; all: Side[] }> => {
      if (id === '') return { one: null, all: (await helpdesk.get('/sides', { signal })).sides };
      return { one: await helpdesk.get('/sides/:id', { params: { id }, signal }), all: [] };
    },
    args: () => [this.params['id'] ?? ''] as const,
  });

  override render() {
    return html`<div class="page">
      ${this.#loaded.render({
        pending: () => html`${this.#head()}<il-skeleton lines="5"></il-skeleton>`,
        complete: ({ one, all }) => (one === null ? this.#list(all) : this.#page(one)),
        error: (problem) => html`${this.#head()}<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
    </div>`;
  }

  #head() {
    return html`<il-page-head heading=${this.t('tickets.sides.provided')}></il-page-head>`;
  }

  #list(sides: readonly Side[]) {
    if (sides.length === 0) {
      return html`${this.#head()}<il-empty icon="inbox" heading=${this.t('tickets.sides.empty')} text=${this.t('tickets.sides.emptyText')}></il-empty>`;
    }
    return html`${this.#head()}
      <ul class="list">
        ${sides.map(
          ({ id, subject, updatedAt }) => html`<li>
            <a class="row" href="/helpdesk/aanbieder/${id}">
              <span class="grow strong">${subject}</span><span class="small muted">${formatDate(updatedAt, 'long')}</span>
            </a>
          </li>`,
        )}
      </ul>`;
  }

  #page({ subject, messages, trace }: Side) {
    return html`<il-page-head heading=${subject} .back=${{ href: '/helpdesk/aanbieder', text: this.t('tickets.sides.provided') }}></il-page-head>
      ${trace === null ? nothing : html`<wa-details open summary=${this.t('tickets.sides.traceTitle')}>${traceList(trace)}</wa-details>`}
      ${thread((key, options) => this.t(key, options), messages)}
      <form @submit=${this.#answer}>
        <wa-textarea name="text" rows="4" maxlength="20000" label=${this.t('tickets.compose.text')}></wa-textarea>
        ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
        <div class="actions"><wa-button type="submit" variant="brand">${this.t('tickets.compose.send')}</wa-button></div>
      </form>`;
  }

  async #answer(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const text = String(new FormData(form).get('text') ?? '').trim();
    if (text === '') return;
    try {
      await helpdesk.post('/sides/:id/messages', { params: { id: this.params['id'] }, body: { text } });
      form.reset();
      this.fault = undefined;
      await this.#loaded.run();
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-sides-page': SidesPage;
  }
}

import type { Answer } from '@ilearn/core';
import { announce, formatDate, LiveController, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { notifications } from '../client.js';
import { inboxStyles } from './inbox-styles.js';
import type { inboxRoutes } from './routes.js';

type List = Answer<typeof inboxRoutes, 'GET', '/inbox'>;
type Item = List['items'][number];

/** `/meldingen`: the person's notifications, newest first; `?ongelezen=ja` shows the unread ones alone. */
@customElement('notifications-inbox-page')
export class InboxPage extends PortalElement {
  static override ns = 'notifications';
  static override styles = [sharedStyles, inboxStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  constructor() {
    super();
    new LiveController(
      this,
      () => (this.session ? [['notifications.inbox', { personId: this.session.personId }]] : []),
      () => this.#list.run(),
    );
  }

  #list = new Task(this, {
    task: ([page, unread], { signal }) =>
      notifications.get('/inbox', { query: { page, unread: unread ? 'true' : 'false' }, signal }),
    args: () => [this.#page, this.#unread] as const,
  });

  get #page(): number {
    return Math.max(1, Math.floor(Number(this.query.get('blad')) || 1));
  }

  get #unread(): boolean {
    return this.query.get('ongelezen') === 'ja';
  }

  #href(page: number, unread = this.#unread): string {
    const query = new URLSearchParams({ ...(unread ? { ongelezen: 'ja' } : {}), ...(page > 1 ? { blad: `${page}` } : {}) });
    return query.size === 0 ? '/meldingen' : `/meldingen?${query}`;
  }

  async #change(change: () => Promise<unknown>): Promise<boolean> {
    try {
      await change();
      await this.#list.run();
      return true;
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
      return false;
    }
  }

  async #markAll(): Promise<void> {
    if (!(await this.#change(() => notifications.post('/inbox/read')))) return;
    announce(this.t('inbox.allRead'));
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  /** Opening a notification marks it; a failure must not keep the person from the page. */
  #opened({ id, read }: Item): void {
    if (!read) notifications.put('/inbox/:id', { params: { id }, body: { read: true } }).catch(() => {});
  }

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('inbox.title')}>
          <wa-button slot="actions" appearance="plain" href="/meldingen/voorkeuren">
            <il-icon slot="start" name="sliders-horizontal"></il-icon>${this.t('inbox.preferences')}
          </wa-button>
        </il-page-head>
        ${this.#list.render({
          pending: () => (this.#list.value ? this.#complete(this.#list.value) : html`<il-skeleton lines="6"></il-skeleton>`),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#list.run()}></il-problem>`,
          complete: (list) => this.#complete(list),
        })}
      </div>
    `;
  }

  #complete({ items, page, pages, unread }: List) {
    return html`
      <div class="tools">
        <nav aria-label=${this.t('inbox.show')}>
          <ul class="filters">
            ${[false, true].map(
              (only) => html`<li>
                <a href=${this.#href(1, only)} aria-current=${only === this.#unread ? 'page' : nothing}>
                  ${this.t(only ? 'inbox.unread' : 'inbox.all')} ${only ? html`<span class="count">${unread}</span>` : nothing}
                </a>
              </li>`,
            )}
          </ul>
        </nav>
        ${
          unread === 0
            ? nothing
            : html`<wa-button appearance="outlined" @click=${() => this.#markAll()}>
                <il-icon slot="start" name="check-check"></il-icon>${this.t('inbox.markAll')}
              </wa-button>`
        }
      </div>
      ${
        items.length === 0
          ? this.#none()
          : html`<ul class="list">${repeat(
              items,
              ({ id }) => id,
              (item) => this.#item(item),
            )}</ul>`
      }
      <il-pager page=${page} pages=${pages} .href=${(to: number) => this.#href(to)}></il-pager>
    `;
  }

  #none() {
    const key = this.#unread ? 'noneUnread' : 'none';
    return html`<il-empty icon="bell" heading=${this.t(`inbox.${key}`)} text=${this.t(`inbox.${key}Text`)}></il-empty>`;
  }

  #item(item: Item) {
    const text = this.t(item.text, { ...item.params, count: item.count });
    return html`<li class="item ${item.read ? '' : 'unread'}">
      <a href=${item.place} @click=${() => this.#opened(item)}>
        <span class="mark" aria-hidden="true"></span>
        <span class="grow">
          ${item.read ? nothing : html`<span class="visually-hidden">${this.t('inbox.new')} </span>`}
          <span class="text">${text}</span>
          ${item.count > 1 ? html`<span class="times">${this.t('inbox.times', { count: item.count })}</span>` : nothing}
          <span class="muted small when">${formatDate(item.at, 'time')}</span>
        </span>
      </a>
      <button
        class="toggle"
        aria-label=${this.t(item.read ? 'inbox.markUnread' : 'inbox.markRead', { text })}
        title=${this.t(item.read ? 'inbox.asUnread' : 'inbox.asRead')}
        @click=${() => this.#change(() => notifications.put('/inbox/:id', { params: { id: item.id }, body: { read: !item.read } }))}
      >
        <il-icon name=${item.read ? 'mail' : 'check'}></il-icon>
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'notifications-inbox-page': InboxPage;
  }
}

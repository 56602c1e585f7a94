import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import type { ReleaseView } from '../releases/routes.js';
import { pager, queryOf } from './pager.js';
import { releaseStyles } from './release-styles.js';

/** `/open-data`: what everybody may download. */
@customElement('data-space-open-page')
export class OpenPage extends PortalElement {
  static override ns = 'data-space';
  static override styles = [sharedStyles, releaseStyles];

  @state() private pageAfter: string | null = null;

  readonly #published = new Task(this, {
    task: ([after], { signal }) => dataSpace.get('/open', { query: queryOf(after), signal }),
    args: () => [this.pageAfter] as const,
  });

  #go(to: string | null): void {
    this.pageAfter = to;
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('open.title')}><p>${this.t('open.lead')}</p>
        <p><a href="/api/data-space/catalog" download="catalog.jsonld">${this.t('open.catalog')}</a></p>
      </il-page-head>
      ${this.#published.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#published.run()}></il-problem>`,
        complete: ({ releases, next }) =>
          releases.length === 0
            ? html`<il-empty icon="chart-column" heading=${this.t('open.none')} text=${this.t('open.noneText')}></il-empty>`
            : html`<ul class="list">
                  ${releases.map((release) => this.#release(release))}
                </ul>
                ${pager({ next }, this.pageAfter, { next: this.t('actions.next'), first: this.t('actions.first') }, (to) => this.#go(to))}`,
      })}
    </div>`;
  }

  #release({ id, title, description, version, publishedAt, rows, sha256 }: ReleaseView) {
    const date = publishedAt === null ? '' : formatDate(publishedAt);
    return html`<li class="item">
      <div class="about">
        <h2>${title}</h2>
        <p>${description}</p>
        <p class="small muted">${this.t('open.facts', { version, date, rows })}</p>
        <p class="small muted">${this.t('open.checksum')}: <code>${sha256}</code></p>
      </div>
      <div class="actions">
        <a href="/api/data-space/open/${id}/table" download>
          ${this.t('open.download')}<span class="visually-hidden"> – ${title}, ${this.t('steward.version', { version })}</span>
        </a>
      </div>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'data-space-open-page': OpenPage;
  }
}

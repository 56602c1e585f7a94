import type { Answer } from '@ilearn/core';
import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { library } from '../../client.js';
import type { linkRoutes } from '../routes.js';

type Known = Answer<typeof linkRoutes, 'GET', '/links'>;

/** `/bibliotheek/links`: links that do not work, that moved, or that colleagues reported. */
@customElement('library-links-page')
export class LibraryLinksPage extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      li {
        padding-block: var(--il-space-3);
        border-bottom: 1px solid var(--il-rule);
      }
      code {
        overflow-wrap: anywhere;
      }
    `,
  ];

  readonly #known = new Task(this, {
    task: (_, { signal }) => library.get('/links', { signal }),
    args: () => [],
  });

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('links.title')} .back=${{ href: '/bibliotheek', text: this.t('search.title') }}>
          <p>${this.t('links.intro')}</p>
        </il-page-head>
        ${this.#known.render({
          pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#known.run()}></il-problem>`,
          complete: (known) => this.#list(known),
        })}
      </div>
    `;
  }

  #list({ links, more }: Known) {
    if (links.length === 0) return html`<il-empty icon="check" heading=${this.t('links.none')}></il-empty>`;
    return html`
      <ul class="list">
        ${links.map(({ id, title, provider, url, state, checkedAt, reported }) => {
          const date = checkedAt === null ? '' : formatDate(new Date(checkedAt));
          return html`<li>
            <h2><a href="/bibliotheek/${id}">${title}</a></h2>
            <p class="muted">${provider}</p>
            <p><code class="small">${url}</code></p>
            ${state === 'unknown' || state === 'works' ? nothing : html`<p>${this.t(`links.state.${state}`, { date })}</p>`}
            ${reported ? html`<p>${this.t('links.reported')}</p>` : nothing}
          </li>`;
        })}
      </ul>
      ${more ? html`<p>${this.t('links.more', { count: links.length })}</p>` : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-links-page': LibraryLinksPage;
  }
}

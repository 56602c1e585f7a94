import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { library } from '../../client.js';
import '../../activities/components/library-result.js';

/** `/bibliotheek/favorieten`: the reader's favourites. */
@customElement('library-favourites-page')
export class LibraryFavouritesPage extends PortalElement {
  static override ns = 'library';
  static override styles = [sharedStyles];

  readonly #loaded = new Task(this, {
    task: (_, { signal }) => library.get('/favourites', { signal }),
    args: () => [],
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('favourites.title')} .back=${{ href: '/bibliotheek', text: this.t('search.title') }}></il-page-head>
      ${this.#loaded.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
        complete: ({ activities, more }) =>
          activities.length === 0
            ? html`<il-empty icon="library" heading=${this.t('favourites.none')} text=${this.t('favourites.noneText')}></il-empty>`
            : html`<h2 class="visually-hidden">${this.t('results', { count: activities.length })}</h2>
                <ul class="list">${activities.map((activity) => html`<li><library-result .activity=${activity}></library-result></li>`)}</ul>
                ${more ? html`<p class="muted">${this.t('favourites.more', { count: activities.length })}</p>` : nothing}`,
      })}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-favourites-page': LibraryFavouritesPage;
  }
}

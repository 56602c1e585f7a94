import { navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { library } from '../../client.js';
import './library-selection-dialog.js';

/** `/bibliotheek/verzamelingen`: the didactic foci, and the selections of the school. */
@customElement('library-selections-page')
export class LibrarySelectionsPage extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      li {
        padding-block: var(--il-space-4);
        border-bottom: 1px solid var(--il-rule);
      }
    `,
  ];

  @state() private making = false;

  readonly #loaded = new Task(this, {
    task: (_, { signal }) => library.get('/selections', { signal }),
    args: () => [],
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('selections.title')} .back=${{ href: '/bibliotheek', text: this.t('search.title') }}>
        <p>${this.t('selections.intro')}</p>
        ${
          this.can('library:write') && this.can('library:select')
            ? html`<wa-button slot="actions" appearance="outlined" @click=${() => this.#open(true)}><il-icon slot="start" name="plus"></il-icon>${this.t('selections.make')}</wa-button>`
            : nothing
        }
      </il-page-head>
      ${this.#loaded.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
        complete: ({ selections, more }) => html`<ul class="list">
            ${selections.map(
              ({ id, focus, title, word }) => html`<li>
                <h2><a href="/bibliotheek/verzamelingen/${id}">${title || this.t(`foci.${focus}.title`)}</a></h2>
                <p>${word || (focus === null ? nothing : this.t(`foci.${focus}.word`))}</p>
              </li>`,
            )}
          </ul>
          ${more ? html`<p class="muted">${this.t('selections.more', { count: selections.length })}</p>` : nothing}`,
      })}
      ${
        this.making
          ? html`<library-selection-dialog @il-close=${() => this.#open(false)} @library-given=${this.#make}></library-selection-dialog>`
          : nothing
      }
    </div>`;
  }

  #open(making: boolean): void {
    this.making = making;
  }

  async #make(event: CustomEvent<{ title: string; word: string }>): Promise<void> {
    try {
      const { id } = await library.post('/selections', { body: event.detail });
      await navigate(`/bibliotheek/verzamelingen/${id}`);
    } catch {
      notify({ kind: 'error', text: this.t('edit.failed') });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-selections-page': LibrarySelectionsPage;
  }
}

import type { Answer } from '@ilearn/core';
import { confirmDialog, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { library } from '../../client.js';
import type { colleagueRoutes } from '../routes.js';
import '../../activities/components/library-result.js';
import './library-selection-dialog.js';

type Selection = Answer<typeof colleagueRoutes, 'GET', '/selections/:id'>;

/** `/bibliotheek/verzamelingen/:id`: a selection with its word and its activities. */
@customElement('library-selection-page')
export class LibrarySelectionPage extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      .word {
        max-width: 45rem;
        white-space: pre-line;
      }
      .item {
        display: grid;
        gap: var(--il-space-2);
        justify-items: start;
      }
      library-result {
        width: 100%;
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private changing = false;

  readonly #loaded = new Task(this, {
    task: async ([id], { signal }) => {
      const selection = await library.get('/selections/:id', { params: { id }, signal });
      this.emit('il-title', { title: this.#titleOf(selection) });
      return selection;
    },
    args: () => [encodeURIComponent(this.params['id'] ?? '')],
  });

  #titleOf({ focus, title }: Pick<Selection, 'focus' | 'title'>): string {
    return title || this.t(`foci.${focus}.title`);
  }

  override render() {
    return html`<div class="page">
      ${this.#loaded.render({
        pending: () => html`${this.#head(this.t('selections.one'))}<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) =>
          html`${this.#head(this.t('selections.one'))}<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
        complete: (selection) => this.#selection(selection),
      })}
    </div>`;
  }

  #head(heading: string, actions: unknown = nothing) {
    const back = { href: '/bibliotheek/verzamelingen', text: this.t('selections.title') };
    return html`<il-page-head heading=${heading} .back=${back}>${actions}</il-page-head>`;
  }

  #selection(selection: Selection) {
    const { focus, word, activities, more, mayChange } = selection;
    const actions = mayChange
      ? html`<wa-button slot="actions" appearance="outlined" @click=${() => this.#change(true)}>${this.t('activity.edit')}</wa-button>
          ${focus === null ? html`<wa-button slot="actions" appearance="plain" @click=${() => this.#remove(selection)}>${this.t('selections.remove')}</wa-button>` : nothing}`
      : nothing;
    return html`
      ${this.#head(this.#titleOf(selection), actions)}
      <p class="word">${word || (focus === null ? nothing : this.t(`foci.${focus}.word`))}</p>
      <h2>${this.t('results', { count: activities.length })}</h2>
      ${activities.length === 0 ? html`<p class="muted">${this.t('selections.empty')}</p>` : nothing}
      <ul class="list">
        ${activities.map(
          (activity) => html`<li class="item">
            <library-result .activity=${activity}></library-result>
            ${
              mayChange
                ? html`<wa-button size="small" appearance="plain" @click=${() => this.#take(activity.id)}>${this.t('selections.takeOut', { title: activity.title })}</wa-button>`
                : nothing
            }
          </li>`,
        )}
      </ul>
      ${more ? html`<p class="muted">${this.t('favourites.more', { count: activities.length })}</p>` : nothing}
      ${
        this.changing
          ? html`<library-selection-dialog
              heading=${this.t('activity.edit')}
              given=${this.#titleOf(selection)}
              word=${word || (focus === null ? '' : this.t(`foci.${focus}.word`))}
              @il-close=${() => this.#change(false)}
              @library-given=${this.#store}
            ></library-selection-dialog>`
          : nothing
      }
    `;
  }

  #change(changing: boolean): void {
    this.changing = changing;
  }

  get #id(): string {
    return this.params['id'] ?? '';
  }

  async #act(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch {
      notify({ kind: 'error', text: this.t('edit.failed') });
    }
    await this.#loaded.run();
  }

  async #store(event: CustomEvent<{ title: string; word: string }>): Promise<void> {
    await this.#act(() => library.put('/selections/:id', { params: { id: this.#id }, body: event.detail }));
    this.changing = false;
  }

  #take(activity: string): Promise<void> {
    const params = { id: this.#id, activity };
    return this.#act(() => library.put('/selections/:id/activities/:activity', { params, body: { on: false } }));
  }

  async #remove(selection: Selection): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('selections.removeTitle', { title: this.#titleOf(selection) }),
      text: this.t('selections.removeText'),
      confirm: this.t('selections.remove'),
      danger: true,
    });
    if (!sure) return;
    try {
      await library.delete('/selections/:id', { params: { id: this.#id } });
      await navigate('/bibliotheek/verzamelingen');
    } catch {
      notify({ kind: 'error', text: this.t('edit.failed') });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-selection-page': LibrarySelectionPage;
  }
}

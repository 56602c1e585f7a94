import type { Answer } from '@ilearn/core';
import { formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { library } from '../../client.js';
import type { colleagueRoutes } from '../routes.js';

type Opinions = Answer<typeof colleagueRoutes, 'GET', '/activities/:id/opinions'>;
type Word = Opinions['counts'][number]['word'];
type Selection = Answer<typeof colleagueRoutes, 'GET', '/selections'>['selections'][number];

const words: Word[] = ['recommended', 'usable', 'too-easy', 'too-hard', 'unsuitable'];

/** On the page of an activity: the reader's favourite and rating, what colleagues say, and the selections to put it in. */
@customElement('library-colleagues')
export class LibraryColleagues extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      form,
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
        align-items: end;
      }
      label {
        display: grid;
        gap: var(--il-space-1);
        font-size: var(--il-text-s);
      }
      select,
      textarea {
        min-height: 44px;
        max-width: 100%;
        padding: var(--il-space-2) var(--il-space-3);
        color: inherit;
        font: inherit;
        background: var(--il-paper);
        border: 1px solid var(--il-edge);
        border-radius: var(--il-radius);
      }
      .note {
        flex: 1 1 16rem;
      }
      .notes {
        display: grid;
        gap: var(--il-space-3);
        padding: 0;
        list-style: none;
      }
      .notes p {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) activityId = '';

  readonly #loaded = new Task(this, {
    task: async ([id], { signal }) => {
      const [opinions, { selections }] = await Promise.all([
        library.get('/activities/:id/opinions', { params: { id }, signal }),
        library.get('/selections', { signal }),
      ]);
      return { opinions, selections: selections.filter(({ mayChange }) => mayChange) };
    },
    args: () => [this.activityId],
  });

  override render() {
    if (this.#loaded.error !== undefined)
      return html`<il-problem .problem=${this.#loaded.error} @retry=${() => this.#loaded.run()}></il-problem>`;
    const known = this.#loaded.value;
    if (known === undefined) return html`<il-skeleton lines="3"></il-skeleton>`;
    const { opinions, selections } = known;
    return html`<section class="stack" aria-labelledby="heading">
      <h2 id="heading">${this.t('colleagues.heading')}</h2>
      <div class="line">
        <wa-button
          appearance="outlined"
          @click=${() => this.#favourite(!opinions.favourite)}
          >${this.t(opinions.favourite ? 'favourites.remove' : 'favourites.add')}</wa-button
        >
        ${opinions.favourites > 0 ? html`<p class="muted small">${this.t('favourites.count', { count: opinions.favourites })}</p>` : nothing}
      </div>
      ${this.#words(opinions)} ${this.#form(opinions)} ${this.#selection(selections)}
    </section>`;
  }

  #words({ counts, notes, more }: Opinions) {
    return html`
      ${
        counts.length === 0
          ? html`<p class="muted">${this.t('colleagues.none')}</p>`
          : html`<p>${counts.map(({ word, count }) => this.t('colleagues.count', { word: this.t(`colleagues.words.${word}`), count })).join(' · ')}</p>`
      }
      ${
        notes.length === 0
          ? nothing
          : html`<ul class="notes">
            ${notes.map(
              ({ word, note, at }) => html`<li>
                <p>${note}</p>
                <p class="muted small">${this.t(`colleagues.words.${word}`)}, ${formatDate(new Date(at))}</p>
              </li>`,
            )}
          </ul>`
      }
      ${more ? html`<p class="muted small">${this.t('colleagues.moreNotes')}</p>` : nothing}
    `;
  }

  #form({ rating }: Opinions) {
    return html`<form @submit=${this.#rate}>
      <label
        >${this.t('colleagues.word')}
        <select name="word">
          ${words.map((word) => html`<option value=${word} ?selected=${rating?.word === word}>${this.t(`colleagues.words.${word}`)}</option>`)}
        </select>
      </label>
      <label class="note"
        >${this.t('colleagues.note')}
        <textarea name="note" rows="2" maxlength="500" .value=${rating?.note ?? ''}></textarea>
      </label>
      <wa-button type="submit" appearance="outlined">${this.t('colleagues.save')}</wa-button>
      ${rating === null ? nothing : html`<wa-button appearance="plain" @click=${() => this.#withdraw()}>${this.t('colleagues.withdraw')}</wa-button>`}
    </form>`;
  }

  #selection(selections: Selection[]) {
    if (selections.length === 0) return html`<p><a href="/bibliotheek/verzamelingen">${this.t('selections.title')}</a></p>`;
    return html`<form @submit=${this.#put}>
      <label
        >${this.t('selections.put')}
        <select name="selection">
          ${selections.map(({ id, focus, title }) => html`<option value=${id}>${title || this.t(`foci.${focus}.title`)}</option>`)}
        </select>
      </label>
      <wa-button type="submit" appearance="outlined">${this.t('selections.putIn')}</wa-button>
      <a href="/bibliotheek/verzamelingen">${this.t('selections.title')}</a>
    </form>`;
  }

  async #act(text: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      notify({ kind: 'success', text });
    } catch {
      notify({ kind: 'error', text: this.t('edit.failed') });
    }
    await this.#loaded.run();
  }

  #favourite(on: boolean): Promise<void> {
    const params = { id: this.activityId };
    return this.#act(this.t(on ? 'favourites.added' : 'favourites.removed'), () =>
      library.put('/activities/:id/favourite', { params, body: { on } }),
    );
  }

  #rate(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const body = { word: data.get('word') as Word, note: String(data.get('note') ?? '').trim() };
    return this.#act(this.t('colleagues.saved'), () =>
      library.put('/activities/:id/rating', { params: { id: this.activityId }, body }),
    );
  }

  #withdraw(): Promise<void> {
    return this.#act(this.t('colleagues.withdrawn'), () =>
      library.delete('/activities/:id/rating', { params: { id: this.activityId } }),
    );
  }

  #put(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const id = String(new FormData(event.target as HTMLFormElement).get('selection'));
    const params = { id, activity: this.activityId };
    return this.#act(this.t('selections.added'), () =>
      library.put('/selections/:id/activities/:activity', { params, body: { on: true } }),
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-colleagues': LibraryColleagues;
  }
}

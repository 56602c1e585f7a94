import { announce, type ComboboxOption, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { library } from '../../client.js';

export interface NamedConcept {
  uri: string;
  label: string;
}

/**
 * Field to choose an activity's concepts.
 * @fires library-concepts - `NamedConcept[]`
 */
@customElement('library-concept-picker')
export class LibraryConceptPicker extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      .stack {
        gap: var(--il-space-3);
      }
      button {
        display: inline-flex;
        gap: var(--il-space-2);
        align-items: center;
        min-height: 36px;
        padding: 4px var(--il-space-3);
        color: inherit;
        font: inherit;
        text-align: start;
        background: var(--il-surface);
        border: 1px solid var(--il-edge);
        border-radius: 18px;
        cursor: pointer;
      }
      button:hover {
        background: var(--il-hover);
      }
    `,
  ];

  @property({ attribute: false }) concepts: readonly NamedConcept[] = [];

  readonly #search = async (text: string, signal: AbortSignal): Promise<ComboboxOption[]> => {
    if (text.trim() === '') return [];
    const { concepts } = await library.get('/concepts', {
      query: { q: text.slice(0, 200), limit: 20 },
      signal,
    });
    const taken = new Set(this.concepts.map(({ uri }) => uri));
    return concepts
      .filter(({ uri, deprecated }) => !deprecated && !taken.has(uri))
      .map(({ uri, label, broader, definition }) => {
        const detail = broader.length > 0 ? broader.map((one) => one.label).join(', ') : definition === label ? null : definition;
        return { value: uri, label, ...(detail === null ? {} : { detail }) };
      });
  };

  #picked(event: CustomEvent<{ value: string; option?: ComboboxOption }>): void {
    const { value, option } = event.detail;
    if (value === '' || option === undefined) return;
    (event.target as HTMLElement & { value: string }).value = '';
    this.#change([...this.concepts, { uri: value, label: option.label }], this.t('edit.conceptAdded', { concept: option.label }));
  }

  #change(concepts: NamedConcept[], said: string): void {
    this.concepts = concepts;
    announce(said);
    this.emit('library-concepts', concepts);
  }

  #remove({ uri, label }: NamedConcept): void {
    this.#change(
      this.concepts.filter((one) => one.uri !== uri),
      this.t('edit.conceptRemoved', { concept: label }),
    );
    this.renderRoot.querySelector('il-combobox')?.focus();
  }

  override render() {
    return html`
      <div class="stack">
        <il-combobox
          label=${this.t('edit.concepts')}
          hint=${this.t('edit.conceptsHint')}
          placeholder=${this.t('edit.conceptsPlaceholder')}
          .search=${this.#search}
          @il-change=${this.#picked}
        ></il-combobox>
        ${
          this.concepts.length > 0
            ? html`<ul class="chips" aria-label=${this.t('edit.conceptsChosen')}>
                ${repeat(
                  this.concepts,
                  ({ uri }) => uri,
                  (concept) => html`<li>
                    <button type="button" aria-label=${this.t('edit.conceptRemove', { concept: concept.label })} @click=${() => this.#remove(concept)}>
                      <span>${concept.label}</span><il-icon name="x"></il-icon>
                    </button>
                  </li>`,
                )}
              </ul>`
            : nothing
        }
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-concept-picker': LibraryConceptPicker;
  }
}

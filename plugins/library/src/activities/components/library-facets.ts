import { facetStyles, formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Facet } from '../facet-values.js';
import { ancestorsOf } from './search-state.js';
import { facetTitle, valueLabel } from './words.js';

/** Facets that are not from the curriculum, shown before and after the curriculum's facets. */
const before = ['kind', 'licence'];
const after = ['age', 'duration', 'audience', 'owner', 'language', 'provider'];

/** `few`: number of values shown before "show all". With more than `many` values, the facet has a search field. */
const few = 7;
const many = 14;

type Value = Facet['values'][number];

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * The facets of a search, each value with the number of results.
 * @fires library-toggle - `{ facet, value }`
 */
@customElement('library-facets')
export class LibraryFacets extends PortalElement {
  static override ns = 'library';
  static override styles = [sharedStyles, facetStyles];

  @property({ attribute: false }) facets: readonly Facet[] = [];

  /** Number of results. A facet value that all results share is not a useful choice. */
  @property({ type: Number }) total = 0;

  /** Facets that show all their values. */
  @state() private whole: ReadonlySet<string> = new Set();

  /** Whether each facet is open; set when the facet first appears, so that new results do not make the layout jump. */
  readonly #open = new Map<string, boolean>();

  /** Text in the search field of each facet. */
  @state() private sought: ReadonlyMap<string, string> = new Map();

  get #shown(): Facet[] {
    const place = ({ key }: Facet) => (before.includes(key) ? -1 : after.indexOf(key) + 1);
    const worth = ({ values }: Facet) => values.length > 1 || values.some(({ chosen, count }) => chosen || count < this.total);
    return this.facets.filter(worth).sort((a, b) => place(a) - place(b));
  }

  override render() {
    return repeat(
      this.#shown,
      ({ key }) => key,
      (facet, index) => this.#facet(facet, index),
    );
  }

  #facet(facet: Facet, index: number) {
    const title = facetTitle((key, options) => this.t(key, options), facet);
    const chosen = facet.values.filter((value) => value.chosen).length;
    return html`
      <details ?open=${this.#isOpen(facet.key, chosen > 0 || index < 3)} @toggle=${(event: Event) => this.#opened(facet.key, event)}>
        <summary>
          <span class="grow"><span class="name">${title}</span>${facet.group ? html`<span class="group">${facet.group}</span>` : nothing}</span>
          ${chosen > 0 ? html`<span class="chosen">${this.t('facet.chosen', { count: chosen })}</span>` : nothing}
          <il-icon name="chevron-down"></il-icon>
        </summary>
        <div role="group" aria-label=${title}>${this.#values(facet, title)}</div>
      </details>
    `;
  }

  #isOpen(key: string, atFirst: boolean): boolean {
    if (!this.#open.has(key)) this.#open.set(key, atFirst);
    return this.#open.get(key) === true;
  }

  #opened(key: string, event: Event): void {
    this.#open.set(key, (event.target as HTMLDetailsElement).open);
  }

  #values(facet: Facet, title: string) {
    const { key, values } = facet;
    const isWhole = this.whole.has(key);
    const sought = fold(this.sought.get(key) ?? '').trim();
    const folded = this.#folded(facet);
    const shown =
      sought !== '' ? values.filter((value) => fold(this.#label(facet, value)).includes(sought)) : isWhole ? values : folded;
    const seeking = isWhole && values.length > many;
    return html`
      ${
        seeking
          ? html`<input
              class="seek"
              type="search"
              aria-label=${this.t('facet.seek', { facet: title })}
              placeholder=${this.t('facet.seekShort')}
              .value=${this.sought.get(key) ?? ''}
              @input=${(event: Event) => this.#seek(key, (event.target as HTMLInputElement).value)}
            />`
          : nothing
      }
      <ul class=${isWhole ? 'scroll' : ''}>
        ${repeat(
          shown,
          ({ value }) => value,
          (value) => this.#value(facet, value),
        )}
      </ul>
      ${seeking && shown.length === 0 ? html`<p class="small muted">${this.t('facet.none')}</p>` : nothing}
      ${facet.more > 0 && isWhole ? html`<p class="small muted">${this.t('facet.more', { count: facet.more })}</p>` : nothing}
      ${
        folded.length < values.length
          ? html`<button type="button" class="more" aria-expanded=${isWhole} @click=${() => this.#unfold(key)}>
              ${isWhole ? this.t('facet.less') : this.t('facet.all', { count: values.length })}
            </button>`
          : nothing
      }
    `;
  }

  /** The first top-level values, and in a tree also the ancestors and direct children of chosen values. */
  #folded({ values }: Facet): readonly Value[] {
    if (values.length <= few) return values;
    const open = new Set<number>();
    for (const [index, value] of values.entries()) {
      if (!value.chosen) continue;
      open.add(index);
      for (const above of ancestorsOf(values, index)) open.add(above);
    }
    let tops = 0;
    return values.filter((value, index) => {
      if (value.depth === 0) return ++tops <= few || open.has(index);
      const parent = ancestorsOf(values, index)[0];
      return parent !== undefined && open.has(parent);
    });
  }

  #label(facet: Facet, { value, label }: Value): string {
    return valueLabel((key, options) => this.t(key, options), facet, value, label);
  }

  #value(facet: Facet, value: Value) {
    return html`
      <li .style=${`--_depth: ${value.depth}`}>
        <label>
          <input
            type="checkbox"
            .checked=${live(value.chosen)}
            @change=${() => this.emit('library-toggle', { facet, value: value.value })}
          />
          <span class="grow">${this.#label(facet, value)}</span>
          <span class="count" aria-hidden="true">${formatNumber(value.count)}</span>
          <span class="visually-hidden">, ${this.t('results', { count: value.count })}</span>
        </label>
      </li>
    `;
  }

  #unfold(key: string): void {
    const whole = new Set(this.whole);
    if (!whole.delete(key)) whole.add(key);
    this.whole = whole;
    this.#seek(key, '');
  }

  #seek(key: string, text: string): void {
    this.sought = new Map([...this.sought, [key, text]]);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-facets': LibraryFacets;
  }
}

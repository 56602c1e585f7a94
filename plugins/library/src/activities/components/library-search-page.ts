import { announce, mayOpen, navigate, PortalElement, searchPageStyles, sharedStyles, TypingPause } from '@ilearn/ui';
import { Task, TaskStatus } from '@lit/task';
import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { library } from '../../client.js';
import type { Facet } from '../facet-values.js';
import type { SearchResult } from '../search.js';
import './library-facets.js';
import './library-result.js';
import { rememberSearch } from './last-search.js';
import { librarySearchStyles } from './search-page-styles.js';
import {
  addressOf,
  type ChosenName,
  isNarrowed,
  nameOf,
  nothingChosen,
  readState,
  type SearchState,
  type Sort,
  toggle,
  toQuery,
  without,
} from './search-state.js';
import { valueLabel } from './words.js';

interface Chip {
  name: ChosenName;
  value: string;
  label: string;
}

/** `/bibliotheek`: search with facets. All choices are in the address, so that a search can be bookmarked and shared. */
@customElement('library-search-page')
export class LibrarySearchPage extends PortalElement {
  static override ns = 'library';
  static override styles = [sharedStyles, searchPageStyles, librarySearchStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  /** Whether the dialog with the facets is open (only on narrow screens). */
  @state() private filtering = false;

  @query('#found') private heading!: HTMLHeadingElement;

  #state: SearchState = nothingChosen;
  #result: SearchResult | undefined;
  readonly #typing = new TypingPause(this);

  readonly #search = new Task(this, {
    task: async ([address], { signal }) => {
      const result = await library.get('/activities', { query: new URLSearchParams(address), signal });
      const first = this.#result === undefined;
      this.#result = result;
      if (!first) announce(this.t('results', { count: result.total }));
      return result;
    },
    args: () => [toQuery(this.#state).toString()],
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('query')) return;
    this.#state = readState(this.query);
    rememberSearch(addressOf(this.#state));
  }

  #go(next: SearchState, replace = false): void {
    this.#typing.cancel();
    void navigate(addressOf(next), { replace });
  }

  #typed(event: Event): void {
    const q = (event.target as HTMLInputElement).value;
    this.#typing.after(() => {
      if (q.trim() !== this.#state.q.trim()) this.#go({ ...this.#state, q, page: 1 }, true);
    });
  }

  #submitted(event: SubmitEvent): void {
    event.preventDefault();
    const q = (this.renderRoot.querySelector('input[type=search]') as HTMLInputElement).value;
    if (q.trim() !== this.#state.q.trim()) this.#go({ ...this.#state, q, page: 1 });
  }

  #toggled(event: CustomEvent<{ facet: Facet; value: string }>): void {
    this.#go(toggle(this.#state, event.detail.facet, event.detail.value));
  }

  async #turn(): Promise<void> {
    await this.#search.taskComplete.catch(() => undefined);
    await this.updateComplete;
    this.heading?.scrollIntoView({ block: 'start' });
    this.heading?.focus({ preventScroll: true });
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('search.title')}>
          ${
            mayOpen('/oefenprogrammas')
              ? html`<wa-button slot="actions" appearance="plain" href="/oefenprogrammas">${this.t('search.choose')}</wa-button>`
              : nothing
          }
          ${
            this.can('library:write')
              ? html`<wa-button slot="actions" appearance="outlined" href="/bibliotheek/nieuw"><il-icon slot="start" name="plus"></il-icon>${this.t('search.make')}</wa-button>`
              : nothing
          }
          <p class="ways">
            <a href="/bibliotheek/verzamelingen">${this.t('selections.title')}</a>
            ${this.can('library:write') ? html`<a href="/bibliotheek/favorieten">${this.t('favourites.title')}</a>` : nothing}
            <a href="/bibliotheek/aanbod">${this.t('tools.title')}</a>
          </p>
        </il-page-head>
        <form role="search" aria-label=${this.t('search.label')} @submit=${this.#submitted}>
          <il-icon name="search"></il-icon>
          <input
            type="search"
            maxlength="200"
            autocomplete="off"
            aria-label=${this.t('search.label')}
            placeholder=${this.t('search.placeholder')}
            .value=${live(this.#state.q)}
            @input=${this.#typed}
          />
        </form>
        ${this.#outcome()}
      </div>
    `;
  }

  #outcome() {
    if (this.#search.error !== undefined) {
      return html`<il-problem .problem=${this.#search.error} @retry=${() => this.#search.run()}></il-problem>`;
    }
    const result = this.#result;
    if (result === undefined) return html`<il-skeleton lines="6"></il-skeleton>`;
    if (result.total === 0 && !isNarrowed(this.#state) && result.withdrawn === 0) return this.#nothingYet();
    const alone = result.total === 0 && this.#chosen(result).length === 0;
    return html`
      <div class="columns ${alone ? 'alone' : ''}">
        ${alone ? nothing : html`<aside aria-label=${this.t('search.narrow')}>${this.#facets(result)}</aside>`}
        <section aria-labelledby="found" aria-busy=${this.#search.status === TaskStatus.PENDING}>
          ${this.#head(result)} ${this.#chips(result)}
          ${this.#understood(result)} ${this.#related(result)} ${result.total === 0 ? this.#nothingFound(result) : this.#list(result)}
          ${this.#pages(result)} ${this.#withdrawn(result)}
        </section>
      </div>
      ${this.#filterWindow(result)}
    `;
  }

  #facets({ facets, total }: SearchResult) {
    return html`<library-facets .facets=${facets} .total=${total} @library-toggle=${this.#toggled}></library-facets>`;
  }

  #head(result: SearchResult) {
    const chosen = this.#chosen(result).length;
    return html`
      <div class="head">
        <h2 id="found" tabindex="-1">${this.t('results', { count: result.total })}</h2>
        ${
          result.total > 0 || chosen > 0
            ? html`<button type="button" class="filters" aria-haspopup="dialog" @click=${() => this.#filter(true)}>
                <il-icon name="sliders-horizontal"></il-icon>
                ${chosen > 0 ? this.t('search.filtersChosen', { count: chosen }) : this.t('search.filters')}
              </button>`
            : nothing
        }
        ${
          result.total > 1
            ? html`<label class="sort">
                <span>${this.t('search.sort')}</span>
                <select @change=${(event: Event) => this.#go({ ...this.#state, sort: (event.target as HTMLSelectElement).value as Sort, page: 1 })}>
                  ${this.#sorts.map((sort) => html`<option value=${sort} ?selected=${this.#state.sort === sort}>${this.t(`search.sorts.${sort}`)}</option>`)}
                </select>
              </label>`
            : nothing
        }
      </div>
    `;
  }

  /** Sorting by relevance is only possible for a query with words. */
  get #sorts(): readonly Sort[] {
    return this.#state.q.trim() === '' ? ['title', 'newest'] : ['relevance', 'title', 'newest'];
  }

  #filter(open: boolean): void {
    this.filtering = open;
  }

  #chosen({ facets, chosenConcepts }: SearchResult): Chip[] {
    const concepts = chosenConcepts.map(({ uri, label }): Chip => ({ name: 'concept', value: uri, label }));
    const plain = facets
      .filter(({ type }) => type === 'value')
      .flatMap((facet) =>
        facet.values
          .filter(({ chosen }) => chosen)
          .map(
            ({ value, label }): Chip => ({
              name: nameOf(facet),
              value,
              label: valueLabel((key, options) => this.t(key, options), facet, value, label),
            }),
          ),
      );
    return [...concepts, ...plain];
  }

  #chips(result: SearchResult) {
    const chips = this.#chosen(result);
    if (chips.length === 0) return nothing;
    return html`
      <ul class="chips" aria-label=${this.t('search.chosen')}>
        ${chips.map(
          ({ name, value, label }) => html`<li>
            <button type="button" class="chip" aria-label=${this.t('search.remove', { filter: label })} @click=${() => this.#go(without(this.#state, name, value))}>
              <span>${label}</span><il-icon name="x"></il-icon>
            </button>
          </li>`,
        )}
        <li><button type="button" class="clear" @click=${() => this.#go({ ...nothingChosen, q: this.#state.q })}>${this.t('search.clear')}</button></li>
      </ul>
    `;
  }

  #list({ activities }: SearchResult) {
    return html`<ul class="list results">
      ${repeat(
        activities,
        ({ id }) => id,
        (activity) => html`<li><library-result .activity=${activity}></library-result></li>`,
      )}
    </ul>`;
  }

  #pages({ total, page, pageSize }: SearchResult) {
    const address = (to: number) => addressOf({ ...this.#state, page: to });
    return html`<il-pager page=${page} pages=${Math.ceil(total / pageSize)} .href=${address} @il-page=${this.#turn}></il-pager>`;
  }

  #withdrawn({ withdrawn }: SearchResult) {
    if (withdrawn === 0 && !this.#state.withdrawn) return nothing;
    const to = addressOf({ ...nothingChosen, withdrawn: !this.#state.withdrawn });
    return html`<p><a href=${to}>${this.#state.withdrawn ? this.t('search.backToAll') : this.t('search.withdrawn', { count: withdrawn })}</a></p>`;
  }

  #filterWindow(result: SearchResult) {
    return html`
      <il-dialog heading=${this.t('search.filters')} .open=${this.filtering} @il-close=${() => this.#filter(false)}>
        ${this.filtering ? this.#facets(result) : nothing}
        <wa-button slot="footer" variant="brand" @click=${() => this.#filter(false)}>${this.t('search.show', { count: result.total })}</wa-button>
      </il-dialog>
    `;
  }

  /** How the query was interpreted, if not literally. */
  #understood({ corrected, levels }: SearchResult) {
    const ages = levels.map(({ text, ages }) => {
      const ranges = ages.map(({ from, to }) => this.t('ages.range', { from, to })).join(` ${this.t('understood.or')} `);
      return html`<p class="understood">${this.t('understood.level', { text, ages: ranges })}</p>`;
    });
    if (corrected === null) return ages;
    return html`<p class="understood" role="status">${this.t('understood.corrected', { q: corrected, typed: this.#state.q.trim() })}</p>${ages}`;
  }

  #related({ related }: SearchResult) {
    if (related.length === 0) return nothing;
    const address = (uri: string) => addressOf({ ...nothingChosen, chosen: new Map([['concept', [uri]]]) });
    return html`<p class="understood">
      ${this.t('understood.related')}
      ${related.map(({ uri, label }, index) => html`${index === 0 ? '' : ' · '}<a href=${address(uri)}>${label}</a>`)}
    </p>`;
  }

  #nothingFound({ without }: SearchResult) {
    const { q, chosen } = this.#state;
    const onlyWords = q.trim() !== '' && chosen.size === 0;
    return html`
      <il-empty icon="search" heading=${q.trim() === '' ? this.t('none.heading') : this.t('none.headingFor', { q: q.trim() })} text=${this.t(onlyWords ? 'none.words' : 'none.filters')}>
        ${
          without.length === 0
            ? nothing
            : html`<ul class="without" aria-label=${this.t('none.without')}>
              ${without.map(
                ({ word, q: rest, count }) =>
                  html`<li><a href=${addressOf({ ...this.#state, q: rest, page: 1 })}>${this.t('none.withoutWord', { word, count })}</a></li>`,
              )}
            </ul>`
        }
        <wa-button appearance="outlined" @click=${() => this.#go(onlyWords ? nothingChosen : { ...nothingChosen, q })}>
          ${this.t(onlyWords ? 'none.showAll' : 'search.clear')}
        </wa-button>
      </il-empty>
    `;
  }

  #nothingYet() {
    return html`<il-empty icon="library" heading=${this.t('empty.heading')} text=${this.t('empty.text')}>
      ${this.can('library:write') ? html`<wa-button variant="brand" href="/bibliotheek/nieuw">${this.t('search.make')}</wa-button>` : nothing}
    </il-empty>`;
  }
}

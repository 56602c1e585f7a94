import type { Answer } from '@ilearn/core';
import {
  announce,
  facetStyles,
  formatDate,
  formatMinutes,
  languageName,
  navigate,
  PortalElement,
  searchPageStyles,
  sharedStyles,
  TypingPause,
} from '@ilearn/ui';
import { Task, TaskStatus } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { academy } from '../../client.js';
import { academyTabs, tabStyles } from '../../shared/tabs.js';
import type { trainingRoutes } from '../routes.js';
import { catalogueStyles } from './catalogue-styles.js';
import './suggested.js';

type Result = Answer<typeof trainingRoutes, 'GET', '/catalogue'>;
type Entry = Result['trainings'][number];
type Facet = Result['facets'][number];

const facetOrder = ['tool', 'focus', 'level', 'region', 'audience', 'provider', 'language'] as const;

/** `/academie`: published trainings, with facets. All choices are in the address. */
@customElement('academy-catalogue-page')
export class CataloguePage extends PortalElement {
  static override ns = 'academy';
  static override styles = [sharedStyles, searchPageStyles, facetStyles, tabStyles, catalogueStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  /** Whether the dialog with the facets is open (only on narrow screens). */
  @state() private filtering = false;

  #result: Result | undefined;
  readonly #typing = new TypingPause(this);
  readonly #search = new Task(this, {
    task: async ([address], { signal }) => {
      const first = this.#result === undefined;
      this.#result = await academy.get('/catalogue', { query: new URLSearchParams(address), signal });
      if (!first) announce(this.t('catalogue.found', { count: this.#result.total }));
      return this.#result;
    },
    args: () => [this.query.toString()] as const,
  });

  #go(change: (query: URLSearchParams) => void, replace = false): void {
    this.#typing.cancel();
    const next = new URLSearchParams(this.query);
    next.delete('page');
    change(next);
    void navigate(`/academie${next.size === 0 ? '' : `?${next}`}`, { replace });
  }

  #setWords(words: string, replace: boolean): void {
    if (words.trim() === (this.query.get('q') ?? '')) return;
    this.#go((query) => (words.trim() === '' ? query.delete('q') : query.set('q', words.trim())), replace);
  }

  #typed(event: Event): void {
    const words = (event.target as HTMLInputElement).value;
    this.#typing.after(() => this.#setWords(words, true));
  }

  #submitted(event: SubmitEvent): void {
    event.preventDefault();
    this.#setWords((this.renderRoot.querySelector('input[type=search]') as HTMLInputElement).value, false);
  }

  /** As the address has it: the answer to it may be on its way. */
  #isChosen({ facet, value }: Facet): boolean {
    return this.query.getAll(facet).includes(value);
  }

  #toggle(each: Facet): void {
    const { facet, value } = each;
    this.#go((query) => (this.#isChosen(each) ? query.delete(facet, value) : query.append(facet, value)));
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('catalogue.title')}></il-page-head>
        ${academyTabs(this, '/academie')}
        <form role="search" aria-label=${this.t('catalogue.search')} @submit=${this.#submitted}>
          <il-icon name="search"></il-icon>
          <input
            type="search"
            maxlength="200"
            autocomplete="off"
            aria-label=${this.t('catalogue.search')}
            placeholder=${this.t('catalogue.placeholder')}
            .value=${live(this.query.get('q') ?? '')}
            @input=${this.#typed}
          />
        </form>
        ${this.#outcome()}
      </div>
    `;
  }

  #outcome() {
    if (this.#search.status === TaskStatus.ERROR) {
      return html`<il-problem .problem=${this.#search.error} @retry=${() => this.#search.run()}></il-problem>`;
    }
    const result = this.#result;
    if (result === undefined) return html`<il-skeleton lines="8"></il-skeleton>`;
    const narrowed = [...this.query.keys()].some((key) => key !== 'page');
    if (result.total === 0 && !narrowed) {
      return html`<il-empty icon="graduation-cap" heading=${this.t('catalogue.empty')} text=${this.t('catalogue.emptyText')}></il-empty>`;
    }
    return html`
      ${narrowed ? nothing : html`<academy-suggested></academy-suggested>`}
      <div class="columns">
        <aside aria-label=${this.t('catalogue.narrow')}>${this.#facets(result, true)}</aside>
        <section aria-labelledby="found" aria-busy=${this.#search.status === TaskStatus.PENDING}>
          ${this.#head(result)}
          ${
            result.total === 0
              ? html`<il-empty icon="search" heading=${this.t('catalogue.none')} text=${this.t('catalogue.noneText')}>
                  <wa-button appearance="outlined" href="/academie">${this.t('catalogue.showAll')}</wa-button>
                </il-empty>`
              : html`<ul class="list">${result.trainings.map((entry) => this.#entry(entry))}</ul>`
          }
          <il-pager
            page=${result.page}
            pages=${Math.ceil(result.total / result.pageSize)}
            .href=${(page: number) => this.#pageAddress(page)}
          ></il-pager>
        </section>
      </div>
      <il-dialog heading=${this.t('catalogue.narrow')} .open=${this.filtering} @il-close=${() => this.#filter(false)}>
        ${this.filtering ? this.#facets(result, false) : nothing}
        <wa-button slot="footer" variant="brand" @click=${() => this.#filter(false)}>${this.t('catalogue.showFound', { count: result.total })}</wa-button>
      </il-dialog>
    `;
  }

  #head({ total, facets }: Result) {
    const chosen = facets.filter((each) => this.#isChosen(each)).length;
    return html`<div class="head">
      <h2 id="found" tabindex="-1">${this.t('catalogue.found', { count: total })}</h2>
      <button type="button" class="filters" aria-haspopup="dialog" @click=${() => this.#filter(true)}>
        <il-icon name="sliders-horizontal"></il-icon>
        ${chosen > 0 ? this.t('catalogue.filtersChosen', { count: chosen }) : this.t('catalogue.filters')}
      </button>
    </div>`;
  }

  #filter(open: boolean): void {
    this.filtering = open;
  }

  #pageAddress(page: number): string {
    const query = new URLSearchParams(this.query);
    query.set('page', String(page));
    return `/academie?${query}`;
  }

  #facets({ facets, total }: Result, firstOpen: boolean) {
    const worth = (name: string) => {
      const values = facets.filter(({ facet }) => facet === name);
      return values.length > 1 || values.some(({ chosen, count }) => chosen || count < total);
    };
    return facetOrder.filter(worth).map((name, index) => {
      const values = facets.filter(({ facet }) => facet === name);
      const open = (firstOpen && index < 3) || values.some((each) => this.#isChosen(each));
      return html`<details ?open=${open}>
        <summary><span class="grow">${this.t(`facets.${name}`)}</span><il-icon name="chevron-down"></il-icon></summary>
        <div role="group" aria-label=${this.t(`facets.${name}`)}>
          ${values.map(
            (value) => html`<label>
              <input type="checkbox" .checked=${live(this.#isChosen(value))} @change=${() => this.#toggle(value)} />
              <span class="grow">${this.#valueText(value)}</span><span class="count">${value.count}</span>
            </label>`,
          )}
        </div>
      </details>`;
    });
  }

  #valueText({ facet, value }: Facet): string {
    if (facet === 'language') return languageName(value);
    if (facet === 'level' || facet === 'region' || facet === 'audience') return this.t(`values.${facet}.${value}`);
    return value;
  }

  #entry(entry: Entry) {
    const { id, title, goals, foci, tools } = entry;
    return html`<li>
      <article aria-labelledby="t-${id}">
        <div class="main">
          <h3 id="t-${id}"><a href="/academie/vorming/${id}">${title}</a></h3>
          <p class="facts">
            <span>${entry.providerName}</span>
            ${entry.minutes === null ? nothing : html`<span>${formatMinutes(entry.minutes)}</span>`}
            ${entry.levels.map((level) => html`<span>${this.t(`values.level.${level}`)}</span>`)}
            ${entry.cost === '' ? nothing : html`<span>${entry.cost}</span>`}
          </p>
          ${goals === '' ? nothing : html`<p class="about">${goals}</p>`}
          <p class="facts">${[...foci, ...tools].slice(0, 4).map((word) => html`<span>${word}</span>`)}</p>
        </div>
        <div class="next">${this.#next(entry)}</div>
      </article>
    </li>`;
  }

  #next({ nextAt, nextRegion, nextFree, nextWaiting, nextApproval, events }: Entry) {
    if (events === 0) return html`<span class="muted">${this.t('catalogue.noEvent')}</span>`;
    if (nextAt === null) return html`<span class="strong">${this.t('catalogue.interest')}</span>`;
    return html`
      <span class="strong">${formatDate(nextAt, 'day')}</span>
      <span class="muted">${this.t(`values.region.${nextRegion}`)}</span>
      ${
        (nextFree ?? 0) > 0 && nextWaiting === 0
          ? html`<span>${this.t('catalogue.free', { count: nextFree })}</span>`
          : html`<span class="state warn"><il-icon name="clock"></il-icon>${this.t('catalogue.full', { count: nextWaiting ?? 0 })}</span>`
      }
      ${nextApproval === 'none' ? nothing : html`<span class="muted small">${this.t('catalogue.approval')}</span>`}
      ${events > 1 ? html`<span class="muted small">${this.t('catalogue.events', { count: events })}</span>` : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-catalogue-page': CataloguePage;
  }
}

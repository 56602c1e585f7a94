import type { ActivitySummary } from '@ilearn/plugin-library';
import { library } from '@ilearn/plugin-library/client';
import {
  announce,
  foreignLanguage,
  formatMinutes,
  languageName,
  mayOpen,
  PortalElement,
  sharedStyles,
  TypingPause,
} from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { inWords } from '../client/problem-words.js';
import { dragActivity } from './drag-activity.js';
import { kindIcons } from './kinds.js';

const pageSize = 20;
const kinds = ['lti', 'text', 'link'] as const;

/**
 * Searches the library for activities for pupils.
 * @fires myway-pick - `ActivitySummary`
 */
@customElement('myway-library-pane')
export class LibraryPane extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      .stack {
        gap: var(--il-space-3);
      }
      .chips button {
        min-height: 36px;
        padding: 0 var(--il-space-3);
        color: inherit;
        font: inherit;
        font-size: var(--il-text-s);
        background: none;
        border: 1px solid var(--il-edge);
        border-radius: 999px;
        cursor: pointer;
      }
      .chips button:hover {
        background: var(--il-hover);
      }
      .chips button[aria-pressed='true'] {
        color: var(--il-paper);
        background: var(--il-ink);
        border-color: var(--il-ink);
      }
      .found {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: var(--il-space-1) var(--il-space-3);
        align-items: center;
        padding: var(--il-space-3) 0;
        border-bottom: 1px solid var(--il-rule);
      }
      .found il-icon {
        color: var(--il-ink-soft);
      }
      .title {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .text {
        display: -webkit-box;
        overflow: hidden;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
    `,
  ];

  /** Activities that are already in the path, which are marked. */
  @property({ attribute: false }) used: ReadonlySet<string> = new Set();

  /** Title of the step whose activity is replaced; empty if the picked activity is added. */
  @property() replacing = '';

  @state() private text = '';
  @state() private kind: (typeof kinds)[number] | undefined;
  @state() private found: ActivitySummary[] | undefined;
  @state() private total = 0;
  @state() private problem: unknown;

  #asking: AbortController | undefined;
  readonly #typing = new TypingPause(this);
  #page = 1;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.found === undefined) void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking?.abort();
  }

  async #load(page = 1): Promise<void> {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      const answer = await library.get('/activities', {
        query: { q: this.text.trim(), kind: this.kind, audience: 'pupil', facets: 'false', page, pageSize },
        signal,
      });
      this.#page = page;
      this.found = page === 1 ? answer.activities : [...(this.found ?? []), ...answer.activities];
      this.total = answer.total;
      this.problem = undefined;
      if (page === 1 && this.text.trim() !== '') announce(this.t('library.results', { count: answer.total }));
    } catch (problem) {
      if (!signal.aborted) this.problem = problem;
    }
  }

  #search(event: Event): void {
    this.text = (event.target as HTMLInputElement).value ?? '';
    this.#typing.after(() => void this.#load());
  }

  #filter(kind: (typeof kinds)[number]): void {
    this.kind = this.kind === kind ? undefined : kind;
    void this.#load();
  }

  override render() {
    return html`
      <div class="stack">
        ${this.replacing ? html`<p class="strong">${this.t('library.replacing', { title: this.replacing })}</p>` : nothing}
        <wa-input
          type="search"
          with-clear
          .label=${this.t('library.search')}
          .placeholder=${this.t('library.placeholder')}
          .value=${this.text}
          @input=${this.#search}
          @wa-clear=${this.#search}
        ><il-icon slot="start" name="search"></il-icon></wa-input>
        <div class="chips" role="group" aria-label=${this.t('library.kinds')}>
          ${kinds.map(
            (kind) => html`<button type="button" aria-pressed=${String(this.kind === kind)} @click=${() => this.#filter(kind)}>
              ${this.t(`kind.${kind}`)}
            </button>`,
          )}
        </div>
        ${this.#results()}
        ${
          mayOpen('/oefenprogrammas')
            ? html`<a href="/oefenprogrammas?${new URLSearchParams({ terug: location.pathname })}">${this.t('library.choose')}</a>`
            : nothing
        }
      </div>
    `;
  }

  #results() {
    if (this.problem) return html`<il-problem .problem=${inWords(this, this.problem)} @retry=${() => this.#load()}></il-problem>`;
    if (this.found === undefined) return html`<il-skeleton lines="5"></il-skeleton>`;
    if (this.found.length === 0) return html`<p class="muted">${this.t('library.none')}</p>`;
    return html`
      <p class="muted small">${this.t('library.results', { count: this.total })}</p>
      <ul class="list" aria-label=${this.t('library.list')}>
        ${repeat(
          this.found,
          (activity) => activity.id,
          (activity) => this.#row(activity),
        )}
      </ul>
      ${
        this.total > this.found.length
          ? html`<div><wa-button size="s" appearance="outlined" @click=${() => this.#load(this.#page + 1)}>${this.t('library.more')}</wa-button></div>`
          : nothing
      }
    `;
  }

  #row(activity: ActivitySummary) {
    const used = this.used.has(activity.id);
    const verb = this.replacing ? 'library.choose' : 'library.add';
    return html`
      <li class="found" draggable="true" @dragstart=${(event: DragEvent) => dragActivity(event, activity)}>
        <il-icon name=${kindIcons[activity.kind]} label=${this.t(`kind.${activity.kind}`)}></il-icon>
        <div>
          <p class="title" lang=${foreignLanguage(activity.language)}>${activity.title}</p>
          <p class="muted small">
            ${[activity.provider, formatMinutes(activity.minutes), foreignLanguage(activity.language) === nothing ? '' : languageName(activity.language), used ? this.t('library.used') : ''].filter(Boolean).join(' · ')}
          </p>
        </div>
        <wa-button size="s" appearance="outlined" @click=${() => this.emit('myway-pick', activity)}>
          <il-icon name=${this.replacing ? 'check' : 'plus'} label=${this.t(verb, { title: activity.title })}></il-icon>
        </wa-button>
      </li>
    `;
  }
}

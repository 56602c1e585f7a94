import { foreignLanguage, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { colourOf } from '../client/line.js';
import { inWords, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import { mostFollowed } from '../paths/limits.js';
import { pathListStyles } from '../paths/path-list-styles.js';
import type { Followed } from './model.js';
import type { Filter } from './rows.js';
import { stationsOfClass } from './stations.js';

/** `/opvolging`: running assignments, with numbers that link to the pupils. `?lijst=afgelopen`: those that ended. */
@customElement('myway-follow-up-page')
export class FollowUpPage extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    pathListStyles,
    css`
      .counts {
        position: relative;
        z-index: 1;
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-1) var(--il-space-4);
        padding: 0;
        list-style: none;
      }
      .counts a {
        display: inline-flex;
        align-items: center;
        min-height: 2rem;
        color: inherit;
        font-size: var(--il-text-m);
        font-weight: 400;
        text-decoration: underline;
        text-decoration-color: var(--il-edge);
      }
      .counts a::after {
        content: none;
      }
      .counts a:focus-visible {
        outline: 3px solid var(--il-focus);
      }
      .counts .low {
        color: var(--il-warn);
        font-weight: 600;
      }
      .counts .stuck {
        gap: var(--il-space-1);
        color: var(--il-bad);
        font-weight: 680;
        text-decoration-color: currentcolor;
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();

  /** Assignments from the pages after the first. */
  @state() private further: Followed[] = [];
  @state() private more = false;

  get #ended(): boolean {
    return this.query.get('lijst') === 'afgelopen';
  }

  readonly #given = new Task(this, {
    task: async ([ended], { signal }) => {
      const page = await myway.get('/assignments', { query: { ended: `${ended}` }, signal });
      this.further = [];
      this.more = page.length === mostFollowed;
      return page;
    },
    args: () => [this.#ended] as const,
  });

  async #showMore(shown: number): Promise<void> {
    try {
      const page = await myway.get('/assignments', { query: { ended: `${this.#ended}`, offset: shown } });
      this.further = [...this.further, ...page];
      this.more = page.length === mostFollowed;
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('followUp.title')}><p>${this.t('followUp.intro')}</p></il-page-head>
        <nav class="tabs" aria-label=${this.t('followUp.lists')}>
          <a href="/opvolging" aria-current=${this.#ended ? nothing : 'page'}>${this.t('followUp.running')}</a>
          <a href="/opvolging?lijst=afgelopen" aria-current=${this.#ended ? 'page' : nothing}>${this.t('followUp.ended')}</a>
        </nav>
        ${this.#given.render({
          pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
          error: (problem) =>
            html`<il-problem .problem=${inWords(this, problem)} @retry=${() => this.#given.run()}></il-problem>`,
          complete: (given) => this.#list([...given, ...this.further]),
        })}
      </div>
    `;
  }

  #list(given: Followed[]) {
    if (given.length === 0) {
      return this.#ended
        ? html`<il-empty icon="archive" heading=${this.t('followUp.emptyEnded')}></il-empty>`
        : html`<il-empty icon="send" heading=${this.t('followUp.empty.heading')} text=${this.t('followUp.empty.text')}>
          <wa-button appearance="accent" variant="brand" href="/paden">${this.t('followUp.empty.action')}</wa-button>
        </il-empty>`;
    }
    return html`
      <ul class="list" aria-label=${this.t('followUp.title')}>${given.map((each) => this.#row(each))}</ul>
      ${
        this.more
          ? html`<div class="actions">
            <wa-button appearance="outlined" @click=${() => this.#showMore(given.length)}>${this.t('followUp.more')}</wa-button>
          </div>`
          : nothing
      }
    `;
  }

  #row(given: Followed) {
    const facts = [
      given.wholeClass ? given.class.name : this.t('followUp.someOf', { name: given.class.name }),
      given.beginsOn ? this.t('board.beginsOn', { date: formatDate(given.beginsOn, 'day') }) : '',
      given.dueOn ? this.t('board.dueOn', { date: formatDate(given.dueOn, 'day') }) : '',
      given.endedAt ? this.t('board.endedOn', { date: formatDate(given.endedAt) }) : '',
    ];
    return html`
      <li class="path">
        <il-line aria-hidden="true" size="mark" color=${colourOf(given.area)} .stations=${stationsOfClass(given.stations, given.counts.pupils)}></il-line>
        <div class="about">
          <a href="/opvolging/${given.id}" lang=${foreignLanguage(given.path.language)}>${given.path.title}</a>
          <p class="muted small">${facts.filter(Boolean).join(' · ')}</p>
          <ul class="counts">${this.#counts(given)}</ul>
        </div>
      </li>
    `;
  }

  #counts({ id, counts }: Followed) {
    const link = (filter: Filter, key: string, count: number) =>
      count === 0
        ? nothing
        : html`<li>
          <a class=${key} href="/opvolging/${id}${filter === 'allen' ? '' : `?toon=${filter}`}">
            ${key === 'stuck' ? html`<il-icon name="triangle-alert"></il-icon>` : nothing}${this.t(`followUp.count.${key}`, { count })}
          </a>
        </li>`;
    return [
      link('allen', 'pupils', counts.pupils),
      link('vast', 'stuck', counts.stuck),
      link('laag', 'low', counts.low),
      link('bezig', 'busy', counts.busy),
      link('niet-begonnen', 'notStarted', counts.notStarted),
      link('klaar', 'complete', counts.complete),
    ];
  }
}

import type { Answer } from '@ilearn/core';
import { PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { PersonKind } from '../exports.js';
import type { peopleRoutes } from './routes.js';

type Page = Answer<typeof peopleRoutes, 'GET', '/people'>;

const pageSize = 25;

/** Finds people of a school by name, and shows them in pages. */
@customElement('directory-people-finder')
export class PeopleFinder extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .toolbar wa-input {
        flex: 1 1 16rem;
        max-width: 26rem;
      }
      .toolbar wa-select {
        flex: 0 1 12rem;
      }
      .name {
        flex: 0 1 16rem;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .kind {
        flex: none;
        min-width: 6rem;
      }
      @media (max-width: 40rem) {
        .name {
          flex: 1 1 0;
        }
        .row .grow {
          flex: 0 1 auto;
          text-align: end;
        }
        .kind {
          display: none;
        }
      }
    `,
  ];

  @property() school = '';

  @property() kind: PersonKind | '' = '';

  /** Only people who are in no class this school year. */
  @property({ type: Boolean }) classless = false;

  @state() private search = '';
  @state() private page = 1;

  readonly #typing = new TypingPause(this);

  #people = new Task(this, {
    task: ([school, kind, search, page, classless], { signal }) => {
      const without = classless ? ('class' as const) : undefined;
      return directory.get('/people', { query: { school, kind, search, page, size: pageSize, without }, signal });
    },
    args: () => [this.school, this.kind, this.search, this.page, this.classless] as const,
  });

  override render() {
    return html`
      <div class="stack">
        <div class="toolbar" role="search">
          <wa-input type="search" .label=${this.t('people.search')} .value=${this.search} maxlength="100" @input=${this.#typed}>
            <il-icon slot="start" name="search"></il-icon>
          </wa-input>
          <wa-select .label=${this.t('people.kind')} .value=${this.kind || 'all'} @change=${this.#kindChosen}>
            <wa-option value="all">${this.t('people.kinds.all')}</wa-option>
            <wa-option value="pupil">${this.t('people.kinds.pupil')}</wa-option>
            <wa-option value="staff">${this.t('people.kinds.staff')}</wa-option>
          </wa-select>
        </div>
        ${this.#people.render({
          pending: () => (this.#people.value ? this.#list(this.#people.value) : html`<il-skeleton lines="6"></il-skeleton>`),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#people.run()}></il-problem>`,
          complete: (page) => this.#list(page),
        })}
      </div>
    `;
  }

  #typed(event: Event): void {
    const { value } = event.target as HTMLInputElement;
    this.#typing.after(() => {
      this.search = value.trim();
      this.page = 1;
    });
  }

  #kindChosen(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.kind = value === 'pupil' || value === 'staff' ? value : '';
    this.page = 1;
  }

  #list({ people, total }: Page) {
    return html`
      <p class="muted" aria-live="polite">${this.t('people.found', { count: total })}</p>
      ${
        people.length === 0
          ? ''
          : html`<ul class="list">
              ${people.map(
                ({ id, givenName, familyName, kind, classes }) => html`<li>
                  <a class="row" href="/personen/${id}">
                    <span class="name">${givenName} <span class="strong">${familyName}</span></span>
                    <span class="grow muted">${classes.join(', ') || this.t(`people.noClass.${kind}`)}</span>
                    <span class="muted kind">${this.t(`people.one.${kind}`)}</span>
                    <il-icon name="chevron-right"></il-icon>
                  </a>
                </li>`,
              )}
            </ul>`
      }
      <il-pager page=${this.page} pages=${Math.ceil(total / pageSize)} @il-page=${this.#turned}></il-pager>
    `;
  }

  #turned({ detail }: CustomEvent<{ page: number }>): void {
    this.page = detail.page;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-people-finder': PeopleFinder;
  }
}

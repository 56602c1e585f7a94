import { PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import '../erasures/erasure-list.js';
import type { Person } from './routes.js';

interface Found {
  people: Person[];
  total: number;
  pages: number;
}

interface Place {
  href: string;
  icon: string;
  title: string;
}

/** What an officer opens from here, the work that waits first. */
const places: readonly Place[] = [
  { href: '/beheer/privacy/verzoeken', icon: 'inbox', title: 'requests.title' },
  { href: '/beheer/privacy/toestemmingen', icon: 'circle-check', title: 'openConsents.title' },
  { href: '/beheer/privacy/incidenten', icon: 'triangle-alert', title: 'incidents.title' },
  { href: '/beheer/privacy/programmas', icon: 'plug', title: 'released.title' },
  { href: '/beheer/privacy/overeenkomsten', icon: 'file-text', title: 'agreement.title' },
  { href: '/beheer/privacy/register', icon: 'list', title: 'register.title' },
  { href: '/beheer/privacy/wie-ziet-wat', icon: 'eye', title: 'matrix.title' },
  { href: '/beheer/privacy/effectbeoordeling', icon: 'clipboard-list', title: 'assessment.title' },
];

/** `/beheer/privacy`: finds a person, links to the register, and lists erasures. */
@customElement('privacy-people-page')
export class PeoplePage extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      wa-input {
        max-width: 26rem;
      }
      nav ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr));
        gap: 0 var(--il-space-5);
        padding: 0;
        list-style: none;
      }
      nav a {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        min-height: var(--il-target);
        color: inherit;
        border-block-end: 1px solid var(--il-rule);
      }
      .about {
        flex: none;
        max-width: 50%;
        text-align: end;
      }
      @media (max-width: 40rem) {
        .row {
          display: grid;
          gap: var(--il-space-1);
        }
        .about {
          max-width: none;
          text-align: start;
        }
      }
    `,
  ];

  @state() private search = '';
  @state() private page = 1;

  readonly #typing = new TypingPause(this);

  #people = new Task(this, {
    task: ([search, page], { signal }) => privacy.get('/people', { query: { search, page }, signal }),
    args: () => [this.search, this.page] as const,
  });

  #typed(event: Event): void {
    const { value } = event.target as HTMLInputElement;
    this.#typing.after(() => {
      this.search = value.trim();
      this.page = 1;
    });
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('people.title')}>
          <p>${this.t('people.intro')}</p>
        </il-page-head>
        <nav aria-label=${this.t('people.places')}>
          <ul>${places.map((place) => this.#place(place))}</ul>
        </nav>
        <section class="stack" aria-labelledby="find">
          <h2 id="find">${this.t('people.find')}</h2>
          <div role="search">
            <wa-input type="search" .label=${this.t('people.search')} maxlength="100" @input=${this.#typed}>
              <il-icon slot="start" name="search"></il-icon>
            </wa-input>
          </div>
          ${this.#people.render({
            pending: () => (this.#people.value ? this.#list(this.#people.value) : html`<il-skeleton lines="6"></il-skeleton>`),
            error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#people.run()}></il-problem>`,
            complete: (found) => this.#list(found),
          })}
        </section>
        ${this.can('privacy:erase') ? html`<privacy-erasure-list></privacy-erasure-list>` : nothing}
      </div>
    `;
  }

  #place({ href, icon, title }: Place) {
    return html`
      <li>
        <a href=${href}><il-icon name=${icon}></il-icon>${this.t(title)}</a>
      </li>
    `;
  }

  #list({ people, total, pages }: Found) {
    return html`
      <p class="muted" aria-live="polite">${this.t(total === 0 ? 'people.none' : 'people.found', { count: total })}</p>
      ${
        total === 0
          ? nothing
          : html`<ul class="list">
              ${people.map(
                ({ id, name, kind, schools }) => html`<li>
                  <a class="row" href="/beheer/privacy/personen/${id}">
                    <span class="grow strong">${name}</span>
                    <span class="muted small about">${[this.t(`people.kinds.${kind}`), ...schools].join(' · ')}</span>
                  </a>
                </li>`,
              )}
            </ul>`
      }
      <il-pager page=${this.page} pages=${pages} @il-page=${this.#turned}></il-pager>
    `;
  }

  #turned({ detail }: CustomEvent<{ page: number }>): void {
    this.page = detail.page;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-people-page': PeoplePage;
  }
}

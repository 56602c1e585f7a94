import { css, html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { refreshSession } from '../base/account.js';
import { ApiProblem } from '../base/api.js';
import { keepFocus } from '../base/focus-keeper.js';
import { preferredLanguage, setLanguage } from '../base/i18n.js';
import { type Place, place, startNavigation } from '../base/navigate.js';
import { pageShown } from '../base/page-shown.js';
import { loadFor } from '../base/plugins.js';
import { PortalElement } from '../base/portal-element.js';
import { session } from '../base/session.js';
import { mountToasts, notify } from '../feedback/notify.js';
import { sharedStyles } from '../styles/shared-styles.js';
import './il-bar.js';
import './il-failed-page.js';
import './il-nav.js';
import './il-page.js';
import './il-session-ended.js';
import { ACCESSIBILITY_PATH, densityOf, findPage, mayOpen, navigation } from './pages.js';

/** As many tabs as a child can oversee and as fit side by side on a phone. */
const MOST_TABS = 5;

/** Where people see what is kept about them; a page of the plugin `privacy`, if the portal has it. */
const PRIVACY_PATH = '/mijn-gegevens';

/** What the portal keeps about people; a page of the same plugin, for everybody. */
const STATEMENT_PATH = '/privacy';

/** When bar and foot are completed although no page has been shown, in milliseconds. */
const LONGEST_WAIT = 10_000;

/** The portal's frame: bar, navigation, main area, messages. */
@customElement('il-shell')
export class IlShell extends PortalElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        --il-main-top: var(--il-space-6);
        --il-main-inline: var(--il-space-7);
        --il-main-bottom: var(--il-space-8);
        display: flex;
        flex-direction: column;
        min-height: 100dvh;
      }
      .frame {
        display: grid;
        flex: 1;
        grid-template-columns: minmax(0, 1fr);
      }
      aside {
        display: none;
      }
      main {
        padding: var(--il-main-top) var(--il-main-inline) var(--il-main-bottom);
        outline: none;
      }
      footer,
      footer nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--il-space-5);
      }
      footer nav a {
        display: inline-flex;
        align-items: center;
        min-height: var(--il-target);
        color: inherit;
      }
      footer {
        padding-inline: var(--il-main-inline);
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
      }
      dialog {
        width: min(20rem, 86vw);
        max-width: none;
        height: 100dvh;
        max-height: none;
        margin: 0;
        padding: var(--il-space-3) var(--il-space-4);
        overflow-y: auto;
        color: var(--il-ink);
        background: var(--il-paper);
        border: 0;
        border-inline-end: 4px solid var(--il-ink);
      }
      dialog[open] {
        animation: slide 180ms ease-out;
      }
      dialog::backdrop {
        background: var(--il-veil);
      }
      .close {
        display: grid;
        place-items: center;
        width: 48px;
        height: 48px;
        margin-block-end: var(--il-space-3);
        color: inherit;
        font-size: 1.25rem;
        background: none;
        border: 0;
        border-radius: 50%;
        cursor: pointer;
      }
      .close:hover {
        background: var(--il-hover);
      }
      .tabs {
        position: var(--il-sticky);
        inset-block-end: 0;
        z-index: 90;
        padding-block-end: env(safe-area-inset-bottom);
        background: var(--il-paper);
        border-block-start: 4px solid var(--il-ink);
      }
      @media (min-width: 1280px) {
        .tabs {
          display: none;
        }
      }
      @media (max-width: 1279px) {
        .in-bar {
          display: none;
        }
      }
      .kid main {
        justify-self: center;
        width: min(100%, 60rem);
      }
      @media (min-width: 1024px) {
        .frame.side {
          grid-template-columns: 15.5rem minmax(0, 1fr);
        }
        .side > aside {
          position: var(--il-sticky);
          inset-block-start: var(--il-bar-height);
          display: block;
          align-self: start;
          max-height: calc(100dvh - var(--il-bar-height));
          padding: var(--il-space-6) var(--il-space-3) var(--il-space-5) var(--il-space-5);
          overflow-y: auto;
        }
        .side > main {
          --il-main-inline: var(--il-space-6);
        }
      }
      @media (max-width: 640px) {
        :host {
          --il-main-top: var(--il-space-5);
          --il-main-inline: var(--il-space-4);
          --il-main-bottom: var(--il-space-7);
        }
      }
      @media print {
        :host,
        .frame {
          display: block;
        }
        il-bar,
        aside,
        footer,
        dialog,
        .tabs {
          display: none !important;
        }
        main {
          padding: 0;
        }
        .kid main {
          width: auto;
        }
      }
      @keyframes slide {
        from {
          transform: translateX(-100%);
        }
      }
    `,
  ];

  @state() private place: Place = place.value;

  /** Set if the server could not say who is signed in. */
  @state() private problem: unknown;

  /** Whether it is known who is signed in, and what to call things; until then the document's own first picture stands here. */
  @state() private ready = false;

  @query('dialog') private drawer!: HTMLDialogElement | null;
  @query('main') private main!: HTMLElement;
  @query('.tabs') private tabs!: HTMLElement | null;

  /** What sticks to the end of a page stands above the tabs. */
  readonly #tabsHeight = new ResizeObserver(([entry]) =>
    this.style.setProperty('--il-tabs-height', `${entry?.borderBoxSize[0]?.blockSize ?? 0}px`),
  );

  override connectedCallback(): void {
    super.connectedCallback();
    session.watch((person) => {
      if (person?.ageBand) document.documentElement.dataset.age = person.ageBand;
      else delete document.documentElement.dataset.age;
    });
    startNavigation();
    keepFocus();
    mountToasts();
    document.body.append(document.createElement('il-session-ended'));
    place.watch((value) => {
      this.place = value;
      this.drawer?.close();
    });
    pageShown.watch(() => this.requestUpdate());
    setTimeout(() => pageShown.set(true), LONGEST_WAIT);
    addEventListener('unhandledrejection', (event) => this.#unforeseen(event));
    void this.#start();
  }

  async #start(): Promise<void> {
    this.problem = undefined;
    const named = setLanguage(preferredLanguage());
    // Begin with the page's modules; a failure is shown when the page is opened.
    const page = findPage(this.place.url.pathname)?.target;
    if (page) loadFor(page.plugin, page.tag).catch(() => {});
    try {
      await refreshSession();
    } catch (error) {
      this.problem = error;
    }
    await named;
    this.ready = true;
  }

  /** Notifies the user of an unhandled rejection in a page. */
  #unforeseen(event: PromiseRejectionEvent): void {
    const { reason } = event;
    if (reason instanceof DOMException && reason.name === 'AbortError') return;
    const told = reason instanceof ApiProblem ? reason.message : this.t('problem.unexpectedDetail');
    notify({ kind: 'error', text: told });
  }

  get #kid(): boolean {
    return densityOf(findPage(this.place.url.pathname)?.target) === 'kid';
  }

  #nav(layout: 'side' | 'tabs' | 'bar') {
    return html`<il-nav layout=${layout} path=${this.place.url.pathname}></il-nav>`;
  }

  #foot() {
    return html`
      <footer>
        <nav aria-label=${this.t('accessibility.footer')}>
          <a href=${ACCESSIBILITY_PATH}>${this.t('accessibility.title')}</a>
          ${mayOpen(STATEMENT_PATH) ? html`<a href=${STATEMENT_PATH}>${this.t('accessibility.statement')}</a>` : ''}
          ${mayOpen(PRIVACY_PATH) ? html`<a href=${PRIVACY_PATH}>${this.t('accessibility.privacy')}</a>` : ''}
        </nav>
        <il-slot name="shell.footer"></il-slot>
      </footer>
    `;
  }

  #content() {
    if (this.problem === undefined) return html`<il-page .place=${this.place}></il-page>`;
    return html`
      <div class="page narrow">
        <h1>${this.t('failed.title')}</h1>
        <il-problem .problem=${this.problem} @retry=${() => void this.#start()}></il-problem>
      </div>
    `;
  }

  override render() {
    if (!this.ready) return html`<slot></slot>`;
    const entries = session.value ? navigation().length : 0;
    const kid = this.#kid;
    const side = entries > 1 && !kid;
    const tabs = entries > 1 && kid && entries <= MOST_TABS;
    const drawer = entries > 1 && !tabs;
    return html`
      <il-bar menu=${drawer ? (side ? 'narrow' : 'always') : 'none'} @il-menu=${() => this.drawer?.showModal()} @il-skip=${() => this.main.focus()}>${tabs ? html`<div class="in-bar">${this.#nav('bar')}</div>` : ''}</il-bar>
      <div class="frame ${side ? 'side' : ''} ${kid ? 'kid' : ''}">
        ${side ? html`<aside>${this.#nav('side')}</aside>` : ''}
        <main id="main" tabindex="-1">${this.#content()}</main>
      </div>
      ${pageShown.value ? this.#foot() : ''}
      ${tabs ? html`<div class="tabs">${this.#nav('tabs')}</div>` : ''}
      ${
        drawer
          ? html`
            <dialog aria-label=${this.t('nav.label')} @click=${this.#closeOutside}>
              <button class="close" aria-label=${this.t('close')} @click=${() => this.drawer?.close()}><il-icon name="x"></il-icon></button>
              ${this.#nav('side')}
            </dialog>
          `
          : ''
      }
    `;
  }

  override updated(): void {
    if (this.tabs !== null) this.#tabsHeight.observe(this.tabs);
  }

  #closeOutside(event: MouseEvent): void {
    if (event.target === this.drawer) this.drawer?.close();
  }
}

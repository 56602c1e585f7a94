import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { askToSignIn } from '../base/account.js';
import { earlyArrived } from '../base/early.js';
import { fillingsOf } from '../base/fillings.js';
import { findHeading } from '../base/heading.js';
import { navigate, type Place, scrollOf } from '../base/navigate.js';
import { pageShown } from '../base/page-shown.js';
import { createElement, firstRender, preparePages } from '../base/plugins.js';
import { pluginOf } from '../base/portal.js';
import { PortalElement } from '../base/portal-element.js';
import { can, isPupil, session } from '../base/session.js';
import { whenIdle } from '../base/when-idle.js';
import { announce } from '../feedback/announce.js';
import { buttonStyles } from '../styles/button-styles.js';
import { sharedStyles } from '../styles/shared-styles.js';
import { failedTitle } from './il-failed-page.js';
import './il-start-page.js';
import {
  ACCESSIBILITY_PATH,
  densityOf,
  findPage,
  hasStart,
  type KnownPage,
  navigation,
  somethingIsOut,
  titleOf,
} from './pages.js';
import { START_DENSITY } from './start-density.js';

type Guest = HTMLElement & { params?: Record<string, string>; query?: URLSearchParams };

type View =
  | { kind: 'starting' }
  | { kind: 'page'; page: KnownPage; element: Guest; path: string }
  | { kind: 'start'; element: HTMLElement }
  | { kind: 'failed'; error: unknown; kid?: boolean }
  | { kind: 'nothing' | 'forbidden' | 'not-found' | 'accessibility' };

/** The main area: shows the current page, or a substitute if the page cannot be shown. */
@customElement('il-page')
export class IlPage extends PortalElement {
  static override styles = [
    sharedStyles,
    buttonStyles,
    css`
      /* The margin of a page is its own: the box does not move when the page comes. */
      :host {
        display: flow-root;
        min-height: 60vh;
      }
      :host([busy]) {
        cursor: progress;
      }
    `,
  ];

  @property({ attribute: false }) place!: Place;

  @property({ type: Boolean, reflect: true }) busy = false;

  @state() private view: View = { kind: 'starting' };

  /** Counts navigations, so that results of earlier ones are ignored. */
  #turn = 0;

  /** Resolves with the data that was requested along with the document. */
  #data: Promise<void> | undefined;
  #stopSession: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopSession = session.watch(() => void this.#show());
    this.addEventListener('il-title', (event) => this.#title((event as CustomEvent<{ title: string }>).detail.title));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopSession?.();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('place')) void this.#show();
  }

  async #show(): Promise<void> {
    if (session.value === undefined) return;
    const { url } = this.place;
    const found = findPage(url.pathname);
    if (!found) {
      this.#withoutPage(url.pathname);
      return;
    }
    const { target: page, params } = found;
    // Nobody has the permissions of a plugin that is out of service.
    const out = session.value !== null && pluginOf(page.plugin)?.out === true;
    if (!can(page.permission) && !out) {
      if (session.value) this.#standIn('forbidden', 'forbidden.title');
      else askToSignIn();
      return;
    }
    if (this.view.kind === 'page' && this.view.page === page && this.view.path === url.pathname) {
      this.view.element.query = url.searchParams;
      return;
    }
    await this.#open(page, params);
  }

  /** No plugin has this page. `/` is the start page, or for those without one the first page in their navigation. */
  #withoutPage(path: string): void {
    const [first] = navigation();
    if (path === ACCESSIBILITY_PATH) void this.#statement();
    else if (path !== '/') this.#standIn('not-found', 'notFound.title');
    else if (hasStart()) this.#start();
    else if (first) void navigate(first.path, { replace: true });
    else if (session.value) this.#standIn('nothing', 'nothing.title');
    else askToSignIn();
  }

  /** Shows the start page anew, unless it is shown: an answer about the session does not load its parts again. */
  #start(): void {
    if (this.view.kind === 'start') return;
    this.#turn += 1;
    this.busy = false;
    const density = densityOf();
    document.documentElement.dataset.density = density;
    localStorage.setItem(START_DENSITY, density);
    const element = document.createElement('il-start-page');
    this.view = { kind: 'start', element };
    this.#arrive(this.t('start.title'), element);
    // Children go on from here to the pages of its parts.
    if (isPupil()) preparePages([...new Set(fillingsOf('shell.start').map(({ plugin }) => plugin))]);
  }

  async #open(page: KnownPage, params: Record<string, string>): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const place = this.place;
    this.busy = true;
    this.#data ??= earlyArrived();
    try {
      const element: Guest = await createElement(page.plugin, page.tag);
      if (turn !== this.#turn) return;
      element.params = params;
      element.query = place.url.searchParams;
      document.documentElement.dataset.density = densityOf(page);
      this.view = { kind: 'page', page, element, path: place.url.pathname };
      await this.updateComplete;
      await firstRender(page.plugin, element, (failure) => {
        if (turn === this.#turn) this.#fail(failure);
      });
      if (turn !== this.#turn) return;
      this.#arrive(titleOf(page), element);
      if (session.value) preparePages([page.plugin]);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error, page.density === 'kid');
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }

  #fail(error: unknown, kid = false): void {
    console.error(error);
    this.view = { kind: 'failed', error, kid };
    this.#arrive(this.t(failedTitle(error, kid)), this);
  }

  #standIn(kind: 'nothing' | 'forbidden' | 'not-found' | 'accessibility', title: string): void {
    this.#turn += 1;
    this.busy = false;
    document.documentElement.dataset.density = densityOf();
    this.view = { kind };
    this.#arrive(this.t(title), this);
  }

  /** Few people open the statement, so that its module is loaded with it. */
  async #statement(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      await import('./il-accessibility-page.js');
      if (turn === this.#turn) this.#standIn('accessibility', 'accessibility.title');
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  #title(title: string): void {
    document.title = title ? `${title} · i-Learn` : 'i-Learn';
  }

  /** Sets title and scroll position, announces the page and moves the focus, as after loading a document. */
  #arrive(title: string, root: Element): void {
    this.#title(title);
    // The start page says by itself when its parts are shown. Other pages fill with their data, and what is below would move.
    if (this.view.kind === 'page') void this.#data?.then(() => whenIdle(() => pageShown.set(true), 1_000));
    else if (this.view.kind !== 'start') pageShown.set(true);
    if (this.place.by === 'load') return;
    scrollTo({ top: this.place.by === 'back' ? scrollOf() : 0, behavior: 'instant' });
    announce(title);
    void findHeading(root).then((heading) => {
      if (!heading) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    });
  }

  override updated(): void {
    this.setAttribute('aria-busy', String(this.busy));
  }

  override render() {
    const { view } = this;
    switch (view.kind) {
      case 'starting':
        return html`<il-skeleton lines="5"></il-skeleton>`;
      case 'page':
      case 'start':
        return view.element;
      case 'failed':
        return html`<il-failed-page .error=${view.error} ?kid=${view.kid}></il-failed-page>`;
      case 'accessibility':
        return html`<il-accessibility-page></il-accessibility-page>`;
      case 'nothing':
        return html`<div class="page"><h1>${this.t('nothing.title')}</h1>
          <il-empty icon="signpost" text=${this.t(somethingIsOut() ? 'nothing.out' : 'nothing.text')}></il-empty></div>`;
      case 'forbidden':
        return html`<div class="page"><h1>${this.t('forbidden.title')}</h1>
          <il-empty icon="lock" text=${this.t('forbidden.text')}>${this.#home()}</il-empty></div>`;
      case 'not-found':
        return html`<div class="page"><h1>${this.t('notFound.title')}</h1>
          <il-empty icon="map-pin" text=${this.t('notFound.text')}>${this.#home()}</il-empty></div>`;
      default:
        return nothing;
    }
  }

  #home() {
    return html`<a class="button main" href="/">${this.t('toStart')}</a>`;
  }
}

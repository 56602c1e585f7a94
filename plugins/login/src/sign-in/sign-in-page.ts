import { kernel, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { login } from '../client.js';
import { type Audience, audiences } from './audience.js';
import { networkMap } from './network-map.js';
import './own-account-form.js';
import type { SignInOptions } from '../providers.js';
import { askAgain, audienceInAddress, audienceOf, remember } from './remembered-audience.js';
import { safeReturnPath } from './return-path.js';
import { forkStyles } from './styles/fork-styles.js';
import { posterStyles } from './styles/poster-styles.js';
import { stageStyles } from './styles/stage-styles.js';
import { trailStyles } from './styles/trail-styles.js';

/** Each audience has an icon (and, in the styles, a line colour), for children who cannot read yet. */
const icons: Record<Audience, string> = { pupil: 'smile', staff: 'presentation', provider: 'blocks' };

/**
 * `/aanmelden`: asks for the audience, then offers its ways to sign in. The choice is in the address (`wie`), so that the browser's back
 * button works; `terug` is the page to go to afterwards, `reden=afgelopen` says that the session ended.
 */
@customElement('login-sign-in-page')
export class SignInPage extends PortalElement {
  static override ns = 'login';
  static override styles = [sharedStyles, stageStyles, posterStyles, forkStyles, trailStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  /** The person chose to sign in with username and password although there are other ways. */
  @state() private ownAccount = false;

  /** Signed in: the line runs on to the last station while the next page is on its way. */
  @property({ type: Boolean, reflect: true }) leaving = false;

  @query('h1') private heading!: HTMLHeadingElement;

  #options = new Task(this, {
    task: (_, { signal }) => login.get('/options', { signal }),
    args: () => [],
  });

  #shownStep: Audience | null | undefined;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query')) this.ownAccount = false;
  }

  override updated(): void {
    const step = audienceOf(this.query);
    if (this.#shownStep !== undefined && this.#shownStep !== step) this.heading?.focus();
    this.#shownStep = step;
  }

  /** The address of this page with another choice, keeping `terug`. */
  #address(answer: string): string {
    const query = new URLSearchParams({ wie: answer });
    const back = this.query.get('terug');
    if (back !== null) query.set('terug', back);
    if (this.#ended) query.set('reden', 'afgelopen');
    return `/aanmelden?${query}`;
  }

  /** Whether the person comes from a page on which their session ended. */
  get #ended(): boolean {
    return this.query.get('reden') === 'afgelopen';
  }

  /** Why the page is here, for somebody who did not ask for it. */
  #reason() {
    return this.#ended ? html`<p role="status">${this.t('signIn.ended')}</p>` : '';
  }

  #signedIn(audience: Audience): void {
    remember(audience);
    this.leaving = true;
    // Load a new document, so that no data of a previous user stays in memory and password managers notice the sign-in.
    location.assign(safeReturnPath(this.query.get('terug')));
  }

  override render() {
    const audience = audienceOf(this.query);
    return html`
      <div class="stage">
        <div class="poster">
          ${networkMap((key) => this.t(`signIn.map.${key}`))}
          ${(audience === null ? audiences : [audience]).map((key) => html`<i class="bend ${key} ${audience ? 'alone' : ''}" aria-hidden="true"></i>`)}
          <div class="motto">
            <p class="motto-line">${this.t('signIn.motto')}</p>
            <p>${this.t('signIn.mottoText')}</p>
          </div>
        </div>
        <div class="board ${audience ?? 'choice'}">
          ${this.session ? this.#already(this.session.displayName) : audience === null ? this.#choice() : this.#waysOnceKnown(audience)}
        </div>
      </div>
    `;
  }

  #choice() {
    return html`
      <div class="trunk" aria-hidden="true">${audiences.map((key) => html`<i class="bar ${key}"></i>`)}</div>
      <div class="content">
        <div class="question">
          ${audiences.map((key) => html`<i class="bar ${key}" aria-hidden="true"></i>`)}
          <span class="capsule" aria-hidden="true"></span>
          <h1 tabindex="-1">${this.t('signIn.who')}</h1>
        </div>
        ${this.#reason()}
        <ul class="fork">
          ${audiences.map(
            (key) => html`
              <li class="${key}">
                ${audiences.slice(audiences.indexOf(key)).map((line) => html`<i class="${line === key ? 'turn' : 'bar'} ${line}" aria-hidden="true"></i>`)}
                <a class="answer" href=${this.#address(audienceInAddress[key])}>
                  <span class="stop"><il-icon name=${icons[key]}></il-icon></span>
                  <span class="grow">
                    <span class="name">${this.t(`signIn.${key}.name`)}</span>
                    <span class="about">${this.t(`signIn.${key}.text`)}</span>
                  </span>
                  <il-icon name="chevron-right"></il-icon>
                </a>
              </li>
            `,
          )}
        </ul>
        <il-slot name="login.sign-in" .context=${{}}></il-slot>
      </div>
    `;
  }

  /** The board is in the middle of the page: it appears in its final height, so that nothing moves. */
  #waysOnceKnown(audience: Audience) {
    return this.#options.render({
      pending: () => html`<div class="content"><il-skeleton lines="5"></il-skeleton></div>`,
      complete: (options) => this.#ways(audience, this.#offer(audience, options)),
      // If the providers cannot be loaded, signing in with username and password still works.
      error: () => this.#ways(audience, this.#form(audience)),
    });
  }

  #ways(audience: Audience, ways: TemplateResult) {
    return html`
      <div class="trunk" aria-hidden="true"><i class="bar"></i></div>
      <ol class="content trail">
        <li class="done">
          <span class="dot" aria-hidden="true"><il-icon name="check"></il-icon></span>
          <p class="chosen">
            <span>${this.t(`signIn.${audience}.name`)}</span>
            <a class="other" href=${this.#address(askAgain)}><il-icon name="arrow-left"></il-icon>${this.t('signIn.other')}</a>
          </p>
        </li>
        <li class="next" aria-current="step">
          <span class="dot" aria-hidden="true"></span>
          <div class="step">
            <h1 tabindex="-1">${this.t(`signIn.heading.${audience}`)}</h1>
            ${this.#reason()}
            ${ways}
            ${audience === 'pupil' ? html`<p><a href="/badge">${this.t('signIn.badge')}</a></p>` : ''}
          </div>
        </li>
        <li class="todo">
          <span class="dot" aria-hidden="true"></span>
          <p class="muted">${this.t(`signIn.${audience}.next`)}</p>
        </li>
      </ol>
    `;
  }

  #offer(audience: Audience, options: SignInOptions) {
    const { providers, ofSchools } = options.audiences.find(({ key }) => key === audience) ?? { providers: [], ofSchools: false };
    if (providers.length === 0 && !ofSchools) return this.#form(audience);
    const path = safeReturnPath(this.query.get('terug'));
    const back = new URLSearchParams({ terug: path });
    return html`
      ${ofSchools ? html`<il-slot name="login.ways" .context=${{ audience, back: path }} @click=${() => remember(audience)}></il-slot>` : ''}
      <ul class="ways">
        ${providers.map(
          ({ label, startPath }) => html`
            <li>
              <a class="way" href="${startPath}?${back}" @click=${() => remember(audience)}>${this.t('signIn.with', { provider: label })}</a>
            </li>
          `,
        )}
        ${
          this.ownAccount
            ? ''
            : html`<li>
              <button class="way" @click=${this.#showForm}>
                <il-icon name="key-round"></il-icon>${this.t('signIn.withOwn')}
              </button>
            </li>`
        }
      </ul>
      ${this.ownAccount ? html`<h2>${this.t('signIn.orOwn')}</h2>${this.#form(audience)}` : ''}
    `;
  }

  async #showForm(): Promise<void> {
    this.ownAccount = true;
    await this.updateComplete;
    const form = this.renderRoot.querySelector('login-own-account-form');
    await form?.updateComplete;
    form?.focusFirst();
  }

  #form(audience: Audience) {
    return html`<login-own-account-form audience=${audience} @login-done=${() => this.#signedIn(audience)}></login-own-account-form>`;
  }

  #already(name: string) {
    return html`
      <div class="trunk" aria-hidden="true"><i class="bar staff"></i></div>
      <div class="content already done">
        <span class="dot" aria-hidden="true"><il-icon name="check"></il-icon></span>
        <h1 tabindex="-1">${this.t('signIn.signedIn')}</h1>
        <p>${this.t('signIn.signedInText', { name })}</p>
        <div class="actions">
          <a class="way main" href=${safeReturnPath(this.query.get('terug'))}>${this.t('signIn.continue')}</a>
          <button class="way" @click=${this.#signOut}>${this.t('signIn.signOut')}</button>
        </div>
      </div>
    `;
  }

  async #signOut(): Promise<void> {
    await kernel.delete('/session');
    location.assign(this.#address(askAgain));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-sign-in-page': SignInPage;
  }
}

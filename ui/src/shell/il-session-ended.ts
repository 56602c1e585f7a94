import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { giveUpSignIn, leaveEnded, sessionEnded, signedInAgain, signInAsked } from '../base/account.js';
import { PortalElement } from '../base/portal-element.js';
import { buttonStyles } from '../styles/button-styles.js';
import { sharedStyles } from '../styles/shared-styles.js';

/**
 * Covers the page while the session has ended and work would be lost, and asks the person to sign in again. What is behind it is hidden
 * (`portal.css`), so that nobody else at this computer reads it. Before a sensitive act it asks the same over the page, which stays readable.
 *
 * Plugins that sign people in fill the slot `shell.sign-in-again`; their elements fire `il-signed-in`. A sign-in elsewhere, in another tab,
 * is noticed when the user comes back to this one.
 */
@customElement('il-session-ended')
export class IlSessionEnded extends PortalElement {
  static override styles = [
    sharedStyles,
    buttonStyles,
    css`
      :host {
        --il-veil: var(--il-paper);
      }
    `,
  ];

  @state() private ended = sessionEnded.value;
  @state() private asked = signInAsked.value;

  #title = '';
  #stop: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = [
      sessionEnded.watch((ended) => this.#cover(ended)),
      signInAsked.watch((asked) => {
        this.asked = asked;
      }),
    ];
    addEventListener('focus', this.#look);
    document.addEventListener('visibilitychange', this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stop) stop();
    removeEventListener('focus', this.#look);
    document.removeEventListener('visibilitychange', this.#look);
  }

  readonly #look = (): void => {
    signedInAgain().catch(() => {});
  };

  readonly #close = (event: Event): void => {
    if (this.ended) event.preventDefault();
    else giveUpSignIn();
  };

  #cover(ended: boolean): void {
    this.ended = ended;
    document.documentElement.toggleAttribute('data-covered', ended);
    // The title may name a pupil.
    if (ended) this.#title = document.title;
    document.title = ended ? `${this.t('ended.title')} · i-Learn` : this.#title;
  }

  override render() {
    if (!this.ended && !this.asked) return '';
    const reason = this.ended ? 'ended' : 'again';
    return html`
      <il-dialog
        heading=${this.t(`${reason}.title`)}
        alert
        open
        @il-close=${this.#close}
        @il-signed-in=${this.#look}
      >
        <div class="stack">
          <p>${this.t(`${reason}.text`)}</p>
          <il-slot name="shell.sign-in-again" .context=${{}}></il-slot>
          <p><a href="/aanmelden" target="_blank">${this.t('ended.newTab')}</a> ${this.t('ended.newTabText')}</p>
        </div>
        <button slot="footer" class="button" @click=${() => (this.ended ? leaveEnded() : giveUpSignIn())}>${this.t(`${reason}.leave`)}</button>
      </il-dialog>
    `;
  }
}

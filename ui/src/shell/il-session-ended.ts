import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { leaveEnded, sessionEnded, signedInAgain } from '../base/account.js';
import { PortalElement } from '../base/portal-element.js';
import { buttonStyles } from '../styles/button-styles.js';
import { sharedStyles } from '../styles/shared-styles.js';

/**
 * Covers the page while the session has ended and work would be lost, and asks the person to sign in again. What is behind it is hidden
 * (`portal.css`), so that nobody else at this computer reads it.
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

  #title = '';
  #stop: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = sessionEnded.watch((ended) => this.#cover(ended));
    addEventListener('focus', this.#look);
    document.addEventListener('visibilitychange', this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    removeEventListener('focus', this.#look);
    document.removeEventListener('visibilitychange', this.#look);
  }

  readonly #look = (): void => {
    signedInAgain().catch(() => {});
  };

  #cover(ended: boolean): void {
    this.ended = ended;
    document.documentElement.toggleAttribute('data-covered', ended);
    // The title may name a pupil.
    if (ended) this.#title = document.title;
    document.title = ended ? `${this.t('ended.title')} · i-Learn` : this.#title;
  }

  override render() {
    if (!this.ended) return '';
    return html`
      <il-dialog
        heading=${this.t('ended.title')}
        alert
        open
        @il-close=${(event: Event) => event.preventDefault()}
        @il-signed-in=${this.#look}
      >
        <div class="stack">
          <p>${this.t('ended.text')}</p>
          <il-slot name="shell.sign-in-again" .context=${{}}></il-slot>
          <p><a href="/aanmelden" target="_blank">${this.t('ended.newTab')}</a> ${this.t('ended.newTabText')}</p>
        </div>
        <button slot="footer" class="button" @click=${() => leaveEnded()}>${this.t('ended.leave')}</button>
      </il-dialog>
    `;
  }
}

import { PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { Erasure } from './routes.js';
import { wordsFor } from './words.js';

const POLL_MS = 1_000;

const looks = {
  running: { variant: 'neutral', icon: 'hourglass' },
  failed: { variant: 'warning', icon: 'triangle-alert' },
  done: { variant: 'success', icon: 'circle-check' },
} as const;

/** Follows one erasure until it is done or has failed. */
@customElement('privacy-erasure-state')
export class ErasureState extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  @property({ attribute: false }) erasure!: Erasure;

  #poll: ReturnType<typeof setTimeout> | undefined;

  override updated(): void {
    clearTimeout(this.#poll);
    if (this.erasure.state === 'running') this.#poll = setTimeout(() => void this.#look(), POLL_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#poll);
  }

  async #look(): Promise<void> {
    try {
      this.erasure = await privacy.get('/erasures/:id', { params: { id: this.erasure.id } });
    } catch {
      // The erasure continues without this page.
      this.requestUpdate();
    }
  }

  override render() {
    const { state } = this.erasure;
    const { variant, icon } = looks[state];
    return html`
      <wa-callout variant=${variant} role="status">
        <il-icon slot="icon" name=${icon}></il-icon>
        <p>${wordsFor(this.erasure, (key, options) => this.t(key, options))}</p>
      </wa-callout>
      ${state === 'running' ? nothing : html`<p><a href="/beheer/privacy">${this.t('person.back')}</a></p>`}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-erasure-state': ErasureState;
  }
}

import { PortalElement } from '@ilearn/ui';
import { state } from 'lit/decorators.js';

/** A page behind a secret link: the secret is behind `#`, so that it is in no request and in no log of a proxy. */
export abstract class TokenPage extends PortalElement {
  static override ns = 'joining';

  @state() protected token = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.#read();
    addEventListener('hashchange', this.#read);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#read);
  }

  /** Another link that is opened in the same tab changes only the part behind `#`, so the browser does not load the page again. */
  readonly #read = (): void => {
    this.token = location.hash.slice(1);
  };
}

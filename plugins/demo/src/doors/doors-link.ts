import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';

/** On the sign-in page: the way to the doors, for visitors without an account. */
@customElement('demo-doors-link')
export class DoorsLink extends PortalElement {
  static override ns = 'demo';
  static override styles = [
    sharedStyles,
    css`
      p {
        padding-block: var(--il-space-5);
        /* Below the answers of the sign-in page. */
        padding-inline-start: calc(var(--rail, 0px) + var(--stop, 0px) / 2);
      }
      a {
        display: inline-flex;
        align-items: center;
        min-height: var(--il-target);
        font-weight: 680;
      }
    `,
  ];

  override render() {
    return html`<p>${this.t('link.text')} <a href="/kijk">${this.t('link.action')}</a></p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'demo-doors-link': DoorsLink;
  }
}

import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';

/** On the sign-in page: the way in for a school that does not work with i-Learn yet. */
@customElement('joining-links')
export class JoiningLinks extends PortalElement {
  static override ns = 'joining';
  static override styles = [
    sharedStyles,
    css`
      p {
        padding-block-end: var(--il-space-4);
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
    return html`<p>${this.t('links.text')} <a href="/wachtlijst">${this.t('links.list')}</a></p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-links': JoiningLinks;
  }
}

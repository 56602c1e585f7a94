import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';

/** At the bottom of every page: the figures for the public. */
@customElement('reports-footer-link')
export class FooterLink extends PortalElement {
  static override ns = 'reports';
  static override styles = [
    sharedStyles,
    css`
      a {
        display: inline-flex;
        align-items: center;
        min-height: var(--il-target);
        color: inherit;
        font-size: var(--il-text-s);
      }
    `,
  ];

  override render() {
    return html`<a href="/cijfers">${this.t('public.link')}</a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'reports-footer-link': FooterLink;
  }
}

import { footLinkStyles, PortalElement, sharedStyles } from '@ilearn/ui';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';

/** At the bottom of every page: the figures for the public. */
@customElement('reports-footer-link')
export class FooterLink extends PortalElement {
  static override ns = 'reports';
  static override styles = [sharedStyles, footLinkStyles];

  override render() {
    return html`<a href="/cijfers">${this.t('public.link')}</a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'reports-footer-link': FooterLink;
  }
}

import { footLinkStyles, mayOpen, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { interfaceLanguage } from '../../documents/interface-language.js';
import { pageHelpPath } from '../page-help.js';

/** At the bottom of every page: help, also for whoever cannot sign in, the state of the tools, and wishes. */
@customElement('helpdesk-help-links')
export class HelpLinks extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    footLinkStyles,
    css`
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--il-space-5);
      }
    `,
  ];

  /** The page may be another one by now than when the link was made. */
  #aim({ currentTarget }: Event): void {
    (currentTarget as HTMLAnchorElement).href = pageHelpPath();
  }

  override render() {
    const language = interfaceLanguage();
    return html`<nav aria-label=${this.t('knowledge.links.label')}>
      <a href=${`/hulp?taal=${language}`} @pointerdown=${this.#aim} @focus=${this.#aim}
        >${this.t('knowledge.links.help')}</a
      >
      <a href=${`/status?taal=${language}`}>${this.t('knowledge.links.status')}</a>
      ${mayOpen('/wensen') ? html`<a href="/wensen">${this.t('knowledge.links.wishes')}</a>` : nothing}
    </nav>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-help-links': HelpLinks;
  }
}

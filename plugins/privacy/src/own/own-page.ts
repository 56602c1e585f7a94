import { isPupil, PortalElement, sharedStyles } from '@ilearn/ui';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import '../objections/objections.js';
import '../people/person-export.js';
import '../requests/components/own-requests-list.js';
import './child-overview.js';

/**
 * `/mijn-gegevens`: exports everything that the portal holds about the signed-in person, and takes their requests about it. Pupils below 14
 * read with pictures what the portal knows about them.
 */
@customElement('privacy-own-page')
export class OwnPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  override render() {
    const child = isPupil() && this.session?.ageBand !== '14+';
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t(child ? 'own.child.title' : 'own.title')}></il-page-head>
        ${child ? html`<privacy-child-overview></privacy-child-overview>` : html`<p>${this.t('own.text')}</p>`}
        <section class="stack" aria-labelledby="copy">
          <h2 id="copy">${this.t('own.copy')}</h2>
          <p>${this.t(child ? 'own.child.copy' : 'own.file')}</p>
          <privacy-export></privacy-export>
        </section>
        <privacy-own-requests></privacy-own-requests>
        <privacy-objections></privacy-objections>
        <section class="stack">
          <h2>${this.t('consents.page')}</h2>
          <p><a href="/mijn-toestemmingen">${this.t('consents.look')}</a></p>
        </section>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-own-page': OwnPage;
  }
}

import { PortalElement, sharedStyles } from '@ilearn/ui';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import '../objections/objections.js';
import '../people/person-export.js';
import '../requests/components/own-requests-list.js';

/** `/mijn-gegevens`: exports everything that the portal holds about the signed-in person, and takes their requests about it. */
@customElement('privacy-own-page')
export class OwnPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('own.title')}></il-page-head>
        <div class="stack">
          <p>${this.t('own.text')}</p>
          <p>${this.t('own.file')}</p>
        </div>
        <privacy-export></privacy-export>
        <privacy-objections></privacy-objections>
        <section class="stack">
          <h2>${this.t('consents.page')}</h2>
          <p><a href="/mijn-toestemmingen">${this.t('consents.look')}</a></p>
        </section>
        <privacy-own-requests></privacy-own-requests>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-own-page': OwnPage;
  }
}

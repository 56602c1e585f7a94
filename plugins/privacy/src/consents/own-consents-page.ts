import { PortalElement, sharedStyles } from '@ilearn/ui';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import './consent-list.js';

/** `/mijn-toestemmingen`: what the signed-in person was asked to consent to. */
@customElement('privacy-own-consents-page')
export class OwnConsentsPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head
          heading=${this.t('consents.page')}
          .back=${{ href: '/mijn-gegevens', text: this.t('own.title') }}
        ></il-page-head>
        <privacy-consents></privacy-consents>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-own-consents-page': OwnConsentsPage;
  }
}

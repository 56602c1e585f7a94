import type { SlotContext } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** In the slot `directory.person`: leads to what is stored about the person. */
@customElement('privacy-person-link')
export class PersonLink extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  @property({ attribute: false }) context: SlotContext<'directory.person'> | undefined;

  override render() {
    if (this.context === undefined) return nothing;
    return html`<wa-button appearance="outlined" href="/beheer/privacy/personen/${this.context.id}">
      <il-icon slot="start" name="shield-check"></il-icon>${this.t('person.link')}
    </wa-button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-person-link': PersonLink;
  }
}

import type { SlotContext } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** Fills the slot `directory.class`: a link beside the name of a class. */
@customElement('agenda-class-link')
export class ClassLink extends PortalElement {
  static override ns = 'agenda';
  static override styles = [sharedStyles];

  @property({ attribute: false }) context: SlotContext<'directory.class'> | undefined;

  override render() {
    return html`<wa-button appearance="outlined" href=${`/agenda/${this.context?.id}`}>
      <il-icon slot="start" name="notebook-pen"></il-icon>${this.t('week.title')}
    </wa-button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'agenda-class-link': ClassLink;
  }
}

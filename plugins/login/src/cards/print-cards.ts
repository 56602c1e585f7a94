import type { SlotContext } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { login } from '../client.js';

/** In the slot `directory.class`: leads to the sign-in cards of the class, for who may give its pupils passwords. */
@customElement('login-print-cards')
export class PrintCards extends PortalElement {
  static override ns = 'login';
  static override styles = [sharedStyles];

  @property({ attribute: false }) context: SlotContext<'directory.class'> | undefined;

  readonly #accounts = new Task(this, {
    task: async ([id], { signal }) =>
      id === undefined ? undefined : login.get('/classes/:id/accounts', { params: { id }, signal }),
    args: () => [this.context?.id] as const,
  });

  override render() {
    const found = this.#accounts.value;
    if (found === undefined || !found.may || found.pupils.length === 0) return nothing;
    return html`<wa-button appearance="outlined" href="/kaartjes?klas=${this.context?.id}">
      <il-icon slot="start" name="printer"></il-icon>${this.t('cards.print')}
      </wa-button>
      <wa-button appearance="outlined" href="/badges?klas=${this.context?.id}">
        <il-icon slot="start" name="qr-code"></il-icon>${this.t('badges.manage')}
      </wa-button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-print-cards': PrintCards;
  }
}

import type { SlotContext } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { login } from '../client.js';

/** In the slot `directory.school-task`: how many people of a school have no account, and the way to their cards. */
@customElement('login-missing-accounts')
export class MissingAccounts extends PortalElement {
  static override ns = 'login';
  static override styles = [sharedStyles];

  @property({ attribute: false }) context: SlotContext<'directory.school-task'> | undefined;

  readonly #missing = new Task(this, {
    task: async ([id], { signal }) =>
      id === undefined ? undefined : login.get('/schools/:id/missing-accounts', { params: { id }, signal }),
    args: () => [this.context?.id] as const,
  });

  override updated(): void {
    if ((this.#missing.value?.total ?? 0) > 0) this.emit('directory-task');
  }

  override render() {
    const total = this.#missing.value?.total ?? 0;
    if (total === 0) return nothing;
    return html`<a class="row" href="/kaartjes?school=${this.context?.id}">
      <il-icon name="key-round"></il-icon>
      <span class="grow">${this.t('cards.missing', { count: total })}</span>
      <span class="muted">${this.t('cards.missingAct')}</span>
      <il-icon name="chevron-right"></il-icon>
    </a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-missing-accounts': MissingAccounts;
  }
}

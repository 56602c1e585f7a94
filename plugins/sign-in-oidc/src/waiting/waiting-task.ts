import type { SlotContext } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { signIn } from '../client.js';

/** In the slot `directory.school-task`: how many accounts wait for the school, and the way to them. */
@customElement('sign-in-oidc-waiting-task')
export class WaitingTask extends PortalElement {
  static override ns = 'sign-in-oidc';
  static override styles = [sharedStyles];

  @property({ attribute: false }) context: SlotContext<'directory.school-task'> | undefined;

  readonly #waiting = new Task(this, {
    task: async ([school], { signal }) =>
      school === undefined ? 0 : (await signIn.get('/waiting', { query: { school }, signal })).waiting.length,
    args: () => [this.context?.id] as const,
  });

  override updated(): void {
    if ((this.#waiting.value ?? 0) > 0) this.emit('directory-task');
  }

  override render() {
    const count = this.#waiting.value ?? 0;
    if (count === 0) return nothing;
    return html`<a class="row" href="/aanmeldwijzen?school=${this.context?.id}">
      <il-icon name="log-in"></il-icon>
      <span class="grow">${this.t('waiting.task', { count })}</span>
      <il-icon name="chevron-right"></il-icon>
    </a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sign-in-oidc-waiting-task': WaitingTask;
  }
}

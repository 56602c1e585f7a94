import type { SlotContext } from '@ilearn/core';
import { confirmDialog, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { login } from '../client.js';

/** In the slot `directory.person`: removes the second factors of somebody who lost them, for who manages their account. */
@customElement('login-reset-factors')
export class ResetFactors extends PortalElement {
  static override ns = 'login';
  static override styles = [sharedStyles];

  @property({ attribute: false }) context: SlotContext<'directory.person'> | undefined;

  readonly #found = new Task(this, {
    task: async ([id], { signal }) =>
      id === undefined ? undefined : login.get('/people/:id/factors', { params: { id }, signal }),
    args: () => [this.context?.id] as const,
  });

  override render() {
    if (!this.#found.value?.removable) return nothing;
    return html`<wa-button appearance="outlined" @click=${this.#reset}>
      <il-icon slot="start" name="shield-check"></il-icon>${this.t('factors.reset.act')}
    </wa-button>`;
  }

  async #reset(): Promise<void> {
    const { id, givenName: name } = this.context ?? {};
    if (id === undefined) return;
    const sure = await confirmDialog({
      title: this.t('factors.reset.title', { name }),
      text: this.t('factors.reset.text', { name }),
      confirm: this.t('factors.reset.act'),
      danger: true,
    });
    if (!sure) return;
    try {
      await login.delete('/people/:id/factors', { params: { id } });
      notify({ kind: 'success', text: this.t('factors.reset.done', { name }) });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
    await this.#found.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-reset-factors': ResetFactors;
  }
}

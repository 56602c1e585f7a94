import type { SlotContext } from '@ilearn/core';
import { ApiProblem, PortalElement } from '@ilearn/ui';
import type { PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { isGivenUp, signInWithPasskey } from './passkey-browser.js';

/**
 * In the slot `login.passkey`: signs in with a passkey, once for each context. Shows nothing itself: the browser asks.
 *
 * @fires login-done - signed in
 * @fires login-passkey-refused - with the problem as `detail`; not if the person gave up
 */
@customElement('login-use-passkey')
export class UsePasskey extends PortalElement {
  static override ns = 'login';

  @property({ attribute: false }) context: SlotContext<'login.passkey'> | undefined;

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('context') && this.context !== undefined) void this.#signIn(this.context);
  }

  async #signIn({ suggested }: SlotContext<'login.passkey'>): Promise<void> {
    try {
      await signInWithPasskey({ suggested });
      this.emit('login-done');
    } catch (problem) {
      // What nobody asked for fails in silence, but a passkey that was chosen does not.
      const chosen = !suggested || (problem instanceof ApiProblem && problem.status === 401);
      if (chosen && !isGivenUp(problem)) this.emit('login-passkey-refused', problem);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-use-passkey': UsePasskey;
  }
}

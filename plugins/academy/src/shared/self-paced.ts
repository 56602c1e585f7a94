import { type ApiProblem, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../client.js';
import { schoolOf } from './words.js';

/** Begins a training that people follow in their own time, or goes on with it. */
@customElement('academy-self-paced')
export class SelfPacedStart extends PortalElement {
  static override ns = 'academy';
  static override styles = [sharedStyles];

  /** Id of the training. */
  @property() training = '';
  /** Its title, for those who do not see what is beside the button. */
  @property() heading = '';
  /** State of the own sign-up; empty: none. */
  @property() signUp = '';

  @state() private busy = false;

  override render() {
    const words = this.signUp === '' ? 'begin' : this.signUp === 'booked' ? 'goOn' : 'look';
    return html`<wa-button
      variant=${this.signUp === 'attended' ? 'neutral' : 'brand'}
      appearance=${this.signUp === 'attended' ? 'outlined' : 'accent'}
      ?loading=${this.busy}
      @click=${this.#begin}
      >${this.t(`selfPaced.${words}`)}${this.heading === '' ? nothing : html`<span class="visually-hidden"> – ${this.heading}</span>`}</wa-button
    >`;
  }

  async #begin(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const { address } = await academy.post('/catalogue/:id/path', {
        params: { id: this.training },
        body: { school: schoolOf(this) },
      });
      await navigate(address);
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-self-paced': SelfPacedStart;
  }
}

import { type ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { schoolOf } from '../../shared/words.js';

/**
 * Asks how many seats to reserve for colleagues who are named later.
 * @fires academy-reserved - after it was done
 */
@customElement('academy-reserve-dialog')
export class ReserveDialog extends PortalElement {
  static override ns = 'academy';
  static override styles = [sharedStyles];

  @property({ type: Boolean }) open = false;
  @property() event = '';
  @property() heading = '';
  @property({ type: Number }) free = 0;
  @state() private seats = 1;
  @state() private problem: string | undefined;

  override render() {
    return html`<il-dialog heading=${this.t('reserve.title')} .open=${this.open} @il-close=${this.#close}>
      <div class="stack">
        <p>${this.t('reserve.text', { count: this.free })}</p>
        <wa-input
          type="number"
          min="1"
          max="50"
          label=${this.t('reserve.seats')}
          .value=${String(this.seats)}
          @input=${(event: Event) => this.#set(Number((event.target as HTMLInputElement).value))}
        ></wa-input>
        ${this.problem === undefined ? nothing : html`<p role="alert">${this.problem}</p>`}
      </div>
      <wa-button slot="footer" variant="brand" @click=${this.#reserve}>${this.t('reserve.confirm', { count: this.seats })}</wa-button>
    </il-dialog>`;
  }

  #set(seats: number): void {
    this.seats = Math.min(50, Math.max(1, Math.trunc(seats) || 1));
  }

  #close(): void {
    this.problem = undefined;
    this.emit('il-close', {});
  }

  async #reserve(): Promise<void> {
    try {
      await academy.post('/events/:id/reservations', {
        params: { id: this.event },
        body: { school: schoolOf(this), seats: this.seats },
      });
    } catch (problem) {
      this.problem = (problem as ApiProblem).message;
      return;
    }
    notify({ kind: 'success', text: this.t('reserve.done', { count: this.seats }) });
    this.emit('academy-reserved', {});
    this.#close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-reserve-dialog': ReserveDialog;
  }
}

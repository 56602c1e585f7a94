import { type ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../../client.js';

const mostTimes = 20;
const mostDays = 730;

/**
 * Asks how often, and after how many days each time, an event is planned again.
 * @fires academy-copied - after it was done
 */
@customElement('academy-copy-dialog')
export class CopyDialog extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    css`
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: var(--il-space-4);
      }
    `,
  ];

  @property({ type: Boolean }) open = false;
  @property() event = '';
  @state() private days = 7;
  @state() private times = 1;
  @state() private problem: string | undefined;

  override render() {
    return html`<il-dialog heading=${this.t('series.title')} .open=${this.open} @il-close=${this.#close}>
      <div class="stack">
        <p>${this.t('series.text')}</p>
        <div class="pair">${this.#number('times', mostTimes)} ${this.#number('days', mostDays)}</div>
        ${this.problem === undefined ? nothing : html`<p role="alert">${this.problem}</p>`}
      </div>
      <wa-button slot="footer" variant="brand" @click=${this.#copy}>${this.t('series.confirm', { count: this.times })}</wa-button>
    </il-dialog>`;
  }

  #number(name: 'days' | 'times', most: number) {
    return html`<wa-input
      type="number"
      min="1"
      max=${most}
      label=${this.t(`series.${name}`)}
      .value=${String(this[name])}
      @input=${(event: Event) => this.#set(name, most, Number((event.target as HTMLInputElement).value))}
    ></wa-input>`;
  }

  #set(name: 'days' | 'times', most: number, value: number): void {
    this[name] = Math.min(most, Math.max(1, Math.trunc(value) || 1));
  }

  #close(): void {
    this.problem = undefined;
    this.emit('il-close', {});
  }

  async #copy(): Promise<void> {
    const { days, times } = this;
    try {
      await academy.post('/desk/events/:id/copies', { params: { id: this.event }, body: { days, times } });
    } catch (problem) {
      this.problem = (problem as ApiProblem).message;
      return;
    }
    notify({ kind: 'success', text: this.t('series.done', { count: times }) });
    this.emit('academy-copied', {});
    this.#close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-copy-dialog': CopyDialog;
  }
}

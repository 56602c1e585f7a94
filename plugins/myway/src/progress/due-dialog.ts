import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Assignment } from '../assignments/model.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';

/**
 * Changes the first day and the due date of an assignment.
 * @fires il-close - closed without saving
 * @fires myway-changed - saved
 */
@customElement('myway-due-dialog')
export class DueDialog extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  /** The dialog is open while it is set. */
  @property({ attribute: false }) assignment: Assignment | undefined;

  @state() private beginsOn = '';
  @state() private dueOn = '';
  @state() private problem: unknown;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('assignment') && this.assignment !== undefined && changed.get('assignment') === undefined) {
      this.beginsOn = this.assignment.beginsOn ?? '';
      this.dueOn = this.assignment.dueOn ?? '';
      this.problem = undefined;
    }
  }

  async #store(): Promise<void> {
    try {
      await myway.patch('/assignments/:id', {
        params: { id: this.assignment?.id },
        body: { beginsOn: this.beginsOn || null, dueOn: this.dueOn || null },
      });
      this.emit('myway-changed');
      this.emit('il-close');
    } catch (problem) {
      this.problem = problem;
    }
  }

  override render() {
    return html`
      <il-dialog heading=${this.t('board.due')} ?open=${this.assignment !== undefined}>
        <div class="stack">
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
          <wa-input
            type="date"
            .label=${this.t('assign.begins')}
            .hint=${[formatDate(this.beginsOn, 'long'), this.t('assign.beginsHint')].filter(Boolean).join(' · ')}
            .value=${this.beginsOn}
            @input=${(event: Event) => (this.beginsOn = (event.target as HTMLInputElement).value ?? '')}
          ></wa-input>
          <wa-input
            type="date"
            .label=${this.t('assign.due')}
            .hint=${[formatDate(this.dueOn, 'long'), this.t('assign.dueHint')].filter(Boolean).join(' · ')}
            .value=${this.dueOn}
            @input=${(event: Event) => (this.dueOn = (event.target as HTMLInputElement).value ?? '')}
          ></wa-input>
        </div>
        <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('cancel')}</wa-button>
        <wa-button slot="footer" appearance="accent" variant="brand" @click=${this.#store}>${this.t('board.storeDue')}</wa-button>
      </il-dialog>
    `;
  }
}

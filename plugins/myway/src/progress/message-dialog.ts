import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Pupil } from '../assignments/model.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';

/**
 * A message to pupils about a path. What was typed is kept until it is sent.
 * @fires il-close - sent, or closed without sending
 */
@customElement('myway-message-dialog')
export class MessageDialog extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  @property() assignmentId = '';

  /** Who gets it; the dialog is open while it is set. */
  @property({ attribute: false }) pupils: readonly Pupil[] | undefined;

  @state() private text = '';
  @state() private problem: unknown;
  @state() private busy = false;

  async #send(): Promise<void> {
    const { pupils } = this;
    if (pupils === undefined || this.text.trim() === '' || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await myway.post('/assignments/:id/messages', {
        params: { id: this.assignmentId },
        body: { pupilIds: pupils.map(({ id }) => id), text: this.text.trim() },
      });
      notify({ kind: 'success', text: this.t('message.sent', { count: pupils.length }) });
      this.text = '';
      this.emit('il-close');
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const pupils = this.pupils ?? [];
    const [only] = pupils;
    const heading =
      pupils.length === 1 && only
        ? this.t('message.toOne', { name: only.givenName })
        : this.t('message.toMany', { count: pupils.length });
    return html`
      <il-dialog heading=${heading} ?open=${this.pupils !== undefined}>
        <div class="stack">
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
          <wa-textarea
            autofocus
            rows="4"
            maxlength="500"
            .label=${this.t('message.text')}
            .hint=${this.t('message.hint')}
            .value=${this.text}
            @input=${(event: Event) => (this.text = (event.target as HTMLInputElement).value ?? '')}
          ></wa-textarea>
        </div>
        <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('cancel')}</wa-button>
        <wa-button slot="footer" appearance="accent" variant="brand" ?disabled=${this.text.trim() === ''} ?loading=${this.busy} @click=${this.#send}>
          ${this.t('message.send')}
        </wa-button>
      </il-dialog>
    `;
  }
}

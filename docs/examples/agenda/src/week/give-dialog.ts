import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { agenda } from '../client.js';
import { files, mostPhotos } from '../files.js';

/**
 * The form with which a teacher gives homework.
 * @fires agenda-given - stored
 * @fires il-close - closed without storing
 */
@customElement('agenda-give-dialog')
export class GiveDialog extends PortalElement {
  static override ns = 'agenda';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: var(--il-space-4);
      }
      label {
        display: grid;
        gap: var(--il-space-2);
      }
      input[type='file'] {
        max-width: 100%;
        min-height: var(--il-target);
        font: inherit;
      }
    `,
  ];

  @property({ attribute: false }) classId = '';
  /** Proposed day. */
  @property({ attribute: false }) day = '';
  @property({ type: Boolean }) open = false;

  @state() private problem: unknown;
  @state() private sending = false;
  @query('form') private form!: HTMLFormElement;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('open')) this.problem = undefined;
  }

  async #give(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const body = new FormData(this.form);
    // A browser sends an empty part for a field without files.
    if ((body.get('photos') as File | null)?.size === 0) body.delete('photos');
    this.sending = true;
    try {
      await agenda.post('/classes/:classId/homework', { params: { classId: this.classId }, body });
      this.form.reset();
      this.emit('agenda-given');
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.sending = false;
    }
  }

  override render() {
    return html`<il-dialog heading=${this.t('give.title')} .open=${this.open}>
      <form id="give" class="stack" @submit=${this.#give}>
        ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
        <wa-input name="subject" label=${this.t('give.subject')} maxlength="60" required autofocus></wa-input>
        <wa-input name="title" label=${this.t('give.task')} maxlength="120" required></wa-input>
        <wa-textarea name="details" label=${this.t('give.details')} maxlength="2000" rows="3"></wa-textarea>
        <div class="pair">
          <wa-input name="dueOn" type="date" label=${this.t('give.dueOn')} value=${this.day} required></wa-input>
          <wa-input name="minutes" type="number" min="0" max="600" label=${this.t('give.minutes')} value="20" required></wa-input>
        </div>
        <label>
          ${this.t('give.photos', { count: mostPhotos })}
          <input type="file" name="photos" multiple accept=${files.photos.types.join(',')} />
        </label>
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('give.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.sending} @click=${() => this.form.requestSubmit()}>
        ${this.t('give.give')}
      </wa-button>
    </il-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'agenda-give-dialog': GiveDialog;
  }
}

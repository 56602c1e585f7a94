import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

/** Asks for the title and the word of a selection; fires `library-given`, and leaves closing to its page. */
@customElement('library-selection-dialog')
export class LibrarySelectionDialog extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-4);
      }
      label {
        display: grid;
        gap: var(--il-space-1);
      }
      input,
      textarea {
        min-height: 44px;
        padding: var(--il-space-2) var(--il-space-3);
        color: inherit;
        font: inherit;
        background: var(--il-paper);
        border: 1px solid var(--il-edge);
        border-radius: var(--il-radius);
      }
    `,
  ];

  @property() heading = '';

  @property() given = '';

  @property() word = '';

  @state() private missing = false;

  override render() {
    return html`<il-dialog heading=${this.heading || this.t('selections.make')} open>
      <form id="selection" @submit=${this.#submit}>
        <label
          >${this.t('selections.name')}
          <input name="title" maxlength="120" required .value=${this.given} aria-invalid=${this.missing} />
        </label>
        ${this.missing ? html`<p role="alert">${this.t('selections.nameMissing')}</p>` : nothing}
        <label
          >${this.t('selections.word')}
          <textarea name="word" rows="4" maxlength="2000" .value=${this.word}></textarea>
        </label>
      </form>
      <wa-button slot="footer" variant="brand" @click=${() => this.#form.requestSubmit()}>${this.t('edit.save')}</wa-button>
    </il-dialog>`;
  }

  get #form(): HTMLFormElement {
    return this.renderRoot.querySelector('form') as HTMLFormElement;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(this.#form);
    const title = String(data.get('title') ?? '').trim();
    this.missing = title === '';
    if (!this.missing) this.emit('library-given', { title, word: String(data.get('word') ?? '').trim() });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-selection-dialog': LibrarySelectionDialog;
  }
}

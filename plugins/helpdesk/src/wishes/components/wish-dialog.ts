import type { Answer } from '@ilearn/core';
import { type ApiProblem, notify, PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { wishesRoutes } from '../routes.js';

type Twin = Answer<typeof wishesRoutes, 'GET', '/wishes/twins'>['wishes'][number];

/** Adds a wish; while the title is typed it shows wishes that say nearly the same. Fires `il-close` and `helpdesk-wished`. */
@customElement('helpdesk-wish-dialog')
export class WishDialog extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      .form {
        display: grid;
        gap: var(--il-space-4);
      }
      a {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
      }
    `,
  ];

  @property({ type: Boolean }) open = false;
  @state() private wanted = '';
  @state() private text = '';
  @state() private twins: Twin[] = [];
  readonly #pause = new TypingPause(this);

  override render() {
    return html`<il-dialog heading=${this.t('wishes.add')} .open=${this.open}>
      <div class="form">
        <wa-input
          label=${this.t('wishes.titleField')}
          maxlength="150"
          required
          .value=${this.wanted}
          @input=${(event: Event) => this.#name((event.target as HTMLInputElement).value)}
        ></wa-input>
        <div aria-live="polite">
          ${
            this.twins.length === 0
              ? nothing
              : html`<p>${this.t('wishes.twins')}</p>
                  <ul class="list">
                    ${this.twins.map(({ id, title }) => html`<li><a href=${`/wensen/${id}`}>${title}</a></li>`)}
                  </ul>`
          }
        </div>
        <wa-textarea
          label=${this.t('wishes.textField')}
          hint=${this.t('wishes.textHint')}
          rows="5"
          maxlength="2000"
          .value=${this.text}
          @input=${(event: Event) => this.#describe((event.target as HTMLTextAreaElement).value)}
        ></wa-textarea>
      </div>
      <wa-button slot="footer" variant="brand" ?disabled=${this.wanted.trim().length < 5} @click=${this.#send}>${this.t('wishes.send')}</wa-button>
    </il-dialog>`;
  }

  #describe(text: string): void {
    this.text = text;
  }

  #name(title: string): void {
    this.wanted = title;
    this.#pause.after(() => void this.#look(title));
  }

  async #look(title: string): Promise<void> {
    if (title.trim().length < 5) {
      this.twins = [];
      return;
    }
    try {
      const { wishes } = await helpdesk.get('/wishes/twins', { query: { title: title.slice(0, 150) } });
      if (title === this.wanted) this.twins = wishes;
    } catch {
      // A wish can be added without looking for others.
    }
  }

  async #send(): Promise<void> {
    try {
      await helpdesk.post('/wishes', { body: { title: this.wanted, text: this.text } });
      notify({ kind: 'success', text: this.t('wishes.added') });
      this.wanted = '';
      this.text = '';
      this.twins = [];
      this.emit('helpdesk-wished');
      this.emit('il-close');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-wish-dialog': WishDialog;
  }
}

import { type ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';

interface Voiced {
  id: string;
  title: string;
  votes: boolean;
  follows: boolean;
}

/** Two switches: I want this too, and tell me what comes of it. Fires `helpdesk-voiced`. */
@customElement('helpdesk-wish-voice')
export class WishVoice extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
      }
      button {
        display: inline-flex;
        gap: var(--il-space-2);
        align-items: center;
        min-height: 44px;
        padding: 0 var(--il-space-4);
        color: var(--il-ink);
        font: inherit;
        font-weight: 600;
        font-size: var(--il-text-s);
        background: none;
        border: 2px solid var(--il-edge);
        border-radius: var(--il-radius);
        cursor: pointer;
      }
      button:hover {
        background: var(--il-hover);
      }
      button[aria-pressed='true'] {
        background: var(--il-sunk);
        border-color: var(--il-ink);
      }
    `,
  ];

  @property({ attribute: false }) wish: Voiced | undefined;

  override render() {
    const { wish } = this;
    if (wish === undefined || !this.can('helpdesk:wish')) return nothing;
    return html`${this.#button('votes', wish, 'star')}${this.#button('follows', wish, 'bell')}`;
  }

  #button(name: 'votes' | 'follows', wish: Voiced, icon: string) {
    const pressed = wish[name];
    return html`<button type="button" aria-pressed=${String(pressed)} @click=${() => this.#set({ ...wish, [name]: !pressed })}>
      <il-icon name=${pressed ? 'check' : icon}></il-icon>
      <span>${this.t(`wishes.voice.${name}`)}<span class="visually-hidden">: ${wish.title}</span></span>
    </button>`;
  }

  async #set({ id, votes, follows }: Voiced): Promise<void> {
    try {
      await helpdesk.put('/wishes/:id/voice', { params: { id }, body: { votes, follows } });
      this.emit('helpdesk-voiced');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-wish-voice': WishVoice;
  }
}

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
    return html`<wa-button
      size="small"
      appearance=${pressed ? 'filled' : 'outlined'}
      aria-pressed=${String(pressed)}
      aria-label=${`${this.t(`wishes.voice.${name}`)}: ${wish.title}`}
      @click=${() => this.#set({ ...wish, [name]: !pressed })}
      ><il-icon slot="start" name=${pressed ? 'check' : icon}></il-icon>${this.t(`wishes.voice.${name}`)}</wa-button
    >`;
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

import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { lti } from '../client.js';

/** For the slot `library.activity-actions`: opens an exercise of a tool as a teacher. */
@customElement('lti-try-out')
export class TryOut extends PortalElement {
  static override ns = 'lti';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  /** Context of the slot. */
  @property({ attribute: false }) context: { activityId: string; kind?: string } | undefined;

  @state() private busy = false;

  async #start(): Promise<void> {
    const activityId = this.context?.activityId;
    if (activityId === undefined || this.busy) return;
    this.busy = true;
    try {
      const { url } = await lti.post('/try-outs', { body: { activityId } });
      location.assign(url);
    } catch (problem) {
      this.busy = false;
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  override render() {
    if (this.context?.kind !== 'lti') return nothing;
    return html`<wa-button size="s" appearance="outlined" ?loading=${this.busy} @click=${this.#start}>
      <il-icon slot="start" name="play"></il-icon>${this.t('tryOut.button')}
    </wa-button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lti-try-out': TryOut;
  }
}

import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SaveState } from './autosave.js';

const icons: Record<SaveState, string> = {
  saved: 'check',
  waiting: 'pencil',
  saving: 'refresh-cw',
  failed: 'cloud-off',
  refused: 'triangle-alert',
  held: 'triangle-alert',
};

/**
 * Shows whether everything is saved; announces failures.
 * @fires retry - the user tries again after a failure
 */
@customElement('myway-save-status')
export class SaveStatus extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      p {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
        align-items: center;
        min-height: 2.25rem;
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
      }
      .failed,
      .held,
      .refused {
        color: var(--il-bad);
        font-weight: 600;
      }
    `,
  ];

  @property() state: SaveState = 'saved';

  override render() {
    const failed = ['failed', 'refused', 'held'].includes(this.state);
    return html`
      <p class=${this.state} role=${failed ? 'alert' : 'status'} aria-live=${failed ? 'assertive' : 'off'}>
        <il-icon name=${icons[this.state]}></il-icon>${this.t(`save.${this.state}`)}
        ${
          this.state === 'failed'
            ? html`<wa-button size="s" appearance="outlined" @click=${() => this.emit('retry')}>${this.t('save.retry')}</wa-button>`
            : ''
        }
      </p>
    `;
  }
}

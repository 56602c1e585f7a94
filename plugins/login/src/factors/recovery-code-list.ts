import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/**
 * New recovery codes, which are shown only now.
 *
 * @fires login-codes-kept - the person says that they have kept them
 */
@customElement('login-recovery-codes')
export class RecoveryCodeList extends PortalElement {
  static override ns = 'login';
  static override styles = [
    sharedStyles,
    css`
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
        gap: var(--il-space-2) var(--il-space-4);
        padding: var(--il-space-4);
        list-style: none;
        background: var(--il-hover);
        border-radius: var(--il-radius);
      }
      li {
        font-family: ui-monospace, monospace;
        font-size: 1.0625rem;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
      }
    `,
  ];

  @property({ attribute: false }) codes: readonly string[] = [];

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.codes.join('\n'));
      notify({ kind: 'success', text: this.t('factors.codes.copied') });
    } catch {
      notify({ kind: 'error', text: this.t('factors.codes.notCopied') });
    }
  }

  override render() {
    return html`
      <div class="stack">
        <h2 tabindex="-1">${this.t('factors.codes.title')}</h2>
        <p>${this.t('factors.codes.text')}</p>
        <ol>${this.codes.map((code) => html`<li>${code}</li>`)}</ol>
        <div class="actions">
          <wa-button appearance="outlined" @click=${this.#copy}>${this.t('factors.codes.copy')}</wa-button>
          <wa-button variant="brand" @click=${() => this.emit('login-codes-kept')}>${this.t('factors.codes.kept')}</wa-button>
        </div>
      </div>
    `;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-recovery-codes': RecoveryCodeList;
  }
}

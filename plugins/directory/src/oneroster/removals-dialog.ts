import { formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Removal } from './removals.js';

/**
 * Lists what an import would remove, by kind, and asks for confirmation.
 * @fires il-close - cancelled
 * @fires directory-allowed - confirmed
 */
@customElement('directory-removals-dialog')
export class RemovalsDialog extends PortalElement {
  static override ns = 'directory';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
      il-dialog {
        --il-dialog-width: 40rem;
      }
      th {
        overflow-wrap: anywhere;
      }
      td {
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) removals: readonly Removal[] = [];
  @property({ type: Boolean }) open = false;

  override render() {
    const schools = [...new Set(this.removals.map(({ school }) => school))];
    return html`
      <il-dialog heading=${this.t('import.removals.dialogTitle')} alert ?open=${this.open}>
        <div class="stack">
          <p>${this.t('import.removals.dialogText')}</p>
          ${schools.map((school) => this.#school(school))}
        </div>
        <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('import.removals.cancel')}</wa-button>
        <wa-button slot="footer" appearance="accent" variant="danger" @click=${() => this.emit('directory-allowed')}>
          ${this.t('import.removals.confirm')}
        </wa-button>
      </il-dialog>
    `;
  }

  #school(school: string) {
    const title = this.t('import.removals.school', { school });
    return html`
      <table>
        <caption class="strong">${title}</caption>
        <thead>
          <tr>
            <th scope="col">${this.t('import.removals.what')}</th>
            <th scope="col" class="number">${this.t('import.removals.gone')}</th>
          </tr>
        </thead>
        <tbody>
          ${this.removals
            .filter((removal) => removal.school === school)
            .map(
              ({ kind, class: of, count, total }) => html`<tr>
                <th scope="row">${this.t(`import.removals.kinds.${kind}`, { class: of ?? '' })}</th>
                <td class="number">${this.t('import.removals.of', { count: formatNumber(count), total: formatNumber(total) })}</td>
              </tr>`,
            )}
        </tbody>
      </table>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-removals-dialog': RemovalsDialog;
  }
}

import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { mostFiles } from '../limits.js';

/** Chooses a few files to send along. */
@customElement('helpdesk-file-picker')
export class FilePicker extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      ul {
        padding: 0;
        list-style: none;
      }
    `,
  ];

  @state() files: File[] = [];
  @query('input') private readonly input!: HTMLInputElement;

  clear(): void {
    this.files = [];
  }

  override render() {
    return html`<input type="file" multiple hidden aria-label=${this.t('tickets.addFile')} @change=${this.#pick} />
      ${
        this.files.length === 0
          ? nothing
          : html`<ul>
              ${this.files.map(
                (file, at) => html`<li class="row">
                  <span class="grow">${file.name}</span>
                  <wa-button size="s" appearance="plain" @click=${() => this.#drop(at)}
                    ><il-icon name="x" label=${this.t('tickets.removeFile', { name: file.name })}></il-icon
                  ></wa-button>
                </li>`,
              )}
            </ul>`
      }
      <wa-button size="s" appearance="outlined" ?disabled=${this.files.length >= mostFiles} @click=${() => this.input.click()}>
        <il-icon slot="start" name="paperclip"></il-icon>${this.t('tickets.addFile')}
      </wa-button>`;
  }

  #pick(): void {
    this.files = [...this.files, ...(this.input.files ?? [])].slice(0, mostFiles);
    this.input.value = '';
  }

  #drop(at: number): void {
    this.files = this.files.filter((_, index) => index !== at);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-file-picker': FilePicker;
  }
}

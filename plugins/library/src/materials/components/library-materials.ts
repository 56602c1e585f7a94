import { announce, formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { mostFiles } from '../files.js';
import type { Material } from '../model.js';
import { acceptedFiles, refusalOf, uploadMaterial } from './upload-material.js';

/**
 * Field with the files of an activity, which are uploaded when they are chosen.
 * @fires library-materials - `Material[]`
 */
@customElement('library-materials')
export class LibraryMaterials extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      fieldset {
        display: grid;
        gap: var(--il-space-3);
        justify-items: start;
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        font-weight: 600;
      }
      ul {
        display: grid;
        gap: var(--il-space-2);
        width: 100%;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        min-height: var(--il-target);
        padding-inline-start: var(--il-space-3);
        background: var(--il-surface);
        border: 1px solid var(--il-rule);
        border-radius: var(--il-radius);
      }
      li > span {
        flex: 1;
        overflow-wrap: anywhere;
      }
      img {
        width: 40px;
        height: 40px;
        object-fit: cover;
        border-radius: var(--il-radius);
      }
      .error {
        color: var(--il-bad);
        font-size: var(--il-text-s);
      }
    `,
  ];

  @property({ attribute: false }) files: readonly Material[] = [];

  /** The school that owns the activity; empty as long as none is chosen. */
  @property() school = '';

  @property() label = '';

  /** What is missing; empty if nothing is. */
  @property() error = '';

  @state() private refusal = '';
  @state() private busy = false;

  @query('input') private input!: HTMLInputElement;
  @query('.add') private button!: HTMLElement;

  override focus(): void {
    this.button.focus();
  }

  #set(files: readonly Material[]): void {
    this.emit('library-materials', files);
  }

  #choose(): void {
    if (this.school === '') this.refusal = this.t('faults.school');
    else this.input.click();
  }

  async #upload(): Promise<void> {
    const chosen = [...(this.input.files ?? [])].slice(0, mostFiles - this.files.length);
    this.input.value = '';
    this.busy = true;
    this.refusal = '';
    let files = this.files;
    for (const file of chosen) {
      try {
        files = [...files, await uploadMaterial(file, this.school)];
        this.#set(files);
        announce(this.t('materials.added', { name: file.name }));
      } catch (problem) {
        // The others are still tried.
        this.refusal = this.t(refusalOf(problem), { name: file.name });
      }
    }
    this.busy = false;
  }

  #remove(file: Material): void {
    this.#set(this.files.filter(({ id }) => id !== file.id));
    announce(this.t('materials.removed', { name: file.name }));
    this.button.focus();
  }

  override render() {
    const told = this.refusal || this.error;
    return html`
      <fieldset aria-describedby="hint">
        <legend>${this.label}</legend>
        ${
          this.files.length === 0
            ? nothing
            : html`<ul>
              ${repeat(
                this.files,
                ({ id }) => id,
                (file) => html`<li>
                  ${file.picture ? html`<img src="/api/library/materials/${file.id}?thumbnail=true" alt="" />` : html`<il-icon name="file-text"></il-icon>`}
                  <span>${file.name} <span class="muted small">${this.#sizeOf(file)}</span></span>
                  <wa-button appearance="plain" @click=${() => this.#remove(file)}>
                    <il-icon name="x" label=${this.t('materials.remove', { name: file.name })}></il-icon>
                  </wa-button>
                </li>`,
              )}
            </ul>`
        }
        <input type="file" multiple hidden accept=${acceptedFiles} aria-label=${this.t('materials.add')} @change=${this.#upload} />
        <wa-button class="add" appearance="outlined" ?loading=${this.busy} ?disabled=${this.files.length >= mostFiles} @click=${this.#choose}>
          <il-icon slot="start" name="upload"></il-icon>${this.t('materials.add')}
        </wa-button>
        <p class="error" role="alert">${told}</p>
        <p class="muted small" id="hint">${this.t('materials.hint', { count: mostFiles })}</p>
      </fieldset>
    `;
  }

  #sizeOf({ bytes }: Material): string {
    return bytes < 1_000_000
      ? `${formatNumber(Math.max(1, Math.round(bytes / 1_000)))} kB`
      : `${formatNumber(Math.round(bytes / 100_000) / 10)} MB`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-materials': LibraryMaterials;
  }
}

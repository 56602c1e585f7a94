import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Material } from '../model.js';
import { acceptedPictures, refusalOf, uploadMaterial } from './upload-material.js';

/**
 * Button that uploads a picture for a text.
 * @fires library-picture - `Material`
 */
@customElement('library-picture-button')
export class LibraryPictureButton extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      .error {
        color: var(--il-bad);
        font-size: var(--il-text-s);
      }
    `,
  ];

  /** The school that owns the activity; empty as long as none is chosen. */
  @property() school = '';

  @state() private refusal = '';
  @state() private busy = false;

  @query('input') private input!: HTMLInputElement;

  #choose(): void {
    if (this.school === '') this.refusal = this.t('faults.school');
    else this.input.click();
  }

  async #upload(): Promise<void> {
    const file = this.input.files?.[0];
    this.input.value = '';
    if (file === undefined) return;
    this.busy = true;
    this.refusal = '';
    try {
      const picture: Material = await uploadMaterial(file, this.school);
      this.emit('library-picture', picture);
    } catch (problem) {
      this.refusal = this.t(refusalOf(problem), { name: file.name });
    } finally {
      this.busy = false;
    }
  }

  override render() {
    return html`
      <input type="file" hidden accept=${acceptedPictures} aria-label=${this.t('materials.picture')} @change=${this.#upload} />
      <wa-button appearance="plain" ?loading=${this.busy} @click=${this.#choose}>
        <il-icon slot="start" name="upload"></il-icon>${this.t('materials.picture')}
      </wa-button>
      <p class="error" role="alert">${this.refusal}</p>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-picture-button': LibraryPictureButton;
  }
}

import { PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Draft } from './draft.js';

/**
 * Settings of the path as a whole.
 * @fires myway-change - the changes to the draft
 */
@customElement('myway-path-settings')
export class PathSettings extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles];

  @property({ attribute: false }) draft: Draft | undefined;

  override render() {
    if (this.draft === undefined) return nothing;
    return html`
      <div class="stack">
        <h2>${this.t('settings.heading')}</h2>
        <wa-textarea
          rows="4"
          resize="auto"
          maxlength="5000"
          .label=${this.t('settings.description')}
          .hint=${this.t('settings.descriptionHint')}
          .value=${this.draft.description}
          @input=${(event: Event) => this.emit('myway-change', { description: (event.target as HTMLTextAreaElement).value ?? '' })}
        ></wa-textarea>
        <wa-radio-group
          .label=${this.t('settings.sequence')}
          .value=${this.draft.sequence}
          @change=${(event: Event) => this.emit('myway-change', { sequence: (event.target as HTMLInputElement).value })}
        >
          <wa-radio value="in-order">${this.t('settings.inOrder')}</wa-radio>
          <wa-radio value="free">${this.t('settings.free')}</wa-radio>
        </wa-radio-group>
        <p class="muted small">${this.t('settings.assignedHint')}</p>
        <slot></slot>
      </div>
    `;
  }
}

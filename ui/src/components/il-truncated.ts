import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber } from '../base/format.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';

/** Below a list that the server cut at its greatest length: says that there are more. */
@customElement('il-truncated')
export class IlTruncated extends PortalElement {
  static override styles = [sharedStyles];

  /** Whether there are more; renders nothing otherwise. */
  @property({ type: Boolean }) more = false;

  /** How many are shown. */
  @property({ type: Number }) shown = 0;

  override render() {
    return this.more ? html`<p class="muted">${this.t('truncated', { count: formatNumber(this.shown) })}</p>` : nothing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-truncated': IlTruncated;
  }
}

import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber } from '../base/format.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';

/** Says below a list that the server cut it at its maximum length, so that there are more items. */
@customElement('il-truncated')
export class IlTruncated extends PortalElement {
  static override styles = [sharedStyles];

  /** Whether there are more items; renders nothing otherwise. */
  @property({ type: Boolean }) more = false;

  /** Number of items shown. */
  @property({ type: Number }) shown = 0;

  /** An empty element would take a gap of the page's grid. */
  override willUpdate(): void {
    this.hidden = !this.more;
  }

  override render() {
    return this.more ? html`<p class="muted">${this.t('truncated', { count: formatNumber(this.shown) })}</p>` : nothing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-truncated': IlTruncated;
  }
}

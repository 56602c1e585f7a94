import { PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** Where a launch failed: a link to the question about it, with its trace. */
@customElement('helpdesk-report-launch')
export class ReportLaunch extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles];

  @property({ attribute: false }) context: { code: string } | undefined;

  override render() {
    if (this.context === undefined) return nothing;
    const query = new URLSearchParams({ code: this.context.code, van: location.pathname });
    return html`<wa-button appearance="outlined" href="/helpdesk/vraag?${query}">
      <il-icon slot="start" name="life-buoy"></il-icon>${this.t('tickets.report')}
    </wa-button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-report-launch': ReportLaunch;
  }
}

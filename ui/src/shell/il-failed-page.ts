import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PluginFailure } from '../base/plugins.js';
import { PortalElement } from '../base/portal-element.js';

const WORDS = { gone: 'failed.gone', offline: 'failed.offline', broken: 'failed.broken' } as const;
const ICONS = { gone: 'sparkles', offline: 'wifi-off', broken: 'unplug' } as const;

/** Stands in for a page whose plugin could not be loaded. The rest of the portal works on. */
@customElement('il-failed-page')
export class IlFailedPage extends PortalElement {
  @property({ attribute: false }) error: unknown;

  override render() {
    const kind = this.error instanceof PluginFailure ? this.error.kind : 'broken';
    const plugin = this.error instanceof PluginFailure ? this.error.plugin : '';
    return html`
      <div class="page">
        <h1>${this.t(kind === 'gone' ? 'failed.goneTitle' : 'failed.title')}</h1>
        <il-empty icon=${ICONS[kind]} text=${this.t(WORDS[kind], { plugin })}>
          <wa-button variant="brand" @click=${() => location.reload()}>
            <il-icon slot="start" name="rotate-ccw"></il-icon>${this.t('failed.reload')}
          </wa-button>
        </il-empty>
      </div>
    `;
  }
}

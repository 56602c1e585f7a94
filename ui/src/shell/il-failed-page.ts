import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { pluginTitle } from '../base/i18n.js';
import { PluginFailure } from '../base/plugins.js';
import { PortalElement } from '../base/portal-element.js';
import { buttonStyles } from '../styles/button-styles.js';
import { sharedStyles } from '../styles/shared-styles.js';

const WORDS = {
  out: 'failed.out',
  gone: 'failed.gone',
  offline: 'failed.offline',
  broken: 'failed.broken',
  stopped: 'failed.stopped',
} as const;
const ICONS = { out: 'unplug', gone: 'sparkles', offline: 'wifi-off', broken: 'unplug', stopped: 'unplug' } as const;

/** Message key of the heading; `kid` for a page of children. */
export function failedTitle(error: unknown, kid = false): string {
  const kind = error instanceof PluginFailure ? error.kind : 'broken';
  if (kid && kind !== 'gone') return 'failed.kidTitle';
  return kind === 'out' || kind === 'gone' ? `failed.${kind}Title` : 'failed.title';
}

/** Shown instead of a page whose plugin could not be loaded. The rest of the portal keeps working. */
@customElement('il-failed-page')
export class IlFailedPage extends PortalElement {
  static override styles = [sharedStyles, buttonStyles];

  @property({ attribute: false }) error: unknown;

  /** The page is one of children: the words are too, and name no plugin. */
  @property({ type: Boolean }) kid = false;

  override render() {
    const kind = this.error instanceof PluginFailure ? this.error.kind : 'broken';
    const plugin = this.error instanceof PluginFailure ? pluginTitle(this.error.plugin) : '';
    return html`
      <div class="page">
        <h1>${this.t(failedTitle(this.error, this.kid))}</h1>
        <il-empty icon=${ICONS[kind]} text=${this.t(this.kid && kind !== 'gone' ? 'failed.kid' : WORDS[kind], { plugin })}>
          <button class="button main" @click=${() => location.reload()}>
            <il-icon name="rotate-ccw"></il-icon>${this.t('failed.reload')}
          </button>
        </il-empty>
      </div>
    `;
  }
}

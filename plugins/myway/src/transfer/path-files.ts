import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { myway } from '../client.js';
import type { Loss } from './format.js';
import { lossWords } from './loss-words.js';

/** Links to a path as files, and what each of them loses. */
@customElement('myway-path-files')
export class PathFiles extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      summary {
        min-height: var(--il-target);
        font-weight: 600;
        line-height: var(--il-target);
        cursor: pointer;
      }
      ul {
        padding-inline-start: 1.2em;
      }
    `,
  ];

  @property() pathId = '';

  @state() private lost: Record<'json' | 'cartridge', readonly Loss[]> = { json: [], cartridge: [] };

  /** Reads what is lost when the list is opened, because the path changes in between. */
  async #opened(event: Event): Promise<void> {
    if (!(event.target as HTMLDetailsElement).open) return;
    const params = { id: this.pathId };
    try {
      const [json, cartridge] = await Promise.all([
        myway.get('/paths/:id/file-losses', { params, query: { format: 'json' } }),
        myway.get('/paths/:id/file-losses', { params, query: { format: 'cartridge' } }),
      ]);
      this.lost = { json: json.lost, cartridge: cartridge.lost };
    } catch {
      // The files can be downloaded all the same.
    }
  }

  override render() {
    return html`<details @toggle=${this.#opened}>
      <summary>${this.t('transfer.heading')}</summary>
      <div class="stack">
        <div><wa-button size="s" appearance="outlined" href="/api/myway/paths/${this.pathId}/file" download="leerspoor.json">
          <il-icon slot="start" name="download"></il-icon>${this.t('transfer.json')}
        </wa-button></div>
        ${this.#losses('transfer.lostJson', this.lost.json)}
        <div><wa-button size="s" appearance="outlined" href="/api/myway/paths/${this.pathId}/cartridge" download="leerspoor.imscc">
          <il-icon slot="start" name="download"></il-icon>${this.t('transfer.cartridge')}
        </wa-button></div>
        ${this.#losses('transfer.lostCartridge', this.lost.cartridge)}
      </div>
    </details>`;
  }

  #losses(heading: string, lost: readonly Loss[]) {
    if (lost.length === 0) return nothing;
    return html`<div class="small">
      <p>${this.t(heading)}</p>
      <ul>${lossWords(this, lost).map((words) => html`<li>${words}</li>`)}</ul>
    </div>`;
  }
}

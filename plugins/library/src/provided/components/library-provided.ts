import type { Answer } from '@ilearn/core';
import type { ProviderSlotContext } from '@ilearn/plugin-directory';
import { announce, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { library } from '../../client.js';
import type { providedRoutes } from '../routes.js';

type Checked = Answer<typeof providedRoutes, 'PUT', '/providers/:provider/activities'>;

/** Slot `directory.provider-content`: a provider of tools sends the activities of the tool as a table. */
@customElement('library-provided')
export class LibraryProvided extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      .good,
      .bad {
        display: grid;
        gap: var(--il-space-3);
        padding: var(--il-space-4) var(--il-space-5);
        background: var(--il-surface);
        border: 1px solid var(--il-rule);
        border-radius: var(--il-radius);
      }
      .bad {
        background: var(--il-warn-fill);
      }
      .bad ul {
        display: grid;
        gap: var(--il-space-1);
        padding: 0;
        list-style: none;
      }
    `,
  ];

  @property({ attribute: false }) context: ProviderSlotContext | undefined;

  @state() private file: File | undefined;
  @state() private checked: Checked | undefined;
  @state() private problem: unknown;
  @state() private busy = false;

  @query('input') private input!: HTMLInputElement;

  #choose(): void {
    this.file = this.input.files?.[0];
    this.input.value = '';
    if (this.file !== undefined) void this.#take(true);
  }

  async #take(dryRun: boolean): Promise<void> {
    const { file, context } = this;
    if (file === undefined || context === undefined || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      this.checked = await library.put('/providers/:provider/activities', {
        params: { provider: context.id },
        query: { dryRun: dryRun ? 'true' : 'false' },
        body: new Blob([file], { type: 'application/octet-stream' }),
      });
      announce(this.#outcome(this.checked));
    } catch (problem) {
      this.checked = undefined;
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  #outcome({ sent, rows, faultCount }: Checked): string {
    if (faultCount > 0) return this.t('provided.faults', { count: faultCount });
    return this.t(sent ? 'provided.sent' : 'provided.right', { count: rows });
  }

  override render() {
    if (this.context?.kind !== 'tool-provider') return nothing;
    return html`<section class="stack" aria-labelledby="heading">
      <h2 id="heading" tabindex="-1">${this.t('provided.heading')}</h2>
      <p class="muted">${this.t('provided.text')}</p>
      <div class="actions">
        <wa-button appearance="outlined" href="/api/library/providers/${this.context.id}/activities.csv" download>
          <il-icon slot="start" name="download"></il-icon>${this.t('provided.download')}
        </wa-button>
        <input type="file" hidden accept=".csv,text/csv" aria-label=${this.t('provided.choose')} @change=${this.#choose} />
        <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => this.input.click()}>
          <il-icon slot="start" name="upload"></il-icon>${this.t('provided.choose')}
        </wa-button>
      </div>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem}></il-problem>`}
      ${this.checked === undefined ? nothing : this.#result(this.checked)}
    </section>`;
  }

  #result(checked: Checked) {
    const { sent, faults, faultCount, removed } = checked;
    if (faultCount > 0) {
      return html`<div class="bad">
        <p class="strong">${this.#outcome(checked)}</p>
        <ul>
          ${faults.map((fault) => html`<li>${this.#faultText(fault)}</li>`)}
        </ul>
        ${faultCount > faults.length ? html`<p>${this.t('provided.moreFaults', { count: faults.length })}</p>` : nothing}
      </div>`;
    }
    return html`<div class="good">
      <p class="strong">${this.#outcome(checked)}</p>
      ${removed > 0 ? html`<p>${this.t('provided.removed', { count: removed })}</p>` : nothing}
      ${
        sent
          ? nothing
          : html`<div class="actions">
            <wa-button variant="brand" ?loading=${this.busy} @click=${() => this.#take(false)}>${this.t('provided.send')}</wa-button>
          </div>`
      }
    </div>`;
  }

  #faultText({ row, column, code }: Checked['faults'][number]): string {
    const what = code === 'invalid' ? this.t(`provided.columns.${column}`) : this.t(`provided.codes.${code}`);
    return column === null ? this.t('provided.atRow', { row, what }) : this.t('provided.atCell', { row, column, what });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-provided': LibraryProvided;
  }
}

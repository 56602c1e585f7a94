import type { Answer } from '@ilearn/core';
import { announce, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { keyRoutes } from './routes.js';

type Report = Answer<typeof keyRoutes, 'PUT', '/schools/:school/keys'>;

/** The sourcedIds of the people of a school, as a table to download, correct and send. */
@customElement('directory-school-keys')
export class SchoolKeys extends PortalElement {
  static override ns = 'directory';
  static override styles = [
    sharedStyles,
    css`
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
      }
    `,
  ];

  @property() school = '';

  @state() private file: File | null = null;
  @state() private report: Report | null = null;
  @state() private problem: unknown;
  @state() private busy = false;
  @query('input') private input!: HTMLInputElement;

  override render() {
    return html`<section class="stack" aria-labelledby="keys">
      <h2 id="keys">${this.t('keys.heading')}</h2>
      <p class="muted">${this.t('keys.text')}</p>
      <div class="actions">
        <wa-button appearance="outlined" href=${`/api/directory/schools/${this.school}/keys.csv`} download>
          <il-icon slot="start" name="download"></il-icon>${this.t('keys.download')}
        </wa-button>
        <input type="file" hidden accept=".csv,text/csv" aria-label=${this.t('keys.choose')} @change=${this.#choose} />
        <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => this.input.click()}>
          <il-icon slot="start" name="upload"></il-icon>${this.t('keys.choose')}
        </wa-button>
      </div>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem}></il-problem>`}
      ${this.report === null ? nothing : this.#result(this.report)}
    </section>`;
  }

  #result(report: Report) {
    const { faults, faultCount, changed, written } = report;
    return html`<p class="strong" role="status">${this.#outcome(report)}</p>
      ${
        faultCount > 0
          ? html`<ul>
              ${faults.map(
                ({ row, column, code, params }) =>
                  html`<li>${row === null ? '' : this.t('report.rowNumber', { row })} ${column ?? ''}: ${this.t(`faults.${code}`, params)}</li>`,
              )}
            </ul>`
          : nothing
      }
      ${
        faultCount === 0 && changed > 0 && !written
          ? html`<div><wa-button variant="brand" ?loading=${this.busy} @click=${() => this.#send(false)}>${this.t('keys.send')}</wa-button></div>`
          : nothing
      }`;
  }

  #outcome({ faultCount, changed, written }: Report): string {
    if (faultCount > 0) return this.t('report.faults', { count: faultCount });
    return this.t(written ? 'keys.sent' : 'keys.right', { count: changed });
  }

  #choose(): void {
    this.file = this.input.files?.[0] ?? null;
    // Without this, choosing the same file again after correcting it would not fire an event.
    this.input.value = '';
    void this.#send(true);
  }

  async #send(dryRun: boolean): Promise<void> {
    if (this.file === null || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      this.report = await directory.put('/schools/:school/keys', {
        params: { school: this.school },
        query: { dryRun: dryRun ? 'true' : 'false' },
        body: new Blob([this.file], { type: 'application/octet-stream' }),
      });
      announce(this.#outcome(this.report));
    } catch (problem) {
      this.report = null;
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-school-keys': SchoolKeys;
  }
}

import { formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Fault } from './faults.js';
import type { ImportReport } from './importer.js';
import type { LeftOut } from './read.js';

/** Maximum number of faults shown; correcting the first ones usually resolves others. */
const shownFaults = 200;

/** Shows what an import did, or would do: schools, counts, faults by file, row and column, and what was left out. */
@customElement('directory-import-report')
export class ImportReportView extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .verdict {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        padding: var(--il-space-4) var(--il-space-5);
        border-inline-start: 6px solid;
        border-radius: 4px var(--il-radius) var(--il-radius) 4px;
      }
      .imported {
        background: var(--il-good-fill);
        border-color: var(--il-good);
      }
      .partly {
        background: var(--il-warn-fill);
        border-color: var(--il-warn);
      }
      .refused {
        background: var(--il-bad-fill);
        border-color: var(--il-bad);
      }
      .state {
        flex: none;
      }
      .bad {
        color: var(--il-bad);
      }
      td.place {
        white-space: nowrap;
      }
      td.what {
        overflow-wrap: anywhere;
      }
      ul.plain {
        padding-inline-start: 1.2em;
      }
      @media (max-width: 40rem) {
        .faults thead {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .faults tbody tr {
          display: flex;
          flex-wrap: wrap;
          gap: 0 var(--il-space-3);
          padding-block: var(--il-space-3);
          border-bottom: 1px solid var(--il-rule);
        }
        .faults td,
        .faults th {
          padding: 0;
          border: 0;
        }
        .faults td.what {
          flex-basis: 100%;
        }
      }
    `,
  ];

  @property({ attribute: false }) report!: ImportReport;

  /** Moves the focus to the sentence that says what happened, which scrolls it into view. */
  showVerdict(): void {
    this.renderRoot.querySelector<HTMLElement>('.verdict')?.focus();
  }

  override render() {
    const { outcome, dryRun } = this.report;
    const words =
      !dryRun && outcome !== 'refused' ? `import.${outcome === 'partly' ? 'donePartly' : 'done'}` : `import.outcome.${outcome}`;
    const icon = { imported: 'circle-check', partly: 'triangle-alert', refused: 'circle-x' }[outcome];
    return html`
      <div class="page">
        <p class="verdict ${outcome}" tabindex="-1"><il-icon name=${icon}></il-icon><span class="strong">${this.t(words)}</span></p>
        ${this.#faults()} ${this.#schools()} ${this.#numbers()} ${this.#leftOut()}
      </div>
    `;
  }

  #schools() {
    const { schools, schoolCount, dryRun } = this.report;
    if (schools.length === 0) return '';
    const stateOf = ({ refused, known }: ImportReport['schools'][number]) =>
      refused ? 'refused' : dryRun ? (known ? 'sound' : 'soundNew') : known ? 'imported' : 'importedNew';
    return html`<section class="stack">
      <h2>${this.t('report.schools')}</h2>
      <ul class="list">
        ${schools.map(
          (school) => html`<li class="row">
            <span class="grow"><span class="strong">${school.name}</span> <span class="muted">${school.instellingsnummer}</span></span>
            <span class="state ${school.refused ? 'bad' : 'muted'}">${this.t(`report.state.${stateOf(school)}`)}</span>
          </li>`,
        )}
      </ul>
      ${schoolCount > schools.length ? html`<p class="muted">${this.t('report.moreSchools', { count: schoolCount - schools.length })}</p>` : ''}
    </section>`;
  }

  #numbers() {
    const { tables, dryRun } = this.report;
    const rows = Object.entries(tables).filter(([, counts]) => Object.values(counts).some((count) => count > 0));
    if (rows.length === 0) return '';
    const kinds = ['added', 'changed', 'removed', 'unchanged'] as const;
    return html`<section class="stack">
      <h2>${this.t(dryRun ? 'report.wouldChange' : 'report.changed')}</h2>
      <div class="scroll-x" tabindex="0" role="region" aria-label=${this.t(dryRun ? 'report.wouldChange' : 'report.changed')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${this.t('report.what')}</th>
              ${kinds.map((kind) => html`<th scope="col" class="number">${this.t(`report.counts.${kind}`)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ([table, counts]) => html`<tr>
                <th scope="row">${this.t(`report.tables.${table}`)}</th>
                ${kinds.map((kind) => html`<td class="number ${counts[kind] === 0 ? 'muted' : 'strong'}">${formatNumber(counts[kind])}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #faults() {
    const { faults, faultCount } = this.report;
    if (faults.length === 0) return '';
    return html`<section class="stack">
      <h2>${this.t('report.faults', { count: faultCount })}</h2>
      <table class="faults">
        <thead>
          <tr>
            <th scope="col">${this.t('report.file')}</th>
            <th scope="col">${this.t('report.row')}</th>
            <th scope="col">${this.t('report.column')}</th>
            <th scope="col">${this.t('report.fault')}</th>
          </tr>
        </thead>
        <tbody>
          ${faults.slice(0, shownFaults).map((fault) => this.#fault(fault))}
        </tbody>
      </table>
      ${faultCount > Math.min(faults.length, shownFaults) ? html`<p class="muted">${this.t('report.moreFaults', { count: faultCount - Math.min(faults.length, shownFaults) })}</p>` : ''}
    </section>`;
  }

  #fault({ file, row, column, code, params }: Fault) {
    return html`<tr>
      <th scope="row">${file}</th>
      <td class="place">${row === null ? '' : this.t('report.rowNumber', { row })}</td>
      <td class="place">${column ?? ''}</td>
      <td class="what">${this.t(`faults.${code}`, params)}</td>
    </tr>`;
  }

  #leftOut() {
    const { leftOut } = this.report;
    if (leftOut.length === 0) return '';
    return html`<wa-details .summary=${this.t('report.leftOut')}>
      <div class="stack">
        <p class="muted">${this.t('report.leftOutText')}</p>
        <ul class="plain">
          ${leftOut.map((one) => html`<li>${this.#leftOutWords(one)}</li>`)}
        </ul>
      </div>
    </wa-details>`;
  }

  #leftOutWords({ file, column, count, reason }: LeftOut): string {
    const place = column === null ? file : `${file}, ${column}`;
    const amount = count === null ? '' : ` (${this.t(column === null ? 'report.rows' : 'report.cells', { count })})`;
    return `${place}${amount}: ${this.t(`report.reasons.${reason}`)}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-import-report': ImportReportView;
  }
}

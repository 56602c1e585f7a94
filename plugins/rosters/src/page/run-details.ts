import type { Answer } from '@ilearn/core';
import { formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { runRoutes } from '../runs/routes.js';

export type RunDetails = Answer<typeof runRoutes, 'GET', '/runs/:id'>;

const tables = ['people', 'classes', 'enrolments'] as const;
const files = ['users', 'roles', 'classes', 'enrollments', 'academicSessions', 'orgs'];
/** Faults with a text of their own; others share one. */
const knownCodes = [
  'reference',
  'required',
  'enum',
  'twice',
  'two-pages',
  'email',
  'date',
  'boolean',
  'no-role',
  'enrolment-role',
  'role-not-yours',
  'role-not-yours-to-take',
];

/** What a run changed or would change, and which rows were left out. */
@customElement('rosters-run-details')
export class RosterRunDetails extends PortalElement {
  static override ns = 'rosters';
  static override styles = [
    sharedStyles,
    css`
      .error {
        margin: 0;
        color: var(--il-bad);
        font-weight: 600;
      }
      wa-callout,
      wa-details {
        margin-block: var(--il-space-4);
      }
      td.number,
      th.number {
        text-align: end;
      }
      .notes {
        max-height: 24rem;
        overflow: auto;
      }
      code {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) run: RunDetails | undefined;

  override render() {
    const { run } = this;
    if (run === undefined) return '';
    return html`
      ${run.failure === null ? '' : html`<p class="error">${this.t(`failures.${run.failure}`)}</p>`}
      ${run.removals.length === 0 ? '' : this.#removals(run)}
      ${run.changes === null ? '' : this.#counts(run.changes)}
      ${run.notes.length === 0 ? '' : this.#notes(run)}
    `;
  }

  #removals({ removals, removalCount }: RunDetails) {
    return html`<wa-callout variant="warning">
      <strong>${this.t('run.removals')}</strong>
      <ul>
        ${removals.map(({ kind, class: of, count, total }) => html`<li>${this.t(`run.removal.${kind}`, { count, total, class: of ?? '' })}</li>`)}
      </ul>
      <il-truncated ?more=${removalCount > removals.length} shown=${removals.length}></il-truncated>
    </wa-callout>`;
  }

  #counts(changes: NonNullable<RunDetails['changes']>) {
    const columns = ['added', 'changed', 'removed', 'unchanged'] as const;
    return html`<table class="stacked">
      <caption>${this.t('run.counts')}</caption>
      <thead>
        <tr>
          <th scope="col"><span class="visually-hidden">${this.t('run.what')}</span></th>
          ${columns.map((column) => html`<th scope="col" class="number">${this.t(`run.${column}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${tables.map(
          (table) => html`<tr>
            <th scope="row">${this.t(`run.tables.${table}`)}</th>
            ${columns.map(
              (column) =>
                html`<td class="number" data-label=${this.t(`run.${column}`)}>${formatNumber(changes[table]?.[column] ?? 0)}</td>`,
            )}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #notes({ notes, leftOut }: RunDetails) {
    return html`<wa-details summary=${this.t('run.notes', { count: leftOut })}>
      <p>${this.t('run.notesText')}</p>
      <ul class="notes" tabindex="0" aria-label=${this.t('run.notes', { count: leftOut })}>
        ${notes.map(
          ({ file, sourcedId, code, column }) => html`<li>
            ${files.includes(file) ? this.t(`run.files.${file}`) : file} <code>${sourcedId || '–'}</code>:
            ${this.t(`notes.${knownCodes.includes(code) ? code : 'other'}`)}${column === null ? '' : html` <code>${column}</code>`}
          </li>`,
        )}
      </ul>
      <il-truncated ?more=${leftOut > notes.length} shown=${notes.length}></il-truncated>
    </wa-details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rosters-run-details': RosterRunDetails;
  }
}

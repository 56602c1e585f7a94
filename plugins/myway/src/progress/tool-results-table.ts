import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { scoreText } from '../client/line.js';
import { myway } from '../client.js';
import type { ToolResults } from './model.js';

/** Results in line items that tools created, shown below the class board. Renders nothing if there are none. */
@customElement('myway-tool-results')
export class ToolResultsTable extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      .scroll {
        overflow-x: auto;
      }
      th,
      td {
        padding: var(--il-space-2) var(--il-space-4) var(--il-space-2) 0;
        border-bottom: 1px solid var(--il-rule);
        text-align: start;
        vertical-align: top;
        white-space: nowrap;
      }
      thead th {
        min-width: 8rem;
        white-space: normal;
      }
    `,
  ];

  @property() assignmentId = '';

  #results = new Task(this, {
    task: async ([id], { signal }) =>
      id === '' ? undefined : myway.get('/assignments/:id/tool-results', { params: { id }, signal }),
    args: () => [this.assignmentId] as const,
  });

  override render() {
    return this.#results.render({
      complete: (found) => (found === undefined || found.columns.length === 0 ? nothing : this.#table(found)),
    });
  }

  #table({ columns, rows, more }: ToolResults) {
    return html`<section class="stack">
      <h2>${this.t('toolResults.title')}</h2>
      <p class="muted">${this.t('toolResults.text')}</p>
      <div class="scroll" tabindex="0" role="group" aria-label=${this.t('toolResults.title')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${this.t('board.pupil')}</th>
              ${columns.map(
                ({ label, stepTitle }) =>
                  html`<th scope="col">${label}${stepTitle === null ? nothing : html`<br /><span class="muted small">${stepTitle}</span>`}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ pupil, cells }) => html`<tr>
                <th scope="row">${pupil.familyName} ${pupil.givenName}</th>
                ${cells.map(({ score, pending }) => html`<td>${pending ? this.t('trail.marking.pending') : score === null ? '–' : scoreText(this, score)}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <il-truncated ?more=${more} shown=${columns.length}></il-truncated>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-tool-results': ToolResultsTable;
  }
}

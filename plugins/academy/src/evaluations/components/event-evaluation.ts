import type { Answer } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { styleMap } from 'lit/directives/style-map.js';
import { academy } from '../../client.js';
import type { evaluationRoutes } from '../routes.js';

type Result = Answer<typeof evaluationRoutes, 'GET', '/desk/events/:id/evaluation'>;
type Scores = NonNullable<Result['scores']>[number];

/** What participants thought of an event: a plot with its numbers for each question, and the remarks. */
@customElement('academy-event-evaluation')
export class EventEvaluation extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    css`
      table {
        max-width: 34rem;
      }
      .bar {
        display: block;
        height: 18px;
        min-width: 2px;
        background: var(--il-line-3);
        border-radius: 3px;
      }
      td.plot {
        width: 60%;
      }
      .remarks {
        display: grid;
        gap: var(--il-space-3);
      }
    `,
  ];

  @property() event = '';

  readonly #loaded = new Task(this, {
    task: ([id], { signal }) => academy.get('/desk/events/:id/evaluation', { params: { id }, signal }),
    args: () => [this.event] as const,
  });

  override render() {
    return this.#loaded.render({
      pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
      complete: (result) => this.#result(result),
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
    });
  }

  #result({ answers, scores, remarks }: Result) {
    if (scores === null) {
      return html`<il-empty icon="chart-column" heading=${this.t('evaluation.few', { count: answers })} text=${this.t('evaluation.fewText')}></il-empty>`;
    }
    return html`<div class="stack">
      <p>${this.t('evaluation.answers', { count: answers })}</p>
      ${scores.map((each) => this.#plot(each))}
      ${
        remarks.length === 0
          ? nothing
          : html`<h2>${this.t('evaluation.remarks')}</h2>
              <ul class="remarks">${remarks.map((remark) => html`<li>${remark}</li>`)}</ul>`
      }
    </div>`;
  }

  #plot({ question, counts }: Scores) {
    const most = Math.max(...counts, 1);
    return html`<table>
      <caption>${this.t(`evaluation.questions.${question}`)}</caption>
      <tbody>
        ${counts.map(
          (count, at) => html`<tr>
            <th scope="row">${at + 1}</th>
            <td class="plot"><span class="bar" style=${styleMap({ width: `${(count / most) * 100}%` })}></span></td>
            <td class="number">${count}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-event-evaluation': EventEvaluation;
  }
}

import type { Answer, SlotContext } from '@ilearn/core';
import { clientFor, formatDate, formatMinutes, LiveController, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { routes } from './routes.js';

type Days = readonly Answer<typeof routes, 'GET', '/classes/:classId/load'>['days'][number][];

const client = clientFor<typeof routes>('agenda-load');

/** Fills the slot `agenda.week` with a bar chart. The same numbers are in a table, for whoever cannot see the bars. */
@customElement('agenda-load-chart')
export class LoadChart extends PortalElement {
  static override ns = 'agenda-load';
  static override styles = [
    sharedStyles,
    css`
      figure {
        display: grid;
        gap: var(--il-space-3);
      }
      .bars {
        display: grid;
        grid-template-columns: repeat(7, minmax(0, 1fr));
        gap: var(--il-space-2);
        align-items: end;
        max-width: 36rem;
        height: 10rem;
      }
      .bar {
        display: grid;
        grid-template-rows: 1fr auto auto;
        gap: var(--il-space-1);
        height: 100%;
        font-size: var(--il-text-s);
        text-align: center;
      }
      .fill {
        align-self: end;
        width: 100%;
        min-height: 2px;
        background: var(--il-line-1);
        border-radius: 4px 4px 0 0;
      }
      details table {
        max-width: 24rem;
      }
    `,
  ];

  @property({ attribute: false }) context: SlotContext<'agenda.week'> | undefined;

  readonly #days = new Task(this, {
    task: async ([classId, monday], { signal }) =>
      classId === undefined || monday === undefined
        ? []
        : (await client.get('/classes/:classId/load', { params: { classId }, query: { monday }, signal })).days,
    args: () => [this.context?.classId, this.context?.monday] as const,
  });

  constructor() {
    super();
    new LiveController(
      this,
      () => (this.context ? [['agenda.week', { classId: this.context.classId }]] : []),
      () => this.#days.run(),
    );
  }

  override render() {
    const days = this.#days.value ?? [];
    if (days.every(({ minutes }) => minutes === 0)) return nothing;
    return html`<section class="stack">
      <h2>${this.t('chart.title')}</h2>
      <figure>
        ${this.#bars(days)}
        <figcaption class="small muted">${this.t('chart.caption')}</figcaption>
      </figure>
      <details>
        <summary>${this.t('chart.asTable')}</summary>
        ${this.#table(days)}
      </details>
    </section>`;
  }

  #bars(days: Days) {
    const most = Math.max(...days.map(({ minutes }) => minutes));
    return html`<div class="bars" aria-hidden="true">
      ${days.map(
        ({ day, minutes }) => html`<div class="bar">
          <div class="fill" style=${styleMap({ height: `${(100 * minutes) / most}%` })}></div>
          <span>${minutes}</span>
          <span class="muted">${formatDate(day, 'day').split(' ')[0]}</span>
        </div>`,
      )}
    </div>`;
  }

  #table(days: Days) {
    return html`<table>
      <thead>
        <tr>
          <th scope="col">${this.t('chart.day')}</th>
          <th scope="col" class="number">${this.t('chart.time')}</th>
          <th scope="col" class="number">${this.t('chart.tasks')}</th>
        </tr>
      </thead>
      <tbody>
        ${days.map(
          ({ day, minutes, tasks }) => html`<tr>
            <th scope="row">${formatDate(day, 'day')}</th>
            <td class="number">${formatMinutes(minutes)}</td>
            <td class="number">${tasks}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'agenda-load-chart': LoadChart;
  }
}

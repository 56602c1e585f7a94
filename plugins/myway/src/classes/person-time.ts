import type { SlotContext } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { PupilWeeks, TopicList } from './model.js';
import { topicTableStyles, topicTables } from './topic-table.js';
import { weekPlotStyles, weekPlots, weekTable } from './week-plots.js';

/** In the slot `directory.person-content`: a pupil's work week by week, drawn and as a table, and by topic. */
@customElement('myway-person-time')
export class PersonTime extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    topicTableStyles,
    weekPlotStyles,
    css`
      section {
        display: grid;
        gap: var(--il-space-4);
      }
      h3 {
        font-size: var(--il-text-m);
      }
      summary {
        min-height: 44px;
        align-content: center;
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) context: SlotContext<'directory.person-content'> | undefined;

  readonly #found = new Task(this, {
    task: async ([id, kind], { signal }): Promise<{ weeks: PupilWeeks; topics: TopicList } | undefined> => {
      if (id === undefined || kind !== 'pupil') return undefined;
      const [weeks, topics] = await Promise.all([
        myway.get('/pupils/:id/weeks', { params: { id }, signal }),
        myway.get('/pupils/:id/topics', { params: { id }, signal }),
      ]);
      return { weeks, topics };
    },
    args: () => [this.context?.id, this.context?.kind] as const,
  });

  override willUpdate(): void {
    const found = this.#found.value;
    this.hidden = this.context?.kind !== 'pupil' || (found !== undefined && !found.weeks.taught);
  }

  override render() {
    return this.#found.render({
      pending: () => (this.context?.kind === 'pupil' ? html`<il-skeleton lines="4"></il-skeleton>` : nothing),
      error: (problem) => html`<il-problem .problem=${inWords(this, problem)} @retry=${() => this.#found.run()}></il-problem>`,
      complete: (found) => (found?.weeks.taught ? this.#sections(found.weeks, found.topics) : nothing),
    });
  }

  #sections({ weeks }: PupilWeeks, { topics }: TopicList) {
    return html`
      <section aria-labelledby="weeks">
        <h2 id="weeks">${this.t('weeks.heading')}</h2>
        ${
          weeks.length === 0
            ? html`<p class="muted">${this.t('weeks.none')}</p>`
            : html`${weekPlots(this, weeks)}
              <details><summary>${this.t('weeks.asTable')}</summary>${weekTable(this, weeks)}</details>`
        }
        ${topics.length === 0 ? nothing : html`<h2>${this.t('topics.heading')}</h2>${topicTables(this, topics, false)}`}
      </section>
    `;
  }
}

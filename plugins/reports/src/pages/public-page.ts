import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { reports } from '../client.js';
import type { FigureList, MeasureText } from '../figures/shapes.js';
import { schoolYearName, schoolYearOf, weeksOf } from '../figures/weeks.js';
import { linePlot } from '../plots/line-plot.js';
import { plotStyles } from '../plots/plot-styles.js';
import { figureBlock, noFigures } from './figure-block.js';

/** `/cijfers`: figures about the portal for everybody, also without signing in. */
@customElement('reports-public-page')
export class PublicPage extends PortalElement {
  static override ns = 'reports';
  static override styles = [
    sharedStyles,
    plotStyles,
    css`
      .block + .block {
        margin-block-start: var(--il-space-7);
      }
    `,
  ];

  @state() private year: string | null = null;

  readonly #figures = new Task(this, {
    task: async (_, { signal }) => {
      const [measures, pupils] = await Promise.all([
        reports.get('/measures', { signal }),
        reports.get('/figures', { query: { measure: 'pupils' }, signal }),
      ]);
      return { measures, pupils };
    },
    args: () => [],
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('public.title')}><p>${this.t('public.lead')}</p></il-page-head>
      ${this.#figures.render({
        pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#figures.run()}></il-problem>`,
        complete: (found) => this.#blocks(found),
      })}
    </div>`;
  }

  #blocks({ measures, pupils }: { measures: MeasureText[]; pupils: FigureList }) {
    const last = pupils.periods.at(-1);
    if (last === undefined) return noFigures(this);
    const year = this.year ?? schoolYearOf(last.startsOn);
    const measure = measures.find(({ id }) => id === 'pupils');
    if (measure === undefined) return nothing;
    const points = weeksOf(pupils, year);
    const heading = this.t('measures.pupils.title');
    return figureBlock(this, {
      ...{ measure, heading },
      plot: linePlot(this, this.t('plots.line', { heading, year: schoolYearName(year) }), points),
      table: {
        heads: [this.t('columns.week'), schoolYearName(year), this.t('columns.before')],
        rows: points.map(({ startsOn, now, before }) => [formatDate(startsOn), now, before]),
      },
      csv: '/api/reports/figures/table?measure=pupils&grain=week&by=all',
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'reports-public-page': PublicPage;
  }
}

import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { reports } from '../client.js';
import type { FigureList, MeasureText } from '../figures/shapes.js';
import { linePlot } from '../plots/line-plot.js';
import { plotStyles } from '../plots/plot-styles.js';
import { lookUp, schoolYearName, schoolYearOf, weeksOf } from '../plots/weeks.js';
import { figureBlock, figureTable, noFigures } from './figure-block.js';
import { monthName } from './words.js';

/** What is told of one tool by month. */
const told = ['schools', 'pupils', 'teachers', 'launches', 'pupil-days'] as const;
const mostMonths = 13;

interface Found {
  measures: MeasureText[];
  weeks: FigureList;
  months: FigureList;
}

/** `/cijfers/programma`: the figures of one tool, for its provider and everybody. `?programma=<key>` names it. */
@customElement('reports-tool-page')
export class ToolPage extends PortalElement {
  static override ns = 'reports';
  static override styles = [sharedStyles, plotStyles];

  @state() private tool: string | null = new URLSearchParams(location.search).get('programma');

  readonly #tools = new Task(this, {
    task: async (_, { signal }) => {
      const { names } = await reports.get('/figures', {
        query: { measure: 'pupil-days', grain: 'month', detail: 'parts' },
        signal,
      });
      const known = [...names].sort((one, other) => one.name.localeCompare(other.name, 'nl'));
      if (!known.some(({ item }) => item === this.tool)) this.tool = known[0]?.item ?? null;
      return known;
    },
    args: () => [],
  });

  readonly #found = new Task(this, {
    task: async ([item], { signal }): Promise<Found | null> => {
      if (item === null) return null;
      const [measures, weeks, months] = await Promise.all([
        reports.get('/measures', { signal }),
        reports.get('/figures', { query: { measure: 'launches', grain: 'week', item }, signal }),
        reports.get('/figures', { query: { measure: told.join(','), grain: 'month', item }, signal }),
      ]);
      return { measures, weeks, months };
    },
    args: () => [this.tool] as const,
  });

  #choose(item: string): void {
    this.tool = item;
    history.replaceState(history.state, '', `?${new URLSearchParams({ programma: item })}`);
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('tool.title')} .back=${{ href: '/cijfers', text: this.t('public.title') }}>
        <p>${this.t('tool.lead')}</p>
      </il-page-head>
      ${this.#tools.render({
        pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#tools.run()}></il-problem>`,
        complete: (tools) =>
          this.tool === null
            ? noFigures(this)
            : html`<wa-select
                  class="no-print"
                  label=${this.t('columns.tool')}
                  .value=${this.tool}
                  @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}
                >
                  ${tools.map(({ item, name }) => html`<wa-option value=${item}>${name}</wa-option>`)}
                </wa-select>
                ${this.#figures(tools.find(({ item }) => item === this.tool)?.name ?? '')}`,
      })}
    </div>`;
  }

  #figures(name: string) {
    return this.#found.render({
      pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#found.run()}></il-problem>`,
      complete: (found) => (found === null ? nothing : html`${this.#line(found, name)} ${this.#months(found, name)}`),
    });
  }

  #line({ measures, weeks }: Found, name: string) {
    const last = weeks.periods.at(-1);
    const measure = measures.find(({ id }) => id === 'launches');
    if (last === undefined || measure === undefined) return nothing;
    const year = schoolYearOf(last.startsOn);
    const points = weeksOf(weeks, year, '', this.tool ?? '');
    const heading = `${name}: ${this.t('measures.launches.title')}`;
    return figureBlock(this, {
      ...{ measure, heading },
      plot: linePlot(this, this.t('plots.line', { heading, year: schoolYearName(year) }), points),
      table: {
        heads: [this.t('columns.week'), schoolYearName(year), this.t('columns.before')],
        rows: points.flatMap(({ startsOn, now, before }) =>
          now === null && before === null ? [] : [[formatDate(startsOn), now, before] as const],
        ),
      },
      csv: `/api/reports/figures/table?${new URLSearchParams({ measure: 'launches', grain: 'week', item: this.tool ?? '' })}`,
    });
  }

  #months({ measures, months }: Found, name: string) {
    const periods = [...months.periods].reverse().slice(0, mostMonths);
    if (periods.length === 0) return nothing;
    const heading = this.t('tool.months', { name });
    const rows = told.map((measure) => {
      const of = lookUp({ ...months, figures: months.figures.filter((each) => each.measure === measure) }, '', this.tool ?? '');
      // Before that nothing was counted, which is not zero.
      const since = measures.find(({ id }) => id === measure)?.since?.slice(0, 7) ?? '9999';
      const figures = periods.map(({ startsOn }) => (startsOn.slice(0, 7) < since ? null : of(startsOn)));
      return [this.t(`measures.${measure}.title`), ...figures] as const;
    });
    return html`<section class="stack block" aria-labelledby="h-months">
      <h2 id="h-months">${heading}</h2>
      ${figureTable(this, heading, { heads: [this.t('columns.what'), ...periods.map(({ startsOn }) => monthName(startsOn))], rows })}
      <p>
        <a
          href=${`/api/reports/figures/table?${new URLSearchParams({ measure: told.join(','), grain: 'month', item: this.tool ?? '' })}`}
          download
          >${this.t('block.csv')}<span class="visually-hidden"> ${heading}</span></a
        >
      </p>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'reports-tool-page': ToolPage;
  }
}

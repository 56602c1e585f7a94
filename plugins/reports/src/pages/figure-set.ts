import { formatDate, formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { reports } from '../client.js';
import type { FigureList, MeasureText } from '../figures/shapes.js';
import type { Asked, Source } from '../figures/source.js';
import { funnel } from '../plots/funnel.js';
import { heatMap } from '../plots/heat-map.js';
import { linePlot } from '../plots/line-plot.js';
import type { Shown } from '../plots/not-shown.js';
import { plotStyles } from '../plots/plot-styles.js';
import { type Ranked, ranked, rankedDots } from '../plots/ranked-dots.js';
import { lookUp, schoolYearName, schoolYearOf, weeksOf } from '../plots/weeks.js';
import { figureBlock, figureTable, noFigures } from './figure-block.js';
import { monthName } from './words.js';

const grains = ['week', 'month', 'year'] as const;
/** Lines through the weeks. */
const lines = ['pupils', 'pupil-days', 'teachers'] as const;
const funnelSteps = ['pupils', 'pupils-done', 'pupils-walked'] as const;
/** Numbers in the table of school years and months. */
const told = [
  ...['schools', 'pupils', 'teachers', 'launches', 'pupil-days', 'paths-made', 'paths-given', 'paths-walked'],
  ...['results', 'results-reached', 'academy-people', 'academy-minutes', 'tickets', 'ticket-minutes'],
];

interface Found {
  measures: MeasureText[];
  lists: Map<string, FigureList>;
}

const keyOf = ({ measure, grain, detail = 'whole' }: Asked): string => `${measure} ${grain} ${detail}`;

/** The figures of the portal, of a group or of a school: plots, each with its table. */
@customElement('reports-figure-set')
export class FigureSet extends PortalElement {
  static override ns = 'reports';
  static override styles = [
    sharedStyles,
    plotStyles,
    css`
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-4);
      }
      .choices wa-select {
        max-width: 16rem;
      }
      .block {
        margin-block-start: var(--il-space-6);
        break-inside: avoid;
      }
    `,
  ];

  @property({ attribute: false }) source: Source | null = null;
  /** Whether it is about the whole portal, which also has weeks by tool and counts schools. */
  @property({ type: Boolean }) whole = false;
  @state() private year: string | null = null;
  @state() private month: string | null = null;

  readonly #found = new Task(this, {
    task: async ([source], { signal }): Promise<Found | null> => {
      if (source === null) return null;
      const whole = { week: lines, month: [...told, ...funnelSteps.slice(1)], year: told };
      const parts: Asked[] = [
        { measure: 'pupil-days', grain: 'month', detail: 'parts' },
        { measure: 'results', grain: 'month', detail: 'parts' },
        { measure: 'results-reached', grain: 'month', detail: 'parts' },
        ...(this.whole
          ? [
              { measure: 'launches', grain: 'week' as const, detail: 'parts' as const },
              { measure: 'schools', grain: 'month' as const, detail: 'parts' as const },
            ]
          : []),
      ];
      const lists = new Map<string, FigureList>();
      const [measures] = await Promise.all([
        reports.get('/measures', { signal }),
        ...parts.map(async (each) => lists.set(keyOf(each), await source.get(each, signal))),
        ...grains.map(async (grain) => {
          const all = await source.get({ measure: whole[grain].join(','), grain }, signal);
          for (const measure of whole[grain])
            lists.set(keyOf({ measure, grain }), { ...all, figures: all.figures.filter((each) => each.measure === measure) });
        }),
      ]);
      return { measures, lists };
    },
    args: () => [this.source] as const,
  });

  override render() {
    return this.#found.render({
      pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#found.run()}></il-problem>`,
      complete: (found) => (found === null ? nothing : this.#all(found)),
    });
  }

  #list(found: Found, asked: Asked): FigureList {
    return found.lists.get(keyOf(asked)) ?? { periods: [], figures: [], names: [], more: false };
  }

  #all(found: Found) {
    const weeks = this.#list(found, { measure: 'pupils', grain: 'week' }).periods;
    const months = this.#list(found, { measure: 'pupils', grain: 'month' }).periods;
    const last = weeks.at(-1);
    if (last === undefined) return noFigures(this);
    const years = [...new Set(weeks.map(({ startsOn }) => schoolYearOf(startsOn)))].reverse();
    const year = this.year ?? schoolYearOf(last.startsOn);
    const month = this.month ?? months.at(-1)?.startsOn ?? null;
    return html`<div class="choices no-print">
        <wa-select
          label=${this.t('choices.year')}
          .value=${year}
          @change=${(event: Event) => {
            this.year = (event.target as HTMLSelectElement).value;
          }}
        >
          ${years.map((each) => html`<wa-option value=${each}>${schoolYearName(each)}</wa-option>`)}
        </wa-select>
        ${
          month === null
            ? nothing
            : html`<wa-select
                label=${this.t('choices.month')}
                .value=${month}
                @change=${(event: Event) => {
                  this.month = (event.target as HTMLSelectElement).value;
                }}
              >
                ${[...months].reverse().map(({ startsOn }) => html`<wa-option value=${startsOn}>${monthName(startsOn)}</wa-option>`)}
              </wa-select>`
        }
      </div>
      ${lines.map((measure) => this.#line(found, measure, year))} ${month === null ? nothing : this.#ofMonth(found, month)}
      ${this.whole ? this.#heat(found, year) : nothing} ${this.#overview(found)}`;
  }

  #measure({ measures }: Found, id: string): MeasureText {
    return measures.find((each) => each.id === id) ?? { id, unit: 'sum', items: null, owner: 'lti', since: null };
  }

  #line(found: Found, id: (typeof lines)[number], year: string) {
    const asked: Asked = { measure: id, grain: 'week' };
    const points = weeksOf(this.#list(found, asked), year, this.#place(found));
    const heading = this.t(`measures.${id}.title`);
    return figureBlock(this, {
      ...{ measure: this.#measure(found, id), heading },
      plot: linePlot(this, this.t('plots.line', { heading, year: schoolYearName(year) }), points),
      table: {
        heads: [this.t('columns.week'), schoolYearName(year), this.t('columns.before')],
        rows: points.flatMap(({ startsOn, now, before }) =>
          now === null && before === null ? [] : [[formatDate(startsOn), now, before] as const],
        ),
      },
      csv: this.source?.csv(asked) ?? '',
    });
  }

  /** The place of the figures; all of a source are of one. */
  #place({ lists }: Found): string {
    for (const { figures } of lists.values()) if (figures[0] !== undefined) return figures[0].place;
    return '';
  }

  #parts(found: Found, asked: Asked, startsOn: string): Ranked[] {
    const { figures, names } = this.#list(found, { ...asked, detail: 'parts' });
    const nameOf = new Map(names.map(({ item, name }) => [item, name]));
    return figures
      .filter((each) => each.startsOn === startsOn)
      .map((figure) => ({ name: nameOf.get(figure.item) ?? figure.item, figure }));
  }

  #ofMonth(found: Found, month: string) {
    const tools = this.#parts(found, { measure: 'pupil-days', grain: 'month' }, month);
    const steps = funnelSteps.map((id) => ({
      name: this.t(`measures.${id}.title`),
      figure: lookUp(this.#list(found, { measure: id, grain: 'month' }), this.#place(found), '')(month) ?? {
        mark: 'withheld' as const,
        value: null,
      },
    }));
    const title = (key: string) => this.t(key, { month: monthName(month) });
    return html`${figureBlock(this, {
      ...{ measure: this.#measure(found, 'pupil-days'), heading: title('plots.tools') },
      plot: rankedDots(this, title('plots.tools'), tools),
      table: { heads: [this.t('columns.tool'), this.t('measures.pupil-days.title')], rows: rowsOf(tools) },
      csv: this.source?.csv({ measure: 'pupil-days', grain: 'month', detail: 'parts' }) ?? '',
    })}
    ${this.whole ? this.#reach(found, month) : nothing} ${this.#goals(found, month)}
    ${figureBlock(this, {
      ...{ measure: this.#measure(found, 'pupils-done'), heading: title('plots.funnel') },
      plot: funnel(this, title('plots.funnel'), steps),
      table: { heads: [this.t('columns.what'), monthName(month)], rows: rowsOf(steps, false) },
      csv: this.source?.csv({ measure: 'pupils-done', grain: 'month' }) ?? '',
    })}`;
  }

  /** The share of active schools that use a tool: a quotient of two numbers as they are shown. */
  #reach(found: Found, month: string) {
    const all = lookUp(this.#list(found, { measure: 'schools', grain: 'month' }), '', '')(month);
    const shares = this.#parts(found, { measure: 'schools', grain: 'month' }, month).map(({ name, figure }): Ranked => {
      if (figure.mark !== 'shown' || !all?.value)
        return { name, figure: { mark: figure.mark === 'shown' ? 'withheld' : figure.mark, value: null } };
      return { name, figure: { mark: 'shown', value: Math.min(100, Math.round((100 * (figure.value as number)) / all.value)) } };
    });
    const heading = this.t('plots.reach', { month: monthName(month) });
    const percent = (value: number) => formatNumber(value / 100, { style: 'percent' });
    return figureBlock(this, {
      ...{ measure: this.#measure(found, 'schools'), heading },
      plot: rankedDots(this, heading, shares, percent),
      table: {
        heads: [this.t('columns.tool'), this.t('columns.share')],
        rows: ranked(shares).map(({ name, figure }) => [
          name,
          figure.mark === 'shown' ? percent(figure.value as number) : figure,
        ]),
      },
      csv: this.source?.csv({ measure: 'schools', grain: 'month', detail: 'parts' }) ?? '',
    });
  }

  #goals(found: Found, month: string) {
    const results = this.#parts(found, { measure: 'results', grain: 'month' }, month);
    if (results.length === 0) return nothing;
    const reached = new Map(
      this.#parts(found, { measure: 'results-reached', grain: 'month' }, month).map((each) => [each.name, each.figure]),
    );
    const heading = this.t('plots.goals', { month: monthName(month) });
    return figureBlock(this, {
      ...{ measure: this.#measure(found, 'results'), heading },
      plot: rankedDots(this, heading, results),
      table: {
        heads: [this.t('columns.goal'), this.t('measures.results.title'), this.t('measures.results-reached.title')],
        rows: ranked(results).map(({ name, figure }) => [name, figure, reached.get(name) ?? null]),
      },
      csv: this.source?.csv({ measure: 'results', grain: 'month', detail: 'parts' }) ?? '',
    });
  }

  #heat(found: Found, year: string) {
    const asked: Asked = { measure: 'launches', grain: 'week', detail: 'parts' };
    const list = this.#list(found, asked);
    const weeks = list.periods.map(({ startsOn }) => startsOn).filter((day) => schoolYearOf(day) === year);
    const tools = [
      ...new Set(list.figures.flatMap(({ item, startsOn }) => (schoolYearOf(startsOn) === year ? [item] : []))),
    ].sort();
    const rows = tools.map((item) => ({
      name: list.names.find((each) => each.item === item)?.name ?? item,
      cells: weeks.map(lookUp(list, '', item)),
    }));
    const heading = this.t('plots.heat', { year: schoolYearName(year) });
    return figureBlock(this, {
      ...{ measure: this.#measure(found, 'launches'), heading },
      plot: heatMap(this, heading, weeks, rows),
      table: {
        heads: [this.t('columns.week'), ...rows.map(({ name }) => name)],
        rows: weeks.map((week, at) => [formatDate(week), ...rows.map(({ cells }) => cells[at] ?? null)] as const),
      },
      csv: this.source?.csv(asked) ?? '',
    });
  }

  /** All numbers by school year and month. */
  #overview(found: Found) {
    const periods = (['year', 'month'] as const).flatMap((grain) =>
      [...this.#list(found, { measure: 'pupils', grain }).periods]
        .reverse()
        .slice(0, grain === 'year' ? 5 : 13)
        .map(({ startsOn }) => ({ grain, startsOn })),
    );
    if (periods.length === 0) return nothing;
    const columns = told.filter((id) => this.whole || id !== 'schools');
    const place = this.#place(found);
    const rowOf = (measure: string): [string, ...(Shown | null)[]] => {
      const of = (grain: Asked['grain']) => lookUp(this.#list(found, { measure, grain }), measure === 'schools' ? '' : place, '');
      const byGrain = { year: of('year'), month: of('month') };
      return [this.t(`measures.${measure}.title`), ...periods.map(({ grain, startsOn }) => byGrain[grain](startsOn))];
    };
    const heading = this.t('overview.heading');
    const names = periods.map(({ grain, startsOn }) => (grain === 'year' ? schoolYearName(startsOn) : monthName(startsOn)));
    return html`<section class="stack block" aria-labelledby="h-all">
      <h2 id="h-all">${heading}</h2>
      ${figureTable(this, heading, { heads: [this.t('columns.what'), ...names], rows: columns.map(rowOf) })}
    </section>`;
  }
}

const rowsOf = (entries: readonly Ranked[], sort = true) =>
  (sort ? ranked(entries) : entries).map(({ name, figure }) => [name, figure] as const);

declare global {
  interface HTMLElementTagNameMap {
    'reports-figure-set': FigureSet;
  }
}

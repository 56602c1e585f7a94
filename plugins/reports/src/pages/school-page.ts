import { formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { reports } from '../client.js';
import type { FigureList } from '../figures/shapes.js';
import { groupSource, type Source, schoolSource } from '../figures/source.js';
import { figureText } from '../plots/not-shown.js';
import { plotStyles } from '../plots/plot-styles.js';
import { monthName } from './words.js';
import './figure-set.js';

interface Chosen {
  kind: 'school' | 'group';
  id: string;
  source: Source;
}

/** `/cijfers/school`: the figures of the reader's schools and school groups, and what tools got about people. */
@customElement('reports-school-page')
export class SchoolPage extends PortalElement {
  static override ns = 'reports';
  static override styles = [
    sharedStyles,
    plotStyles,
    css`
      wa-select {
        max-width: 24rem;
      }
    `,
  ];

  @state() private chosen: Chosen | null = null;

  readonly #places = new Task(this, {
    task: async (_, { signal }) => {
      const found = await reports.get('/places', { signal });
      const [first] = found.schools;
      if (first !== undefined) this.#choose(`school ${first.id}`);
      return found;
    },
    args: () => [],
  });

  readonly #shared = new Task(this, {
    task: async ([chosen], { signal }) => {
      if (chosen?.kind !== 'school') return null;
      const params = { place: chosen.id };
      const [tools, pupils, shared] = await Promise.all([
        reports.get('/schools/:place/tools', { params, signal }),
        reports.get('/schools/:place/figures', { params, query: { measure: 'pupils', grain: 'month', detail: 'parts' }, signal }),
        reports.get('/schools/:place/figures', { params, query: { measure: 'shared', grain: 'month', detail: 'parts' }, signal }),
      ]);
      return { tools, pupils, shared };
    },
    args: () => [this.chosen] as const,
  });

  #choose(value: string): void {
    const [kind, id = ''] = value.split(' ') as ['school' | 'group', string];
    this.chosen = { kind, id, source: kind === 'school' ? schoolSource(id) : groupSource(id) };
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('school.title')}><p>${this.t('school.lead')}</p></il-page-head>
      ${this.#places.render({
        pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#places.run()}></il-problem>`,
        complete: ({ schools, groups }) =>
          this.chosen === null
            ? html`<il-empty heading=${this.t('empty.heading')}>${this.t('empty.text')}</il-empty>`
            : html`<wa-select
                  class="no-print"
                  label=${this.t('school.choose')}
                  .value=${`${this.chosen.kind} ${this.chosen.id}`}
                  @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}
                >
                  ${schools.map(({ id, name }) => html`<wa-option value=${`school ${id}`}>${name}</wa-option>`)}
                  ${groups.map(({ id, name }) => html`<wa-option value=${`group ${id}`}>${this.t('school.group', { name })}</wa-option>`)}
                </wa-select>
                ${this.#tools()}
                <reports-figure-set .source=${this.chosen.source}></reports-figure-set>`,
      })}
    </div>`;
  }

  #tools() {
    return this.#shared.render({
      pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#shared.run()}></il-problem>`,
      complete: (found) => (found === null ? nothing : this.#table(found.tools, found.pupils, found.shared)),
    });
  }

  /** Which tools the school has, who used them, and what they got, in the latest month. */
  #table(tools: { key: string; name: string }[], pupils: FigureList, shared: FigureList) {
    const month = pupils.periods.at(-1)?.startsOn;
    if (month === undefined) return nothing;
    const used = pupils.figures.filter(({ startsOn }) => startsOn === month);
    const got = shared.figures.filter(({ startsOn }) => startsOn === month);
    const names = new Map([
      ...pupils.names.map(({ item, name }) => [item, name] as const),
      ...tools.map(({ key, name }) => [key, name] as const),
    ]);
    const keys = [...new Set([...tools.map(({ key }) => key), ...used.map(({ item }) => item)])];
    const heading = this.t('school.tools', { month: monthName(month) });
    return html`<section class="stack">
      <h2>${heading}</h2>
      <p class="muted small">${this.t('measures.shared.definition')}</p>
      <div class="scroll-x" tabindex="0" role="group" aria-label=${heading}>
        <table>
          <thead>
            <tr>
              <th scope="col">${this.t('columns.tool')}</th>
              <th scope="col">${this.t('school.access')}</th>
              <th scope="col" class="number">${this.t('measures.pupils.title')}</th>
              <th scope="col">${this.t('measures.shared.title')}</th>
            </tr>
          </thead>
          <tbody>
            ${keys.map((key) => {
              const use = used.find(({ item }) => item === key);
              const fields = got.filter(({ item }) => item.startsWith(`${key} `));
              return html`<tr>
                <th scope="row">${names.get(key) ?? key}</th>
                <td>${this.t(tools.some((tool) => tool.key === key) ? 'school.has' : 'school.hasNot')}</td>
                <td class=${use !== undefined && use.mark !== 'shown' ? 'number not-shown' : 'number'}>
                  ${use === undefined ? formatNumber(0) : figureText(this, use, formatNumber)}
                </td>
                <td>
                  ${
                    fields.length === 0
                      ? '–'
                      : html`<ul class="list">
                          ${fields.map((each) => html`<li>${this.t(`fields.${each.item.split(' ')[1]}`)}: ${figureText(this, each, formatNumber)}</li>`)}
                        </ul>`
                  }
                </td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      ${
        this.chosen === null
          ? nothing
          : html`<p class="no-print"><a href=${this.chosen.source.csv({ measure: 'shared', grain: 'month', detail: 'parts' })} download>${this.t('block.csv')}<span class="visually-hidden"> ${heading}</span></a></p>`
      }
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'reports-school-page': SchoolPage;
  }
}

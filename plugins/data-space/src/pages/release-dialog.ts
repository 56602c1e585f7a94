import { ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import type { ReleaseView } from '../releases/routes.js';
import { releaseStyles } from './release-styles.js';

type Definition = ReleaseView['definition'];

const openMeasures = [
  ...['schools', 'pupils', 'teachers', 'launches', 'pupil-days', 'steps-done', 'pupils-done', 'paths-made', 'paths-given'],
  ...[
    'paths-walked',
    'pupils-walked',
    'results',
    'results-reached',
    'academy-minutes',
    'academy-people',
    'tickets',
    'ticket-minutes',
  ],
];
const choices = {
  tier: ['open', 'research', 'microdata'],
  openBy: ['all', 'region', 'level'],
  researchBy: ['region', 'level', 'tool'],
  microdataBy: ['none', 'region', 'level'],
  openGrain: ['week', 'month', 'year'],
  researchGrain: ['month', 'year'],
  measure: ['pupils', 'launches', 'steps-done'],
} as const;
/** δ of a question about tools, in 10⁻⁹. */
const toolDelta = 100;

interface Values {
  title: string;
  description: string;
  tier: string;
  measures: readonly string[];
  measure: string;
  by: string;
  grain: string;
  detail: boolean;
  from: string;
  to: string;
  startsOn: string;
  groups: string;
  most: string;
  epsilon: string;
  tool: string;
  k: string;
  l: string;
}

const blank: Values = {
  ...{
    title: '',
    description: '',
    tier: 'open',
    measures: ['pupils'],
    measure: 'pupils',
    by: 'region',
    grain: 'month',
    detail: false,
  },
  ...{ from: '', to: '', startsOn: '', groups: '1', most: '1', epsilon: '0.5', tool: '', k: '10', l: '2' },
};

/**
 * Dialog to describe data that are to be released, or the next version of them.
 * @fires data-space-saved
 */
@customElement('data-space-release-dialog')
export class ReleaseDialog extends PortalElement {
  static override ns = 'data-space';
  static override styles = [sharedStyles, releaseStyles];

  /** The version after which this one comes; null: a new data set. */
  @property({ attribute: false }) of: ReleaseView | null = null;

  @state() private values = blank;
  @state() private problem: unknown;
  @state() private busy = false;

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('of') && this.of !== null) this.values = { ...blank, ...valuesOf(this.of) };
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    const { title, description } = this.values;
    const definition = definitionOf(this.values);
    try {
      if (this.of === null) await dataSpace.post('/data-sets', { body: { title, description, definition } });
      else await dataSpace.post('/data-sets/:id/releases', { params: { id: this.of.dataSet }, body: { definition } });
      this.emit('data-space-saved');
    } catch (problem) {
      this.problem = problem;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('[role=alert], il-problem')?.focus();
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const heading = this.of === null ? this.t('form.heading') : this.t('form.nextHeading', { title: this.of.title });
    return html`<il-dialog heading=${heading} .open=${true}>
      <form novalidate @submit=${this.#save}>
        ${this.#fault()}
        ${
          this.of === null
            ? html`${this.#text('title', 'titleLabel')} ${this.#text('description', 'description')} ${this.#choice('tier', 'tier', choices.tier, 'tier')}`
            : nothing
        }
        ${this.values.tier === 'open' ? this.#open() : this.values.tier === 'research' ? this.#research() : this.#microdata()}
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('actions.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${this.#save}>${this.t('form.save')}</wa-button>
    </il-dialog>`;
  }

  #open() {
    const { measures, detail } = this.values;
    return html`<fieldset>
        <legend class="strong">${this.t('form.measures')}</legend>
        ${openMeasures.map(
          (id) => html`<wa-checkbox
            .checked=${measures.includes(id)}
            @change=${(event: Event) => {
              const others = measures.filter((each) => each !== id);
              this.#set({ measures: (event.target as HTMLInputElement).checked ? [...others, id] : others });
            }}
            >${this.t(`measures.${id}`)}</wa-checkbox
          >`,
        )}
      </fieldset>
      ${this.#choice('by', 'by', choices.openBy, 'by')} ${this.#choice('grain', 'grain', choices.openGrain, 'grain')}
      <wa-checkbox
        .checked=${detail}
        @change=${(event: Event) => this.#set({ detail: (event.target as HTMLInputElement).checked })}
        >${this.t('form.detail')}</wa-checkbox
      >
      ${this.#text('from', 'from', 'date')} ${this.#text('to', 'to', 'date')}`;
  }

  #research() {
    return html`${this.#choice('measure', 'measures', choices.measure, 'measures')}
    ${this.#choice('by', 'by', choices.researchBy, 'by')} ${this.#choice('grain', 'grain', choices.researchGrain, 'grain')}
    ${this.#text('startsOn', 'startsOn', 'date')} ${this.#text('groups', 'groups', 'number')}
    ${this.values.measure === 'pupils' ? nothing : this.#text('most', 'most', 'number')}
    ${this.#text('epsilon', 'epsilon', 'text', this.t('form.epsilonHint'))}`;
  }

  #microdata() {
    return html`${this.#text('tool', 'tool')} ${this.#choice('by', 'by', choices.microdataBy, 'by')}
    ${this.#choice('grain', 'grain', choices.researchGrain, 'grain')} ${this.#text('startsOn', 'startsOn', 'date')}
    ${this.#text('k', 'k', 'number')} ${this.#text('l', 'l', 'number')}`;
  }

  #set(values: Partial<Values>): void {
    this.values = { ...this.values, ...values };
  }

  #text(field: keyof Values, label: string, type = 'text', hint = '') {
    return html`<wa-input
      type=${type}
      .label=${this.t(`form.${label}`)}
      .hint=${hint}
      .value=${this.values[field] as string}
      @input=${(event: Event) => this.#set({ [field]: (event.target as HTMLInputElement).value })}
    ></wa-input>`;
  }

  #choice(field: keyof Values, label: string, options: readonly string[], words: string) {
    return html`<label class="choice"
      >${this.t(`form.${label}`)}
      <select @change=${(event: Event) => this.#set({ [field]: (event.target as HTMLSelectElement).value })}>
        ${options.map((each) => html`<option value=${each} ?selected=${each === this.values[field]}>${this.t(`${words}.${each}`)}</option>`)}
      </select>
    </label>`;
  }

  #fault() {
    if (this.problem === undefined) return nothing;
    const errors = this.problem instanceof ApiProblem ? this.problem.errors : [];
    if (errors.length === 0) return html`<il-problem .problem=${this.problem}></il-problem>`;
    const messages = [...new Set(errors.map(({ message }) => message))].join(' ');
    return html`<p class="error" role="alert" tabindex="-1">${this.t('form.wrong', { messages })}</p>`;
  }
}

function definitionOf(values: Values): Definition {
  const { tier, measures, measure, by, grain, detail, from, to, startsOn, groups, most, epsilon } = values;
  if (tier === 'open') {
    const known = choices.openBy.find((each) => each === by) ?? 'all';
    return { tier, measures: [...measures], by: known, grain: grain as 'week', detail: detail ? 'parts' : 'whole', from, to };
  }
  if (tier === 'microdata') {
    const known = choices.microdataBy.find((each) => each === by) ?? 'none';
    const period = choices.researchGrain.find((each) => each === grain) ?? 'month';
    return { tier, tool: values.tool, by: known, grain: period, startsOn, k: Number(values.k), l: Number(values.l) };
  }
  const asked = {
    measure: measure as 'pupils',
    by: choices.researchBy.find((each) => each === by) ?? 'region',
    grain: choices.researchGrain.find((each) => each === grain) ?? 'month',
    startsOn,
    groups: Number(groups),
    most: measure === 'pupils' ? 1 : Number(most),
    epsilon: Math.round(Number(epsilon.replace(',', '.')) * 1_000_000_000),
    delta: by === 'tool' ? toolDelta : 0,
  };
  return { tier: 'research', questions: [asked] };
}

function valuesOf({ title, description, definition }: ReleaseView): Partial<Values> {
  if (definition.tier === 'open') return { title, description, ...definition, detail: definition.detail === 'parts' };
  if (definition.tier === 'microdata') {
    return { title, description, ...definition, k: `${definition.k}`, l: `${definition.l}` };
  }
  const [asked] = definition.questions;
  if (asked === undefined) return { title, description, tier: 'research' };
  const { measure, by, grain, startsOn, groups, most, epsilon } = asked;
  return {
    ...{ title, description, tier: 'research', measure, by, grain, startsOn },
    ...{ groups: `${groups}`, most: `${most}`, epsilon: `${epsilon / 1_000_000_000}` },
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'data-space-release-dialog': ReleaseDialog;
  }
}

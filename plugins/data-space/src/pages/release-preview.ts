import { formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import type { PreviewView } from '../releases/routes.js';
import { releaseStyles } from './release-styles.js';

type OpenView = Extract<PreviewView, { tier: 'open' }>;
type MicrodataView = Extract<PreviewView, { tier: 'microdata' }>;
type ResearchView = Extract<PreviewView, { tier: 'research' }>;

/** 10⁻⁹ in which the budget is counted, as a decimal number. */
const decimal = (value: number): string => `${value / 1_000_000_000}`;

/** Key of a label, and a value. */
type Fact = [label: string, value: string];

const share = (value: number): string => `${formatNumber(Math.round(value * 1_000) / 10)} %`;

const risksOf = ({ prosecutor, marketer, singledOut }: OpenView['risk']): Fact[] => [
  ['prosecutor', share(prosecutor)],
  ['marketer', share(marketer)],
  ['singledOut', formatNumber(singledOut)],
];

/** What suppression or noise does to a version. */
@customElement('data-space-release-preview')
export class ReleasePreview extends PortalElement {
  static override ns = 'data-space';
  static override styles = [sharedStyles, releaseStyles];

  @property() release = '';

  readonly #seen = new Task(this, {
    task: ([id], { signal }) => dataSpace.get('/releases/:id/preview', { params: { id }, signal }),
    args: () => [this.release] as const,
  });

  override render() {
    return html`<h3>${this.t('preview.heading')}</h3>
      ${this.#seen.render({
        pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#seen.run()}></il-problem>`,
        complete: (seen) =>
          seen.tier === 'open' ? this.#open(seen) : seen.tier === 'research' ? this.#research(seen) : this.#microdata(seen),
      })}`;
  }

  #open({ marks, risk }: OpenView) {
    const told = (['shown', 'small', 'hidden', 'withheld'] as const).map((mark): Fact => [mark, formatNumber(marks[mark])]);
    return this.#facts([...told, ...risksOf(risk)]);
  }

  #microdata({ kept, dropped, risk }: MicrodataView) {
    return this.#facts([['kept', formatNumber(kept)], ['dropped', formatNumber(dropped)], ...risksOf(risk)]);
  }

  #facts(rows: readonly Fact[]) {
    return html`<dl>
      ${rows.map(([label, value]) => html`<dt>${this.t(`preview.${label}`)}</dt><dd>${value}</dd>`)}
    </dl>`;
  }

  #research({ questions, budgets }: ResearchView) {
    return html`<ul>
        ${questions.map(
          ({ asked, paid, expectedError }) => html`<li>
            ${this.t(`measures.${asked.measure}`)}, ${this.t(`by.${asked.by}`)}, ${asked.startsOn}:
            ${this.t('preview.error', { error: formatNumber(expectedError) })}${paid ? html` · ${this.t('preview.paid')}` : nothing}
          </li>`,
        )}
      </ul>
      ${budgets.map(
        ({ scope, cost, spent, cap }) =>
          html`<p>
            ${this.t('preview.budget', {
              scope,
              epsilon: decimal(cost.epsilon),
              delta: decimal(cost.delta),
              spent: decimal(spent.epsilon),
              cap: decimal(cap.epsilon),
            })}
          </p>`,
      )}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'data-space-release-preview': ReleasePreview;
  }
}

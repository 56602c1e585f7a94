import { formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import type { PreviewView } from '../releases/routes.js';
import { releaseStyles } from './release-styles.js';

type OpenView = Extract<PreviewView, { tier: 'open' }>;
type ResearchView = Extract<PreviewView, { tier: 'research' }>;

/** 10⁻⁹ in which the budget is counted, as a decimal number. */
const decimal = (value: number): string => `${value / 1_000_000_000}`;

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
        complete: (seen) => (seen.tier === 'open' ? this.#open(seen) : this.#research(seen)),
      })}`;
  }

  #open({ marks, risk }: OpenView) {
    const share = (value: number) => `${formatNumber(Math.round(value * 1_000) / 10)} %`;
    const rows: [string, string][] = [
      ...(['shown', 'small', 'hidden', 'withheld'] as const).map((mark): [string, string] => [mark, formatNumber(marks[mark])]),
      ['prosecutor', share(risk.prosecutor)],
      ['marketer', share(risk.marketer)],
      ['singledOut', formatNumber(risk.singledOut)],
    ];
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

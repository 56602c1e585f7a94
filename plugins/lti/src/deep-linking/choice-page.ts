import type { Answer } from '@ilearn/core';
import { formatNumber, navigate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { lti } from '../client.js';
import type { choiceRoutes, ShownItem } from './routes.js';

/** Where the page that the teacher goes back to finds what was kept: `{ activityIds, returnPath }`. */
const handedOver = 'chosen-activities';

type Choice = Answer<typeof choiceRoutes, 'GET', '/choices/:id'>;

/** `/oefenprogrammas/keuze/:id`: what a teacher chose in a tool. Nothing is kept before the button is pressed. */
@customElement('lti-choice-page')
export class ChoicePage extends PortalElement {
  static override ns = 'lti';
  static override styles = [
    sharedStyles,
    css`
      .item {
        display: grid;
        gap: var(--il-space-1);
        padding-block: var(--il-space-3);
        border-bottom: 1px solid var(--il-rule);
        overflow-wrap: anywhere;
      }
      .fault {
        color: var(--il-bad);
        font-weight: 600;
      }
      .refused {
        display: grid;
        gap: var(--il-space-3);
        padding: var(--il-space-4) var(--il-space-5);
        background: var(--il-warn-fill);
        border-radius: var(--il-radius);
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  /** Places of the items that are not to be kept. */
  @state() private left: ReadonlySet<number> = new Set();
  @state() private problem: unknown;
  @state() private busy = false;

  readonly #choice = new Task(this, {
    task: ([id], { signal }) => lti.get('/choices/:id', { params: { id }, signal }),
    args: () => [encodeURIComponent(this.params['id'] ?? '')],
  });

  async #keep(wanted: readonly number[]): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      const params = { id: this.params['id'] ?? '' };
      const kept = await lti.post('/choices/:id/accept', { params, body: { items: [...wanted] } });
      sessionStorage.setItem(handedOver, JSON.stringify(kept));
      await navigate(kept.returnPath);
    } catch (problem) {
      this.problem = problem;
      this.busy = false;
    }
  }

  override render() {
    return html`<div class="page">
      ${this.#choice.render({
        pending: () =>
          html`<il-page-head heading=${this.t('choose.chosen')}></il-page-head><il-skeleton lines="5"></il-skeleton>`,
        error: (problem) =>
          html`<il-page-head heading=${this.t('choose.chosen')}></il-page-head>
            <il-problem .problem=${problem} @retry=${() => this.#choice.run()}></il-problem>`,
        complete: (choice) => this.#shown(choice),
      })}
    </div>`;
  }

  #shown(choice: Choice) {
    const { tool, state: at, fault, message, returnPath } = choice;
    return html`
      <il-page-head heading=${this.t('choose.chosenIn', { tool })} .back=${{ href: returnPath, text: this.t('choose.back') }}></il-page-head>
      ${message === null ? nothing : html`<p>${this.t('choose.message', { tool, message })}</p>`}
      ${
        at === 'accepted'
          ? html`<p>${this.t('choose.accepted')}</p>`
          : at === 'received'
            ? this.#received(choice)
            : html`<div class="refused" role="alert">
                <p class="strong">${this.t(fault === null ? 'choose.waiting' : 'choose.refused', { tool })}</p>
                ${fault === null ? nothing : html`<p>${this.t(`trace.outcomes.${fault}`)} (${fault})</p>`}
                <p><a href=${returnPath}>${this.t('choose.back')}</a></p>
              </div>`
      }
    `;
  }

  #received({ items, returnPath }: Choice) {
    if (items.length === 0) return html`<il-empty icon="plug" heading=${this.t('choose.nothing')}></il-empty>`;
    const wanted = items.flatMap(({ fault }, place) => (fault === null && !this.left.has(place) ? [place] : []));
    return html`
      ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
      <ul class="list" aria-label=${this.t('choose.chosen')}>
        ${items.map((item, place) => this.#item(item, place))}
      </ul>
      <div class="actions">
        <wa-button variant="brand" ?disabled=${wanted.length === 0} ?loading=${this.busy} @click=${() => this.#keep(wanted)}>
          ${this.t('choose.keep', { count: wanted.length })}
        </wa-button>
        <wa-button appearance="plain" href=${returnPath}>${this.t('tools.cancel')}</wa-button>
      </div>
    `;
  }

  #item({ type, title, text, url, lineItem, presentation, fault }: ShownItem, place: number) {
    const shown = title || lineItem?.label || url || this.t('choose.untitled');
    const facts = [
      this.t(`choose.types.${fault === null ? type : 'other'}`),
      lineItem === null ? '' : this.t('choose.maximum', { maximum: formatNumber(lineItem.scoreMaximum) }),
      presentation === null ? '' : this.t(`privacy.values.presentation.${presentation}`),
    ].filter(Boolean);
    return html`<li class="item">
      ${
        fault === null
          ? html`<wa-checkbox
              .checked=${!this.left.has(place)}
              @change=${(event: Event) => this.#mark(place, (event.target as HTMLInputElement).checked)}
              ><span class="strong">${shown}</span></wa-checkbox
            >`
          : html`<span class="strong">${shown}</span>`
      }
      ${text === '' ? nothing : html`<span>${text}</span>`}
      <span class="small muted">${facts.join(' · ')}</span>
      ${type === 'link' && url !== null ? html`<span class="small muted">${url}</span>` : nothing}
      ${fault === null ? nothing : html`<span class="fault">${this.t(`choose.faults.${fault}`, { type })}</span>`}
    </li>`;
  }

  #mark(place: number, wanted: boolean): void {
    const left = new Set(this.left);
    if (wanted) left.delete(place);
    else left.add(place);
    this.left = left;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lti-choice-page': ChoicePage;
  }
}

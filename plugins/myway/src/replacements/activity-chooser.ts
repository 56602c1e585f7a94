import type { ActivitySummary } from '@ilearn/plugin-library';
import { foreignLanguage, formatMinutes, languageName, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import '../paths/library-pane.js';
import type { Alternative } from './model.js';

export type Chosen = Pick<Alternative, 'id' | 'title'>;

/**
 * Chooses an activity in the place of another: one of those that the library proposes, or any of the library.
 * @fires myway-chosen - `Chosen`, also for the first proposal
 */
@customElement('myway-activity-chooser')
export class ActivityChooser extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      wa-radio {
        padding-block: var(--il-space-2);
        border-block-end: 1px solid var(--il-rule);
      }
    `,
  ];

  /** The activity in whose place another one comes; nothing is proposed without. */
  @property({ attribute: false }) activity: Chosen | undefined;

  @state() private proposed: Alternative[] | undefined;
  @state() private chosen: Chosen | undefined;
  @state() private searching = false;
  @state() private problem: unknown;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('activity') as Chosen | undefined;
    if (!changed.has('activity') || this.activity === undefined || before?.id === this.activity.id) return;
    this.proposed = undefined;
    this.chosen = undefined;
    this.searching = false;
    this.problem = undefined;
    void this.#load(this.activity.id);
  }

  async #load(id: string): Promise<void> {
    try {
      const proposed = await myway.get('/dead-activities/:id/alternatives', { params: { id } });
      if (this.activity?.id !== id) return;
      this.proposed = proposed;
      this.searching = proposed.length === 0;
      if (proposed[0]) this.#choose(proposed[0]);
    } catch (problem) {
      this.problem = problem;
    }
  }

  #choose(chosen: Chosen | undefined): void {
    this.chosen = chosen;
    if (chosen) this.emit('myway-chosen', chosen);
  }

  override render() {
    return html`<div class="stack">
      ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
      ${this.searching ? this.#search() : this.#proposals()}
    </div>`;
  }

  #proposals() {
    if (this.proposed === undefined) return this.problem ? nothing : html`<il-skeleton lines="4"></il-skeleton>`;
    return html`
      <wa-radio-group
        .label=${this.t('replace.proposed')}
        .value=${this.chosen?.id ?? ''}
        @change=${(event: Event) => this.#choose(this.proposed?.find(({ id }) => id === (event.target as HTMLInputElement).value))}
      >
        ${this.proposed.map(
          (each) => html`<wa-radio value=${each.id}>
            <span class="strong" lang=${foreignLanguage(each.language)}>${each.title}</span><br />
            <span class="muted small">${this.#facts(each)}</span>
          </wa-radio>`,
        )}
      </wa-radio-group>
      <div>
        <wa-button size="s" appearance="plain" @click=${() => (this.searching = true)}>${this.t('replace.search')}</wa-button>
      </div>
    `;
  }

  #facts(each: Alternative): string {
    const facts = [
      each.provider,
      typeof foreignLanguage(each.language) === 'string' ? languageName(each.language) : '',
      formatMinutes(each.minutes),
      each.ageFrom === null || each.ageTo === null ? '' : this.t('replace.ages', { from: each.ageFrom, to: each.ageTo }),
      each.easier === null ? '' : this.t(`replace.level.${each.easier}`),
      each.shared.length > 0 ? this.t('replace.sharedTopics', { topics: each.shared.slice(0, 3).join(', ') }) : '',
    ];
    return facts.filter(Boolean).join(' · ');
  }

  #search() {
    return html`
      ${this.proposed?.length === 0 ? html`<p>${this.t('replace.noProposals')}</p>` : nothing}
      ${this.chosen ? html`<p role="status">${this.t('replace.chosen', { title: this.chosen.title })}</p>` : nothing}
      <myway-library-pane
        .replacing=${this.activity?.title ?? ''}
        @myway-pick=${({ detail }: CustomEvent<ActivitySummary>) => this.#choose(detail)}
      ></myway-library-pane>
    `;
  }
}

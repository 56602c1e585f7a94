import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Draft, DraftStep } from './draft.js';
import { mayChoose, onTheLine, type Place } from './draft-structure.js';

/**
 * Where a step stands in the path, and what comes before it.
 * @fires myway-place - `Place`: move the step there
 * @fires myway-after - `string[]`: keys of the steps to be done first
 * @fires myway-choice - make a choice of this step and the next
 * @fires myway-branch - let the path branch behind this step
 */
@customElement('myway-step-place')
export class StepPlace extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      .checks {
        display: grid;
        gap: var(--il-space-2);
        max-height: 16rem;
        padding: var(--il-space-2) 0;
        overflow-y: auto;
      }
      summary {
        min-height: var(--il-target);
        font-weight: 600;
        cursor: pointer;
        line-height: var(--il-target);
      }
    `,
  ];

  @property({ attribute: false }) step: DraftStep | undefined;
  @property({ attribute: false }) draft: Draft | undefined;

  override render() {
    const { step, draft } = this;
    if (step === undefined || draft === undefined) return nothing;
    const places = this.#places(draft);
    const now = nameOf(step);
    return html`<div class="stack">
      ${
        places.length === 0
          ? nothing
          : html`<wa-select
            .label=${this.t('place.label')}
            .value=${now}
            @change=${(event: Event) => this.#place(String((event.target as HTMLSelectElement).value ?? ''))}
          >
            <wa-option value="line">${this.t('place.line')}</wa-option>
            ${places.map(({ place, title }) => html`<wa-option value=${nameOf(place)}>${title}</wa-option>`)}
          </wa-select>`
      }
      ${this.#before(step, draft)}
      <div class="actions">
        ${
          mayChoose(step, draft.blocks)
            ? html`<wa-button size="s" appearance="outlined" @click=${() => this.emit('myway-choice')}>
              <il-icon slot="start" name="list-checks"></il-icon>${this.t('place.makeChoice')}
            </wa-button>`
            : nothing
        }
        <wa-button size="s" appearance="outlined" @click=${() => this.emit('myway-branch')}>
          <il-icon slot="start" name="git-fork"></il-icon>${this.t('place.makeBranch')}
        </wa-button>
      </div>
    </div>`;
  }

  #places({ blocks }: Draft): { place: Place; title: string }[] {
    return blocks.flatMap((block): { place: Place; title: string }[] => {
      const title = block.title || this.t(`block.${block.kind}`);
      if (block.kind === 'choice') {
        const branch = blocks.find(({ id }) => id === block.within?.block);
        const way = branch?.kind === 'branch' ? branch.arms.find(({ id }) => id === block.within?.arm) : undefined;
        return [{ place: { block: block.id, arm: null }, title: way === undefined ? title : `${way.title}: ${title}` }];
      }
      return block.arms.map((arm) => ({ place: { block: block.id, arm: arm.id }, title: `${title}: ${arm.title}` }));
    });
  }

  #place(name: string): void {
    const [block = '', arm = ''] = name.split('/');
    this.emit('myway-place', name === 'line' ? onTheLine : ({ block, arm: arm || null } satisfies Place));
  }

  /** Prerequisites: steps before this one, because those behind it may wait for it. */
  #before(step: DraftStep, { steps }: Draft) {
    const earlier = steps.slice(0, steps.indexOf(step)).filter((each) => !each.teacherOnly);
    if (earlier.length === 0) return nothing;
    const change = (key: string, checked: boolean) =>
      void this.emit('myway-after', checked ? [...step.after, key] : step.after.filter((each) => each !== key));
    return html`<details ?open=${step.after.length > 0}>
      <summary>${this.t('place.after', { count: step.after.length })}</summary>
      <div class="checks" role="group" aria-label=${this.t('place.afterLabel')}>
        ${earlier.map(
          (each) => html`<wa-checkbox
            .checked=${step.after.includes(each.key)}
            ?disabled=${step.after.length >= 10 && !step.after.includes(each.key)}
            @change=${(event: Event) => change(each.key, (event.target as HTMLInputElement).checked)}
          >${steps.indexOf(each) + 1}. ${each.title || each.shownTitle}</wa-checkbox>`,
        )}
      </div>
    </details>`;
  }
}

const nameOf = ({ block, arm }: Place): string => (block === null ? 'line' : arm === null ? block : `${block}/${arm}`);

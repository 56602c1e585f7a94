import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { canScore } from './check-path.js';
import type { Draft } from './draft.js';
import { withArm } from './draft-structure.js';
import { maximumSteps, mostArms } from './limits.js';
import type { Arm, Block, BranchBlock } from './structure.js';
import { outermostOf } from './ways.js';

const typed = (event: Event): string => String((event.target as HTMLInputElement).value ?? '');

/** A number of steps; undefined: nothing was typed. */
const pickOf = (text: string): number | undefined =>
  text.trim() === '' ? undefined : Math.max(1, Math.min(maximumSteps, Math.round(Number(text)) || 1));

/**
 * Details of a choice or a branch.
 * @fires myway-block - `Block`: as changed
 * @fires myway-add-to - `{ block, arm }`: the next activity is added there
 * @fires myway-remove-block - remove it; its steps stay
 * @fires myway-remove-way - `{ block, arm }`: remove a way; its steps stay
 */
@customElement('myway-block-inspector')
export class BlockInspector extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      fieldset {
        display: grid;
        gap: var(--il-space-3);
        min-width: 0;
        margin: 0;
        padding: var(--il-space-3) 0 var(--il-space-3) var(--il-space-4);
        border: 0;
        border-inline-start: 5px solid var(--line);
      }
      legend {
        float: left;
        padding: 0;
        font-weight: 650;
      }
      legend + * {
        clear: both;
      }
    `,
  ];

  @property({ attribute: false }) block: Block | undefined;
  @property({ attribute: false }) draft: Draft | undefined;

  #change(change: Partial<Block>): void {
    this.emit('myway-block', { ...this.block, ...change } as Block);
  }

  #arm(branch: BranchBlock, id: string, change: Partial<Arm>): void {
    this.#change({ arms: branch.arms.map((arm) => (arm.id === id ? { ...arm, ...change } : arm)) });
  }

  override render() {
    const { block, draft } = this;
    if (block === undefined || draft === undefined) return nothing;
    return html`<div class="stack">
      <h2>${this.t(`block.${block.kind}`)}</h2>
      <wa-input
        maxlength="100"
        .label=${this.t('block.title')}
        .hint=${this.t(`block.titleHint.${block.kind}`)}
        .value=${block.title}
        @input=${(event: Event) => this.#change({ title: typed(event) })}
      ></wa-input>
      ${block.kind === 'choice' ? this.#choice(block.pick, draft) : this.#branch(block, draft)}
      <div class="actions">
        <wa-button size="s" appearance="plain" @click=${() => this.emit('myway-remove-block')}>
          <il-icon slot="start" name="trash-2"></il-icon>${this.t('block.remove')}
        </wa-button>
      </div>
    </div>`;
  }

  #choice(pick: number, { steps }: Draft) {
    const inside = steps.filter((step) => step.block === this.block?.id).length;
    return html`
      <wa-input
        type="number"
        min="1"
        max=${Math.max(1, inside)}
        .label=${this.t('block.pick', { count: inside })}
        .value=${String(pick)}
        @input=${(event: Event) => this.#change({ pick: Math.max(1, Math.min(100, Math.round(Number(typed(event)) || 1))) })}
      ></wa-input>
      <div><wa-button size="s" appearance="outlined" @click=${() => this.emit('myway-add-to', { block: this.block?.id, arm: null })}>
        <il-icon slot="start" name="plus"></il-icon>${this.t('block.addStep')}
      </wa-button></div>
    `;
  }

  #branch(branch: BranchBlock, { steps, blocks }: Draft) {
    const outside = steps.filter((step) => outermostOf(step, blocks) !== branch.id);
    const possible = branch.on === 'score' ? outside.filter((step) => canScore(step) || step.key === branch.step) : outside;
    return html`
      <wa-select
        .label=${this.t('block.on')}
        .value=${branch.on}
        @change=${(event: Event) => this.#basis(branch, outside, typed(event) as BranchBlock['on'])}
      >
        ${(['score', 'done', 'teacher'] as const).map((on) => html`<wa-option value=${on}>${this.t(`block.basis.${on}`)}</wa-option>`)}
      </wa-select>
      ${
        branch.on === 'teacher'
          ? nothing
          : html`<wa-select
            .label=${this.t('block.step')}
            .value=${branch.step ?? ''}
            @change=${(event: Event) => this.#change({ step: typed(event) || null })}
          >
            ${possible.map((step) => html`<wa-option value=${step.key}>${steps.indexOf(step) + 1}. ${step.title || step.shownTitle}</wa-option>`)}
          </wa-select>`
      }
      ${branch.arms.map((arm, index) => this.#way(branch, arm, index))}
      ${
        branch.on !== 'done' && branch.arms.length < mostArms
          ? html`<div><wa-button size="s" appearance="plain" @click=${() => this.emit('myway-block', withArm(branch, this.t('block.newWay')))}>
            <il-icon slot="start" name="plus"></il-icon>${this.t('block.addWay')}
          </wa-button></div>`
          : nothing
      }
      ${
        branch.on === 'score' && branch.arms.some(({ again }) => again)
          ? html`<wa-input
            type="number"
            min="1"
            max="20"
            .label=${this.t('block.tries')}
            .hint=${this.t('block.triesHint')}
            .value=${String(branch.tries)}
            @input=${(event: Event) => this.#change({ tries: Math.max(1, Math.min(20, Math.round(Number(typed(event)) || 1))) })}
          ></wa-input>`
          : nothing
      }
    `;
  }

  /** Another basis, with what belongs to it. */
  #basis(branch: BranchBlock, outside: Draft['steps'], on: BranchBlock['on']): void {
    const suits = on === 'score' ? outside.filter(canScore) : outside;
    const step = on === 'teacher' ? null : (suits.find(({ key }) => key === branch.step) ?? suits[0] ?? outside[0])?.key;
    if (step === undefined) return;
    const arms = (on === 'done' ? branch.arms.slice(0, 2) : branch.arms).map((arm, index, all) => ({
      ...arm,
      from: on === 'score' ? (index === 0 ? 0 : Math.max(arm.from, (0.6 * index) / (all.length - 1))) : 0,
      again: on === 'score' && arm.again,
    }));
    this.#change({ on, step, arms });
  }

  #way(branch: BranchBlock, arm: Arm, index: number) {
    const inside = this.draft?.steps.filter((step) => step.block === branch.id && step.arm === arm.id).length ?? 0;
    return html`<fieldset>
      <legend>${this.t('block.way', { number: index + 1 })}</legend>
      <wa-input
        maxlength="100"
        .label=${this.t('block.wayTitle')}
        .value=${arm.title}
        @input=${(event: Event) => this.#arm(branch, arm.id, { title: typed(event) || arm.title })}
      ></wa-input>
      ${
        branch.on === 'score' && index > 0
          ? html`<wa-input
            type="number"
            min="1"
            max="100"
            .label=${this.t('block.from')}
            .value=${String(Math.round(arm.from * 100))}
            @input=${(event: Event) => this.#arm(branch, arm.id, { from: Math.max(0, Math.min(100, Number(typed(event)) || 0)) / 100 })}
          ></wa-input>`
          : nothing
      }
      ${branch.on === 'done' ? html`<p class="muted small">${this.t(index === 0 ? 'block.notDone' : 'block.whenDone')}</p>` : nothing}
      ${
        branch.on === 'score' && index < branch.arms.length - 1
          ? html`<wa-switch .checked=${arm.again} .hint=${this.t('block.againHint')} @change=${(event: Event) => this.#arm(branch, arm.id, { again: (event.target as HTMLInputElement).checked })}>
            ${this.t('block.again')}
          </wa-switch>`
          : nothing
      }
      ${
        inside > 1 || arm.pick !== undefined
          ? html`<wa-input
            type="number"
            min="1"
            max=${Math.max(1, inside)}
            with-clear
            .label=${this.t('block.pickOfWay', { count: inside })}
            .hint=${this.t('block.pickOfWayHint')}
            .value=${arm.pick === undefined ? '' : String(arm.pick)}
            @input=${(event: Event) => this.#arm(branch, arm.id, { pick: pickOf(typed(event)) })}
            @wa-clear=${() => this.#arm(branch, arm.id, { pick: undefined })}
          ></wa-input>`
          : nothing
      }
      <div class="actions">
        <wa-button size="s" appearance="outlined" @click=${() => this.emit('myway-add-to', { block: branch.id, arm: arm.id })}>
          <il-icon slot="start" name="plus"></il-icon>${this.t('block.addStep')}<span class="visually-hidden">${arm.title}</span>
        </wa-button>
        ${
          branch.arms.length > 2
            ? html`<wa-button size="s" appearance="plain" @click=${() => this.emit('myway-remove-way', { block: branch.id, arm: arm.id })}>
              ${this.t('block.removeWay')}<span class="visually-hidden">${arm.title}</span>
            </wa-button>`
            : nothing
        }
      </div>
    </fieldset>`;
  }
}

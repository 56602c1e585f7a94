import { foreignLanguage, formatMinutes, formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { numberedStation, numberedStationStyles } from '../client/station-shapes.js';
import type { DraftStep } from './draft.js';
import { draggedActivity, isActivityDrag } from './drag-activity.js';
import { kindIcons } from './kinds.js';
import type { Arm, Block } from './structure.js';
import { outermostOf, wayOf } from './ways.js';

/**
 * The steps of a path as stations of its line, sortable.
 * @fires il-reorder - `{ from, to }`
 * @fires myway-select - `{ key }`
 * @fires myway-remove - `{ key }`
 * @fires myway-select-block - `{ block }`
 * @fires myway-add-to - `{ block, arm }`: the next activity is added there
 * @fires myway-drop - `{ activity, index }`: an activity of the library was dropped
 */
@customElement('myway-step-list')
export class StepList extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    numberedStationStyles,
    css`
      :host {
        container-type: inline-size;
      }
      il-sortable::part(row) {
        border: 0;
      }
      .step {
        position: relative;
        display: grid;
        grid-template-columns: 2.75rem minmax(0, 1fr) auto;
        gap: var(--il-space-2);
        align-items: center;
        min-height: 4.5rem;
        padding-inline-end: var(--il-space-2);
        border-radius: var(--il-radius);
      }
      .step[data-selected] {
        background: var(--il-hover);
      }
      .stop {
        position: relative;
        display: grid;
        place-items: center;
        align-self: stretch;
      }
      .stop::before {
        position: absolute;
        inset-block: 0;
        width: 7px;
        background: var(--line);
        content: '';
      }
      .first .stop::before {
        top: 50%;
      }
      .last .stop::before {
        bottom: 50%;
      }
      .optional .shape {
        stroke-dasharray: 5 4.5;
      }
      .choose {
        display: block;
        width: 100%;
        min-height: var(--il-target);
        padding: var(--il-space-2) 0;
        color: inherit;
        font: inherit;
        text-align: start;
        background: none;
        border: 0;
        cursor: pointer;
      }
      .title {
        font-weight: 650;
        overflow-wrap: anywhere;
        hyphens: auto;
      }
      .choose:hover .title {
        text-decoration: underline;
      }
      .facts il-icon {
        font-size: 0.9em;
      }
      /* On narrow screens the step's details have this button instead. */
      @container (max-width: 26rem) {
        .remove {
          display: none;
        }
      }
      @media (hover: hover) {
        .step:not(:hover, :focus-within, [data-selected]) .remove {
          opacity: 0;
        }
      }
      .in-block {
        padding-inline-start: var(--il-space-4);
        border-inline-start: 3px solid var(--il-rule);
      }
      .block-head {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-1) var(--il-space-2);
        align-items: center;
        width: 100%;
        min-height: var(--il-target);
        padding: var(--il-space-1) var(--il-space-2);
        color: inherit;
        font: inherit;
        font-weight: 650;
        text-align: start;
        background: none;
        border: 0;
        border-radius: var(--il-radius);
        cursor: pointer;
        overflow-wrap: anywhere;
      }
      .block-head:hover,
      .block-head[aria-pressed='true'] {
        background: var(--il-hover);
      }
      .way {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-1) var(--il-space-2);
        align-items: center;
        min-height: 2.25rem;
        padding-inline-start: var(--il-space-2);
        font-weight: 600;
        font-size: var(--il-text-s);
      }
      .step[data-drop] {
        box-shadow: 0 -3px 0 var(--line);
      }
      .drop[data-at-end] {
        box-shadow: 0 3px 0 var(--line);
      }
      .warning {
        color: var(--il-warn);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) steps: readonly DraftStep[] = [];

  @property({ attribute: false }) blocks: readonly Block[] = [];

  /** Key of the step whose details are shown. */
  @property() selected = '';

  /** Id of the block whose details are shown. */
  @property() selectedBlock = '';

  /** Where a dragged activity would be added; -1: nowhere. */
  @state() private dropAt = -1;

  @property() label = '';

  /** Focuses a step's title. */
  async focusStep(key: string): Promise<void> {
    await this.updateComplete;
    // The sortable list gives a new row its place in an update of its own; before that, the row cannot be focused.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    this.renderRoot.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"] .choose`)?.focus();
  }

  #over(event: DragEvent): void {
    if (!isActivityDrag(event)) return;
    event.preventDefault();
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('.step')];
    const at = rows.findIndex((row) => {
      const { top, height } = row.getBoundingClientRect();
      return event.clientY < top + height / 2;
    });
    this.dropAt = at < 0 ? rows.length : at;
  }

  #drop(event: DragEvent): void {
    const activity = draggedActivity(event);
    if (activity === undefined) return;
    event.preventDefault();
    this.emit('myway-drop', { activity, index: this.dropAt });
    this.dropAt = -1;
  }

  override render() {
    const empty = this.blocks.filter(
      ({ id }) => !this.steps.some((step) => step.block === id || outermostOf(step, this.blocks) === id),
    );
    return html`
      <div
        class="drop"
        ?data-at-end=${this.dropAt === this.steps.length}
        @dragover=${this.#over}
        @dragleave=${() => (this.dropAt = -1)}
        @drop=${this.#drop}
      >
        <il-sortable label=${this.label} .labels=${this.steps.map((step) => step.title || step.shownTitle)}>
          ${repeat(
            this.steps,
            (step) => step.key,
            (step, index) => this.#row(step, index),
          )}
        </il-sortable>
      </div>
      ${empty.map((block) => html`<div class="in-block">${this.#blockHead(block)}${this.#emptyWays(block)}</div>`)}
    `;
  }

  /** The head of a block, and of a way of a branch, above its first step. */
  #heads(step: DraftStep, index: number) {
    const block = this.blocks.find(({ id }) => id === step.block);
    if (block === undefined) return nothing;
    const before = this.steps[index - 1];
    const way = wayOf(step, this.blocks);
    const wayBefore = before === undefined ? null : wayOf(before, this.blocks);
    const branch = this.blocks.find(({ id }) => id === way?.block);
    const arm = branch?.kind === 'branch' ? branch.arms.find(({ id }) => id === way?.arm) : undefined;
    const isFirst = branch !== undefined && wayBefore?.block !== branch.id;
    return html`
      ${isFirst ? this.#blockHead(branch) : nothing}
      ${branch === undefined ? nothing : this.#emptyWays(branch, step)}
      ${branch !== undefined && arm !== undefined && (isFirst || wayBefore?.arm !== arm.id) ? html`<p class="way"><il-icon name="arrow-right"></il-icon>${arm.title} <span class="muted">${[this.#condition(branch, arm.id), this.#pickOf(branch, arm)].filter(Boolean).join(' · ')}</span></p>` : nothing}
      ${block.kind === 'choice' && before?.block !== block.id ? this.#blockHead(block) : nothing}
    `;
  }

  #blockHead(block: Block) {
    return html`<button
      type="button"
      class="block-head"
      aria-pressed=${String(block.id === this.selectedBlock)}
      @click=${() => this.emit('myway-select-block', { block: block.id })}
    >
      <il-icon name=${block.kind === 'choice' ? 'list-checks' : 'git-fork'}></il-icon>
      <span>${block.title || this.t(`block.${block.kind}`)}</span>
      <span class="muted small">${this.#about(block)}</span>
    </button>`;
  }

  #about(block: Block): string {
    const count = this.steps.filter((step) => step.block === block.id).length;
    if (block.kind === 'choice') return this.t('block.aboutChoice', { pick: block.pick, count });
    if (block.on === 'teacher') return this.t('block.basis.teacher');
    const step = this.steps.find(({ key }) => key === block.step);
    return this.t(`block.about.${block.on}`, { title: step?.title || step?.shownTitle || '' });
  }

  #pickOf(block: Block, { id, pick }: Arm): string {
    const count = this.steps.filter((step) => step.block === block.id && step.arm === id).length;
    return pick === undefined ? '' : this.t('block.aboutChoice', { pick, count });
  }

  #condition(block: Block, armId: string): string {
    if (block.kind !== 'branch' || block.on !== 'score') return '';
    const index = block.arms.findIndex(({ id }) => id === armId);
    const percent = (share: number | undefined) => formatNumber(share ?? 0, { style: 'percent' });
    return index === 0
      ? this.t('block.below', { percent: percent(block.arms[1]?.from) })
      : this.t('block.atLeast', { percent: percent(block.arms[index]?.from) });
  }

  /** The ways behind the last step of a block. */
  #tail(step: DraftStep, index: number) {
    const outermost = outermostOf(step, this.blocks);
    const block = this.blocks.find(({ id }) => id === outermost);
    const next = this.steps[index + 1];
    const isLast = block !== undefined && (next === undefined || outermostOf(next, this.blocks) !== block.id);
    return isLast ? this.#emptyWays(block) : nothing;
  }

  /** The ways without a step whose place is above this step, or behind the last one; each with a button to add a step. */
  #emptyWays(block: Block, above?: DraftStep) {
    if (block.kind !== 'branch') return nothing;
    const steps = this.steps.filter((step) => outermostOf(step, this.blocks) === block.id);
    const armOf = (step: DraftStep) => wayOf(step, this.blocks)?.arm;
    const numberOf = (step: DraftStep) => block.arms.findIndex(({ id }) => id === armOf(step));
    const empty = block.arms.filter(
      ({ id }, number) => !steps.some((step) => armOf(step) === id) && steps.find((step) => numberOf(step) > number) === above,
    );
    return empty.map(
      ({ id, title }) => html`<p class="way">
        <il-icon name="arrow-right"></il-icon>${title} <span class="muted">${this.#condition(block, id)}</span>
        <wa-button size="s" appearance="plain" @click=${() => this.emit('myway-add-to', { block: block.id, arm: id })}>
          <il-icon slot="start" name="plus"></il-icon>${this.t('block.addStep')}<span class="visually-hidden">${title}</span>
        </wa-button>
      </p>`,
    );
  }

  #row(step: DraftStep, index: number) {
    const title = step.title || step.shownTitle;
    const classes = [
      'step',
      step.kind ?? 'text',
      step.required ? '' : 'optional',
      index === 0 ? 'first' : '',
      index === this.steps.length - 1 ? 'last' : '',
    ];
    return html`<div class=${step.block === null ? '' : 'in-block'}>
      ${this.#heads(step, index)}
      <div class=${classes.join(' ')} ?data-drop=${this.dropAt === index} data-key=${step.key} ?data-selected=${step.key === this.selected}>
        <span class="stop" aria-hidden="true">${numberedStation(step, index + 1)}</span>
        <button
          type="button"
          class="choose"
          aria-pressed=${String(step.key === this.selected)}
          @click=${() => this.emit('myway-select', { key: step.key })}
        >
          <span class="title" lang=${foreignLanguage(step.title ? null : step.language)}>${title}</span><br />
          <span class="facts muted small">
            ${step.kind === null ? nothing : html`<il-icon name=${kindIcons[step.kind]}></il-icon> ${this.t(`kind.${step.kind}`)}`}
            ${[formatMinutes(step.minutes), step.required ? '' : this.t('builder.optional')].filter(Boolean).map((fact) => ` · ${fact}`)}
            ${warningOf(step) ? html` · <span class="warning">${this.t(`builder.${warningOf(step)}`)}</span>` : nothing}
          </span>
        </button>
        <wa-button class="remove" size="s" appearance="plain" @click=${() => this.emit('myway-remove', { key: step.key })}>
          <il-icon name="trash-2" label=${this.t('builder.remove', { title })}></il-icon>
        </wa-button>
      </div>
      ${this.#tail(step, index)}
    </div>`;
  }
}

/** A warning for teachers if pupils cannot open the step, will probably find nothing behind its link, or do not see it. */
export function warningOf(
  step: Pick<DraftStep, 'available' | 'noLicence' | 'notForPupils' | 'teacherOnly' | 'linkBroken'>,
): 'unavailable' | 'noLicence' | 'notForPupils' | 'teacherOnly' | 'linkBroken' | undefined {
  if (step.teacherOnly) return 'teacherOnly';
  if (!step.available) return step.noLicence ? 'noLicence' : 'unavailable';
  if (step.notForPupils) return 'notForPupils';
  return step.linkBroken ? 'linkBroken' : undefined;
}

import { foreignLanguage, formatMinutes, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { numberedStation, numberedStationStyles } from '../client/station-shapes.js';
import type { DraftStep } from './draft.js';
import { kindIcons } from './kinds.js';

/**
 * The steps of a path as stations of its line, sortable.
 * @fires il-reorder - `{ from, to }`
 * @fires myway-select - `{ key }`
 * @fires myway-remove - `{ key }`
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
      .warning {
        color: var(--il-warn);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) steps: readonly DraftStep[] = [];

  /** Key of the step whose details are shown. */
  @property() selected = '';

  @property() label = '';

  /** Focuses a step's title. */
  async focusStep(key: string): Promise<void> {
    await this.updateComplete;
    // The sortable list gives a new row its place in an update of its own; before that, the row cannot be focused.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    this.renderRoot.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"] .choose`)?.focus();
  }

  override render() {
    return html`
      <il-sortable label=${this.label} .labels=${this.steps.map((step) => step.title || step.shownTitle)}>
        ${repeat(
          this.steps,
          (step) => step.key,
          (step, index) => this.#row(step, index),
        )}
      </il-sortable>
    `;
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
    return html`
      <div class=${classes.join(' ')} data-key=${step.key} ?data-selected=${step.key === this.selected}>
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
    `;
  }
}

/** A warning for teachers if pupils cannot open the step or do not see it. */
export const warningOf = (step: Pick<DraftStep, 'available' | 'teacherOnly'>): 'unavailable' | 'teacherOnly' | undefined =>
  step.teacherOnly ? 'teacherOnly' : step.available ? undefined : 'unavailable';

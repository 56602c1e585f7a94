import { PortalElement, sharedStyles, teacherWord } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { scoreText } from '../client/line.js';
import { scoreDots, scoreDotsStyles } from '../client/score-dots.js';
import { isLearner } from './address.js';
import type { TrailStep } from './model.js';
import { isScored, sentenceOf } from './score-words.js';

/**
 * A pupil's score at a step: ten dots, the numbers and one sentence by score. A low score does not look like success. Its buttons are in the
 * slot.
 */
@customElement('myway-step-result')
export class StepResult extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    scoreDotsStyles,
    css`
      section {
        display: grid;
        gap: var(--il-space-3);
        justify-items: start;
        padding: var(--il-space-5);
        color: var(--il-good);
        background: var(--il-good-fill);
        border-radius: var(--il-radius);
      }
      section.low {
        color: var(--il-warn);
        background: var(--il-warn-fill);
      }
      h2,
      p {
        color: var(--il-ink);
        overflow-wrap: anywhere;
      }
      h2 {
        font-size: var(--il-text-m);
      }
      .numbers {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: center;
        width: 100%;
      }
      .numbers strong {
        color: var(--il-ink);
        font-size: var(--il-text-l);
      }
      ::slotted(*) {
        margin-top: var(--il-space-2);
      }
    `,
  ];

  @property({ attribute: false }) step: TrailStep | undefined;

  override render() {
    const { step } = this;
    if (!isScored(step)) return nothing;
    return html`<section class=${step.low ? 'low' : 'good'} aria-labelledby="title">
      <h2 id="title">${this.t('result.score', { title: step.title })}</h2>
      <div class="numbers">${scoreDots(step.score)}<strong>${scoreText(this, step.score)}</strong></div>
      <p>${sentenceOf(this, step, isLearner() ? null : teacherWord())}</p>
      <slot></slot>
    </section>`;
  }
}

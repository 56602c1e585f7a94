import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { type DraftStep, ownStep } from './draft.js';
import { kindIcons } from './kinds.js';
import type { StepContent } from './structure.js';

const kinds = ['task', 'quiz', 'moment'] as const;

/**
 * Buttons that add a step of the teacher's own: a task, questions, a moment together.
 * @fires myway-own - `DraftStep`
 */
@customElement('myway-own-steps')
export class OwnSteps extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
      }
    `,
  ];

  #add(kind: (typeof kinds)[number]): void {
    this.emit('myway-own', this.#step(kind));
  }

  #step(kind: (typeof kinds)[number]): DraftStep {
    const text = this.t(`own.${kind}Text`);
    const contents: Record<typeof kind, StepContent> = {
      task: { kind: 'task', text, maximum: null },
      moment: { kind: 'moment', text },
      quiz: { kind: 'quiz', questions: [{ kind: 'word', text, answers: [this.t('own.quizAnswer')] }] },
    };
    return ownStep(contents[kind], this.t(`kind.${kind}`));
  }

  override render() {
    return html`<div class="stack" role="group" aria-label=${this.t('own.heading')}>
      <p class="strong">${this.t('own.heading')}</p>
      <div class="buttons">
        ${kinds.map(
          (kind) => html`<wa-button size="s" appearance="outlined" @click=${() => this.#add(kind)}>
            <il-icon slot="start" name=${kindIcons[kind]}></il-icon>${this.t(`kind.${kind}`)}
          </wa-button>`,
        )}
      </div>
    </div>`;
  }
}

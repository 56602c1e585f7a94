import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { mostOptions, mostQuestions } from './limits.js';
import type { QuizQuestion, StepContent } from './structure.js';

const questionKinds = ['choice', 'number', 'word'] as const;
const typed = (event: Event): string => (event.target as HTMLInputElement).value ?? '';

/**
 * Edits what a step of the teacher's own holds.
 * @fires myway-content - `StepContent`
 */
@customElement('myway-content-editor')
export class ContentEditor extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      fieldset {
        display: grid;
        gap: var(--il-space-3);
        min-width: 0;
        margin: 0;
        padding: var(--il-space-3) 0 var(--il-space-4);
        border: 0;
        border-top: 1px solid var(--il-rule);
      }
      legend {
        padding: 0;
        font-weight: 650;
      }
      .option {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: var(--il-space-2);
        align-items: center;
      }
    `,
  ];

  @property({ attribute: false }) content: StepContent | undefined;

  #change(content: StepContent): void {
    this.emit('myway-content', content);
  }

  override render() {
    const { content } = this;
    if (content === undefined) return nothing;
    if (content.kind === 'quiz') return this.#quiz(content.questions);
    return html`<div class="stack">
      <wa-textarea
        rows="4"
        resize="auto"
        maxlength=${content.kind === 'task' ? 5000 : 2000}
        .label=${this.t(`content.${content.kind}`)}
        .value=${content.text}
        @input=${(event: Event) => this.#change({ ...content, text: typed(event) })}
      ></wa-textarea>
      ${
        content.kind === 'task'
          ? html`<wa-input
            type="number"
            min="1"
            max="1000"
            .label=${this.t('content.maximum')}
            .hint=${this.t('content.maximumHint')}
            .value=${content.maximum === null ? '' : String(content.maximum)}
            @input=${(event: Event) => this.#change({ ...content, maximum: Number(typed(event)) || null })}
          ></wa-input>`
          : nothing
      }
    </div>`;
  }

  #quiz(questions: readonly QuizQuestion[]) {
    const change = (changed: QuizQuestion[]) => this.#change({ kind: 'quiz', questions: changed });
    const replace = (index: number, question: QuizQuestion) =>
      change(questions.map((each, nth) => (nth === index ? question : each)));
    return html`<div class="stack">
      ${questions.map(
        (question, index) => html`<fieldset>
          <legend>${this.t('content.question', { number: index + 1 })}</legend>
          <wa-textarea
            rows="2"
            resize="auto"
            maxlength="1000"
            .label=${this.t('content.questionText')}
            .value=${question.text}
            @input=${(event: Event) => replace(index, { ...question, text: typed(event) })}
          ></wa-textarea>
          <wa-select
            .label=${this.t('content.questionKind')}
            .value=${question.kind}
            @change=${(event: Event) => replace(index, this.#asKind(question, typed(event) as QuizQuestion['kind']))}
          >
            ${questionKinds.map((kind) => html`<wa-option value=${kind}>${this.t(`content.kinds.${kind}`)}</wa-option>`)}
          </wa-select>
          ${this.#answers(question, (changed) => replace(index, changed))}
          ${
            questions.length > 1
              ? html`<div><wa-button size="s" appearance="plain" @click=${() => change(questions.filter((_, nth) => nth !== index))}>
                <il-icon slot="start" name="trash-2"></il-icon>${this.t('content.removeQuestion', { number: index + 1 })}
              </wa-button></div>`
              : nothing
          }
        </fieldset>`,
      )}
      ${
        questions.length < mostQuestions
          ? html`<div><wa-button size="s" appearance="outlined" @click=${() => change([...questions, this.#newQuestion()])}>
            <il-icon slot="start" name="plus"></il-icon>${this.t('content.addQuestion')}
          </wa-button></div>`
          : nothing
      }
    </div>`;
  }

  #newQuestion(): QuizQuestion {
    return { kind: 'word', text: this.t('own.quizText'), answers: [this.t('own.quizAnswer')] };
  }

  #asKind({ text }: QuizQuestion, kind: QuizQuestion['kind']): QuizQuestion {
    if (kind === 'number') return { kind, text, answer: 0, tolerance: 0 };
    if (kind === 'word') return { kind, text, answers: [this.t('own.quizAnswer')] };
    const option = (right: boolean) => ({ text: this.t(right ? 'own.quizAnswer' : 'own.quizWrong'), right });
    return { kind, text, options: [option(true), option(false)] };
  }

  #answers(question: QuizQuestion, change: (question: QuizQuestion) => void) {
    switch (question.kind) {
      case 'number':
        return html`<wa-input
          type="number"
          step="any"
          .label=${this.t('content.rightNumber')}
          .value=${String(question.answer)}
          @input=${(event: Event) => change({ ...question, answer: Number(typed(event)) || 0 })}
        ></wa-input>`;
      case 'word':
        return html`<wa-input
          maxlength="1000"
          .label=${this.t('content.rightWords')}
          .hint=${this.t('content.rightWordsHint')}
          .value=${question.answers.join('; ')}
          @change=${(event: Event) => {
            const answers = typed(event)
              .split(';')
              .map((each) => each.trim().slice(0, 100))
              .filter((each) => each !== '')
              .slice(0, 10);
            if (answers.length > 0) change({ ...question, answers });
          }}
        ></wa-input>`;
      case 'choice':
        return this.#options(question, change);
    }
  }

  #options(question: Extract<QuizQuestion, { kind: 'choice' }>, change: (question: QuizQuestion) => void) {
    const { options } = question;
    const replace = (index: number, part: Partial<(typeof options)[number]>) =>
      change({ ...question, options: options.map((each, nth) => (nth === index ? { ...each, ...part } : each)) });
    return html`
      ${options.map(
        ({ text, right }, index) => html`<div class="option">
          <wa-checkbox .checked=${right} @change=${(event: Event) => replace(index, { right: (event.target as HTMLInputElement).checked })}>
            ${this.t('content.right')}<span class="visually-hidden">${text}</span>
          </wa-checkbox>
          <wa-input
            maxlength="300"
            aria-label=${this.t('content.option', { number: index + 1 })}
            .value=${text}
            @input=${(event: Event) => replace(index, { text: typed(event) })}
          ></wa-input>
          ${
            options.length > 2
              ? html`<wa-button size="s" appearance="plain" @click=${() => change({ ...question, options: options.filter((_, nth) => nth !== index) })}>
                <il-icon name="x" label=${this.t('content.removeOption', { number: index + 1 })}></il-icon>
              </wa-button>`
              : html`<span></span>`
          }
        </div>`,
      )}
      ${
        options.length < mostOptions
          ? html`<div><wa-button size="s" appearance="plain" @click=${() => change({ ...question, options: [...options, { text: this.t('own.quizWrong'), right: false }] })}>
            <il-icon slot="start" name="plus"></il-icon>${this.t('content.addOption')}
          </wa-button></div>`
          : nothing
      }
    `;
  }
}

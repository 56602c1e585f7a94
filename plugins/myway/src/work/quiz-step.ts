import { announce, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import { pageOf } from '../trail/address.js';
import { readDraft, writeDraft } from '../trail/drafts.js';
import type { AskedQuestion, TrailStep } from '../trail/model.js';
import { isOffline, keepBack, sendLater } from '../trail/unsent.js';
import type { Answer, Marked } from './model.js';
import { narrowActions } from './narrow-actions.js';

/** Undefined: this page may not make ids, as it came without TLS. */
const newAttempt = (): string | undefined => globalThis.crypto.randomUUID?.();

/**
 * The questions of a quiz. After sending, each shows whether the answer was right; the pupil can try again.
 * @fires myway-trail - `Trail`: the pupil's path after the answers
 */
@customElement('myway-quiz-step')
export class QuizStep extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    narrowActions,
    css`
      form {
        display: grid;
        gap: var(--il-space-6);
      }
      h2 {
        margin-bottom: var(--il-space-4);
      }
      fieldset {
        display: grid;
        gap: var(--il-space-2);
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        margin-bottom: var(--il-space-2);
        padding: 0;
        font-weight: 650;
        font-size: var(--il-text-m);
        overflow-wrap: anywhere;
      }
      .option {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        min-height: var(--il-target);
        padding: var(--il-space-2) var(--il-space-4);
        background: var(--il-surface);
        border: 1px solid var(--il-edge);
        border-radius: var(--il-radius);
        cursor: pointer;
        overflow-wrap: anywhere;
      }
      .option:has(:checked) {
        border-color: var(--il-ink);
        box-shadow: inset 0 0 0 1px var(--il-ink);
      }
      .option input {
        flex: none;
        width: 1.4em;
        height: 1.4em;
        accent-color: var(--il-ink);
      }
      .typed {
        width: min(100%, 22rem);
        min-height: var(--il-target);
        padding: var(--il-space-2) var(--il-space-4);
        color: inherit;
        font: inherit;
        background: var(--il-surface);
        border: 1px solid var(--il-edge);
        border-radius: var(--il-radius);
      }
      .marked {
        display: flex;
        gap: var(--il-space-2);
        align-items: start;
        font-weight: 600;
      }
      .right {
        color: var(--il-good);
      }
      .wrong {
        color: var(--il-warn);
      }
      .marked span {
        color: var(--il-ink);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) step: TrailStep | undefined;
  @property({ attribute: false }) assignmentId = '';
  @property({ attribute: false }) questions: readonly AskedQuestion[] = [];

  @state() private marked: readonly Marked[] | undefined;
  @state() private problem: unknown;
  @state() private busy = false;
  /** Whether the answers are those of an earlier visit, which were not sent. */
  @state() private restored = false;

  get #params() {
    return { assignmentId: this.assignmentId, stepId: this.step?.id ?? '' };
  }

  get #form(): HTMLFormElement | null {
    return this.renderRoot.querySelector('form');
  }

  override firstUpdated(): void {
    this.#restore();
  }

  /** Fills in what was answered at an earlier visit, unless the questions changed since. */
  #restore(): void {
    const draft = readDraft(this.#params);
    if (draft?.kind !== 'quiz' || draft.questions !== JSON.stringify(this.questions)) return;
    draft.answers.forEach((given, index) => {
      for (const input of this.#form?.querySelectorAll<HTMLInputElement>(`[name=q${index}]`) ?? []) {
        if (Array.isArray(given)) input.checked = given.includes(Number(input.value));
        else input.value = given ?? '';
      }
    });
    this.restored = true;
  }

  #answers(): Answer[] {
    const data = new FormData(this.#form ?? undefined);
    return this.questions.map((question, index): Answer => {
      if (question.kind === 'choice') return data.getAll(`q${index}`).map(Number);
      return String(data.get(`q${index}`) ?? '').trim() || null;
    });
  }

  /** Keeps the answers on the device until they are sent. A change makes them another attempt. */
  #keep(answers: Answer[], attempt?: string): void {
    writeDraft(this.#params, { kind: 'quiz', answers, questions: JSON.stringify(this.questions), attempt });
    keepBack(this.#params);
  }

  async #send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy || this.step === undefined) return;
    this.busy = true;
    const answers = this.#answers();
    const before = readDraft(this.#params);
    const attempt = (before?.kind === 'quiz' ? before.attempt : undefined) ?? newAttempt();
    this.#keep(answers, attempt);
    try {
      const answer = await myway.post('/my-paths/:assignmentId/steps/:stepId/answers', {
        params: this.#params,
        body: { answers, attempt },
      });
      writeDraft(this.#params, null);
      this.restored = false;
      this.marked = answer.answers;
      this.problem = undefined;
      announce(this.#result(answer.score));
      this.emit('myway-trail', answer.trail);
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('#result')?.focus();
    } catch (problem) {
      if (isOffline(problem)) await this.#sendLater();
      else this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  async #sendLater(): Promise<void> {
    sendLater({ ...this.#params, what: 'draft' });
    notify({ kind: 'info', text: this.t('draft.markedLater') });
    await navigate(`${pageOf(this.assignmentId)}?van=${this.step?.id}`);
  }

  #again(): void {
    this.marked = undefined;
    void this.updateComplete.then(() => {
      this.#form?.reset();
      this.renderRoot.querySelector<HTMLElement>('input')?.focus();
    });
  }

  override render() {
    const right = this.marked?.filter((each) => each.right).length ?? 0;
    const result = this.#result({ given: right, maximum: this.questions.length });
    return html`
      ${this.marked ? html`<h2 id="result" tabindex="-1">${result}</h2>` : nothing}
      ${this.restored && !this.marked ? html`<p role="status">${this.t('draft.restoredAnswers')}</p>` : nothing}
      <form @submit=${this.#send} @input=${() => this.#keep(this.#answers())}>
        ${this.questions.map((question, index) => this.#question(question, index))}
        ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
        <div class="actions">
          ${
            this.marked
              ? html`<wa-button size="l" appearance=${right < this.questions.length ? 'accent' : 'outlined'} variant=${right < this.questions.length ? 'brand' : 'neutral'} @click=${this.#again}>
                  <il-icon slot="start" name="rotate-ccw"></il-icon>${this.t('result.redo')}
                </wa-button>
                <wa-button size="l" appearance=${right < this.questions.length ? 'outlined' : 'accent'} variant=${right < this.questions.length ? 'neutral' : 'brand'} href="${pageOf(this.assignmentId)}?van=${this.step?.id}">
                  ${this.t('step.goOn')}<il-icon slot="end" name="arrow-right"></il-icon>
                </wa-button>`
              : html`<wa-button type="submit" size="l" appearance="accent" variant="brand" ?loading=${this.busy}>${this.t('quiz.send')}</wa-button>`
          }
        </div>
      </form>
    `;
  }

  #result({ given, maximum }: { given: number; maximum: number }): string {
    if (maximum === 1) return this.t(given === 1 ? 'quiz.onlyRight' : 'quiz.onlyWrong');
    return this.t('quiz.result', { given, maximum });
  }

  #question(question: AskedQuestion, index: number) {
    const marked = this.marked?.[index];
    return html`<fieldset ?disabled=${this.marked !== undefined}>
      <legend>${this.questions.length > 1 ? `${index + 1}. ` : ''}${question.text}</legend>
      ${
        question.kind === 'choice'
          ? html`${question.several ? html`<p class="muted small">${this.t('quiz.several')}</p>` : nothing}
            ${question.options.map(
              (option, nth) => html`<label class="option">
                <input type=${question.several ? 'checkbox' : 'radio'} name="q${index}" value=${nth} />${option}
              </label>`,
            )}`
          : html`<input
              class="typed"
              name="q${index}"
              maxlength="200"
              autocomplete="off"
              inputmode=${question.kind === 'number' ? 'decimal' : 'text'}
              aria-label=${this.t(question.kind === 'number' ? 'quiz.number' : 'quiz.word')}
            />`
      }
      ${marked === undefined ? nothing : this.#mark(marked)}
    </fieldset>`;
  }

  #mark({ right, solution }: Marked) {
    return html`<p class="marked ${right ? 'right' : 'wrong'}">
      <il-icon name=${right ? 'check' : 'rotate-ccw'}></il-icon><span>${this.t(right ? 'quiz.right' : 'quiz.solution', { solution })}</span>
    </p>`;
  }
}

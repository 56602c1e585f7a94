import { type ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../../client.js';

const questions = ['useful', 'clear', 'again'] as const;
const scores = [1, 2, 3, 4, 5] as const;

/**
 * Asks what somebody thought of an event, in three questions and a remark.
 * @fires academy-evaluated - after it was sent
 */
@customElement('academy-evaluation-dialog')
export class EvaluationDialog extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    css`
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        font-weight: 600;
      }
      .scores {
        display: flex;
        gap: var(--il-space-2);
      }
      .scores label {
        display: grid;
        justify-items: center;
        min-width: 44px;
        min-height: 44px;
        cursor: pointer;
      }
      input[type='radio'] {
        width: 22px;
        height: 22px;
        accent-color: var(--il-ink);
      }
    `,
  ];

  @property() event = '';
  @property({ type: Boolean }) open = false;
  @state() private answers: Partial<Record<(typeof questions)[number], number>> = {};
  @state() private remark = '';
  @state() private fault: string | undefined;

  override render() {
    return html`<il-dialog heading=${this.t('evaluation.title')} .open=${this.open} @il-close=${() => this.emit('il-close', {})}>
      <div class="stack">
        <p>${this.t('evaluation.note')}</p>
        ${questions.map(
          (question) => html`<fieldset>
            <legend>${this.t(`evaluation.questions.${question}`)}</legend>
            <div class="scores">
              ${scores.map(
                (score) => html`<label>
                  <input type="radio" name=${question} value=${score} .checked=${this.answers[question] === score} @change=${() => this.#choose(question, score)} />
                  <span>${score}</span>
                </label>`,
              )}
            </div>
          </fieldset>`,
        )}
        <wa-textarea
          label=${this.t('evaluation.remark')}
          maxlength="2000"
          .value=${this.remark}
          @input=${(event: Event) => this.#write((event.target as HTMLTextAreaElement).value)}
        ></wa-textarea>
        ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
      </div>
      <wa-button slot="footer" variant="brand" @click=${() => this.#send()}>${this.t('evaluation.send')}</wa-button>
    </il-dialog>`;
  }

  #choose(question: (typeof questions)[number], score: number): void {
    this.answers = { ...this.answers, [question]: score };
  }

  #write(remark: string): void {
    this.remark = remark;
  }

  async #send(): Promise<void> {
    const { useful, clear, again } = this.answers;
    if (useful === undefined || clear === undefined || again === undefined) {
      this.fault = this.t('evaluation.incomplete');
      return;
    }
    try {
      const body = { useful, clear, again, remark: this.remark.trim() };
      await academy.post('/my-learning/:id/evaluation', { params: { id: this.event }, body });
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
      return;
    }
    notify({ kind: 'success', text: this.t('evaluation.thanks') });
    this.emit('academy-evaluated', {});
    this.emit('il-close', {});
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-evaluation-dialog': EvaluationDialog;
  }
}

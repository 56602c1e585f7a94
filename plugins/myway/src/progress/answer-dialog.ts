import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import type { PupilDetail } from './model.js';

type DetailStep = PupilDetail['steps'][number];

/** What the teacher answers at a step of a pupil. */
export interface Answered {
  pupilId: string;
  step: DetailStep;
  score: { given: number; maximum: number } | null;
  ownScore: boolean;
}

/** A number as typed, also with a comma; null for an empty field, NaN for anything else. */
const numberOf = (typed: string): number | null => (typed.trim() === '' ? null : Number(typed.trim().replace(',', '.')));

/**
 * A teacher's own score and words for a pupil at a step. An empty score shows that of the tool again.
 * @fires il-close - closed without saving
 * @fires myway-answered - `PupilDetail`
 */
@customElement('myway-answer-dialog')
export class AnswerDialog extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
      .score {
        display: grid;
        grid-template-columns: minmax(0, 8rem) minmax(0, 8rem);
        gap: var(--il-space-3);
        align-items: end;
      }
      .bad {
        color: var(--il-bad);
      }
    `,
  ];

  @property() assignmentId = '';

  /** The dialog is open while it is set. */
  @property({ attribute: false }) answered: Answered | undefined;

  @state() private given = '';
  @state() private maximum = '';
  @state() private note = '';
  @state() private problem: unknown;
  @state() private fault = '';
  @state() private busy = false;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('answered') || this.answered === undefined) return;
    const { score, ownScore, step } = this.answered;
    this.given = ownScore ? String(score?.given ?? '') : '';
    this.maximum = String(score?.maximum ?? 10);
    this.note = step.teacherNote ?? '';
    this.problem = undefined;
    this.fault = '';
  }

  async #store(): Promise<void> {
    const { answered } = this;
    if (answered === undefined || this.busy) return;
    const [given, maximum] = [numberOf(this.given), numberOf(this.maximum)];
    if (given !== null && !(given >= 0 && maximum !== null && maximum > 0 && given <= maximum)) {
      this.fault = this.t('answer.fault');
      return;
    }
    this.fault = '';
    this.busy = true;
    try {
      const detail = await myway.patch('/assignments/:id/pupils/:pupilId/steps/:stepId', {
        params: { id: this.assignmentId, pupilId: answered.pupilId, stepId: answered.step.id },
        body: {
          note: this.note.trim() || null,
          ...(given === null && !answered.ownScore
            ? {}
            : { score: given === null ? null : { given, maximum: maximum as number } }),
        },
      });
      this.emit('myway-answered', detail);
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    const title = this.answered?.step.title ?? '';
    const typed = (event: Event) => {
      this.fault = '';
      return (event.target as HTMLInputElement).value ?? '';
    };
    return html`
      <il-dialog heading=${this.t('answer.heading', { title })} ?open=${this.answered !== undefined}>
        <div class="stack">
          ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
          <div class="score">
            <wa-input
              inputmode="decimal"
              autocomplete="off"
              .label=${this.t('answer.given')}
              .value=${this.given}
              @input=${(event: Event) => (this.given = typed(event))}
            ></wa-input>
            <wa-input
              inputmode="decimal"
              autocomplete="off"
              .label=${this.t('answer.maximum')}
              .value=${this.maximum}
              @input=${(event: Event) => (this.maximum = typed(event))}
            ></wa-input>
          </div>
          ${this.fault ? html`<p class="bad" role="alert">${this.fault}</p>` : html`<p class="muted small">${this.t('answer.scoreHint')}</p>`}
          <wa-textarea
            rows="4"
            maxlength="2000"
            .label=${this.t('answer.note')}
            .hint=${this.t('answer.noteHint')}
            .value=${this.note}
            @input=${(event: Event) => (this.note = typed(event))}
          ></wa-textarea>
        </div>
        <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('cancel')}</wa-button>
        <wa-button slot="footer" appearance="accent" variant="brand" ?loading=${this.busy} @click=${this.#store}>${this.t('answer.store')}</wa-button>
      </il-dialog>
    `;
  }
}

import { confirmDialog, foreignLanguage, formatDate, formatMinutes, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { paint, scoreText } from '../client/line.js';
import { inWords, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import './answer-dialog.js';
import type { Answered } from './answer-dialog.js';
import './other-dialog.js';
import type { PupilDetail } from './model.js';
import { pupilStepsStyles } from './pupil-steps-styles.js';
import { lookIcons, lookOf } from './states.js';

type DetailStep = PupilDetail['steps'][number];

/** Minutes; a step that took longer was interrupted. */
const longestSitting = 180;

/**
 * One pupil's steps in an assignment with all attempts. A teacher can complete or reset a step here.
 * @fires myway-changed - something was changed
 */
@customElement('myway-pupil-steps')
export class PupilSteps extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles, pupilStepsStyles];

  @property() assignmentId = '';

  @property() pupilId = '';

  /** The step to point out. */
  @property() stepId: string | undefined;

  /** Loads again when it changes, without hiding what is shown. */
  @property() version = '';

  @state() private detail: PupilDetail | undefined;
  @state() private problem: unknown;
  /** The step at which the teacher writes a score or words. */
  @state() private answering: Answered | undefined;
  /** The step for which the pupil gets another activity. */
  @state() private changing: DetailStep | undefined;
  /** Whether it gets a step of its own after that one. */
  @state() private adding = false;
  #pointedOut = '';

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('pupilId') || changed.has('assignmentId')) {
      this.detail = undefined;
      this.problem = undefined;
      void this.#load();
    } else if (changed.has('version') && this.detail !== undefined) void this.#load();
  }

  override updated(): void {
    const wanted = `${this.pupilId} ${this.stepId}`;
    const step = this.renderRoot.querySelector('li[aria-current]');
    if (step && this.#pointedOut !== wanted) {
      this.#pointedOut = wanted;
      step.scrollIntoView({ block: 'nearest' });
    }
  }

  get #params() {
    return { id: this.assignmentId, pupilId: this.pupilId };
  }

  async #load(): Promise<void> {
    const { pupilId } = this;
    try {
      const detail = await myway.get('/assignments/:id/pupils/:pupilId', { params: this.#params });
      if (pupilId !== this.pupilId) return;
      this.detail = detail;
      paint(this, detail.assignment.area);
      this.problem = undefined;
    } catch (problem) {
      if (pupilId === this.pupilId) this.problem = problem;
    }
  }

  async #set(step: DetailStep, to: 'done' | 'todo'): Promise<void> {
    const name = this.detail?.row.pupil.givenName ?? '';
    if (to === 'todo') {
      const sure = await confirmDialog({
        title: this.t('pupil.resetTitle', { title: step.title }),
        text: this.t('pupil.resetText', { name }),
        confirm: this.t('pupil.resetConfirm'),
        danger: true,
      });
      if (!sure) return;
    }
    try {
      this.detail = await myway.put('/assignments/:id/pupils/:pupilId/steps/:stepId', {
        params: { ...this.#params, stepId: step.id },
        body: { state: to },
      });
      notify({ kind: 'success', text: this.t(to === 'done' ? 'pupil.ticked' : 'pupil.wasReset', { title: step.title, name }) });
      this.emit('myway-changed');
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  async #decide(step: DetailStep, body: { skipped: boolean } | { unlocked: boolean }, done: string): Promise<void> {
    try {
      this.detail = await myway.patch('/assignments/:id/pupils/:pupilId/steps/:stepId', {
        params: { ...this.#params, stepId: step.id },
        body,
      });
      const name = this.detail.row.pupil.givenName;
      notify({ kind: 'success', text: this.t(`pupil.${done}`, { title: step.title, name }) });
      this.emit('myway-changed');
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  #answered({ detail }: CustomEvent<PupilDetail>): void {
    this.answering = undefined;
    this.changing = undefined;
    this.detail = detail;
    notify({ kind: 'success', text: this.t('answer.stored', { name: detail.row.pupil.givenName }) });
    this.emit('myway-changed');
  }

  override render() {
    const { detail } = this;
    if (this.problem) return html`<il-problem .problem=${inWords(this, this.problem)} @retry=${() => this.#load()}></il-problem>`;
    if (detail === undefined) return html`<il-skeleton lines="8"></il-skeleton>`;
    return html`
      <div class="stack">
        <p class="muted small">
          ${this.t('board.of', { done: detail.row.done, total: detail.row.total })}
          ${detail.row.lastActiveAt ? html` · ${this.t('pupil.lastActive', { date: formatDate(detail.row.lastActiveAt, 'time') })}` : nothing}
        </p>
        <myway-pupil-ways
          assignmentId=${this.#params.id}
          pupilId=${this.#params.pupilId}
          stamp=${detail.steps.map(({ state, attempts }) => `${state}${attempts.length}`).join()}
          @myway-changed=${() => this.emit('myway-changed')}
        ></myway-pupil-ways>
        <ol class="list">
          ${detail.steps.map((step, index) => this.#step(step, index))}
        </ol>
      </div>
      <myway-answer-dialog
        .assignmentId=${this.assignmentId}
        .answered=${this.answering}
        @il-close=${() => (this.answering = undefined)}
        @myway-answered=${this.#answered}
      ></myway-answer-dialog>
      <myway-other-dialog
        .assignmentId=${this.assignmentId}
        .pupilId=${this.pupilId}
        .step=${this.changing}
        ?adding=${this.adding}
        @il-close=${() => (this.changing = undefined)}
        @myway-answered=${this.#answered}
      ></myway-other-dialog>
    `;
  }

  #step(step: DetailStep, index: number) {
    const cell = this.detail?.row.cells[index];
    if (cell === undefined) return nothing;
    const look = lookOf(cell);
    return html`
      <li aria-current=${step.id === this.stepId ? 'true' : nothing}>
        <il-icon class="look-${look}" name=${lookIcons[look]}></il-icon>
        <div>
          <p class="strong" lang=${foreignLanguage(step.language)}>${step.title}</p>
          <p class="muted small">${this.#facts(step, look)}</p>
          ${step.comment === null || step.comment === step.attempts[0]?.comment ? nothing : html`<p class="small comment">${step.comment}</p>`}
          ${step.teacherNote === null ? nothing : html`<p class="small comment"><span class="strong">${this.t('pupil.yourNote')}</span> ${step.teacherNote}</p>`}
          ${this.#tries(step)}
          ${
            step.kind === 'task'
              ? html`<myway-pupil-work
                assignmentId=${this.#params.id}
                pupilId=${this.#params.pupilId}
                stepId=${step.id}
                stamp=${[step.state, step.doneAt, step.comment].join()}
                @myway-changed=${() => this.emit('myway-changed')}
              ></myway-pupil-work>`
              : nothing
          }
          <div class="actions">${this.#actions(step, cell)}</div>
        </div>
      </li>
    `;
  }

  /** What the teacher may decide at this step, for this pupil only. */
  #more(step: DetailStep, cell: PupilDetail['row']['cells'][number]) {
    const decisions: Record<string, [icon: string, run: () => unknown]> = {
      answer: [
        'message-square',
        () => {
          this.answering = { pupilId: this.pupilId, step, score: cell.score, ownScore: cell.ownScore };
        },
      ],
      ...(step.activityId !== null && !step.extra && step.state !== 'done'
        ? { other: ['repeat', () => this.#choose(step, false)] }
        : {}),
      add: ['plus', () => this.#choose(step, true)],
      ...(step.extra ? { remove: ['trash-2', () => this.#remove(step)] } : {}),
      ...(cell.locked && step.available
        ? { unlock: ['lock-open', () => this.#decide(step, { unlocked: true }, 'wasUnlocked')] }
        : {}),
      ...(cell.skipped
        ? { unskip: ['undo-2', () => this.#decide(step, { skipped: false }, 'wasUnskipped')] }
        : step.state === 'done' || step.extra
          ? {}
          : { skip: ['redo-2', () => this.#decide(step, { skipped: true }, 'wasSkipped')] }),
    };
    return html`<wa-dropdown
      placement="bottom-start"
      @wa-select=${({ detail }: CustomEvent<{ item: { value: string } }>) => void decisions[detail.item.value]?.[1]()}
    >
      <wa-button slot="trigger" size="s" appearance="plain" with-caret>
        ${this.t('pupil.more')}<span class="visually-hidden">${step.title}</span>
      </wa-button>
      ${Object.entries(decisions).map(
        ([key, [icon]]) =>
          html`<wa-dropdown-item value=${key}><il-icon slot="icon" name=${icon}></il-icon>${this.t(`pupil.${key}`)}</wa-dropdown-item>`,
      )}
    </wa-dropdown>`;
  }

  #choose(step: DetailStep, adding: boolean): void {
    this.adding = adding;
    this.changing = step;
  }

  async #remove(step: DetailStep): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('pupil.removeTitle', { title: step.title }),
      text: this.t('pupil.removeText', { name: this.detail?.row.pupil.givenName ?? '' }),
      confirm: this.t('pupil.remove'),
    });
    if (!sure) return;
    try {
      this.detail = await myway.delete('/assignments/:id/pupils/:pupilId/steps/:stepId', {
        params: { ...this.#params, stepId: step.id },
      });
      notify({ kind: 'success', text: this.t('pupil.wasRemoved', { title: step.title, name: this.detail.row.pupil.givenName }) });
      this.emit('myway-changed');
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  #actions(step: DetailStep, cell: PupilDetail['row']['cells'][number]) {
    return [
      step.state === 'done' || !step.available
        ? nothing
        : html`<wa-button size="s" appearance="outlined" @click=${() => this.#set(step, 'done')}>
            ${this.t('pupil.tick')}<span class="visually-hidden">${step.title}</span>
          </wa-button>`,
      step.state === 'todo'
        ? nothing
        : html`<wa-button size="s" appearance="plain" @click=${() => this.#set(step, 'todo')}>
            ${this.t('pupil.reset')}<span class="visually-hidden">${step.title}</span>
          </wa-button>`,
      this.#more(step, cell),
    ];
  }

  #tries(step: DetailStep) {
    if (step.attempts.length === 0) return nothing;
    return html`
      <ul class="tries small" aria-label=${this.t('pupil.tries')}>
        ${step.attempts.map(
          (attempt) => html`<li>
            ${scoreText(this, attempt)} <span class="muted">· ${formatDate(attempt.at, 'time')}</span>
            ${attempt.comment ? html`<br />${attempt.comment}` : nothing}
          </li>`,
        )}
      </ul>
      ${
        step.older === null
          ? nothing
          : html`<wa-button size="s" appearance="plain" @click=${() => this.#older(step)}>
              ${this.t('pupil.older')}<span class="visually-hidden">${step.title}</span>
            </wa-button>`
      }
    `;
  }

  async #older(step: DetailStep): Promise<void> {
    try {
      const page = await myway.get('/assignments/:id/pupils/:pupilId/steps/:stepId/attempts', {
        params: { ...this.#params, stepId: step.id },
        query: { before: step.older ?? undefined },
      });
      if (this.detail === undefined) return;
      const steps = this.detail.steps.map((each) =>
        each.id === step.id ? { ...each, attempts: [...each.attempts, ...page.attempts], older: page.older } : each,
      );
      this.detail = { ...this.detail, steps };
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    }
  }

  /** How long the pupil worked, if they began and finished in one go. */
  #took({ startedAt, doneAt }: DetailStep): string {
    if (startedAt === null || doneAt === null) return '';
    const minutes = Math.round((Date.parse(doneAt) - Date.parse(startedAt)) / 60_000);
    return minutes >= 1 && minutes <= longestSitting ? this.t('pupil.took', { time: formatMinutes(minutes) }) : '';
  }

  #facts(step: DetailStep, look: string): string {
    const cell = this.detail?.row.cells.find((each) => each.stepId === step.id);
    const facts = [
      this.t(`board.look.${look}`),
      cell?.stuck ? this.t(`pupil.stuck.${cell.stuck}`, { count: cell.tries }) : '',
      cell?.marking === 'failed' ? this.t('trail.marking.failed') : '',
      cell?.ownScore ? this.t('board.ownScore') : '',
      step.extra ? this.t('pupil.isExtra') : '',
      step.other === null ? '' : this.t('pupil.hasOther', { title: step.other }),
      step.unlocked ? this.t('pupil.unlocked') : '',
      step.doneBy === 'teacher' ? this.t('pupil.byTeacher') : '',
      step.doneAt
        ? formatDate(step.doneAt, 'time')
        : step.startedAt
          ? this.t('pupil.since', { date: formatDate(step.startedAt, 'time') })
          : '',
      this.#took(step),
    ];
    return facts.filter(Boolean).join(' · ');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-pupil-steps': PupilSteps;
  }
}

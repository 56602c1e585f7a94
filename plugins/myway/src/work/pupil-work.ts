import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { inWords, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import { answerOf, handedInStyles, handedInWork } from './handed-in.js';
import type { Work } from './model.js';

/**
 * For teachers: what a pupil handed in for a task, with a form to answer it.
 * @fires myway-changed - the teacher answered
 */
@customElement('myway-pupil-work')
export class PupilWork extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    handedInStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-3);
      }
      wa-input {
        max-width: 10rem;
      }
    `,
  ];

  @property() assignmentId = '';
  @property() pupilId = '';
  @property() stepId = '';
  /** Changes when there may be new work. */
  @property() stamp = '';

  @state() private work: Work | undefined;
  @state() private problem: unknown;
  @state() private comment = '';
  @state() private score = '';
  @state() private answering = false;
  @state() private busy = false;

  get #params() {
    return { assignmentId: this.assignmentId, pupilId: this.pupilId, stepId: this.stepId };
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('pupilId') || changed.has('stepId') || changed.has('stamp')) void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.work = await myway.get('/assignments/:assignmentId/pupils/:pupilId/steps/:stepId/work', { params: this.#params });
      this.problem = undefined;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async #answer(again: boolean): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const score = this.score.trim() === '' ? null : Number(this.score.replace(',', '.'));
      this.work = await myway.post('/assignments/:assignmentId/pupils/:pupilId/steps/:stepId/feedback', {
        params: this.#params,
        body: { comment: this.comment, score, again },
      });
      this.answering = false;
      this.comment = '';
      this.score = '';
      this.emit('myway-changed');
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    } finally {
      this.busy = false;
    }
  }

  override render() {
    if (this.problem) return html`<il-problem .problem=${inWords(this, this.problem)} @retry=${() => this.#load()}></il-problem>`;
    const work = this.work;
    if (work === undefined) return html`<il-skeleton lines="2"></il-skeleton>`;
    if (work.handedIn === null) return html`<p class="muted small">${this.t('work.nothing')}</p>`;
    return html`<div class="stack">
      ${handedInWork(this, work, '/api/myway/pupil-work')}
      ${answerOf(this, work, this.t('work.answer'))}
      ${
        work.answered && !this.answering
          ? html`<div><wa-button size="s" appearance="outlined" @click=${() => (this.answering = true)}>${this.t('work.change')}</wa-button></div>`
          : this.#form()
      }
    </div>`;
  }

  #form() {
    return html`<form @submit=${(event: Event) => event.preventDefault()}>
      <wa-textarea
        rows="3"
        resize="auto"
        maxlength="5000"
        .label=${this.t('work.comment')}
        .value=${this.comment}
        @input=${(event: Event) => (this.comment = (event.target as HTMLTextAreaElement).value ?? '')}
      ></wa-textarea>
      <wa-input
        inputmode="decimal"
        .label=${this.t('work.score')}
        .hint=${this.t('work.scoreHint')}
        .value=${this.score}
        @input=${(event: Event) => (this.score = (event.target as HTMLInputElement).value ?? '')}
      ></wa-input>
      <div class="actions">
        <wa-button size="s" appearance="accent" variant="brand" ?loading=${this.busy} @click=${() => this.#answer(false)}>${this.t('work.send')}</wa-button>
        <wa-button size="s" appearance="outlined" ?disabled=${this.busy || this.comment.trim() === ''} @click=${() => this.#answer(true)}>${this.t('work.again')}</wa-button>
      </div>
    </form>`;
  }
}

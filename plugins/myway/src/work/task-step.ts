import { announce, guardLeaving, navigate, notify, PortalElement, sharedStyles, teacherWord } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { inWords } from '../client/problem-words.js';
import { myway } from '../client.js';
import { mostFiles } from '../paths/limits.js';
import { isLearner, pageOf } from '../trail/address.js';
import { readDraft, readFiles, writeDraft, writeFiles } from '../trail/drafts.js';
import type { TrailStep } from '../trail/model.js';
import { isOffline, keepBack, sendLater } from '../trail/unsent.js';
import { answerOf, handedInStyles, handedInWork } from './handed-in.js';
import type { Work } from './model.js';
import { narrowActions } from './narrow-actions.js';

/** Types that a file input offers; the server checks the content. */
const accepted = '.pdf,.jpg,.jpeg,.png,.webp,.txt,.docx,.odt,.mp3';

/** A task: what to do, what was handed in, the teacher's answer, and a form to hand in. */
@customElement('myway-task-step')
export class TaskStep extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    handedInStyles,
    narrowActions,
    css`
      .chosen {
        display: grid;
        gap: var(--il-space-1);
        padding: 0;
        list-style: none;
      }
      .chosen li {
        display: flex;
        gap: var(--il-space-2);
        align-items: center;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) step: TrailStep | undefined;
  @property({ attribute: false }) assignmentId = '';
  @property({ attribute: false }) task = '';

  @state() private work: Work | undefined;
  @state() private text = '';
  @state() private files: readonly File[] = [];
  @state() private writing = false;
  /** Whether the chosen files stay on the device until they are sent. */
  @state() private filesKept = true;
  /** Whether text or files are those of an earlier visit, which were not sent. */
  @state() private restored = false;
  @state() private problem: unknown;
  @state() private busy = false;

  @query('input[type=file]') private input!: HTMLInputElement;

  get #params() {
    return { assignmentId: this.assignmentId, stepId: this.step?.id ?? '' };
  }

  /** Where the device does not keep files, leaving the page would lose them. */
  #endGuard: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endGuard = guardLeaving(() => this.files.length > 0 && !this.filesKept);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endGuard?.();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('assignmentId')) void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.work = await myway.get('/my-paths/:assignmentId/steps/:stepId/work', { params: this.#params });
      const draft = readDraft(this.#params);
      this.files = (await readFiles(this.#params)).slice(0, mostFiles);
      this.restored = this.files.length > 0 || (draft?.kind === 'task' && draft.text !== this.work.handedIn?.text);
      this.text = draft?.kind === 'task' ? draft.text : (this.work.handedIn?.text ?? '');
      this.writing = this.work.handedIn === null || this.work.again || this.restored;
    } catch (problem) {
      this.problem = problem;
    }
  }

  #type(text: string): void {
    this.text = text;
    this.#keepText();
  }

  /** Keeps what is not handed in yet until it is. */
  #keepText(): void {
    const { text } = this;
    const nothingNew = text === (this.work?.handedIn?.text ?? '') && this.files.length === 0;
    writeDraft(this.#params, nothingNew ? null : { kind: 'task', text });
    keepBack(this.#params);
  }

  #pick(): void {
    void this.#choose([...this.files, ...(this.input.files ?? [])].slice(0, mostFiles));
    this.input.value = '';
  }

  #remove(file: File): void {
    void this.#choose(this.files.filter((each) => each !== file));
  }

  async #choose(files: readonly File[]): Promise<void> {
    this.files = files;
    this.filesKept = false;
    this.#keepText();
    this.filesKept = await writeFiles(this.#params, files);
  }

  async #send(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const body = new FormData();
    body.set('text', this.text);
    for (const file of this.files) body.append('files', file);
    try {
      this.work = await myway.post('/my-paths/:assignmentId/steps/:stepId/work', { params: this.#params, body });
      writeDraft(this.#params, null);
      keepBack(this.#params);
      await writeFiles(this.#params, []);
      this.files = [];
      this.writing = false;
      this.restored = false;
      this.problem = undefined;
      announce(this.t('task.handedIn'));
    } catch (problem) {
      // What was typed and chosen stays. Files that the device does not keep can only be sent from this page.
      const keeps = this.files.length === 0 ? this.text.trim() !== '' : this.filesKept;
      if (isOffline(problem) && keeps) await this.#sendLater();
      else this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  async #sendLater(): Promise<void> {
    writeDraft(this.#params, { kind: 'task', text: this.text });
    sendLater({ ...this.#params, what: 'draft' });
    notify({ kind: 'info', text: this.t('draft.sentLater') });
    await navigate(`${pageOf(this.assignmentId)}?van=${this.step?.id}`);
  }

  override render() {
    const { work } = this;
    return html`
      <div class="stack">
        <p class="words">${this.task}</p>
        ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)}></il-problem>` : nothing}
        ${work === undefined ? nothing : this.#work(work)}
      </div>
    `;
  }

  #work(work: Work) {
    return html`
      ${answerOf(this, work, this.t('task.answer', { teacher: teacherWord() }))}
      ${handedInWork(this, work, '/api/myway/work')}
      ${
        work.handedIn !== null && !work.answered
          ? html`<p role="status">${isLearner() ? this.t('learner.taskKept') : this.t('task.waiting', { teacher: teacherWord() })}</p>`
          : nothing
      }
      ${
        this.writing
          ? this.#form()
          : html`<div class="actions">
            <wa-button size="l" appearance="accent" variant="brand" href="${pageOf(this.assignmentId)}?van=${this.step?.id}">
              ${this.t('step.goOn')}<il-icon slot="end" name="arrow-right"></il-icon>
            </wa-button>
            <wa-button size="l" appearance="outlined" @click=${() => (this.writing = true)}>${this.t('task.change')}</wa-button>
          </div>`
      }
    `;
  }

  #form() {
    return html`
      ${this.restored ? html`<p role="status">${this.t('draft.restored')}</p>` : nothing}
      <wa-textarea
        rows="5"
        resize="auto"
        maxlength="20000"
        .label=${this.t('task.text')}
        .value=${this.text}
        @input=${(event: Event) => this.#type((event.target as HTMLTextAreaElement).value ?? '')}
      ></wa-textarea>
      ${
        this.files.length === 0
          ? nothing
          : html`<ul class="chosen" aria-label=${this.t('task.files')}>
            ${this.files.map(
              (file) => html`<li>
                <il-icon name="file-text"></il-icon>${file.name}
                <wa-button size="s" appearance="plain" @click=${() => this.#remove(file)}>
                  <il-icon name="x" label=${this.t('task.removeFile', { name: file.name })}></il-icon>
                </wa-button>
              </li>`,
            )}
          </ul>`
      }
      <input type="file" multiple hidden accept=${accepted} aria-label=${this.t('task.addFile')} @change=${this.#pick} />
      <div class="actions">
        <wa-button size="l" appearance="outlined" ?disabled=${this.files.length >= mostFiles} @click=${() => this.input.click()}>
          <il-icon slot="start" name="upload"></il-icon>${this.t('task.addFile')}
        </wa-button>
        <wa-button size="l" appearance="accent" variant="brand" ?loading=${this.busy} @click=${this.#send}>
          <il-icon slot="start" name="send"></il-icon>${this.t('task.send')}
        </wa-button>
      </div>
      <p class="muted small">${this.t('task.filesHint', { count: mostFiles })} ${this.t(this.files.length > 0 && this.filesKept ? 'draft.keptFiles' : 'draft.kept')}</p>
    `;
  }
}

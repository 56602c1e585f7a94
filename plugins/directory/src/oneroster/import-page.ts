import { announce, PortalElement, type Station, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { ImportReport } from './importer.js';
import './import-report.js';
import './removals-dialog.js';

type Stage = 'choose' | 'checking' | 'checked' | 'importing' | 'done';
/** Schools of a report for which the page shows what is to be done. */
const mostSchoolsWithTasks = 20;
const greatest = 32 * 1024 * 1024;

/** `/school/importeren`: choose a zip file, see what it would change, import it. Only the last step writes. */
@customElement('directory-import')
export class ImportPage extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .drop {
        display: grid;
        gap: var(--il-space-3);
        justify-items: start;
        padding: var(--il-space-5);
        border: 2px dashed var(--il-edge);
        border-radius: var(--il-radius);
      }
      .drop.over {
        background: var(--il-hover);
        border-style: solid;
      }
      .wrong {
        color: var(--il-bad);
      }
      .tasks {
        border-top: 0;
      }
      .file {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @state() private stage: Stage = 'choose';
  @state() private file: File | undefined;
  @state() private report: ImportReport | undefined;
  @state() private allowRemovals = false;
  @state() private asking = false;
  @state() private problem: unknown;
  @state() private wrong: 'notZip' | 'tooLarge' | undefined;
  @state() private over = false;

  @query('input[type=file]') private input!: HTMLInputElement;

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('import.title')} .back=${{ href: '/school', text: this.t('school.title') }}>
          <p>${this.t('import.intro')}</p>
        </il-page-head>
        <il-line .stations=${this.#stations()} orientation="horizontal" color="3" .label=${this.t('import.steps.label')}></il-line>
        ${this.#chooser()}
        ${this.problem ? html`<il-problem .problem=${this.problem} @retry=${() => this.#send(this.stage !== 'importing')}></il-problem>` : ''}
        ${this.stage === 'checking' || this.stage === 'importing' ? this.#waiting() : ''}
        ${this.report && (this.stage === 'checked' || this.stage === 'done') ? this.#outcome(this.report) : ''}
      </div>
    `;
  }

  #stations(): Station[] {
    const order: Stage[] = ['choose', 'checked', 'done'];
    const reached = order.indexOf(this.stage === 'checking' ? 'choose' : this.stage === 'importing' ? 'checked' : this.stage);
    return ['choose', 'check', 'import'].map((step, index) => ({
      label: this.t(`import.steps.${step}`),
      state: index < reached || this.stage === 'done' ? 'done' : index === reached ? 'next' : 'todo',
    }));
  }

  #chooser() {
    if (this.stage === 'importing' || this.stage === 'done') return '';
    return html`
      <div
        class="drop ${this.over ? 'over' : ''}"
        @dragover=${(event: DragEvent) => this.#dragged(event, true)}
        @dragleave=${(event: DragEvent) => this.#dragged(event, false)}
        @drop=${this.#dropped}
      >
        ${this.file ? html`<p class="file"><il-icon name="file-up"></il-icon> <span class="strong">${this.file.name}</span></p>` : html`<p>${this.t('import.drop')}</p>`}
        <wa-button variant=${this.report ? 'neutral' : 'brand'} appearance=${this.report ? 'outlined' : 'accent'} @click=${() => this.input.click()}>
          ${this.t(this.file ? 'import.chooseOther' : 'import.choose')}
        </wa-button>
        <input type="file" accept=".zip,application/zip" hidden aria-label=${this.t('import.choose')} @change=${this.#picked} />
        ${this.wrong ? html`<p class="wrong" role="alert">${this.t(`import.${this.wrong}`)}</p>` : ''}
        <p class="muted small">${this.t('import.privacy')}</p>
      </div>
    `;
  }

  #waiting() {
    const text = this.t(this.stage === 'checking' ? 'import.checking' : 'import.importing');
    return html`<p role="status"><wa-spinner></wa-spinner> ${text}</p>`;
  }

  #outcome(report: ImportReport) {
    return html`
      <directory-import-report .report=${report}></directory-import-report>
      ${this.stage === 'done' ? this.#tasks(report) : ''}
      ${
        this.stage === 'done'
          ? html`<div class="actions">
              <wa-button variant="brand" href="/school">${this.t('import.toSchool')}</wa-button>
              <wa-button appearance="outlined" @click=${this.#again}>${this.t('import.again')}</wa-button>
            </div>`
          : this.#confirm(report)
      }
    `;
  }

  /** What is to be done now for the imported schools, such as making accounts. */
  #tasks({ schools }: ImportReport) {
    const imported = schools.filter(({ refused }) => !refused).slice(0, mostSchoolsWithTasks);
    return html`<div class="list tasks">
      ${imported.map(({ id }) => html`<il-slot name="directory.school-task" .context=${{ id }}></il-slot>`)}
    </div>`;
  }

  #confirm({ outcome, removals }: ImportReport) {
    return html`
      ${removals.length > 0 ? this.#removals() : ''}
      ${
        outcome === 'refused'
          ? ''
          : html`<div class="actions">
              <wa-button variant="brand" @click=${() => this.#send(false)}>${this.t(outcome === 'partly' ? 'import.goPartly' : 'import.go')}</wa-button>
            </div>`
      }
      <directory-removals-dialog
        .removals=${removals}
        ?open=${this.asking}
        @il-close=${() => {
          this.asking = false;
        }}
        @directory-allowed=${this.#allowed}
      ></directory-removals-dialog>
    `;
  }

  #removals() {
    if (this.allowRemovals)
      return html`<p class="muted"><il-icon name="check"></il-icon> ${this.t('import.removals.allowed')}</p>`;
    return html`
      <section class="stack">
        <h2>${this.t('import.removals.title')}</h2>
        <p>${this.t('import.removals.text')}</p>
        <div class="actions">
          <wa-button
            appearance="outlined"
            @click=${() => {
              this.asking = true;
            }}
            >${this.t('import.removals.open')}</wa-button
          >
        </div>
      </section>
    `;
  }

  #dragged(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.over = over;
  }

  #dropped(event: DragEvent): void {
    this.#dragged(event, false);
    this.#take(event.dataTransfer?.files[0]);
  }

  #picked(): void {
    this.#take(this.input.files?.[0]);
    // Without this, choosing the same file again after correcting it would not fire an event.
    this.input.value = '';
  }

  #take(file: File | undefined): void {
    if (file === undefined) return;
    this.wrong = !/\.zip$/i.test(file.name) ? 'notZip' : file.size > greatest ? 'tooLarge' : undefined;
    if (this.wrong !== undefined) return;
    this.file = file;
    this.allowRemovals = false;
    void this.#send(true);
  }

  #allowed(): void {
    this.asking = false;
    this.allowRemovals = true;
    void this.#send(true);
  }

  /** The button that started the import is gone, and the result may be above what is on the screen. */
  async #showResult(): Promise<void> {
    await this.updateComplete;
    const report = this.renderRoot.querySelector('directory-import-report');
    await report?.updateComplete;
    report?.showVerdict();
  }

  #again(): void {
    this.stage = 'choose';
    this.file = undefined;
    this.report = undefined;
  }

  async #send(dryRun: boolean): Promise<void> {
    if (this.file === undefined) return;
    const before = this.stage;
    this.stage = dryRun ? 'checking' : 'importing';
    this.problem = undefined;
    try {
      this.report = await directory.post('/imports', {
        query: { dryRun: `${dryRun}`, allowRemovals: `${this.allowRemovals}` },
        body: new Blob([this.file], { type: 'application/zip' }),
      });
      // The school's data may have changed between check and import; then show the new findings.
      this.stage = dryRun || this.report.outcome === 'refused' ? 'checked' : 'done';
      if (!dryRun) await this.#showResult();
      announce(this.t(this.stage === 'done' ? 'import.done' : `import.outcome.${this.report.outcome}`));
    } catch (problem) {
      this.problem = problem;
      this.stage = before === 'checking' || before === 'importing' ? 'choose' : before;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-import': ImportPage;
  }
}

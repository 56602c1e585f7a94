import {
  announce,
  foreignLanguage,
  formatDate,
  LiveController,
  navigate,
  notify,
  PortalElement,
  sharedStyles,
  teacherWord,
} from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { colourOf, scoreText } from '../client/line.js';
import { inWords, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import { isLearner, pageOf } from './address.js';
import type { Trail, TrailStep } from './model.js';
import { rememberedTrail, rememberTrail } from './remembered.js';
import { isScored, sentenceOf } from './score-words.js';
import { pathContext } from './slot-contexts.js';
import { lockWords, stationsOfTrail, withJunctions } from './stations.js';
import './step-result.js';
import './terminus.js';
import './trail-messages.js';
import { isOffline, UnsentController } from './unsent.js';

/** How long to wait for a score after the pupil returns from a tool, and how often to poll without a live connection, in milliseconds. */
const patience = 20_000;
const pause = 2_000;

/**
 * `/mijn-paden/:assignmentId`: one path, with one main station to go to. A tool opens in the same tab and returns the pupil with
 * `?terug=<step>`; the page then waits a short time for the score.
 */
@customElement('myway-trail-page')
export class TrailPage extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      .said {
        display: flex;
        gap: var(--il-space-3);
        align-items: start;
      }
      .note {
        max-width: 40rem;
        min-width: 0;
        padding: var(--il-space-4) var(--il-space-5);
        background: var(--il-surface);
        border-radius: var(--il-radius);
        border: 1px solid var(--il-rule);
        white-space: pre-line;
      }
      .notice {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        padding: var(--il-space-4) var(--il-space-5);
        background: var(--il-info-fill);
        border-radius: var(--il-radius);
      }
      .notice il-icon {
        color: var(--il-info);
        font-size: 1.5em;
      }
      .feedback {
        max-width: 40rem;
      }
      .feedback dd {
        margin: 0 0 var(--il-space-4);
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      /* The sheet to take home is the terminus alone. */
      @media print {
        .page > :not(myway-terminus) {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private trail: Trail | undefined;
  @state() private problem: unknown;
  @state() private opening = false;
  @state() private waiting = false;
  /** No connection: the path is shown as it was. */
  @state() private offline = false;
  /** How many times the path was read. */
  @state() private loads = 0;

  #cameBack = 0;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new LiveController(
      this,
      () => {
        const { assignmentId } = this.params;
        const pupilId = this.session?.personId;
        return assignmentId === undefined || pupilId === undefined ? [] : [['myway.trail', { assignmentId, pupilId }]];
      },
      ({ messages }) => (messages.length > 0 ? this.#load() : this.#lookAgain()),
      { poll: pause },
    );
    new UnsentController(this, (sent) => {
      notify({ kind: 'success', text: this.t('trail.sentLater', { count: sent }) });
      void this.#load();
    });
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('params') && !changed.has('query')) return;
    this.opening = false;
    this.#cameBack = this.query.has('terug') ? Date.now() : 0;
    this.waiting = this.#cameBack > 0;
    clearTimeout(this.#patience);
    if (this.waiting) this.#patience = setTimeout(() => void this.#lookAgain(), patience + 100);
    void this.#load().then(() => changed.has('query') && this.#tellMessage());
  }

  get #step(): TrailStep | undefined {
    return this.trail?.steps.find((step) => step.id === this.query.get('terug'));
  }

  /** Shows the tool's message with the step's title as its source, because anyone can make a link with a message. */
  #tellMessage(): void {
    const error = this.query.get('lti_errormsg');
    const text = (error ?? this.query.get('lti_msg'))?.slice(0, 300);
    if (!text || this.#step === undefined) return;
    notify({ kind: error ? 'error' : 'info', text: this.t('trail.toolSays', { title: this.#step.title, text }) });
  }

  async #load(): Promise<void> {
    const id = this.params.assignmentId;
    try {
      const trail = await myway.get('/my-paths/:assignmentId', { params: { assignmentId: id } });
      if (id === this.params.assignmentId) this.trail = trail;
      rememberTrail(trail);
      this.offline = false;
      this.loads += 1;
      this.problem = undefined;
    } catch (problem) {
      this.offline = isOffline(problem);
      const remembered = this.offline ? rememberedTrail(id ?? '') : undefined;
      if (remembered !== undefined) this.trail = remembered;
      else if (this.trail === undefined) this.problem = problem;
    }
    if (!this.waiting) return;
    const arrived = this.#step?.state === 'done' || this.#step?.marking != null;
    if (arrived && this.#step?.marking) announce(this.t(`trail.marking.${this.#step.marking}`));
    else if (arrived && isScored(this.#step))
      announce(`${scoreText(this, this.#step.score)}. ${sentenceOf(this, this.#step, isLearner() ? null : teacherWord())}`);
    if (arrived || Date.now() - this.#cameBack > patience) this.waiting = false;
  }

  async #lookAgain(): Promise<void> {
    if (this.waiting || (this.#cameBack > 0 && Date.now() - this.#cameBack < patience)) await this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#patience);
  }

  /** Exercises that are not done start at once; done ones show their last score first. */
  #open(event: CustomEvent<{ index: number }>): void {
    const step = this.trail && withJunctions(this.trail)[event.detail.index];
    if (step === undefined || !('state' in step) || step.lock !== null || step.kind !== 'lti' || step.state === 'done') return;
    event.preventDefault();
    void this.#start(step);
  }

  /** Starts an exercise, or goes to the page of another step. */
  async #start(step: TrailStep): Promise<void> {
    if (this.opening) return;
    if (step.kind !== 'lti') {
      await navigate(this.#address(step));
      return;
    }
    this.opening = true;
    try {
      const opened = await myway.post('/my-paths/:assignmentId/steps/:stepId/open', {
        params: { assignmentId: this.trail?.assignmentId, stepId: step.id },
      });
      if (opened.kind === 'lti') location.assign(opened.url);
      else await navigate(this.#address(step));
    } catch (problem) {
      this.opening = false;
      notify({ kind: 'error', text: sentenceFor(this, problem) });
      await this.#load();
    }
  }

  readonly #address = (step: TrailStep): string => `${pageOf(this.trail?.assignmentId)}/stap/${step.id}`;

  override render() {
    const { trail } = this;
    const language = foreignLanguage(trail?.language);
    return html`
      <div class="page narrow">
        <il-page-head
          heading=${trail?.title ?? this.t('trail.title')}
          heading-lang=${ifDefined(typeof language === 'string' ? language : undefined)}
          .back=${isLearner() ? undefined : { href: '/mijn-paden', text: this.t('trail.back') }}
        >
          ${trail ? this.#about(trail) : nothing}
          ${trail ? html`<il-ear slot="actions" .text=${[trail.title, trail.description].join('. ')} .label=${trail.title} .language=${trail.language}></il-ear>` : nothing}
        </il-page-head>
        ${this.problem ? html`<il-problem .problem=${inWords(this, this.problem)} @retry=${() => this.#load()}></il-problem>` : this.#body(trail)}
      </div>
    `;
  }

  #body(trail: Trail | undefined) {
    if (trail === undefined) return html`<il-skeleton lines="5"></il-skeleton>`;
    const next = trail.steps.find((step) => step.next);
    return html`
      ${this.offline ? html`<p class="notice" role="status"><il-icon name="wifi-off"></il-icon><span>${this.t('trail.offline')}</span></p>` : nothing}
      ${this.#failed()}
      <myway-trail-messages .assignmentId=${trail.assignmentId} .version=${this.loads}></myway-trail-messages>
      ${this.#result(trail)}
      ${this.#waiting(trail)}
      ${
        next?.note
          ? html`<div class="said">
            <p class="note"><span class="strong">${this.t('trail.note')}</span>${'\n'}${next.note}</p>
            <il-ear .text=${next.note} .label=${this.t('trail.note')}></il-ear>
          </div>`
          : nothing
      }
      <il-line
        size="large"
        color=${colourOf(trail.area)}
        label=${trail.title}
        ?quiet=${this.#hasMainButton(trail)}
        .from=${withJunctions(trail).findIndex(({ id }) => id === (this.query.get('terug') ?? this.query.get('van')))}
        aria-busy=${String(this.opening)}
        .stations=${stationsOfTrail(this, trail, this.#address)}
        @il-station-click=${this.#open}
      ></il-line>
      ${this.#feedback(trail)}
      <il-slot name="myway.path" .context=${pathContext(trail)}></il-slot>
    `;
  }

  /** A tool came back with an error: other plugins may offer to report it. */
  #failed() {
    const code = this.query.get('lti_launch');
    if (code === null || !this.query.has('lti_errormsg')) return nothing;
    return html`<il-slot name="myway.launch-failed" .context=${{ code }}></il-slot>`;
  }

  /** Where there is nothing to do now, why. */
  #waiting({ steps, blocks, complete }: Trail) {
    if (complete || steps.some(({ next }) => next)) return nothing;
    const locks = [
      ...blocks.flatMap((block) => (block.kind === 'branch' ? block.lock : [])),
      ...steps.flatMap(({ lock }) => lock ?? []),
    ];
    const why = locks.find(({ reason }) => reason === 'teacher' || reason === 'marking') ?? locks[0];
    if (why === undefined) return nothing;
    return html`<p class="notice" role="status"><il-icon name="hourglass"></il-icon><span>${lockWords(this, why)}</span></p>`;
  }

  /** Whether the result or the terminus has the page's one main button. */
  #hasMainButton(trail: Trail): boolean {
    return !this.waiting && (trail.complete || (isScored(this.#step) && this.#step.marking === null));
  }

  #feedback({ steps }: Trail) {
    const told = steps.flatMap(({ title, comment, teacherNote }) =>
      [teacherNote, comment].flatMap((words) => (words === null || words === '' ? [] : [{ title, words }])),
    );
    if (told.length === 0) return nothing;
    return html`<section class="feedback stack">
      <h2>${this.t('trail.feedback')}</h2>
      <dl>${told.map(({ title, words }) => html`<dt class="strong">${title}</dt><dd>${words}</dd>`)}</dl>
    </section>`;
  }

  #about(trail: Trail) {
    return html`
      ${trail.description ? html`<p lang=${foreignLanguage(trail.language)}>${trail.description}</p>` : nothing}
      <p class="muted">
        ${this.t('trail.progress', { done: trail.done, total: trail.total })}
        ${trail.dueOn && !trail.complete ? html` · ${this.t('trail.due', { date: formatDate(trail.dueOn, 'day') })}` : nothing}
      </p>
    `;
  }

  /** What came of the exercise from which the pupil returns; at the end of the path, the terminus. */
  #result(trail: Trail) {
    const step = this.#step;
    if (this.waiting) {
      return html`<p class="notice" role="status"><wa-spinner></wa-spinner>${this.t('trail.waiting')}</p>`;
    }
    const shown = step?.marking
      ? html`<p class="notice" role="status">
        <il-icon name="hourglass"></il-icon><span>${step.title}: ${this.t(`trail.marking.${step.marking}`)}</span>
      </p>`
      : html`<myway-step-result .step=${step}>${trail.complete ? nothing : this.#onward(trail, step)}</myway-step-result>`;
    return html`
      ${step ? shown : nothing}
      ${trail.complete ? html`<myway-terminus .trail=${trail} @myway-practise=${({ detail }: CustomEvent<{ step: TrailStep }>) => this.#start(detail.step)}></myway-terminus>` : nothing}
    `;
  }

  /** After a low score, practising again comes first. */
  #onward(trail: Trail, step: TrailStep | undefined) {
    const next = trail.steps.find((each) => each.next && each !== step);
    const again = step?.low === true && step.lock === null;
    return html`<div class="actions">
      ${
        again
          ? html`<wa-button appearance="accent" variant="brand" size="l" ?loading=${this.opening} @click=${() => this.#start(step)}>
            <il-icon slot="start" name="rotate-ccw"></il-icon>${this.t('result.again')}
          </wa-button>`
          : nothing
      }
      ${
        next
          ? html`<wa-button
            appearance=${again ? 'outlined' : 'accent'}
            variant=${again ? 'neutral' : 'brand'}
            size="l"
            ?disabled=${this.opening}
            @click=${() => this.#start(next)}
          >${this.t(again ? 'result.onward' : 'result.next')}<il-icon slot="end" name="arrow-right"></il-icon></wa-button>`
          : nothing
      }
    </div>`;
  }
}

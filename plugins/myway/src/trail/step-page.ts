import { foreignLanguage, navigate, notify, PortalElement, sharedStyles, teacherWord } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { inWords, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import { isLearner, pageOf } from './address.js';
import type { Opened, Trail, TrailStep } from './model.js';
import { rememberTrail } from './remembered.js';
import { stepContext } from './slot-contexts.js';
import { lockWords } from './stations.js';
import './step-result.js';
import { isOffline, sendLater } from './unsent.js';

/** As `foreignLanguage`, for a property. */
const languageOf = (tag: string | null | undefined): string | undefined => {
  const foreign = foreignLanguage(tag);
  return typeof foreign === 'string' ? foreign : undefined;
};

/** `/mijn-paden/:assignmentId/stap/:stepId`: a text to read, or a link to a website or tool; then "Gelezen! Ga verder". */
@customElement('myway-step-page')
export class StepPage extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      .note {
        padding: var(--il-space-4) var(--il-space-5);
        background: var(--il-surface);
        border: 1px solid var(--il-rule);
        border-radius: var(--il-radius);
        white-space: pre-line;
      }
      .finish {
        position: var(--il-sticky);
        bottom: var(--il-tabs-height, 0px);
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-4);
        align-items: center;
        padding: var(--il-space-4) 0;
        background: linear-gradient(transparent, var(--il-paper) 30%);
      }
      /* On a short or much enlarged screen it would cover the text. */
      @media (max-height: 30rem) {
        .finish {
          position: static;
        }
      }
      .spoken {
        display: flex;
        gap: var(--il-space-3);
        align-items: start;
      }
      .spoken > :first-child {
        flex: 1;
        min-width: 0;
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private trail: Trail | undefined;
  @state() private opened: Opened | undefined;
  @state() private problem: unknown;
  @state() private busy = false;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('params')) void this.#load();
  }

  get #path(): string {
    return pageOf(this.params.assignmentId);
  }

  get #ids() {
    const { assignmentId, stepId } = this.params;
    return { assignmentId, stepId };
  }

  get #step(): TrailStep | undefined {
    return this.trail?.steps.find((step) => step.id === this.params.stepId);
  }

  async #load(): Promise<void> {
    this.opened = undefined;
    this.problem = undefined;
    try {
      this.trail = await myway.get('/my-paths/:assignmentId', { params: { assignmentId: this.params.assignmentId } });
      rememberTrail(this.trail);
      // A tool is only started by its button, not by viewing this page.
      if (this.#step?.kind !== 'lti' && this.#step?.lock === null)
        this.opened = await myway.post('/my-paths/:assignmentId/steps/:stepId/open', { params: this.#ids });
    } catch (problem) {
      this.problem = problem;
    }
  }

  async #launch(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const opened = await myway.post('/my-paths/:assignmentId/steps/:stepId/open', { params: this.#ids });
      if (opened.kind === 'lti') location.assign(opened.url);
    } catch (problem) {
      this.problem = problem;
      this.busy = false;
    }
  }

  async #finish(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      if (this.#step?.state !== 'done') await myway.post('/my-paths/:assignmentId/steps/:stepId/done', { params: this.#ids });
      // The train comes from this step.
      await navigate(`${this.#path}?van=${this.params.stepId}`);
    } catch (problem) {
      if (isOffline(problem) && this.#step !== undefined) {
        sendLater({ assignmentId: this.params.assignmentId ?? '', stepId: this.#step.id, what: 'done' });
        notify({ kind: 'info', text: this.t('trail.keptForLater') });
        await navigate(`${this.#path}?van=${this.params.stepId}`);
      } else notify({ kind: 'error', text: sentenceFor(this, problem) });
    } finally {
      this.busy = false;
    }
  }

  /** The words of the text, to be read aloud. */
  readonly #words = (): string => this.renderRoot.querySelector('il-markdown')?.renderRoot.textContent ?? '';

  override render() {
    const step = this.#step;
    return html`
      <div class="page narrow">
        <il-page-head
          heading=${step?.title ?? this.t('step.title')}
          heading-lang=${ifDefined(languageOf(step?.language))}
          .back=${{ href: this.#path, text: this.trail?.title ?? this.t('trail.back'), lang: languageOf(this.trail?.language) }}
        >
          ${step ? html`<il-ear slot="actions" .text=${step.title} .label=${step.title} .language=${step.language}></il-ear>` : nothing}
        </il-page-head>
        ${
          step?.note
            ? html`<div class="spoken">
              <p class="note"><span class="strong">${this.t('trail.note')}</span>${'\n'}${step.note}</p>
              <il-ear .text=${step.note} .label=${this.t('trail.note')}></il-ear>
            </div>`
            : nothing
        }
        ${
          step?.teacherNote
            ? html`<div class="spoken">
              <p class="note"><span class="strong">${this.t('trail.fromTeacher', { teacher: teacherWord() })}</span>${'\n'}${step.teacherNote}</p>
              <il-ear .text=${step.teacherNote} .label=${this.t('trail.fromTeacher', { teacher: teacherWord() })}></il-ear>
            </div>`
            : nothing
        }
        ${this.#body(step)}
      </div>
    `;
  }

  #body(step: TrailStep | undefined) {
    if (this.problem) {
      return html`<il-problem .problem=${inWords(this, this.problem)}>
        <div><wa-button appearance="outlined" href=${this.#path}>${this.t('step.toPath')}</wa-button></div>
      </il-problem>`;
    }
    if (step?.lock) {
      return html`
        <p class="note">${lockWords(this, step.lock)}</p>
        <div class="actions"><wa-button appearance="accent" variant="brand" size="l" href=${this.#path}>${this.t('step.toPath')}</wa-button></div>
      `;
    }
    if (step?.kind === 'lti') return this.#tool(step);
    if (this.opened === undefined) return html`<il-skeleton lines="6"></il-skeleton>`;
    if (this.opened.kind === 'text') {
      return html`
        <div class="spoken">
          <il-markdown lang=${foreignLanguage(this.opened.language)} .source=${this.opened.markdown} heading-level="2"></il-markdown>
          <il-ear .read=${this.#words} .label=${step?.title ?? ''} .language=${this.opened.language}></il-ear>
        </div>
        ${this.#slot()}${this.#button(true)}
      `;
    }
    if (this.opened.kind === 'link') return this.#website(this.opened.url);
    return step === undefined ? nothing : html`${this.#own(step, this.opened)}${this.#slot()}`;
  }

  /** A step with content of its own. */
  #own(step: TrailStep, opened: Opened) {
    const { assignmentId } = this.params;
    switch (opened.kind) {
      case 'quiz':
        return html`<myway-quiz-step
          .step=${step}
          .assignmentId=${assignmentId}
          .questions=${opened.questions}
          @myway-trail=${({ detail }: CustomEvent<Trail>) => (this.trail = detail)}
        ></myway-quiz-step>`;
      case 'task':
        return html`<myway-task-step .step=${step} .assignmentId=${assignmentId} .task=${opened.text}></myway-task-step>`;
      case 'moment':
        if (isLearner()) return html`<p class="note">${opened.text}</p>${this.#button(true)}`;
        return html`
          <p class="note">${opened.text}</p>
          <p>${this.t(step.state === 'done' ? 'step.momentDone' : 'step.moment', { teacher: teacherWord() })}</p>
          <div class="actions"><wa-button appearance="accent" variant="brand" size="l" href=${this.#path}>${this.t('step.toPath')}</wa-button></div>
        `;
      default:
        return nothing;
    }
  }

  #tool(step: TrailStep) {
    if (step.lock?.reason === 'unavailable') return html`<p>${this.t('trail.unavailable')}</p>`;
    const done = step.state === 'done';
    return html`
      ${step.marking ? html`<p>${this.t(`trail.marking.${step.marking}`)}</p>` : nothing}
      <myway-step-result .step=${step}></myway-step-result>
      ${step.comment ? html`<p class="note"><span class="strong">${this.t('trail.feedback')}</span>${'\n'}${step.comment}</p>` : nothing}
      <p>${this.t('step.tool')}</p>
      <div class="actions">
        <wa-button
          appearance=${done && !step.low ? 'outlined' : 'accent'}
          variant=${done && !step.low ? 'neutral' : 'brand'}
          size="l"
          ?loading=${this.busy}
          @click=${this.#launch}
        >
          ${
            done
              ? html`<il-icon slot="start" name="rotate-ccw"></il-icon>${this.t('result.redo')}`
              : html`${this.t(step.state === 'todo' ? 'trail.start' : 'trail.goOn')}<il-icon slot="end" name="arrow-right"></il-icon>`
          }
        </wa-button>
        ${done ? html`<wa-button appearance=${step.low ? 'outlined' : 'accent'} variant=${step.low ? 'neutral' : 'brand'} size="l" href=${this.#path}>${this.t('step.toPath')}</wa-button>` : nothing}
      </div>
      ${this.#slot()}
    `;
  }

  #slot() {
    const step = this.#step;
    if (this.trail === undefined || step === undefined) return nothing;
    return html`<il-slot name="myway.step" .context=${stepContext(this.trail, step)}></il-slot>`;
  }

  #website(url: string) {
    const isPage = url.startsWith('/');
    return html`
      <p>${isPage ? this.t('step.page') : this.t('step.website', { host: new URL(url).host })}</p>
      ${this.#step?.linkBroken ? html`<p class="note">${isLearner() ? this.t('learner.linkBroken') : this.t('step.linkBroken', { teacher: teacherWord() })}</p>` : nothing}
      <div class="actions">
        <wa-button appearance="accent" variant="brand" size="l" href=${url} target="_blank" rel="noopener noreferrer">
          ${this.t(isPage ? 'step.openPage' : 'step.openWebsite')}<il-icon slot="end" name="external-link"></il-icon>
        </wa-button>
      </div>
      ${this.#slot()}${this.#button(false)}
    `;
  }

  #button(main: boolean) {
    return html`
      <div class="finish">
        <wa-button
          appearance=${main ? 'accent' : 'outlined'}
          variant=${main ? 'brand' : 'neutral'}
          size="l"
          ?loading=${this.busy}
          @click=${this.#finish}
        ><il-icon slot="start" name="check"></il-icon>${this.t(this.#step?.state === 'done' ? 'step.goOn' : isLearner() ? 'learner.done' : 'step.done')}</wa-button>
      </div>
    `;
  }
}

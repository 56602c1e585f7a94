import { announce, api, guardLeaving, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import type { ActivitySummary } from '@ilearn/plugin-library';
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import '../assignments/assign-dialog.js';
import { inWords, isProblem } from '../client/problem-words.js';
import { paint } from '../client/stations.js';
import { Autosave } from './autosave.js';
import { builderStyles } from './builder-styles.js';
import { contentOf, type Draft, type DraftStep, draftOf, moved, stepFor, withAnswer } from './draft.js';
import './library-pane.js';
import { maximumSteps } from './limits.js';
import type { PathDetail } from './model.js';
import './path-settings.js';
import './path-view.js';
import './preview-dialog.js';
import './save-status.js';
import './step-inspector.js';
import type { StepList } from './step-list.js';

const panes = ['library', 'steps', 'inspector'] as const;

/** `/paden/:id`: composes a path of one's own, in three panes (tabs where there is no room); others' paths are shown. */
@customElement('myway-builder-page')
export class BuilderPage extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles, builderStyles];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private path: PathDetail | undefined;
  @state() private draft: Draft | undefined;
  @state() private problem: unknown;
  @state() private selected = '';
  @state() private replacing = '';
  @state() private pane: (typeof panes)[number] = 'steps';
  @state() private previewing = false;
  @state() private giving: PathDetail | undefined;

  @query('myway-step-list') private list!: StepList | null;

  #endGuard: (() => void) | undefined;

  readonly #autosave = new Autosave({
    milliseconds: 800,
    save: () => this.#save(),
    isRefusal: (problem) => isProblem(problem, 'path-changed'),
    changed: () => this.requestUpdate(),
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endGuard = guardLeaving(() => ['failed', 'refused'].includes(this.#autosave.state));
    window.addEventListener('beforeunload', this.#beforeUnload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endGuard?.();
    window.removeEventListener('beforeunload', this.#beforeUnload);
    // Going to another page of the portal does not wait for the save, and does not lose it either.
    if (this.#autosave.state === 'waiting') void this.#autosave.now().then((saved) => saved || this.#lost());
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('params')) void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.path = await api.get<PathDetail>(`/api/myway/paths/${this.params['id']}`);
      this.draft = draftOf(this.path);
      paint(this, this.path.area);
      this.problem = undefined;
      this.#autosave.reset();
    } catch (problem) {
      this.problem = problem;
    }
  }

  async #save(): Promise<void> {
    const { draft, path } = this;
    if (draft === undefined || path === undefined) return;
    const sent = draft.steps.map((step) => step.key);
    const answer = await api.put<PathDetail>(`/api/myway/paths/${path.id}`, contentOf(draft, path.title));
    this.path = answer;
    paint(this, answer.area);
    this.draft = withAnswer(this.draft ?? draft, sent, answer);
  }

  /** Keeps what is here, on top of what someone else stored meanwhile. */
  async #overwrite(): Promise<void> {
    try {
      const { version } = await api.get<PathDetail>(`/api/myway/paths/${this.params['id']}`);
      if (this.draft) this.draft = { ...this.draft, version };
      await this.#autosave.insist();
    } catch (problem) {
      this.problem = problem;
    }
  }

  readonly #beforeUnload = (event: BeforeUnloadEvent): void => {
    if (['waiting', 'saving'].includes(this.#autosave.state)) event.preventDefault();
  };

  #lost(): void {
    notify({ kind: 'error', text: this.t('builder.notSaved', { title: this.path?.title ?? '' }) });
  }

  #edit(change: Partial<Draft>): void {
    if (this.draft === undefined) return;
    this.draft = { ...this.draft, ...change };
    this.#autosave.touch();
  }

  #editStep(key: string, change: Partial<DraftStep>): void {
    this.#edit({ steps: this.draft?.steps.map((step) => (step.key === key ? { ...step, ...change } : step)) ?? [] });
  }

  #pick(activity: ActivitySummary): void {
    const steps = this.draft?.steps ?? [];
    const step = stepFor(activity);
    const replaced = steps.find((each) => each.key === this.replacing);
    if (replaced) {
      const { note, required } = replaced;
      this.#edit({ steps: steps.map((each) => (each === replaced ? { ...step, note, required } : each)) });
      this.replacing = '';
      this.#select(step.key);
      announce(this.t('builder.replaced', { title: activity.title }));
      return;
    }
    if (steps.length >= maximumSteps) {
      announce(this.t('problems.path-full'));
      return;
    }
    this.#edit({ steps: [...steps, step] });
    this.selected = step.key;
    announce(this.t('builder.added', { title: activity.title, count: steps.length + 1 }));
  }

  #select(key: string): void {
    this.selected = key;
    this.pane = 'inspector';
  }

  #remove(key: string): void {
    const steps = this.draft?.steps ?? [];
    const index = steps.findIndex((step) => step.key === key);
    const neighbour = steps[index + 1] ?? steps[index - 1];
    this.#edit({ steps: steps.filter((step) => step.key !== key) });
    if (this.selected === key) this.selected = '';
    announce(this.t('builder.removed', { title: steps[index]?.title || steps[index]?.shownTitle || '' }));
    if (neighbour) void this.list?.focusStep(neighbour.key);
  }

  async #give(): Promise<void> {
    if (await this.#autosave.now()) this.giving = this.path;
  }

  async #preview(): Promise<void> {
    if (await this.#autosave.now()) this.previewing = true;
  }

  override render() {
    if (this.problem) {
      return html`<div class="page">
        <h1 tabindex="-1">${this.t('builder.title')}</h1>
        <il-problem .problem=${inWords(this, this.problem)} @retry=${() => this.#load()}></il-problem>
      </div>`;
    }
    const { draft, path } = this;
    if (draft === undefined || path === undefined) return html`<div class="page"><il-skeleton lines="6"></il-skeleton></div>`;
    return html`
      <div class="page">
        ${path.editable ? this.#builder(path, draft) : html`<myway-path-view .path=${path} @myway-give=${this.#give} @myway-preview=${this.#preview}></myway-path-view>`}
      </div>
      <myway-preview-dialog .pathId=${path.id} ?open=${this.previewing} @il-close=${() => (this.previewing = false)}></myway-preview-dialog>
      <myway-assign-dialog .path=${this.giving} @il-close=${() => (this.giving = undefined)}></myway-assign-dialog>
    `;
  }

  #builder(path: PathDetail, draft: Draft) {
    return html`
      <header class="head">
        <div class="name">
          <h1 class="visually-hidden" tabindex="-1">${draft.title || path.title}</h1>
          <input
            maxlength="200"
            aria-label=${this.t('builder.name')}
            .value=${draft.title}
            @input=${(event: InputEvent) => this.#edit({ title: (event.target as HTMLInputElement).value })}
            @blur=${() => draft.title.trim() === '' && this.#edit({ title: path.title })}
          />
          <myway-save-status .state=${this.#autosave.state} @retry=${() => this.#autosave.now()}></myway-save-status>
        </div>
        <div class="actions">
          <wa-button appearance="outlined" @click=${this.#preview}><il-icon slot="start" name="eye"></il-icon>${this.t('builder.preview')}</wa-button>
          ${
            this.can('path:assign')
              ? html`<wa-button appearance="accent" variant="brand" ?disabled=${draft.steps.length === 0} @click=${this.#give}>
                <il-icon slot="start" name="send"></il-icon>${this.t('assign.button')}
              </wa-button>`
              : nothing
          }
        </div>
      </header>
      ${this.#autosave.state === 'refused' ? this.#conflict() : nothing}
      <div class="tabs" role="tablist" aria-label=${this.t('builder.panes')}>
        ${panes.map(
          (pane) => html`<button
            type="button"
            role="tab"
            id="tab-${pane}"
            aria-controls="pane-${pane}"
            aria-selected=${String(this.pane === pane)}
            @click=${() => (this.pane = pane)}
          >${this.t(`builder.pane.${pane}`, { count: draft.steps.length })}</button>`,
        )}
      </div>
      <div class="panes">
        <section class="pane library" id="pane-library" ?data-shown=${this.pane === 'library'} aria-label=${this.t('builder.pane.library')}>
          <myway-library-pane
            .used=${new Set(draft.steps.map((step) => step.activityId))}
            .replacing=${this.#replacedTitle(draft)}
            @myway-pick=${(event: CustomEvent<ActivitySummary>) => this.#pick(event.detail)}
          ></myway-library-pane>
        </section>
        <section class="pane" id="pane-steps" ?data-shown=${this.pane === 'steps'} aria-label=${this.t('builder.stepsHeading')}>
          ${this.#steps(draft)}
        </section>
        <section class="pane inspector" id="pane-inspector" ?data-shown=${this.pane === 'inspector'} aria-label=${this.t('builder.pane.inspector')}>
          ${this.#inspector(draft)}
        </section>
      </div>
    `;
  }

  #replacedTitle(draft: Draft): string {
    const step = draft.steps.find((each) => each.key === this.replacing);
    return step ? step.title || step.shownTitle : '';
  }

  #conflict() {
    return html`
      <div class="conflict" role="alert">
        <p class="strong">${this.t('problems.path-changed')}</p>
        <p>${this.t('builder.conflictText')}</p>
        <div class="actions">
          <wa-button appearance="outlined" @click=${() => this.#load()}>${this.t('builder.takeTheirs')}</wa-button>
          <wa-button appearance="outlined" @click=${this.#overwrite}>${this.t('builder.keepMine')}</wa-button>
        </div>
      </div>
    `;
  }

  #steps(draft: Draft) {
    return html`
      <div class="pane-head">
        <h2>${this.t('builder.stepsHeading')}</h2>
        <wa-button size="s" appearance="plain" @click=${() => this.#select('')}>
          <il-icon slot="start" name="settings"></il-icon>${this.t('builder.settings')}
        </wa-button>
      </div>
      ${
        draft.steps.length === 0
          ? html`<il-empty icon="route" heading=${this.t('builder.empty.heading')} text=${this.t('builder.empty.text')}>
            <wa-button appearance="outlined" @click=${() => (this.pane = 'library')}>${this.t('builder.empty.action')}</wa-button>
          </il-empty>`
          : html`<myway-step-list
            label=${this.t('builder.stepsHeading')}
            .steps=${draft.steps}
            .selected=${this.selected}
            @il-reorder=${({ detail }: CustomEvent<{ from: number; to: number }>) =>
              this.#edit({ steps: moved(draft.steps, detail.from, detail.to) })}
            @myway-select=${({ detail }: CustomEvent<{ key: string }>) => this.#select(detail.key)}
            @myway-remove=${({ detail }: CustomEvent<{ key: string }>) => this.#remove(detail.key)}
          ></myway-step-list>`
      }
    `;
  }

  #inspector(draft: Draft) {
    const step = draft.steps.find((each) => each.key === this.selected);
    if (step === undefined) {
      return html`<myway-path-settings
        .draft=${draft}
        @myway-change=${({ detail }: CustomEvent<Partial<Draft>>) => this.#edit(detail)}
      ></myway-path-settings>`;
    }
    return html`<myway-step-inspector
      .step=${step}
      @myway-change=${({ detail }: CustomEvent<Partial<DraftStep>>) => this.#editStep(step.key, detail)}
      @myway-replace=${() => {
        this.replacing = step.key;
        this.pane = 'library';
      }}
    ></myway-step-inspector>`;
  }
}

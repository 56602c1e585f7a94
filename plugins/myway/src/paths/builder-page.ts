import { announce, guardLeaving, isTyping, notify, PortalElement, PrintSheet, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { paint } from '../client/line.js';
import { inWords, isProblem, sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';
import { areaOf } from './area.js';
import { Autosave } from './autosave.js';
import './builder-panes.js';
import { builderStyles } from './builder-styles.js';
import { keepChosen } from './chosen-activities.js';
import { conflictNotice } from './conflict-notice.js';
import { contentOf, type Draft, draftOf, withAnswer, withTheirs } from './draft.js';
import { changedField, DraftHistory } from './draft-history.js';
import { faultsOf } from './draft-structure.js';
import { type Given, givenLinks, givenStyles, runningAssignments } from './given.js';
import type { PathDetail } from './model.js';
import { pathSheet, pathSheetStyles } from './path-sheet.js';
import './path-team.js';
import './path-view.js';
import './save-status.js';
import './versions-dialog.js';

/** What the owner of a path may say about it besides its content. */
type Sharing = { colleaguesEdit: boolean } | { audience: PathDetail['audience'] };

/** `/paden/:id`: edits the teacher's own path and saves automatically; shows paths of others. */
@customElement('myway-builder-page')
export class BuilderPage extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles, givenStyles, pathSheetStyles, builderStyles];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private path: PathDetail | undefined;
  @state() private draft: Draft | undefined;
  @state() private problem: unknown;
  @state() private previewing = false;
  @state() private browsing = false;
  /** Id of the step whose details are open, for colleagues. */
  @state() private looking: string | null = null;
  @state() private giving: PathDetail | undefined;
  @state() private given: readonly Given[] = [];

  #endGuard: (() => void) | undefined;
  readonly #history = new DraftHistory();

  readonly #autosave = new Autosave({
    milliseconds: 800,
    save: () => this.#save(),
    isRefusal: (problem) => isProblem(problem, 'path-changed'),
    isSound: () => this.draft !== undefined && !faultsOf(this.draft).some(({ isError }) => isError),
    changed: () => this.requestUpdate(),
  });

  constructor() {
    super();
    new PrintSheet(this, () => {
      const { draft, path } = this;
      return draft && path ? pathSheet(this, { ...path, ...draft }) : undefined;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.#keys);
    this.#endGuard = guardLeaving(() => ['failed', 'refused', 'held'].includes(this.#autosave.state));
    window.addEventListener('beforeunload', this.#beforeUnload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endGuard?.();
    window.removeEventListener('beforeunload', this.#beforeUnload);
    window.removeEventListener('keydown', this.#keys);
    // Leaving the page starts a save without waiting for it.
    if (this.#autosave.state === 'waiting') void this.#autosave.now().then((saved) => saved || this.#lost());
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('params')) {
      this.given = [];
      void this.#load();
      void this.#loadGiven();
    }
  }

  async #loadGiven(): Promise<void> {
    this.given = await runningAssignments(this, this.params.id);
  }

  async #load(): Promise<void> {
    try {
      await keepChosen(this.params.id);
      this.path = await myway.get('/paths/:id', { params: { id: this.params.id } });
      this.draft = draftOf(this.path);
      paint(this, this.path.area);
      this.problem = undefined;
      this.#history.clear();
      this.#autosave.reset();
    } catch (problem) {
      this.#failed(problem);
    }
  }

  async #save(): Promise<void> {
    const { draft, path } = this;
    if (draft === undefined || path === undefined) return;
    const answer = await myway.put('/paths/:id', { params: { id: path.id }, body: contentOf(draft, path.title) });
    this.path = answer;
    paint(this, answer.area);
    if (answer.merged) {
      this.draft = withTheirs(this.draft ?? draft, draft, answer, answer.added);
      // What undo would restore does not have the colleague's changes.
      this.#history.clear();
      notify({ kind: 'info', text: this.t('team.merged') });
    } else {
      const sent = draft.steps.map((step) => step.key);
      this.draft = withAnswer(this.draft ?? draft, sent, answer);
    }
    this.#history.note(this.draft);
  }

  /** A colleague saved the path. What is not saved here is merged when it is. */
  async #followColleague(): Promise<void> {
    if (this.#autosave.state !== 'saved' || this.draft === undefined) return;
    try {
      const answer = await myway.get('/paths/:id', { params: { id: this.params.id } });
      // Meanwhile, something may have been typed, or this was the own change.
      if (this.#autosave.state !== 'saved' || answer.version <= this.draft.version) return;
      this.path = answer;
      this.draft = withTheirs(this.draft, this.draft, answer);
      this.#history.clear();
      paint(this, answer.area);
      announce(this.t('team.changed'));
    } catch {
      // The next change brings it.
    }
  }

  async #share(sharing: Sharing): Promise<void> {
    try {
      this.path = await myway.put('/paths/:id/sharing', { params: { id: this.params.id }, body: sharing });
    } catch (problem) {
      this.#failed(problem);
      // The switch goes back.
      if (this.path) this.path = { ...this.path };
    }
  }

  /** Stores this version, overwriting what was stored meanwhile. */
  async #overwrite(): Promise<void> {
    try {
      const { version } = await myway.get('/paths/:id', { params: { id: this.params.id } });
      if (this.draft) this.draft = { ...this.draft, version };
      await this.#autosave.insist();
    } catch (problem) {
      this.#failed(problem);
    }
  }

  /** Never replaces a draft on the screen: what was typed stays. */
  #failed(problem: unknown): void {
    if (this.draft === undefined) this.problem = problem;
    else notify({ kind: 'error', text: sentenceFor(this, problem) });
  }

  /** Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y), except in text fields, which have an undo of their own. */
  readonly #keys = (event: KeyboardEvent): void => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !['z', 'y'].includes(key) || isTyping(event)) return;
    if (this.draft === undefined || !this.path?.editable || this.previewing || this.giving) return;
    event.preventDefault();
    const back = key === 'z' && !event.shiftKey;
    const draft = back ? this.#history.undo(this.draft) : this.#history.redo(this.draft);
    if (draft === undefined) return;
    this.draft = draft;
    this.#autosave.touch();
    announce(this.t(back ? 'builder.undone' : 'builder.redone'));
  };

  readonly #beforeUnload = (event: BeforeUnloadEvent): void => {
    if (['waiting', 'saving'].includes(this.#autosave.state)) event.preventDefault();
  };

  #lost(): void {
    notify({ kind: 'error', text: this.t('builder.notSaved', { title: this.path?.title ?? '' }) });
  }

  #edit(change: Partial<Draft>): void {
    if (this.draft === undefined) return;
    this.#history.changing(this.draft, changedField(this.draft, change));
    this.draft = { ...this.draft, ...change };
    if (change.steps) paint(this, areaOf(change.steps));
    this.#autosave.touch();
  }

  async #give(): Promise<void> {
    if (await this.#autosave.now()) this.giving = this.path;
  }

  async #browse(): Promise<void> {
    if (await this.#autosave.now()) this.browsing = true;
  }

  async #preview(): Promise<void> {
    if (await this.#autosave.now()) this.previewing = true;
  }

  /** Opens an activity in its tool, as the maker of the path. */
  async #try(activityId: string): Promise<void> {
    const id = this.path?.id;
    if (id === undefined || !(await this.#autosave.now())) return;
    try {
      location.assign((await myway.post('/paths/:id/activities/:activityId/open', { params: { id, activityId } })).url);
    } catch (problem) {
      this.#failed(problem);
    }
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
      <div class="page screen-only">
        <il-slot name="myway.teacher-path" .context=${{ pathId: path.id, activityIds: path.steps.flatMap(({ activityId }) => activityId ?? []) }}></il-slot>
        ${path.editable ? this.#builder(path, draft) : html`<myway-path-view .path=${path} @myway-give=${this.#give} @myway-preview=${this.#preview}></myway-path-view>`}
      </div>
      <myway-preview-dialog .pathId=${path.id} ?open=${this.previewing} @il-close=${() => (this.previewing = false)}></myway-preview-dialog>
      <myway-versions-dialog
        .path=${path}
        ?open=${this.browsing}
        @il-close=${() => (this.browsing = false)}
        @myway-restored=${() => this.#load()}
      ></myway-versions-dialog>
      <myway-assign-dialog .path=${this.giving} @il-close=${() => (this.giving = undefined)} @myway-given=${() => this.#loadGiven()}></myway-assign-dialog>
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
          ${givenLinks(this, this.given)}
        </div>
        <div class="actions">
          <wa-button appearance="plain" @click=${this.#browse}><il-icon slot="start" name="clock"></il-icon>${this.t('versions.button')}</wa-button>
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
      ${
        this.#autosave.state === 'refused'
          ? conflictNotice(
              this,
              { draft, path, problem: this.#autosave.problem },
              { takeTheirs: () => void this.#load(), keepMine: () => void this.#overwrite() },
            )
          : nothing
      }
      <myway-path-team
        .path=${path}
        .looking=${this.looking}
        .steps=${draft.steps}
        @myway-content=${() => this.#followColleague()}
        @myway-share=${({ detail }: CustomEvent<Sharing>) => this.#share(detail)}
      ></myway-path-team>
      <myway-builder-panes
        .draft=${draft}
        @myway-looking=${({ detail }: CustomEvent<{ id: string | null }>) => (this.looking = detail.id)}
        @myway-try=${({ detail }: CustomEvent<string>) => this.#try(detail)}
        @myway-edit=${({ detail }: CustomEvent<Partial<Draft>>) => this.#edit(detail)}
      ><myway-publish-path pathId=${path.id} ?own=${path.scope === 'own' && this.can('path:publish')}></myway-publish-path><myway-path-files pathId=${path.id}></myway-path-files></myway-builder-panes>
    `;
  }
}

import type { ActivitySummary } from '@ilearn/plugin-library';
import { announce, PortalElement, removed, sharedStyles } from '@ilearn/ui';
import { html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { builderPanesStyles } from './builder-panes-styles.js';
import { type Draft, type DraftStep, moved, stepFor } from './draft.js';
import './library-pane.js';
import { maximumSteps } from './limits.js';
import './path-settings.js';
import './step-inspector.js';
import type { StepList } from './step-list.js';
import './step-list.js';

type Pane = 'library' | 'steps' | 'inspector';
/** `wide`: three panes side by side; `half`: the steps and one other pane; `narrow`: one pane at a time. */
type Room = 'wide' | 'half' | 'narrow';

/** Minimum widths for three and for two panes, in pixels. */
const roomFor3 = 1080;
const roomFor2 = 720;

/**
 * Library, steps and details of a path, with tabs if they do not fit side by side.
 * @fires myway-edit - `Partial<Draft>`: the changes
 */
@customElement('myway-builder-panes')
export class BuilderPanes extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles, builderPanesStyles];

  @property({ attribute: false }) draft!: Draft;

  @state() private room: Room = 'wide';
  @state() private pane: Pane = 'steps';
  /** Key of the step whose details are shown; empty for those of the path. */
  @state() private selected = '';
  /** Key of the step whose activity is being replaced. */
  @state() private replacing = '';

  @query('myway-step-list') private list!: StepList | null;

  /** The last step that was removed, and how to take back the offer to put it back. */
  #gone: { key: string; endUndo: () => void } | undefined;

  override willUpdate(): void {
    // The step came back by another way, such as Ctrl+Z.
    if (this.draft.steps.some(({ key }) => key === this.#gone?.key)) this.#endUndo();
  }

  #endUndo(): void {
    this.#gone?.endUndo();
    this.#gone = undefined;
  }

  readonly #resized = new ResizeObserver(([entry]) => {
    const width = entry?.contentRect.width ?? 0;
    this.room = width >= roomFor3 ? 'wide' : width >= roomFor2 ? 'half' : 'narrow';
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#endUndo();
  }

  #edit(change: Partial<Draft>): void {
    this.emit('myway-edit', change);
  }

  #editStep(key: string, change: Partial<DraftStep>): void {
    this.#edit({ steps: this.draft.steps.map((step) => (step.key === key ? { ...step, ...change } : step)) });
  }

  #pick(activity: ActivitySummary): void {
    const { steps } = this.draft;
    const step = stepFor(activity);
    const replaced = steps.find((each) => each.key === this.replacing);
    if (replaced) {
      const { note, required } = replaced;
      this.#edit({ steps: steps.map((each) => (each === replaced ? { ...step, note, required } : each)) });
      this.replacing = '';
      this.#select(step.key);
      announce(this.t('builder.replaced', { title: activity.title }));
    } else if (steps.length >= maximumSteps) {
      announce(this.t('problems.path-full'));
    } else {
      this.#edit({ steps: [...steps, step] });
      this.selected = step.key;
      announce(this.t('builder.added', { title: activity.title, count: steps.length + 1 }));
    }
  }

  #select(key: string): void {
    this.selected = key;
    this.pane = 'inspector';
  }

  #replace(key: string): void {
    this.replacing = key;
    this.pane = 'library';
  }

  #remove(key: string): void {
    const { steps } = this.draft;
    const index = steps.findIndex((step) => step.key === key);
    const neighbour = steps[index + 1] ?? steps[index - 1];
    this.#edit({ steps: steps.filter((step) => step.key !== key) });
    if (this.selected === key) {
      this.selected = '';
      this.pane = 'steps';
    }
    const step = steps[index];
    if (step) {
      const text = this.t('builder.removed', { title: step.title || step.shownTitle });
      this.#gone = { key, endUndo: removed(text, () => this.#putBack(step, index)) };
    }
    if (neighbour) void this.updateComplete.then(() => this.list?.focusStep(neighbour.key));
  }

  #putBack(step: DraftStep, index: number): void {
    const { steps } = this.draft;
    if (steps.some(({ key }) => key === step.key)) return;
    this.#edit({ steps: [...steps.slice(0, index), step, ...steps.slice(index)] });
    void this.updateComplete.then(() => this.list?.focusStep(step.key));
  }

  /** Arrow keys move between the tabs, as in the ARIA tabs pattern. */
  #keys(event: KeyboardEvent, tabs: readonly Pane[], shown: Pane): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = tabs[(tabs.indexOf(shown) + step + tabs.length) % tabs.length] as Pane;
    this.pane = to;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${to}`)?.focus());
  }

  override render() {
    if (this.room === 'wide') {
      return html`<div class="panes wide">
        <section class="side library" aria-label=${this.t('builder.pane.library')}>${this.#library()}</section>
        <section class="pane" aria-label=${this.t('builder.stepsHeading')}>${this.#steps()}</section>
        <section class="side inspector" aria-label=${this.t('builder.pane.inspector')}>${this.#inspector()}</section>
      </div>`;
    }
    if (this.room === 'half') {
      return html`<div class="panes half">
        <div class="side">${this.#tabbed(['library', 'inspector'], this.pane === 'inspector' ? 'inspector' : 'library')}</div>
        <section class="pane" aria-label=${this.t('builder.stepsHeading')}>${this.#steps()}</section>
      </div>`;
    }
    return html`<div class="panes">${this.#tabbed(['library', 'steps', 'inspector'], this.pane)}</div>`;
  }

  #tabbed(tabs: readonly Pane[], shown: Pane) {
    const content = { library: () => this.#library(), steps: () => this.#steps(), inspector: () => this.#inspector() };
    return html`
      <div>
        <div class="tabs" role="tablist" aria-label=${this.t('builder.panes')}>
          ${tabs.map(
            (pane) => html`<button
              type="button"
              role="tab"
              id="tab-${pane}"
              aria-controls="panel"
              aria-selected=${String(pane === shown)}
              tabindex=${pane === shown ? 0 : -1}
              @click=${() => (this.pane = pane)}
              @keydown=${(event: KeyboardEvent) => this.#keys(event, tabs, shown)}
            >${this.t(`builder.pane.${pane}`, { count: this.draft.steps.length })}</button>`,
          )}
        </div>
        <div id="panel" role="tabpanel" aria-labelledby="tab-${shown}">${content[shown]()}</div>
      </div>
    `;
  }

  #library() {
    const replaced = this.draft.steps.find((step) => step.key === this.replacing);
    return html`<myway-library-pane
      .used=${new Set(this.draft.steps.map((step) => step.activityId))}
      .replacing=${replaced ? replaced.title || replaced.shownTitle : ''}
      @myway-pick=${({ detail }: CustomEvent<ActivitySummary>) => this.#pick(detail)}
    ></myway-library-pane>`;
  }

  #steps() {
    const { steps } = this.draft;
    return html`
      <div class="pane-head">
        <h2>${this.t('builder.stepsHeading')}</h2>
        <wa-button size="s" appearance="plain" @click=${() => this.#select('')}>
          <il-icon slot="start" name="settings"></il-icon>${this.t('builder.settings')}
        </wa-button>
      </div>
      ${
        steps.length === 0
          ? html`<il-empty icon="route" heading=${this.t('builder.empty.heading')} text=${this.t('builder.empty.text')}>
            <wa-button appearance="outlined" @click=${() => (this.pane = 'library')}>${this.t('builder.empty.action')}</wa-button>
          </il-empty>`
          : html`<myway-step-list
            label=${this.t('builder.stepsHeading')}
            .steps=${steps}
            .selected=${this.selected}
            @il-reorder=${({ detail }: CustomEvent<{ from: number; to: number }>) => this.#edit({ steps: moved(steps, detail.from, detail.to) })}
            @myway-select=${({ detail }: CustomEvent<{ key: string }>) => this.#select(detail.key)}
            @myway-remove=${({ detail }: CustomEvent<{ key: string }>) => this.#remove(detail.key)}
          ></myway-step-list>`
      }
    `;
  }

  #inspector() {
    const step = this.draft.steps.find((each) => each.key === this.selected);
    if (step === undefined) {
      return html`<myway-path-settings
        .draft=${this.draft}
        @myway-change=${({ detail }: CustomEvent<Partial<Draft>>) => this.#edit(detail)}
      ></myway-path-settings>`;
    }
    return html`<myway-step-inspector
      .step=${step}
      @myway-change=${({ detail }: CustomEvent<Partial<DraftStep>>) => this.#editStep(step.key, detail)}
      @myway-replace=${() => this.#replace(step.key)}
      @myway-remove=${() => this.#remove(step.key)}
    ></myway-step-inspector>`;
  }
}

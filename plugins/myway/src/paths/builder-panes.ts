import type { ActivitySummary } from '@ilearn/plugin-library';
import { announce, PortalElement, removed, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { builderPanesStyles } from './builder-panes-styles.js';
import { type Draft, type DraftStep, stepFor } from './draft.js';
import './block-inspector.js';
import './content-editor.js';
import {
  changedBlock,
  droppedAt,
  inserted,
  onTheLine,
  type Place,
  putBack,
  stepMoved,
  stepPlaced,
  withBranch,
  withChoice,
  withoutBlock,
  withoutStep,
  withoutWay,
} from './draft-structure.js';
import './library-pane.js';
import { maximumSteps } from './limits.js';
import './own-steps.js';
import { paneTabs } from './pane-tabs.js';
import './path-faults.js';
import './path-graph.js';
import './path-settings.js';
import './step-inspector.js';
import './step-place.js';
import type { StepList } from './step-list.js';
import type { Block, StepContent } from './structure.js';
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
 * @fires myway-looking - `{ id }`: the step whose details are shown; null: none that is stored
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
  /** Id of the block whose details are shown. */
  @state() private block = '';
  /** Where the next step is added. */
  @state() private target: Place = onTheLine;
  @state() private asGraph = false;
  /** Key of the step whose activity is being replaced. */
  @state() private replacing = '';

  @query('myway-step-list') private list!: StepList | null;

  /** The last step that was removed, and how to take back the offer to put it back. */
  #gone: { key: string; endUndo: () => void } | undefined;

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('selected')) {
      this.emit('myway-looking', { id: this.draft.steps.find(({ key }) => key === this.selected)?.id ?? null });
    }
  }

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
    } else this.#add(step);
  }

  /** Adds a step to the block that was chosen, else at the end or at this position. */
  #add(step: DraftStep, index?: number): void {
    const { steps, blocks } = this.draft;
    if (steps.length >= maximumSteps) {
      announce(this.t('problems.path-full'));
      return;
    }
    const target = blocks.some(({ id }) => id === this.target.block) ? this.target : onTheLine;
    const placed = { ...step, ...target };
    this.#edit({ steps: index === undefined ? inserted(this.draft, placed) : droppedAt(this.draft, step, index) });
    this.selected = step.key;
    this.block = '';
    announce(this.t('builder.added', { title: step.title || step.shownTitle, count: steps.length + 1 }));
  }

  #addTo(place: Place): void {
    this.target = place;
    this.pane = 'library';
    announce(this.#targetText() ?? '');
  }

  /** Where the next step is added, in words; undefined: at the end of the line. */
  #targetText(): string | undefined {
    const block = this.draft.blocks.find(({ id }) => id === this.target.block);
    if (block === undefined) return undefined;
    const title = block.title || this.t(`block.${block.kind}`);
    const arm = block.kind === 'branch' ? block.arms.find(({ id }) => id === this.target.arm) : undefined;
    return this.t('builder.addingTo', { place: arm === undefined ? title : `${title}: ${arm.title}` });
  }

  #selectBlock(id: string): void {
    this.block = id;
    this.selected = '';
    this.pane = 'inspector';
  }

  #makeChoice(key: string): void {
    const changed = withChoice(this.draft, key);
    this.#edit(changed);
    this.#selectBlock(changed.blocks.at(-1)?.id ?? '');
  }

  #makeBranch(key: string | null): void {
    const blocks = withBranch(this.draft, key, [this.t('block.lowWay'), this.t('block.highWay')], 0.6);
    this.#edit({ blocks });
    this.#selectBlock(blocks.at(-1)?.id ?? '');
  }

  #removeBlock(id: string): void {
    this.#edit(withoutBlock(this.draft, id));
    this.block = '';
    if (this.target.block === id) this.target = onTheLine;
  }

  #select(key: string): void {
    this.selected = key;
    this.block = '';
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
    const before = this.draft;
    this.#edit(withoutStep(this.draft, key));
    if (this.selected === key) {
      this.selected = '';
      this.pane = 'steps';
    }
    const step = steps[index];
    if (step) {
      const text = this.t('builder.removed', { title: step.title || step.shownTitle });
      this.#gone = { key, endUndo: removed(text, () => this.#putBack(before, step)) };
    }
    if (neighbour) void this.updateComplete.then(() => this.list?.focusStep(neighbour.key));
  }

  #putBack(before: Draft, step: DraftStep): void {
    const back = putBack(this.draft, before, step);
    if (back === null) return;
    this.#edit(back);
    void this.updateComplete.then(() => this.list?.focusStep(step.key));
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
    const words = (pane: Pane) => this.t(`builder.pane.${pane}`, { count: this.draft.steps.length });
    const show = (pane: Pane) => {
      this.pane = pane;
    };
    return paneTabs(this, { label: this.t('builder.panes'), tabs, shown, words, show }, content[shown]());
  }

  #library() {
    const replaced = this.draft.steps.find((step) => step.key === this.replacing);
    const adding = this.#targetText();
    return html`${
      adding === undefined
        ? nothing
        : html`<p class="adding">
          <il-icon name="git-fork"></il-icon><span>${adding}</span>
          <wa-button size="s" appearance="plain" @click=${() => (this.target = onTheLine)}>${this.t('builder.addToLine')}</wa-button>
        </p>`
    }<myway-own-steps @myway-own=${({ detail }: CustomEvent<DraftStep>) => this.#add(detail)}></myway-own-steps>
    <myway-library-pane
      .used=${new Set(this.draft.steps.flatMap((step) => step.activityId ?? []))}
      .replacing=${replaced ? replaced.title || replaced.shownTitle : ''}
      @myway-pick=${({ detail }: CustomEvent<ActivitySummary>) => this.#pick(detail)}
    ></myway-library-pane>`;
  }

  #steps() {
    const { steps } = this.draft;
    return html`
      <div class="pane-head">
        <h2>${this.t('builder.stepsHeading')}</h2>
        <div class="actions">
          <wa-button size="s" appearance="plain" @click=${() => (this.asGraph = !this.asGraph)}>
            <il-icon slot="start" name="route"></il-icon>${this.t(this.asGraph ? 'builder.asList' : 'builder.asMap')}
          </wa-button>
          <wa-button size="s" appearance="plain" @click=${() => this.#makeBranch(null)}>
            <il-icon slot="start" name="git-fork"></il-icon>${this.t('builder.addBranch')}
          </wa-button>
          <wa-button size="s" appearance="plain" @click=${() => this.#select('')}>
            <il-icon slot="start" name="settings"></il-icon>${this.t('builder.settings')}
          </wa-button>
        </div>
      </div>
      <myway-path-faults
        .draft=${this.draft}
        @myway-select=${({ detail }: CustomEvent<{ key?: string; block?: string }>) => (detail.key === undefined ? this.#selectBlock(detail.block ?? '') : this.#select(detail.key))}
      ></myway-path-faults>
      ${
        steps.length === 0
          ? html`<il-empty icon="route" heading=${this.t('builder.empty.heading')} text=${this.t('builder.empty.text')}>
            <wa-button appearance="outlined" @click=${() => (this.pane = 'library')}>${this.t('builder.empty.action')}</wa-button>
          </il-empty>`
          : this.asGraph
            ? html`<myway-path-graph .draft=${this.draft}></myway-path-graph>`
            : html`<myway-step-list
            label=${this.t('builder.stepsHeading')}
            .steps=${steps}
            .blocks=${this.draft.blocks}
            .selected=${this.selected}
            .selectedBlock=${this.block}
            @il-reorder=${({ detail }: CustomEvent<{ from: number; to: number }>) => this.#edit({ steps: stepMoved(steps, detail.from, detail.to, this.draft.blocks) })}
            @myway-select-block=${({ detail }: CustomEvent<{ block: string }>) => this.#selectBlock(detail.block)}
            @myway-add-to=${({ detail }: CustomEvent<Place>) => this.#addTo(detail)}
            @myway-drop=${({ detail }: CustomEvent<{ activity: ActivitySummary; index: number }>) => this.#add(stepFor(detail.activity), detail.index)}
            @myway-select=${({ detail }: CustomEvent<{ key: string }>) => this.#select(detail.key)}
            @myway-remove=${({ detail }: CustomEvent<{ key: string }>) => this.#remove(detail.key)}
          ></myway-step-list>`
      }
    `;
  }

  #inspector() {
    const block = this.draft.blocks.find(({ id }) => id === this.block);
    if (block !== undefined) {
      return html`<myway-block-inspector
        .block=${block}
        .draft=${this.draft}
        @myway-block=${({ detail }: CustomEvent<Block>) => this.#edit({ blocks: changedBlock(this.draft.blocks, detail.id, detail) })}
        @myway-add-to=${({ detail }: CustomEvent<Place>) => this.#addTo(detail)}
        @myway-remove-way=${({ detail }: CustomEvent<{ block: string; arm: string }>) => this.#edit(withoutWay(this.draft, detail.block, detail.arm))}
        @myway-remove-block=${() => this.#removeBlock(block.id)}
      ></myway-block-inspector>`;
    }
    const step = this.draft.steps.find((each) => each.key === this.selected);
    if (step === undefined) {
      return html`<myway-path-settings
        .draft=${this.draft}
        @myway-change=${({ detail }: CustomEvent<Partial<Draft>>) => this.#edit(detail)}
      ><slot></slot></myway-path-settings>`;
    }
    return html`<myway-step-inspector
      .step=${step}
      @myway-change=${({ detail }: CustomEvent<Partial<DraftStep>>) => this.#editStep(step.key, detail)}
      @myway-replace=${() => this.#replace(step.key)}
      @myway-remove=${() => this.#remove(step.key)}
    >
      ${
        step.content === null
          ? nothing
          : html`<myway-content-editor
            .content=${step.content}
            @myway-content=${({ detail }: CustomEvent<StepContent>) => this.#editStep(step.key, { content: detail })}
          ></myway-content-editor>`
      }
      <myway-step-place
        slot="place"
        .step=${step}
        .draft=${this.draft}
        @myway-place=${({ detail }: CustomEvent<Place>) => this.#edit({ steps: stepPlaced(this.draft, step.key, detail) })}
        @myway-after=${({ detail }: CustomEvent<string[]>) => this.#editStep(step.key, { after: detail })}
        @myway-choice=${() => this.#makeChoice(step.key)}
        @myway-branch=${() => this.#makeBranch(step.key)}
      ></myway-step-place>
    </myway-step-inspector>`;
  }
}

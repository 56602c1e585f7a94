import { guardLeaving, PortalElement } from '@ilearn/ui';
import { html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';

/** Base class of a page with a form: loads the draft, and asks before what was changed is left. */
export abstract class EditPage<Draft extends object> extends PortalElement {
  static override ns = 'academy';

  @property({ attribute: false }) params: Record<string, string> = {};
  @state() protected draft: Draft | undefined;
  @state() protected problem: unknown;

  /** Whether something was changed and not stored. */
  protected dirty = false;
  #stopGuard: (() => void) | undefined;

  /** The draft for the parameters of the address. */
  protected abstract load(): Promise<Draft>;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopGuard = guardLeaving(() => this.dirty);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopGuard?.();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('params')) void this.#load();
  }

  async #load(): Promise<void> {
    this.problem = undefined;
    try {
      this.draft = await this.load();
    } catch (problem) {
      this.problem = problem;
    }
  }

  protected set<K extends keyof Draft>(name: K, value: Draft[K]): void {
    if (this.draft === undefined) return;
    this.dirty = true;
    this.draft = { ...this.draft, [name]: value };
  }

  /** The form below `head`, or a placeholder, or what went wrong. */
  protected page(head: unknown, form: (draft: Draft) => unknown) {
    const { draft, problem } = this;
    return html`<div class="page narrow">
      ${head}
      ${problem === undefined ? nothing : html`<il-problem .problem=${problem} @retry=${() => this.#load()}></il-problem>`}
      ${draft !== undefined ? form(draft) : problem === undefined ? html`<il-skeleton lines="8"></il-skeleton>` : nothing}
    </div>`;
  }
}

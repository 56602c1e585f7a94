import { type CSSResultGroup, html, nothing, type PropertyValues } from 'lit';
import { state } from 'lit/decorators.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';
import { startPartStyles } from '../styles/start-part-styles.js';

/**
 * Base class of a part of the start page (slot `shell.start`). It asks for its data once it is in the document, shows a placeholder
 * meanwhile and what went wrong with a retry button, and hides itself while it has nothing to say.
 *
 * Fires `il-part-settled` after the first answer. The start page waits a moment for it, so that parts do not move one another.
 */
export abstract class StartPart<Loaded> extends PortalElement {
  static override styles: CSSResultGroup = [sharedStyles, startPartStyles];

  /** How many lines the placeholder has. */
  protected lines = 3;

  @state() private loaded: Loaded | undefined;
  @state() private problem: unknown;

  #request: AbortController | undefined;
  #content: unknown = nothing;

  /** Asks the server for what the part shows; one request. */
  protected abstract load(signal: AbortSignal): Promise<Loaded>;

  /** The text of the heading; before the first answer without an argument. */
  protected abstract heading(loaded?: Loaded): string;

  /** What is below the heading; Lit's `nothing` if the part has nothing to say. */
  protected abstract content(loaded: Loaded): unknown;

  /** Name of the icon before the heading. */
  protected icon: string | undefined;

  /** Beside the heading, such as a link to the whole list. */
  protected aside(_loaded: Loaded): unknown {
    return nothing;
  }

  /** Asks again, and shows what it has meanwhile. */
  async reload(): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    try {
      const loaded = await this.load(request.signal);
      if (request.signal.aborted) return;
      this.problem = undefined;
      this.loaded = loaded;
    } catch (problem) {
      if (request.signal.aborted) return;
      this.problem = problem;
    }
    await this.updateComplete;
    this.emit('il-part-settled');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.reload();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#request?.abort();
  }

  override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#content = this.loaded === undefined ? nothing : this.content(this.loaded);
    this.hidden = this.loaded !== undefined && this.problem === undefined && this.#content === nothing;
  }

  override render(): unknown {
    const { loaded, problem } = this;
    return html`
      <section aria-labelledby="heading" aria-busy=${String(loaded === undefined && problem === undefined)}>
        <div class="part-head">
          <h2 id="heading">${this.icon ? html`<il-icon name=${this.icon}></il-icon>` : nothing}<span>${this.heading(loaded)}</span></h2>
          ${loaded === undefined ? nothing : this.aside(loaded)}
        </div>
        ${
          problem !== undefined
            ? html`<il-problem .problem=${problem} @retry=${() => void this.reload()}></il-problem>`
            : loaded === undefined
              ? html`<il-skeleton lines=${this.lines}></il-skeleton>`
              : this.#content
        }
      </section>
    `;
  }
}

import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type Filling, fillingsOf } from '../base/fillings.js';
import { formatDate } from '../base/format.js';
import { pluginTitle } from '../base/i18n.js';
import { pageShown } from '../base/page-shown.js';
import { createElement, firstRender } from '../base/plugins.js';
import { PortalElement } from '../base/portal-element.js';
import { isPupil } from '../base/session.js';
import { buttonStyles } from '../styles/button-styles.js';
import { sharedStyles } from '../styles/shared-styles.js';
import { somethingIsOut } from './pages.js';

/** How long the parts wait for one another before they are shown, in milliseconds: long enough for most answers, and no longer. */
const PATIENCE = 600;

type Part = HTMLElement | 'loading' | 'failed';

/** `/`: greets the person, and shows the parts that plugins have for them (slot `shell.start`). Each part loads and fails by itself. */
@customElement('il-start-page')
export class IlStartPage extends PortalElement {
  static override styles = [
    sharedStyles,
    buttonStyles,
    css`
      :host {
        container-type: inline-size;
      }
      .parts {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--il-space-7);
        align-items: start;
      }
      .parts.waiting {
        position: absolute;
        visibility: hidden;
      }
      .parts:empty {
        display: none;
      }
      @container (min-width: 54rem) {
        .parts {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .parts > [data-size='full'] {
          grid-column: 1 / -1;
        }
      }
      .out {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        color: var(--il-ink-soft);
      }
      .failed {
        display: grid;
        gap: var(--il-space-3);
        justify-items: start;
        color: var(--il-ink-soft);
      }
    `,
  ];

  /** By tag. A part that failed can be tried again. */
  readonly #parts = new Map<string, Part>();
  readonly #settled = new Set<string>();

  /** False until the parts are shown, together. */
  @state() private shown = false;

  /** Whether every part has said that it has nothing to say. */
  @state() private quiet = false;

  @query('.parts') private grid!: HTMLElement | null;

  #timer: ReturnType<typeof setTimeout> | undefined;
  // A part hides itself at any time, for instance after the last message was read.
  readonly #watch = new MutationObserver(() => this.#look());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setTimeout(() => this.#show(), PATIENCE);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#watch.disconnect();
  }

  override firstUpdated(): void {
    if (this.grid)
      this.#watch.observe(this.grid, { attributes: true, subtree: true, attributeFilter: ['hidden'], childList: true });
  }

  #show(): void {
    this.shown = true;
    pageShown.set(true);
    this.#look();
  }

  #look(): void {
    const parts = [...(this.grid?.children ?? [])] as HTMLElement[];
    this.quiet = this.shown && this.#settled.size >= this.#parts.size && parts.every(({ hidden }) => hidden);
  }

  #settle(tag: string): void {
    this.#settled.add(tag);
    if (this.#settled.size >= this.#parts.size) this.#show();
  }

  async #invite(filling: Filling): Promise<void> {
    const { tag, plugin, size } = filling;
    this.#parts.set(tag, 'loading');
    try {
      const part = await createElement(plugin, tag);
      part.dataset['size'] = size ?? 'half';
      part.addEventListener('il-part-settled', () => this.#settle(tag), { once: true });
      this.#parts.set(tag, part);
      this.requestUpdate();
      await this.updateComplete;
      await firstRender(plugin, part, (failure) => this.#drop(tag, failure));
    } catch (error) {
      this.#drop(tag, error);
    }
  }

  #drop(tag: string, error: unknown): void {
    console.error(error);
    this.#parts.set(tag, 'failed');
    this.requestUpdate();
    void this.updateComplete.then(() => this.#settle(tag));
  }

  #part(filling: Filling) {
    const { tag, plugin, size } = filling;
    if (!this.#parts.has(tag)) void this.#invite(filling);
    const part = this.#parts.get(tag);
    if (part instanceof HTMLElement) return part;
    const width = size ?? 'half';
    if (part === 'loading') return html`<il-skeleton data-size=${width} lines="3"></il-skeleton>`;
    return html`
      <div class="failed" data-size=${width} role="alert">
        <p>${this.t('slot.failed', { plugin: pluginTitle(plugin) })}</p>
        <button class="button" @click=${() => this.#again(filling)}><il-icon name="rotate-ccw"></il-icon>${this.t('problem.retry')}</button>
      </div>
    `;
  }

  #again(filling: Filling): void {
    void this.#invite(filling);
    this.requestUpdate();
  }

  get #name(): string {
    return this.session?.displayName.trim().split(/\s+/)[0] ?? '';
  }

  override render() {
    const parts = fillingsOf('shell.start');
    return html`
      <div class="page">
        <il-page-head heading=${this.#name ? this.t('start.hello', { name: this.#name }) : this.t('start.title')}>
          <p>${formatDate(new Date(), 'long')}</p>
        </il-page-head>
        ${this.shown ? nothing : html`<il-skeleton lines="5"></il-skeleton>`}
        <div class="parts ${this.shown ? '' : 'waiting'}">
          ${repeat(
            parts,
            ({ tag }) => tag,
            (filling) => this.#part(filling),
          )}
        </div>
        ${somethingIsOut() ? html`<p class="out"><il-icon name="unplug"></il-icon>${this.t(isPupil() ? 'start.outKid' : 'start.out')}</p>` : nothing}
        ${this.quiet ? html`<il-empty icon="sun" heading=${this.t('start.quiet')} text=${this.t('start.quietText')}></il-empty>` : nothing}
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-start-page': IlStartPage;
  }
}

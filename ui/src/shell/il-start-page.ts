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

/** How long parts wait for those above them, in milliseconds: long enough for most answers on a slow telephone, and no longer. */
const PATIENCE = 1_500;

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
      .parts > [data-waiting] {
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

  /** Whether the parts no longer wait. */
  #patient = true;

  /** Whether the first part is shown. */
  @state() private begun = false;

  /** Whether every part has said that it has nothing to say. */
  @state() private quiet = false;

  @query('.parts') private grid!: HTMLElement | null;

  #timer: ReturnType<typeof setTimeout> | undefined;
  // A part hides itself at any time, for instance after the last message was read.
  readonly #watch = new MutationObserver(() => this.#look());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setTimeout(() => {
      this.#patient = false;
      this.#reveal();
    }, PATIENCE);
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

  /** Shows the parts from the top, each once those above it have settled: what is shown does not move. */
  #reveal(): void {
    const parts = [...(this.grid?.children ?? [])] as HTMLElement[];
    const unsettled = this.#patient ? parts.findIndex((part) => !this.#settled.has(part.dataset['part'] ?? '')) : -1;
    const shown = unsettled === -1 ? parts : parts.slice(0, unsettled);
    for (const part of shown) part.toggleAttribute('data-waiting', false);
    if (shown.length > 0) this.begun = true;
    if (unsettled === -1) pageShown.set(true);
    this.#look();
  }

  #look(): void {
    const parts = [...(this.grid?.children ?? [])] as HTMLElement[];
    this.quiet = this.begun && this.#settled.size >= this.#parts.size && parts.every(({ hidden }) => hidden);
  }

  #settle(tag: string): void {
    this.#settled.add(tag);
    this.#reveal();
  }

  async #invite(filling: Filling): Promise<void> {
    const { tag, plugin, size } = filling;
    this.#parts.set(tag, 'loading');
    try {
      const part = await createElement(plugin, tag);
      part.dataset['part'] = tag;
      part.dataset['size'] = size ?? 'half';
      part.toggleAttribute('data-waiting', true);
      part.addEventListener('il-part-settled', () => this.#settle(tag), { once: true });
      this.#parts.set(tag, part);
      this.requestUpdate();
      await this.updateComplete;
      await firstRender(plugin, part, (failure) => this.#drop(tag, failure));
    } catch (error) {
      this.#drop(tag, error);
    }
  }

  override updated(): void {
    this.#reveal();
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
    if (part === 'loading') return html`<il-skeleton data-part=${tag} data-size=${width} data-waiting lines="3"></il-skeleton>`;
    return html`
      <div class="failed" data-part=${tag} data-size=${width} data-waiting role="alert">
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
        ${this.begun ? nothing : html`<il-skeleton lines="5"></il-skeleton>`}
        <div class="parts">
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

import { isSingleKey, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { isMac } from './key-names.js';
import './search-dialog.js';
import type { SearchDialog } from './search-dialog.js';
import './shortcuts-dialog.js';
import type { ShortcutsDialog } from './shortcuts-dialog.js';

/** In the bar of every page: opens the search dialog, as Ctrl-K (on a Mac Cmd-K) does; `?` opens the overview of the keys. */
@customElement('search-button')
export class SearchButton extends PortalElement {
  static override ns = 'search';

  static override styles = [
    sharedStyles,
    css`
      button {
        display: grid;
        grid-auto-flow: column;
        gap: var(--il-space-2);
        align-items: center;
        justify-content: center;
        width: 44px;
        height: 44px;
        padding: 0;
        color: var(--il-ink);
        font: inherit;
        background: none;
        border: 0;
        border-radius: 22px;
        cursor: pointer;
      }
      button:hover {
        background: var(--il-hover);
      }
      .word {
        position: absolute;
        clip-path: inset(50%);
      }
      kbd {
        display: none;
        padding-inline: 6px;
        font: inherit;
        font-size: 0.75rem;
        line-height: 1.6;
        border: 1px solid var(--il-edge);
        border-radius: 6px;
      }
      /* Wide: looks like a field. */
      @media (min-width: 1024px) {
        button {
          grid-template-columns: auto 1fr auto;
          justify-content: stretch;
          width: 13rem;
          margin-inline-end: var(--il-space-2);
          padding-inline: var(--il-space-3) 10px;
          color: var(--il-ink-soft);
          font-size: 0.9375rem;
          text-align: start;
          background: var(--il-surface);
          border: 1.5px solid var(--il-edge);
        }
        .word {
          position: static;
          clip-path: none;
        }
        kbd {
          display: block;
        }
      }
    `,
  ];

  /** Whether the dialog was opened before; until then it is not in the page. */
  @state() private used = false;

  /** The same for the overview of the keys. */
  @state() private explained = false;

  @query('search-dialog') private dialog!: SearchDialog | null;
  @query('search-shortcuts') private shortcuts!: ShortcutsDialog | null;

  readonly #shortcut = (event: KeyboardEvent) => {
    if (event.key === '?' && isSingleKey(event)) {
      event.preventDefault();
      void this.#explain();
      return;
    }
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
    if (event.altKey || event.shiftKey || event.defaultPrevented || event.repeat) return;
    event.preventDefault();
    void this.#open();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#shortcut);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#shortcut);
  }

  async #open(): Promise<void> {
    this.used = true;
    await this.updateComplete;
    await this.dialog?.show();
  }

  readonly #explain = async (): Promise<void> => {
    this.explained = true;
    await this.updateComplete;
    await this.shortcuts?.show();
  };

  override render() {
    return html`
      <button aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K" @click=${this.#open}>
        <il-icon name="search"></il-icon><span class="word">${this.t('button.label')}</span>
        <kbd aria-hidden="true">${isMac ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      ${this.used ? html`<search-dialog @search-shortcuts-asked=${this.#explain}></search-dialog>` : nothing}
      ${this.explained ? html`<search-shortcuts></search-shortcuts>` : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'search-button': SearchButton;
  }
}

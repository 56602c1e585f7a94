import { findPage, PortalElement, setSingleKeysAct, sharedStyles, singleKeysAct } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { inLanguage, type Listed, listCommands } from './commands.js';
import { isMac, keyName } from './key-names.js';

interface Row {
  keys: readonly string[];
  text: string;
}

/** Overview of the keys: those of the current page, and those of every page. */
@customElement('search-shortcuts')
export class ShortcutsDialog extends PortalElement {
  static override ns = 'search';

  static override styles = [
    sharedStyles,
    css`
      h3 {
        margin: var(--il-space-5) 0 var(--il-space-2);
        font-size: var(--il-text-m);
      }
      h3:first-of-type {
        margin-block-start: 0;
      }
      h3:focus {
        outline: none;
      }
      dl {
        display: grid;
        grid-template-columns: 9rem 1fr;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: baseline;
        margin: 0;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      kbd {
        display: inline-block;
        min-width: 1.5rem;
        padding-inline: 6px;
        font: inherit;
        font-size: var(--il-text-s);
        line-height: 1.6;
        text-align: center;
        border: 1px solid var(--il-edge);
        border-radius: 6px;
      }
      label {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        min-height: 44px;
        margin-block-start: var(--il-space-5);
      }
      input {
        width: 20px;
        height: 20px;
        accent-color: var(--il-ink);
      }
    `,
  ];

  @state() private open = false;
  @state() private listed: Listed['shortcuts'] = [];

  /** Opens it; the keys of the page appear as soon as they are known. */
  async show(): Promise<void> {
    this.open = true;
    try {
      this.listed = (await listCommands()).shortcuts;
    } catch {
      // The keys of every page are shown all the same.
      this.listed = [];
    }
  }

  #ofPage(): Row[] {
    const path = findPage(location.pathname)?.target.path;
    return this.listed
      .filter(({ page, permission }) => this.can(permission) && page === path)
      .map(({ keys, labels }) => ({ keys, text: inLanguage(labels) }));
  }

  #general(): Row[] {
    return [
      { keys: [isMac ? 'Meta' : 'Control', 'k'], text: this.t('shortcuts.search') },
      { keys: ['?'], text: this.t('shortcuts.overview') },
      { keys: ['Escape'], text: this.t('shortcuts.close') },
    ];
  }

  #rows(rows: readonly Row[]) {
    return html`<dl>
      ${rows.map(
        ({ keys, text }) =>
          html`<dt>${keys.map((key, at) => html`${at === 0 ? nothing : ' + '}<kbd>${keyName(key, this.t('shortcuts.space'))}</kbd>`)}</dt>
            <dd>${text}</dd>`,
      )}
    </dl>`;
  }

  override render() {
    const ofPage = this.open ? this.#ofPage() : [];
    return html`
      <il-dialog heading=${this.t('shortcuts.title')} ?open=${this.open} @il-close=${() => (this.open = false)}>
        ${ofPage.length === 0 ? nothing : html`<h3>${this.t('shortcuts.here')}</h3>${this.#rows(ofPage)}`}
        <h3 tabindex="-1" autofocus>${this.t('shortcuts.everywhere')}</h3>
        ${this.#rows(this.#general())}
        <label>
          <input
            type="checkbox"
            .checked=${singleKeysAct()}
            @change=${(event: Event) => setSingleKeysAct((event.target as HTMLInputElement).checked)}
          />
          ${this.t('shortcuts.single')}
        </label>
      </il-dialog>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'search-shortcuts': ShortcutsDialog;
  }
}

import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { chooseLanguage, signOut } from '../base/account.js';
import { language } from '../base/i18n.js';
import { navigate } from '../base/navigate.js';
import { portal } from '../base/portal.js';
import { PortalElement } from '../base/portal-element.js';
import { notify } from '../feedback/notify.js';
import { sharedStyles } from '../styles/shared-styles.js';
import { barStyles } from './bar-styles.js';
import { logo } from './logo.js';
import { navLabelOf, personMenu } from './pages.js';
import { chooseTheme, type Theme, theme } from './theme.js';

/** Menu value for signing out; other values are paths of pages. */
const SIGN_OUT = 'sign-out';

/** Names of the languages in the languages themselves. */
const LANGUAGES: Record<string, string> = { nl: 'Nederlands', en: 'English', fr: 'Français' };

const THEMES: readonly { value: Theme; icon: string }[] = [
  { value: 'light', icon: 'sun' },
  { value: 'dark', icon: 'moon' },
  { value: 'auto', icon: 'sun-moon' },
];

type Menu = HTMLElement & { open: boolean };

const loadMenus = () => import('../elements/dropdown.js');

type Selected = CustomEvent<{ item: HTMLElement & { value: string } }>;

/** One or two letters for the avatar. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0]?.toUpperCase() ?? '').join('');
}

/**
 * The top bar: the logo and the person's menus.
 * @slot - beside the logo
 * @fires il-menu - open the navigation
 * @fires il-skip - skip the bar
 */
@customElement('il-bar')
export class IlBar extends PortalElement {
  static override styles = [sharedStyles, barStyles];

  /** When to show the navigation button: never, on narrow screens (on wide ones the navigation is beside the page), or always. */
  @property() menu: 'none' | 'narrow' | 'always' = 'none';

  @state() private theme: Theme = theme.value;

  #stopTheme: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopTheme = theme.watch((value) => {
      this.theme = value;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopTheme?.();
  }

  /** Fetches the code of the menus, a third of what a first page weighs, once the person is about to open one. */
  #fetchMenus(): void {
    loadMenus().catch(() => {});
  }

  /** Opens a menu that was pressed before its code had arrived. */
  async #openEarly(event: Event): Promise<void> {
    const menu = (event.target as Element).closest<Menu>('wa-dropdown');
    if (menu === null || customElements.get('wa-dropdown') !== undefined) return;
    try {
      await loadMenus();
    } catch {
      notify({ kind: 'error', text: this.t('problem.offlineDetail') });
      return;
    }
    menu.open = true;
  }

  async #language(event: Selected): Promise<void> {
    try {
      await chooseLanguage(event.detail.item.value);
    } catch {
      notify({ kind: 'error', text: this.t('problem.offlineDetail') });
    }
  }

  async #person(event: Selected): Promise<void> {
    const { value } = event.detail.item;
    if (value !== SIGN_OUT) {
      void navigate(value);
      return;
    }
    try {
      await signOut();
    } catch {
      notify({ kind: 'error', text: this.t('bar.signOutFailed') });
    }
  }

  #languageMenu() {
    return html`
      <wa-dropdown class="language" placement="bottom-end" distance="8" @wa-select=${this.#language}>
        <button slot="trigger" class="button" aria-haspopup="menu" aria-expanded="false">
          <il-icon name="globe"></il-icon><span class="code">${language.value.toUpperCase()}</span>
          <span class="visually-hidden">${this.t('bar.language', { language: LANGUAGES[language.value] })}</span>
        </button>
        ${portal().languages.map(
          (lng) => html`
            <wa-dropdown-item type="checkbox" value=${lng} lang=${lng} ?checked=${lng === language.value}>
              ${LANGUAGES[lng] ?? lng}
            </wa-dropdown-item>
          `,
        )}
      </wa-dropdown>
    `;
  }

  #themeMenu() {
    const current = THEMES.find(({ value }) => value === this.theme);
    return html`
      <wa-dropdown
        class="theme"
        placement="bottom-end"
        distance="8"
        @wa-select=${(event: Selected) => chooseTheme(event.detail.item.value as Theme)}
      >
        <button slot="trigger" class="button square" aria-haspopup="menu" aria-expanded="false" aria-label=${this.t('bar.theme', { theme: this.t(`bar.themes.${this.theme}`) })}>
          <il-icon name=${current?.icon ?? 'sun'}></il-icon>
        </button>
        ${THEMES.map(
          ({ value, icon }) => html`
            <wa-dropdown-item type="checkbox" value=${value} ?checked=${value === this.theme}>
              <il-icon slot="icon" name=${icon}></il-icon>${this.t(`bar.themes.${value}`)}
            </wa-dropdown-item>
          `,
        )}
      </wa-dropdown>
    `;
  }

  #personMenu() {
    const { session } = this;
    if (!session) return '';
    return html`
      <wa-dropdown class="person" placement="bottom-end" distance="8" @wa-select=${this.#person}>
        <button slot="trigger" class="button who" aria-haspopup="menu" aria-expanded="false">
          <span class="initials" aria-hidden="true">${initials(session.displayName)}</span>
          <span class="name">${session.displayName}</span><span class="visually-hidden">, ${this.t('bar.person')}</span>
          <il-icon class="caret" name="chevron-down"></il-icon>
        </button>
        ${personMenu().map(
          (page) => html`<wa-dropdown-item value=${page.path}>
            <il-icon slot="icon" name=${page.nav.icon}></il-icon>${navLabelOf(page)}
          </wa-dropdown-item>`,
        )}
        <wa-dropdown-item value=${SIGN_OUT}>
          <il-icon slot="icon" name="log-out"></il-icon>${this.t('bar.signOut')}
        </wa-dropdown-item>
      </wa-dropdown>
    `;
  }

  override render() {
    return html`
      <header>
        <button class="skip" @click=${() => this.emit('il-skip')}>${this.t('skip')}</button>
        ${
          this.menu !== 'none'
            ? html`<button class="button square menu ${this.menu}" aria-label=${this.t('bar.menu')} @click=${() => this.emit('il-menu')}>
              <il-icon name="menu"></il-icon>
            </button>`
            : ''
        }
        <a class="home" href="/" aria-label=${this.t('bar.home')}>
          ${logo}<span class="word" aria-hidden="true">-Learn</span>
        </a>
        <div class="place"><il-slot name="shell.bar"></il-slot><slot></slot></div>
        <div class="menus">
          <il-slot name="shell.actions"></il-slot>
          <div class="own" @pointerover=${this.#fetchMenus} @focusin=${this.#fetchMenus} @click=${this.#openEarly}>
            ${this.#languageMenu()} ${this.#themeMenu()} ${this.#personMenu()}
          </div>
        </div>
      </header>
    `;
  }
}

import { locale, PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { commandsFor, type Listed, listCommands } from './commands.js';
import { dialogStyles } from './dialog-styles.js';
import { folded } from './folded.js';
import { Inquiry, type Section, shortest } from './inquiry.js';
import { pagesFor } from './pages.js';

/** A result in the list, with the key of its group. */
interface Option {
  key: string;
  title: string;
  detail: string | null;
  /** Null: the overview of the keys. */
  place: string | null;
  icon?: string;
}

/** A heading with its options. */
interface Group {
  id: string;
  label: string;
  icon: string;
  more: boolean;
  old: boolean;
  options: Option[];
}

/**
 * The search dialog: a field with a list of results in groups (APG combobox with a listbox popup that is always open). The first group has
 * pages of the portal, the second what can be done; the others fill as their sources answer.
 *
 * @fires search-shortcuts-asked - the overview of the keys is to be opened
 */
@customElement('search-dialog')
export class SearchDialog extends PortalElement {
  static override ns = 'search';

  static override styles = [sharedStyles, dialogStyles];

  @state() private text = '';

  /** Key of the option that was reached with the arrow keys. */
  @state() private reached: string | undefined;

  /** What plugins let people do; empty until it is known. */
  @state() private commands: Listed['commands'] = [];

  @query('dialog') private dialog!: HTMLDialogElement;
  @query('input') private input!: HTMLInputElement;
  @query('.found') private found!: HTMLElement;

  readonly #typing = new TypingPause(this);
  readonly #inquiry = new Inquiry(this);

  /** Opens the dialog with an empty field. */
  async show(): Promise<void> {
    await this.updateComplete;
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.input.focus();
    try {
      this.commands = (await listCommands()).commands;
    } catch {
      // Pages and results are found without them.
    }
  }

  override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    // What scrolls must be reachable by keyboard.
    const { scrollHeight, clientHeight } = this.found;
    if (scrollHeight <= clientHeight) this.found.removeAttribute('tabindex');
    else this.found.tabIndex = 0;
  }

  /** Nothing that was typed or found stays in the page. */
  #closed(): void {
    this.#typing.cancel();
    this.text = '';
    this.reached = undefined;
    this.#inquiry.forget();
  }

  #typed(): void {
    this.text = this.input.value;
    this.reached = undefined;
    const text = this.text.trim();
    if (text.length < shortest) {
      this.#typing.cancel();
      void this.#inquiry.ask('');
    } else this.#typing.after(() => void this.#inquiry.ask(text));
  }

  #pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const options = this.#groups().flatMap((group) => group.options);
    const at = this.#activeIn(options);
    const last = options.length - 1;
    if (event.key === 'ArrowDown') this.reached = options[at === last ? 0 : at + 1]?.key;
    else if (event.key === 'ArrowUp') this.reached = options[at <= 0 ? last : at - 1]?.key;
    else if (event.key === 'Enter') this.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]')?.click();
    else return;
    event.preventDefault();
  }

  /** The shell follows the link; the dialog closes first, so that the focus ends on the new page. */
  #chosen(event: MouseEvent, place: string | null): void {
    if (place === null) {
      event.preventDefault();
      this.dialog.close();
      this.dispatchEvent(new Event('search-shortcuts-asked'));
      return;
    }
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) this.dialog.close();
  }

  #outside(event: MouseEvent): void {
    if (event.target === this.dialog) this.dialog.close();
  }

  #labelOf({ source: { labels } }: Section): string {
    return labels[locale().slice(0, 2) as keyof typeof labels] ?? labels.nl;
  }

  #groups(): Group[] {
    const pages = pagesFor(this.text).map((page) => ({ key: `page ${page.place}`, ...page }));
    const commands: Option[] = commandsFor(this.text, this.commands, (permission) => this.can(permission)).map((command) => ({
      key: `command ${command.place} ${command.title}`,
      ...command,
    }));
    const keys = this.t('box.shortcuts');
    if (folded(keys).includes(folded(this.text.trim())))
      commands.push({ key: 'shortcuts', title: keys, detail: null, place: null, icon: 'keyboard' });
    const groups: Group[] = [
      { id: 'pages', label: this.t('box.pages'), icon: 'layout-list', more: false, old: false, options: pages },
      { id: 'commands', label: this.t('box.commands'), icon: 'zap', more: false, old: false, options: commands },
      ...this.#inquiry.sections.map((section) => ({
        id: section.source.source,
        label: this.#labelOf(section),
        icon: section.source.icon,
        more: section.more,
        old: section.state === 'waiting',
        options: section.results.map((result, index) => ({
          key: `${section.source.source} ${index} ${result.place}`,
          ...result,
        })),
      })),
    ];
    return groups.filter(({ options }) => options.length > 0);
  }

  /** Position of the option that Enter opens, or -1. Once every source has answered, it is the first unless another was reached. */
  #activeIn(options: readonly Option[]): number {
    const at = options.findIndex(({ key }) => key === this.reached);
    const settled = this.#inquiry.asked !== '' && this.#inquiry.asked === this.text.trim() && !this.#inquiry.isWaiting;
    return at < 0 && settled && options.length > 0 ? 0 : at;
  }

  #list(groups: Group[], options: readonly Option[]) {
    const ids = new Map(options.map(({ key }, index) => [key, `option-${index}`]));
    const active = options[this.#activeIn(options)]?.key;
    return html`
      <div id="list" role="listbox" aria-label=${this.t('box.results')} ?hidden=${groups.length === 0}>
        ${groups.map(
          (group, index) => html`
            <div role="group" aria-labelledby="group-${index}" class=${group.old ? 'old' : ''}>
              <div class="heading" id="group-${index}" role="presentation">
                <il-icon name=${group.icon}></il-icon><span>${group.label}</span>
                ${group.more ? html`<span class="first">${this.t('box.first', { count: group.options.length })}</span>` : nothing}
              </div>
              ${group.options.map(
                ({ key, title, detail, place, icon }) => html`
                  <a
                    role="option"
                    id=${ids.get(key) as string}
                    class=${icon === undefined ? '' : 'page'}
                    href=${place ?? '#'}
                    tabindex="-1"
                    aria-selected=${key === active ? 'true' : 'false'}
                    @click=${(event: MouseEvent) => this.#chosen(event, place)}
                  >
                    ${icon === undefined ? nothing : html`<il-icon name=${icon}></il-icon>`}
                    <span class="title">${title}</span>
                    ${detail === null ? nothing : html`<span class="detail">${detail}</span>`}
                  </a>
                `,
              )}
            </div>
          `,
        )}
      </div>
    `;
  }

  /** A source without results to show: it is still searching, or failed. */
  #note(section: Section) {
    if (section.state === 'ready' || section.results.length > 0) return nothing;
    const label = this.#labelOf(section);
    return html`
      <section aria-label=${label}>
        <div class="heading"><il-icon name=${section.source.icon}></il-icon><span>${label}</span></div>
        ${
          section.state === 'waiting'
            ? html`<il-skeleton lines="1" aria-hidden="true"></il-skeleton>`
            : html`<p class="note failed"><il-icon name="triangle-alert"></il-icon>${this.t(`box.${section.state}`)}</p>`
        }
      </section>
    `;
  }

  #status(count: number): string {
    const { asked, isWaiting, sections, problem } = this.#inquiry;
    if (this.text.trim().length < shortest) return this.t('box.hint');
    if (isWaiting || asked !== this.text.trim()) return '';
    const failed = sections.filter(({ state }) => state !== 'ready');
    const found = count === 0 ? this.t('box.none', { text: asked }) : this.t('box.found', { count });
    const missing = failed.map((section) => this.#labelOf(section)).join(', ');
    return problem || failed.length === 0 ? found : `${found} ${this.t('box.without', { sources: missing })}`;
  }

  override render() {
    const { sections, problem, isWaiting } = this.#inquiry;
    const groups = this.#groups();
    const options = groups.flatMap((group) => group.options);
    const active = this.#activeIn(options);
    const broken = !isWaiting && sections.some(({ state }) => state === 'failed' || state === 'late');
    return html`
      <dialog aria-label=${this.t('box.title')} @close=${this.#closed} @click=${this.#outside}>
        <div class="field" role="search">
          <il-icon name="search"></il-icon>
          <input
            type="text"
            role="combobox"
            aria-label=${this.t('box.label')}
            aria-expanded=${options.length > 0 ? 'true' : 'false'}
            aria-controls="list"
            aria-autocomplete="list"
            aria-activedescendant=${active < 0 ? nothing : `option-${active}`}
            placeholder=${this.t('box.label')}
            maxlength="100"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            enterkeyhint="go"
            .value=${this.text}
            @input=${this.#typed}
            @keydown=${this.#pressed}
          />
          <button class="close" aria-label=${this.t('box.close')} @click=${() => this.dialog.close()}>
            <il-icon name="x"></il-icon>
          </button>
        </div>
        <div class="found">
          ${this.#list(groups, options)} ${sections.map((section) => this.#note(section))}
          ${problem ? html`<il-problem .problem=${problem} @retry=${() => this.#inquiry.retry()}></il-problem>` : nothing}
          ${
            broken
              ? html`<p class="note"><button class="retry" @click=${() => this.#inquiry.retry()}>${this.t('box.retry')}</button></p>`
              : nothing
          }
        </div>
        <p class="status" role="status">${this.#status(options.length)}</p>
      </dialog>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'search-dialog': SearchDialog;
  }
}

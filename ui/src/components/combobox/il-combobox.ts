import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { PortalElement } from '../../base/portal-element.js';
import { announce } from '../../feedback/announce.js';
import { sharedStyles } from '../../styles/shared-styles.js';
import { type ComboboxOption, matching } from './option.js';
import { comboboxStyles } from './styles.js';

/** Pause in typing before a remote search starts, in milliseconds. */
const REST = 200;

type Results = { state: 'ready'; options: readonly ComboboxOption[] } | { state: 'searching' } | { state: 'failed' };

/**
 * A field to choose one of many options by typing (APG combobox with list autocomplete). Typed text that is not chosen is reset.
 * @fires il-change - `{ value, option }`; the value is empty if the field was cleared
 */
@customElement('il-combobox')
export class IlCombobox extends PortalElement {
  static formAssociated = true;

  static override styles = [sharedStyles, comboboxStyles];

  @property() label = '';

  @property() name = '';

  @property() placeholder = '';

  @property() value = '';

  @property() hint = '';

  /** Error message shown below the field; makes the field invalid. */
  @property() error = '';

  @property({ type: Boolean }) required = false;

  @property({ type: Boolean }) disabled = false;

  @property({ attribute: false }) options: readonly ComboboxOption[] = [];

  /** Searches for options, for example on the server; `options` then only needs the chosen one. */
  @property({ attribute: false }) search: ((text: string, signal: AbortSignal) => Promise<readonly ComboboxOption[]>) | undefined;

  @state() private text = '';

  @state() private open = false;

  @state() private active = -1;

  @state() private results: Results = { state: 'ready', options: [] };

  @query('input') private input!: HTMLInputElement;
  @query('.field') private field!: HTMLElement;
  @query('.popup') private popup!: HTMLElement;

  readonly #internals = this.attachInternals();
  #chosen: ComboboxOption | undefined;
  /** Number of results that was last announced. */
  #told = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;
  readonly #place = () => this.#position();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
    this.#asking?.abort();
    clearTimeout(this.#timer);
  }

  override focus(options?: FocusOptions): void {
    this.input?.focus(options);
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('value') || changed.has('options')) {
      if (this.#chosen?.value !== this.value) this.#chosen = undefined;
      this.#chosen = this.options.find(({ value }) => value === this.value) ?? this.#chosen;
      if (!this.open) this.text = this.#chosen?.label ?? '';
      this.#internals.setFormValue(this.value);
    }
    if (changed.has('options') && this.open && !this.search) this.#find();
  }

  override updated(): void {
    const missing = this.required && !this.value;
    this.#internals.setValidity(missing ? { valueMissing: true } : {}, missing ? this.t('combobox.required') : '', this.input);
    if (this.open !== this.popup.matches(':popover-open')) this.popup.togglePopover(this.open);
    if (this.open) this.#position();
    this.shadowRoot?.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
  }

  /** Places the list below the field, or above it if there is little room below and more above. */
  #position(): void {
    const field = this.field.getBoundingClientRect();
    const below = innerHeight - field.bottom;
    const above = below < 240 && field.top > below;
    const { style } = this.popup;
    style.left = `${field.left}px`;
    style.width = `${field.width}px`;
    style.top = above ? 'auto' : `${field.bottom + 6}px`;
    style.bottom = above ? `${innerHeight - field.top + 6}px` : 'auto';
  }

  /** Opens the list with the matching options. The label of the chosen option does not filter. */
  #show(): void {
    if (this.disabled || this.open) return;
    this.open = true;
    this.#told = -1;
    addEventListener('scroll', this.#place, { capture: true, passive: true });
    addEventListener('resize', this.#place);
    this.#find();
  }

  #close(): void {
    this.open = false;
    this.active = -1;
    removeEventListener('scroll', this.#place, { capture: true });
    removeEventListener('resize', this.#place);
  }

  #revert(): void {
    this.text = this.#chosen?.label ?? '';
    this.#close();
  }

  #find(): void {
    const text = this.text === this.#chosen?.label ? '' : this.text;
    this.active = -1;
    clearTimeout(this.#timer);
    this.#asking?.abort();
    if (!this.search) {
      this.#found(matching(this.options, text));
      return;
    }
    this.results = { state: 'searching' };
    this.#timer = setTimeout(() => void this.#ask(text), REST);
  }

  async #ask(text: string): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const options = await this.search?.(text, asking.signal);
      if (!asking.signal.aborted) this.#found(options ?? []);
    } catch (error) {
      if (asking.signal.aborted) return;
      console.error(error);
      this.results = { state: 'failed' };
      announce(this.t('combobox.failed'));
    }
  }

  #found(options: readonly ComboboxOption[]): void {
    this.results = { state: 'ready', options };
    if (!this.open || this.#told === options.length) return;
    this.#told = options.length;
    announce(options.length > 0 ? this.t('combobox.found', { count: options.length }) : this.t('combobox.nothing'));
  }

  #choose(option: ComboboxOption | undefined): void {
    if (option?.disabled) return;
    this.#chosen = option;
    this.value = option?.value ?? '';
    this.text = option?.label ?? '';
    this.#close();
    this.emit('il-change', { value: this.value, option });
  }

  #typed(): void {
    this.text = this.input.value;
    if (this.text === '' && this.value !== '') this.#choose(undefined);
    if (this.open) this.#find();
    else this.#show();
  }

  #move(step: number): void {
    if (!this.open) this.#show();
    const count = this.results.state === 'ready' ? this.results.options.length : 0;
    if (count === 0) return;
    const from = this.active < 0 && step < 0 ? 0 : this.active;
    this.active = Math.abs(step) > 1 ? Math.min(count - 1, Math.max(0, from + step)) : (from + step + count) % count;
  }

  #key(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (event.altKey) (event.key === 'ArrowDown' ? this.#show : this.#revert).call(this);
      else this.#move(step);
      return;
    }
    if (event.key === 'Enter' && this.open) {
      event.preventDefault();
      const option = this.results.state === 'ready' ? this.results.options[this.active] : undefined;
      if (option) this.#choose(option);
      else this.#revert();
    } else if (event.key === 'Escape' && this.open) {
      event.preventDefault();
      event.stopPropagation();
      this.#revert();
    }
  }

  #option(option: ComboboxOption, index: number) {
    return html`
      <li
        id="option-${index}"
        role="option"
        class=${index === this.active ? 'active' : ''}
        aria-selected=${option.value === this.value}
        aria-disabled=${option.disabled ? 'true' : nothing}
        @click=${() => this.#choose(option)}
      >
        ${option.icon ? html`<il-icon name=${option.icon}></il-icon>` : ''}
        <span class="words">${option.label}${option.detail ? html`<span class="detail">${option.detail}</span>` : ''}</span>
        ${option.value === this.value ? html`<il-icon name="check"></il-icon>` : ''}
      </li>
    `;
  }

  #list() {
    const { results } = this;
    const note = results.state === 'ready' ? (results.options.length > 0 ? '' : 'nothing') : results.state;
    return html`
      <ul id="list" role="listbox" aria-label=${this.label}>
        ${results.state === 'ready' ? results.options.map((option, index) => this.#option(option, index)) : ''}
      </ul>
      ${note && this.open ? html`<p class="note">${this.t(`combobox.${note}`)}</p>` : ''}
    `;
  }

  override render() {
    const described = [this.error ? 'error' : '', this.hint ? 'hint' : ''].filter(Boolean).join(' ');
    return html`
      <div class=${this.error ? 'invalid' : ''}>
        <label for="input" class=${this.required ? 'required' : ''}>${this.label}</label>
        <div class="field ${this.disabled ? 'disabled' : ''}">
          <input
            id="input"
            role="combobox"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-autocomplete="list"
            aria-controls="list"
            aria-expanded=${this.open}
            aria-activedescendant=${this.active >= 0 ? `option-${this.active}` : nothing}
            aria-describedby=${described || nothing}
            aria-invalid=${this.error ? 'true' : nothing}
            aria-required=${this.required ? 'true' : nothing}
            placeholder=${this.placeholder || nothing}
            ?disabled=${this.disabled}
            .value=${live(this.text)}
            @input=${this.#typed}
            @keydown=${this.#key}
            @click=${this.#show}
            @blur=${this.#revert}
          />
          ${
            this.value && !this.required && !this.disabled
              ? html`<button
                type="button"
                class="button"
                aria-label=${this.t('combobox.clear', { label: this.label })}
                @click=${() => {
                  this.#choose(undefined);
                  this.focus();
                }}
              ><il-icon name="x"></il-icon></button>`
              : ''
          }
          <span class="button" aria-hidden="true" @mousedown=${this.#caret}><il-icon name="chevron-down"></il-icon></span>
        </div>
        ${this.error ? html`<p class="error" id="error"><il-icon name="circle-alert"></il-icon>${this.error}</p>` : ''}
        ${this.hint ? html`<p class="hint" id="hint">${this.hint}</p>` : ''}
        <div class="popup" popover="manual" @mousedown=${(event: Event) => event.preventDefault()}>${this.#list()}</div>
      </div>
    `;
  }

  #caret(event: Event): void {
    event.preventDefault();
    this.focus();
    if (this.open) this.#revert();
    else this.#show();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-combobox': IlCombobox;
  }
}

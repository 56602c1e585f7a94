import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type Filling, fillingsOf } from '../base/fillings.js';
import { pluginTitle } from '../base/i18n.js';
import { pageShown } from '../base/page-shown.js';
import { createElement, firstRender } from '../base/plugins.js';
import { PortalElement } from '../base/portal-element.js';

type Guest = HTMLElement & { context?: unknown };

/** Pages create a new context object on each render; update the elements only if its content changes. */
const hasChanged = (value: unknown, old: unknown): boolean => JSON.stringify(value) !== JSON.stringify(old);

/** A place in a page for elements of plugins. Each gets `context`. If one fails, a note replaces it and the page keeps working. */
@customElement('il-slot')
export class IlSlot extends PortalElement {
  static override styles = css`
    :host {
      display: contents;
    }
    .failed {
      color: var(--il-ink-soft);
      font-size: var(--il-text-s);
    }
  `;

  @property() name = '';

  /** Set as the `context` property of each element. JSON data. */
  @property({ attribute: false, hasChanged }) context: unknown;

  readonly #guests = new Map<string, Guest | 'failed' | 'loading'>();

  #stopWaiting: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWaiting = pageShown.watch(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopWaiting?.();
  }

  /** The shell's places around the page wait until it is shown. */
  get #fillings(): Filling[] {
    return this.name.startsWith('shell.') && !pageShown.value ? [] : fillingsOf(this.name);
  }

  async #invite({ tag, plugin }: Filling): Promise<void> {
    this.#guests.set(tag, 'loading');
    try {
      const guest: Guest = await createElement(plugin, tag);
      guest.context = this.context;
      this.#guests.set(tag, guest);
      this.requestUpdate();
      await this.updateComplete;
      await firstRender(plugin, guest, (failure) => this.#drop(tag, failure));
    } catch (error) {
      this.#drop(tag, error);
    }
  }

  #drop(tag: string, error: unknown): void {
    console.error(error);
    this.#guests.set(tag, 'failed');
    this.requestUpdate();
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('context')) return;
    for (const guest of this.#guests.values()) if (typeof guest !== 'string') guest.context = this.context;
  }

  override render() {
    return this.#fillings.map((filling) => {
      if (!this.#guests.has(filling.tag)) void this.#invite(filling);
      const guest = this.#guests.get(filling.tag);
      if (guest === 'failed')
        return html`<span class="failed">${this.t('slot.failed', { plugin: pluginTitle(filling.plugin) })}</span>`;
      return guest === 'loading' ? '' : guest;
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-slot': IlSlot;
  }
}

import { type CSSResultGroup, LitElement, type PropertyValues } from 'lit';
import { sharedStyles } from '../styles/shared-styles.js';
import { rendering } from './focus-keeper.js';
import { language, translate } from './i18n.js';
import { can, type Session, session } from './session.js';
import type { TextOptions } from './texts.js';

/**
 * Base class of the portal's elements: translates with the plugin's messages, and renders again when the language or the session changes.
 */
export class PortalElement extends LitElement {
  /** Id of the plugin whose messages the element uses. */
  static ns = 'ui';

  static override styles: CSSResultGroup = [sharedStyles];

  #watching: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watching = [language.watch(() => this.requestUpdate()), session.watch(() => this.requestUpdate())];
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#watching) stop();
    rendering();
  }

  protected override update(changed: PropertyValues): void {
    super.update(changed);
    rendering();
  }

  /** Text for a key of the plugin's messages; `this.t('paths.count', { count: 3 })`. */
  t(key: string, options?: TextOptions): string {
    return translate((this.constructor as typeof PortalElement).ns, key, options);
  }

  get session(): Session | null {
    return session.value ?? null;
  }

  /** Whether the person has a permission. Only for showing and hiding elements; the server enforces permissions. */
  can(permission: string): boolean {
    return can(permission);
  }

  /** Fires an event that crosses shadow roots. Returns false if a listener prevented its default. */
  emit(name: string, detail?: unknown, options: { cancelable?: boolean } = {}): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, ...options }));
  }
}

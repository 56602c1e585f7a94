import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';
import { dismiss, notices, type ShownNotice } from './notify.js';

/** Milliseconds for which a message without an action is shown. */
const STAY = 6000;

const ICONS = { success: 'circle-check', error: 'circle-alert', info: 'info' } as const;

/** Shows the messages of `notify`. A page has one, above everything else, including dialogs. */
@customElement('il-toasts')
export class IlToasts extends PortalElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        position: fixed;
        inset: auto var(--il-space-4) calc(var(--il-space-5) + env(safe-area-inset-bottom));
        display: grid;
        gap: var(--il-space-3);
        justify-items: center;
        width: auto;
        margin: 0;
        padding: 0;
        overflow: visible;
        background: none;
        border: 0;
        pointer-events: none;
      }
      @media print {
        :host {
          display: none;
        }
      }
      .toast {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        width: fit-content;
        max-width: min(36rem, 100%);
        padding: var(--il-space-2) var(--il-space-2) var(--il-space-2) var(--il-space-4);
        color: var(--il-paper);
        background: var(--il-ink);
        border: 2px solid transparent;
        border-radius: var(--il-radius);
        box-shadow: var(--il-shadow);
        pointer-events: auto;
        animation: rise 180ms ease-out;
      }
      .mark {
        flex: none;
        font-size: 1.25em;
      }
      .success .mark {
        color: var(--il-toast-good);
      }
      .error .mark {
        color: var(--il-toast-bad);
      }
      .error {
        border-color: var(--il-toast-bad);
      }
      p {
        padding-block: var(--il-space-2);
      }
      button {
        flex: none;
        min-width: 44px;
        min-height: 44px;
        padding: 0 var(--il-space-3);
        color: inherit;
        font: inherit;
        font-weight: 680;
        background: none;
        border: 0;
        border-radius: calc(var(--il-radius) - 4px);
        cursor: pointer;
      }
      button:hover {
        background: color-mix(in srgb, currentcolor 16%, transparent);
      }
      button:focus-visible {
        outline-color: var(--il-action);
        outline-offset: -3px;
      }
      .action {
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(12px);
        }
      }
    `,
  ];

  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #stop: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'status');
    this.setAttribute('aria-live', 'polite');
    this.popover = 'manual';
    this.#stop = notices.watch(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #arm(notice: ShownNotice): void {
    const stays = notice.kind === 'error' || (notice.action && notice.milliseconds === undefined);
    if (stays || this.#timers.has(notice.id)) return;
    this.#timers.set(
      notice.id,
      setTimeout(() => this.#close(notice.id), notice.milliseconds ?? STAY),
    );
  }

  #hold(notice: ShownNotice): void {
    clearTimeout(this.#timers.get(notice.id));
    this.#timers.delete(notice.id);
  }

  #close(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    dismiss(id);
  }

  override updated(): void {
    // Show the popover again, so that it is above dialogs opened meanwhile.
    if (this.matches(':popover-open')) this.hidePopover();
    if (notices.value.length > 0) this.showPopover();
    for (const notice of notices.value) this.#arm(notice);
  }

  override render() {
    return repeat(
      notices.value,
      (notice) => notice.id,
      (notice) => html`
        <div
          class="toast ${notice.kind ?? 'info'}"
          @pointerenter=${() => this.#hold(notice)}
          @pointerleave=${() => this.#arm(notice)}
          @focusin=${() => this.#hold(notice)}
          @focusout=${() => this.#arm(notice)}
        >
          <il-icon class="mark" name=${ICONS[notice.kind ?? 'info']}></il-icon>
          <p>${notice.text}</p>
          ${
            notice.action
              ? html`<button
                class="action"
                @click=${() => {
                  notice.action?.run();
                  this.#close(notice.id);
                }}
              >${notice.action.label}</button>`
              : ''
          }
          <button aria-label=${this.t('close')} @click=${() => this.#close(notice.id)}><il-icon name="x"></il-icon></button>
        </div>
      `,
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-toasts': IlToasts;
  }
}

import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { firstButton, firstField, focused, lineage, tryFocus } from '../base/focus.js';
import { modalOpened, rememberFocus } from '../base/focus-keeper.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';

/** How long the fields of a dialog may take to appear and still receive the focus, in milliseconds. */
const PATIENCE = 2000;

/**
 * A modal dialog, based on `<dialog>`. The focus moves to what has `autofocus`, else to the first field, else to the heading; a question
 * (`alert`) starts at its first button, the safe one. The focus stays inside, and returns to what had it, also when the dialog is removed
 * without being closed.
 * @slot - content
 * @slot footer - buttons, the main one last
 * @fires il-close - the user closes the dialog (cross, Escape); set `open` to false in response
 */
@customElement('il-dialog')
export class IlDialog extends PortalElement {
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: contents;
      }
      dialog {
        display: none;
        flex-direction: column;
        width: min(var(--il-dialog-width, 34rem), calc(100vw - 2rem));
        max-height: calc(100dvh - 2rem);
        padding: 0;
        overflow: hidden;
        color: var(--il-ink);
        background: var(--il-surface);
        border: 0;
        border-radius: calc(var(--il-radius) * 1.5);
        box-shadow: var(--il-shadow);
      }
      dialog[open] {
        display: flex;
        animation: arrive 160ms ease-out;
      }
      h2 {
        min-width: 0;
        overflow-wrap: break-word;
      }
      h2:focus {
        outline: none;
      }
      dialog::backdrop {
        background: var(--il-veil);
      }
      .head {
        display: flex;
        gap: var(--il-space-4);
        align-items: start;
        justify-content: space-between;
        padding: var(--il-space-5) var(--il-space-4) 0 var(--il-space-5);
      }
      .close {
        display: grid;
        flex: none;
        place-items: center;
        width: 44px;
        height: 44px;
        margin-top: -10px;
        color: var(--il-ink-soft);
        font: inherit;
        font-size: 1.25rem;
        background: none;
        border: 0;
        border-radius: 50%;
        cursor: pointer;
      }
      .close:hover {
        color: var(--il-ink);
        background: var(--il-hover);
      }
      .body {
        padding: var(--il-space-4) var(--il-space-5);
        overflow-y: auto;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
        justify-content: end;
        padding: var(--il-space-3) var(--il-space-5) var(--il-space-5);
      }
      .foot:not(:has(slot.filled)) {
        display: none;
      }
      @keyframes arrive {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
    `,
  ];

  @property() heading = '';

  @property({ type: Boolean }) open = false;

  /** A question that needs an answer: no close button, role `alertdialog`. */
  @property({ type: Boolean }) alert = false;

  @query('dialog') private dialog!: HTMLDialogElement;

  @query('.body') private body!: HTMLElement;

  @query('.foot') private foot!: HTMLElement;

  @query('#heading') private headingElement!: HTMLElement;

  /** Gives the focus back; set while the dialog is open. */
  #closed: (() => void) | undefined;

  /** Scrollable content must be reachable by keyboard, even if nothing inside it is focusable. */
  readonly #sizes = new ResizeObserver(() => {
    const scrolls = this.body.scrollHeight > this.body.clientHeight;
    if (scrolls) this.body.tabIndex = 0;
    else this.body.removeAttribute('tabindex');
  });

  override firstUpdated(): void {
    this.#sizes.observe(this.body);
  }

  override updated(): void {
    if (this.open && !this.dialog.open && this.isConnected) this.#show();
    else if (!this.open && this.dialog.open) {
      this.dialog.close();
      this.#leave();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A dialog that is removed while it is open does not give the focus back by itself.
    if (this.dialog?.open) this.dialog.close();
    this.#leave();
  }

  #show(): void {
    if (this.#closed === undefined) {
      const giveBack = rememberFocus();
      const unregister = modalOpened(this.headingElement);
      this.#closed = () => {
        unregister();
        giveBack();
      };
    }
    this.dialog.showModal();
    if (!this.#hasAutofocus) void this.#enter();
  }

  #leave(): void {
    const closed = this.#closed;
    this.#closed = undefined;
    closed?.();
  }

  /** Whether the browser found something with `autofocus`, instead of the close button, another button or nothing. */
  get #hasAutofocus(): boolean {
    const now = focused();
    return now !== null && lineage(now).some((each) => each !== this.dialog && each.matches('[autofocus]'));
  }

  /** Fields and buttons may still be loading: the heading has the focus until they appear, unless the user moves on. */
  async #enter(): Promise<void> {
    const heading = this.headingElement;
    heading.tabIndex = -1;
    const enter = () => {
      const target = firstField(this.body) ?? (this.alert ? firstButton(this.foot) : undefined);
      return target !== undefined && tryFocus(target);
    };
    if (enter()) return;
    heading.focus();
    const until = performance.now() + PATIENCE;
    while (performance.now() < until) {
      await new Promise(requestAnimationFrame);
      if (!this.open || focused() !== heading || enter()) return;
    }
  }

  #close(event: Event): void {
    event.preventDefault();
    if (this.emit('il-close', undefined, { cancelable: true })) this.open = false;
  }

  /** A browser closes a dialog at the second Escape, whatever the owner wants. */
  #closedByBrowser(): void {
    if (this.open) this.requestUpdate();
  }

  #footerChanged(event: Event): void {
    const slot = event.target as HTMLSlotElement;
    slot.classList.toggle('filled', slot.assignedElements().length > 0);
  }

  override render() {
    return html`
      <dialog aria-labelledby="heading" role=${this.alert ? 'alertdialog' : 'dialog'} @cancel=${this.#close} @close=${this.#closedByBrowser}>
        <div class="head">
          <h2 id="heading">${this.heading}</h2>
          ${
            this.alert
              ? ''
              : html`<button class="close" aria-label=${this.t('close')} @click=${this.#close}>
                <il-icon name="x"></il-icon>
              </button>`
          }
        </div>
        <div class="body"><slot></slot></div>
        <div class="foot"><slot name="footer" @slotchange=${this.#footerChanged}></slot></div>
      </dialog>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-dialog': IlDialog;
  }
}

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PortalElement } from '../../base/portal-element.js';
import { announce } from '../../feedback/announce.js';
import { sharedStyles } from '../../styles/shared-styles.js';
import { Drag } from './drag.js';

/** `detail` of the event `il-reorder`: the row moves from one index to another, both from 0. */
export interface ReorderDetail {
  from: number;
  to: number;
}

/**
 * A list that users sort by dragging, or with the up and down buttons of each row.
 * @slot - the rows, one child element each, in order
 * @fires il-reorder - `{ from, to }`; the owner moves its data and renders again
 * @csspart row - a row with its handle and buttons
 */
@customElement('il-sortable')
export class IlSortable extends PortalElement {
  // Each child gets a row, regardless of its `slot` attribute.
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, slotAssignment: 'manual' };

  static override styles = [
    sharedStyles,
    css`
      ol {
        padding: 0;
        list-style: none;
      }
      li {
        position: relative;
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        min-height: calc(var(--il-target) + 8px);
        background: var(--il-paper);
        border-block-end: 1px solid var(--il-rule);
      }
      ol:not(.dragging) li {
        transition: none;
      }
      .dragging li:not(.lifted) {
        transition: transform 140ms ease-out;
      }
      .lifted {
        z-index: 1;
        border-radius: var(--il-radius);
        box-shadow: var(--il-shadow);
      }
      .fixed {
        grid-template-columns: minmax(0, 1fr);
      }
      .handle {
        display: grid;
        place-items: center;
        align-self: stretch;
        width: 36px;
        color: var(--il-ink-soft);
        cursor: grab;
        touch-action: none;
      }
      .handle:hover {
        color: var(--il-ink);
      }
      .dragging,
      .dragging .handle {
        cursor: grabbing;
        user-select: none;
      }
      .buttons {
        display: flex;
      }
      button {
        display: grid;
        place-items: center;
        width: 40px;
        height: 44px;
        padding: 0;
        color: var(--il-ink-soft);
        font: inherit;
        background: none;
        border: 0;
        border-radius: var(--il-radius);
        cursor: pointer;
      }
      button:hover {
        color: var(--il-ink);
        background: var(--il-hover);
      }
      /* Where there is a pointer, the acts of a row appear with it or with the focus. */
      @media (hover: hover) {
        li:not(:hover, :focus-within) :is(.buttons, .handle) {
          opacity: 0;
        }
      }
      button:disabled {
        opacity: 0.3;
        cursor: default;
        background: none;
      }
    `,
  ];

  /** Name of the list. */
  @property() label = '';

  /** Names of the rows, for buttons and announcements; rows without a name are numbered. */
  @property({ attribute: false }) labels: readonly string[] = [];

  /** Hides the controls that move rows. */
  @property({ type: Boolean }) disabled = false;

  @state() private rows: readonly Element[] = [];

  @state() private lifted = -1;

  #moved: { row: Element; to: number; button: 'up' | 'down' | undefined } | undefined;
  readonly #children = new MutationObserver(() => this.#count());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#children.observe(this, { childList: true });
    this.#count();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#children.disconnect();
  }

  #count(): void {
    this.rows = [...this.children];
  }

  override updated(): void {
    const slots = [...(this.shadowRoot?.querySelectorAll('slot') ?? [])];
    for (const [index, slot] of slots.entries()) slot.assign(...this.rows.slice(index, index + 1));
    const moved = this.#moved;
    if (!moved || this.rows[moved.to] !== moved.row) return;
    this.#moved = undefined;
    announce(this.t('sortable.moved', { label: this.#name(moved.to), position: moved.to + 1, count: this.rows.length }));
    if (moved.button) this.#focusButton(moved.to, moved.button);
  }

  #focusButton(index: number, which: 'up' | 'down'): void {
    const row = this.shadowRoot?.querySelectorAll('li')[index];
    const wanted =
      row?.querySelector<HTMLButtonElement>(`.${which}:enabled`) ?? row?.querySelector<HTMLButtonElement>('button:enabled');
    wanted?.focus();
  }

  #name(index: number): string {
    return this.labels[index] ?? this.t('sortable.row', { position: index + 1 });
  }

  #move(from: number, to: number, button?: 'up' | 'down'): void {
    const row = this.rows[from];
    if (!row || to === from || to < 0 || to >= this.rows.length) return;
    this.#moved = { row, to, button };
    this.emit('il-reorder', { from, to } satisfies ReorderDetail);
  }

  #lift(event: PointerEvent, index: number): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.lifted = index;
    const rows = [...(this.shadowRoot?.querySelectorAll('li') ?? [])];
    new Drag(rows, index, event, (to) => {
      this.lifted = -1;
      if (to !== undefined) this.#move(index, to);
    });
  }

  #button(index: number, which: 'up' | 'down') {
    const to = which === 'up' ? index - 1 : index + 1;
    return html`
      <button
        type="button"
        class=${which}
        aria-label=${this.t(`sortable.${which}`, { label: this.#name(index) })}
        ?disabled=${to < 0 || to >= this.rows.length}
        @click=${() => this.#move(index, to, which)}
      ><il-icon name="arrow-${which}"></il-icon></button>
    `;
  }

  override render() {
    return html`
      <ol role="list" aria-label=${this.label || nothing} class=${this.lifted >= 0 ? 'dragging' : ''}>
        ${this.rows.map((_, index) => {
          if (this.disabled) return html`<li part="row" class="fixed"><slot></slot></li>`;
          return html`
            <li part="row" class=${index === this.lifted ? 'lifted' : ''}>
              <span class="handle" aria-hidden="true" @pointerdown=${(event: PointerEvent) => this.#lift(event, index)}>
                <il-icon name="grip-vertical"></il-icon>
              </span>
              <div><slot></slot></div>
              <div class="buttons">${this.#button(index, 'up')}${this.#button(index, 'down')}</div>
            </li>
          `;
        })}
      </ol>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-sortable': IlSortable;
  }
}

import { announce, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Pupil } from '../assignments/model.js';
import './pupil-steps.js';

/**
 * One pupil of the class board, in a panel beside it that leaves the board usable. Arrow keys up and down, or its buttons, go to the
 * pupil before and after in the order of the board.
 * @fires il-close - closed, by its button or Escape
 * @fires myway-pupil - `{ pupilId }`: another pupil is asked for
 * @fires myway-write - a message to the pupil is asked for
 * @fires myway-changed - something was changed
 */
@customElement('myway-pupil-panel')
export class PupilPanel extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        position: sticky;
        top: calc(var(--il-bar-height) + var(--il-space-3));
        z-index: 3;
        min-width: 0;
      }
      section {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        max-height: calc(100dvh - var(--il-bar-height) - var(--il-space-5));
        background: var(--il-surface);
        border: 1px solid var(--il-rule);
        border-top: 6px solid var(--line, var(--il-ink));
        border-radius: 4px 4px var(--il-radius) var(--il-radius);
      }
      header {
        display: flex;
        gap: var(--il-space-1);
        align-items: center;
        padding: var(--il-space-2) var(--il-space-2) var(--il-space-2) var(--il-space-4);
        border-bottom: 1px solid var(--il-rule);
      }
      h2 {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
        hyphens: auto;
      }
      h2:focus {
        outline: none;
      }
      h2:focus-visible {
        outline: 3px solid var(--il-focus);
      }
      button {
        display: grid;
        flex: none;
        place-items: center;
        width: 44px;
        height: 44px;
        color: inherit;
        font: inherit;
        font-size: 1.15rem;
        background: none;
        border: 0;
        border-radius: 50%;
        cursor: pointer;
      }
      button:hover:not(:disabled) {
        background: var(--il-hover);
      }
      button:disabled {
        color: var(--il-edge);
        cursor: default;
      }
      .body {
        padding: var(--il-space-3) var(--il-space-4) var(--il-space-4);
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      @media (max-width: 64rem) {
        :host {
          position: fixed;
          inset: var(--il-bar-height) 0 0 auto;
          z-index: 80;
          width: min(27rem, 100vw);
        }
        section {
          height: 100%;
          max-height: none;
          border-block-end: 0;
          border-inline-end: 0;
          border-radius: 0;
          box-shadow: var(--il-shadow);
        }
      }
      @media (prefers-reduced-motion: no-preference) {
        section {
          animation: arrive 140ms ease-out;
        }
      }
      @keyframes arrive {
        from {
          opacity: 0;
          transform: translateX(12px);
        }
      }
    `,
  ];

  @property() assignmentId = '';

  @property({ attribute: false }) pupil!: Pupil;

  /** The step to point out. */
  @property() stepId: string | undefined;

  /** Pupils of the board, in its order. */
  @property({ attribute: false }) pupils: readonly Pupil[] = [];

  /** Changes when the board was read again. */
  @property() version = '';

  @query('h2') private heading!: HTMLElement | null;

  /** Where the reader went last: 1 to the pupil after, -1 to the one before. */
  #went: 1 | -1 | undefined;

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('pupil')) return;
    // At the end of the list the button is disabled, and would lose the focus.
    if (this.#went !== undefined && !this.#neighbour(this.#went)) this.heading?.focus();
    this.#went = undefined;
  }

  /** Moves the focus to the pupil's name. */
  override focus(options?: FocusOptions): void {
    void this.updateComplete.then(() => this.heading?.focus(options));
  }

  #neighbour(by: 1 | -1): Pupil | undefined {
    const index = this.pupils.findIndex(({ id }) => id === this.pupil.id);
    return index < 0 ? undefined : this.pupils[index + by];
  }

  #go(by: 1 | -1): void {
    const to = this.#neighbour(by);
    if (!to) return;
    this.#went = by;
    this.emit('myway-pupil', { pupilId: to.id });
    announce(nameOf(to));
  }

  #keys(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') this.emit('il-close');
    // Inside the list, arrow keys scroll.
    else if ((event.target as Element).closest('.body')) return;
    else if (event.key === 'ArrowDown') this.#go(1);
    else if (event.key === 'ArrowUp') this.#go(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    const button = (label: string, icon: string, by: 1 | -1) => html`
      <button type="button" aria-label=${label} title=${label} ?disabled=${!this.#neighbour(by)} @click=${() => this.#go(by)}>
        <il-icon name=${icon}></il-icon>
      </button>
    `;
    return html`
      <section aria-labelledby="name" @keydown=${this.#keys}>
        <header>
          <h2 id="name" tabindex="-1"><bdi>${nameOf(this.pupil)}</bdi></h2>
          <button type="button" aria-label=${this.t('message.write')} title=${this.t('message.write')} @click=${() => this.emit('myway-write')}>
            <il-icon name="message-square"></il-icon>
          </button>
          ${button(this.t('pupil.previous'), 'chevron-up', -1)}
          ${button(this.t('pupil.next'), 'chevron-down', 1)}
          <button type="button" aria-label=${this.t('close')} title=${this.t('close')} @click=${() => this.emit('il-close')}>
            <il-icon name="x"></il-icon>
          </button>
        </header>
        <div class="body" tabindex="0" role="group" aria-label=${this.t('pupil.steps')}>
          <myway-pupil-steps
            .assignmentId=${this.assignmentId}
            .pupilId=${this.pupil.id}
            .stepId=${this.stepId}
            .version=${this.version}
          ></myway-pupil-steps>
        </div>
      </section>
    `;
  }
}

const nameOf = ({ givenName, familyName }: Pupil): string => `${givenName} ${familyName}`;

declare global {
  interface HTMLElementTagNameMap {
    'myway-pupil-panel': PupilPanel;
  }
}

import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ApiProblem } from '../base/api.js';
import { PortalElement } from '../base/portal-element.js';
import { buttonStyles } from '../styles/button-styles.js';
import { sharedStyles } from '../styles/shared-styles.js';

/**
 * Shows that something failed and what to do. Accepts any thrown value.
 * @slot - more help, or another way out
 * @fires retry - the user asks to try again; the button is shown only if there is a listener
 */
@customElement('il-problem')
export class IlProblem extends PortalElement {
  static override styles = [
    sharedStyles,
    buttonStyles,
    css`
      .box {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--il-space-2) var(--il-space-4);
        padding: var(--il-space-4) var(--il-space-5);
        background: var(--il-bad-fill);
        border-inline-start: 6px solid var(--il-bad);
        border-radius: 4px var(--il-radius) var(--il-radius) 4px;
      }
      .mark {
        margin-top: 0.05em;
        color: var(--il-bad);
        font-size: 1.25em;
      }
      .text {
        display: grid;
        gap: var(--il-space-2);
        min-width: 0;
        overflow-wrap: anywhere;
      }
      ul {
        padding-inline-start: 1.2em;
      }
      .actions {
        margin-top: var(--il-space-2);
      }
      code {
        font-size: 0.9em;
      }
    `,
  ];

  @property({ attribute: false }) problem: unknown;

  /** True once there is a listener for `retry`. */
  #retryable = false;

  override addEventListener(...args: Parameters<HTMLElement['addEventListener']>): void {
    super.addEventListener(...args);
    if (args[0] === 'retry' && !this.#retryable) {
      this.#retryable = true;
      this.requestUpdate();
    }
  }

  #words(): { title: string; detail: string | undefined; errors: string[]; reference: string | undefined } {
    const problem = this.problem;
    if (!(problem instanceof ApiProblem)) {
      return {
        title: this.t('problem.unexpected'),
        detail: this.t('problem.unexpectedDetail'),
        errors: [],
        reference: undefined,
      };
    }
    return {
      ...problem.words,
      errors: problem.errors.map((error) => `${error.pointer.replace(/^\//, '').replaceAll('/', ' › ')}: ${error.message}`),
      reference: problem.status >= 500 ? problem.requestId : undefined,
    };
  }

  /** An empty element would take a gap of the page's grid. */
  override willUpdate(): void {
    this.hidden = this.problem === undefined || this.problem === null;
  }

  override render() {
    if (this.problem === undefined || this.problem === null) return '';
    const { title, detail, errors, reference } = this.#words();
    return html`
      <div class="box" role="alert">
        <il-icon class="mark" name="triangle-alert"></il-icon>
        <div class="text">
          <p class="strong">${title}</p>
          ${detail && detail !== title ? html`<p>${detail}</p>` : ''}
          ${
            errors.length > 0
              ? html`<details>
                <summary>${this.t('problem.technical')}</summary>
                <ul lang="en">${errors.map((error) => html`<li>${error}</li>`)}</ul>
              </details>`
              : ''
          }
          ${reference ? html`<p class="muted small">${this.t('problem.reference')} <code>${reference}</code></p>` : ''}
          <slot></slot>
          ${
            this.#retryable
              ? html`<div class="actions">
                <button class="button" @click=${() => this.emit('retry')}>
                  <il-icon name="rotate-ccw"></il-icon>${this.t('problem.retry')}
                </button>
              </div>`
              : ''
          }
        </div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-problem': IlProblem;
  }
}

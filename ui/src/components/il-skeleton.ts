import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';

/** A placeholder for content that is loading: rows with a station and a line. */
@customElement('il-skeleton')
export class IlSkeleton extends PortalElement {
  static override styles = [
    sharedStyles,
    css`
      .rows {
        display: grid;
      }
      .row {
        display: grid;
        grid-template-columns: 22px 1fr;
        gap: var(--il-space-4);
        align-items: center;
        min-height: 48px;
        padding: 0;
        border: 0;
      }
      .stop {
        position: relative;
        align-self: stretch;
      }
      .stop::before {
        position: absolute;
        inset-block: 0;
        inset-inline-start: 9px;
        width: 4px;
        background: var(--il-rule);
        content: '';
      }
      .row:first-child .stop::before {
        inset-block-start: 50%;
      }
      .row:last-child .stop::before {
        inset-block-end: 50%;
      }
      .stop::after {
        position: absolute;
        inset-block-start: calc(50% - 11px);
        inset-inline-start: 0;
        width: 22px;
        height: 22px;
        background: var(--il-paper);
        border: 4px solid var(--il-rule);
        border-radius: 50%;
        content: '';
      }
      .bar {
        height: 0.9em;
        background: var(--il-rule);
        border-radius: 0.45em;
        animation: wait 1.6s ease-in-out infinite alternate;
      }
      .row:nth-child(3n + 1) .bar {
        width: 62%;
      }
      .row:nth-child(3n + 2) .bar {
        width: 44%;
      }
      .row:nth-child(3n) .bar {
        width: 53%;
      }
      @keyframes wait {
        to {
          opacity: 0.45;
        }
      }
    `,
  ];

  @property({ type: Number }) lines = 3;

  override render() {
    return html`
      <div role="status" class="visually-hidden">${this.t('loading')}</div>
      <div class="rows" aria-hidden="true">
        ${Array.from({ length: this.lines }, () => html`<div class="row"><span class="stop"></span><span class="bar"></span></div>`)}
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-skeleton': IlSkeleton;
  }
}

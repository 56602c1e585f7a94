import { css, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';

/**
 * Shown instead of an empty list: says what belongs in it and how to begin.
 * @slot - the action that fills it
 */
@customElement('il-empty')
export class IlEmpty extends PortalElement {
  static override styles = [
    sharedStyles,
    css`
      .box {
        display: grid;
        gap: var(--il-space-3);
        justify-items: center;
        padding: var(--il-space-7) var(--il-space-4);
        text-align: center;
      }
      .picture {
        position: relative;
        width: min(22rem, 100%);
        color: var(--il-ink);
      }
      svg {
        display: block;
        width: 100%;
        overflow: visible;
      }
      .track {
        fill: none;
        stroke: var(--il-rule);
        stroke-width: 8;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
      .ahead {
        stroke-dasharray: 1 16;
      }
      .stop {
        fill: var(--il-paper);
        stroke: var(--il-rule);
        stroke-width: 6;
      }
      .here {
        fill: var(--il-paper);
        stroke: var(--il-ink);
        stroke-width: 5;
      }
      .halo {
        fill: var(--il-action);
      }
      il-icon {
        position: absolute;
        inset-block-start: 50%;
        inset-inline-start: 50%;
        font-size: 1.6rem;
        transform: translate(-50%, -50%);
      }
      h2 {
        margin-top: var(--il-space-2);
      }
      p {
        max-width: 46ch;
        color: var(--il-ink-soft);
      }
      .action {
        margin-top: var(--il-space-3);
      }
    `,
  ];

  @property() icon = 'train-track';

  @property() heading = '';

  @property() text = '';

  override render() {
    return html`
      <div class="box">
        <div class="picture">
          <svg viewBox="0 0 320 104" aria-hidden="true">
            ${svg`
              <path class="track" d="M6 76 H70 Q84 76 94 66 L98 62 Q108 52 122 52 H160" />
              <path class="track ahead" d="M160 52 H200 Q214 52 224 42 L228 38 Q238 28 252 28 H314" />
              <circle class="stop" cx="46" cy="76" r="10" />
              <circle class="stop" cx="274" cy="28" r="10" />
              <circle class="halo" cx="160" cy="52" r="42" />
              <circle class="here" cx="160" cy="52" r="32" />
            `}
          </svg>
          <il-icon name=${this.icon}></il-icon>
        </div>
        ${this.heading ? html`<h2>${this.heading}</h2>` : ''}
        ${this.text ? html`<p>${this.text}</p>` : ''}
        <div class="action"><slot></slot></div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-empty': IlEmpty;
  }
}

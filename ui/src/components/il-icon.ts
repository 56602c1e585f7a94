import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { drawNodes, iconNodes } from '../icons/registry.js';

/**
 * An icon in the colour and size of the surrounding text. Decorative unless it has a `label`. An unknown name renders an empty circle and
 * is logged to the console.
 */
@customElement('il-icon')
export class IlIcon extends LitElement {
  static override styles = css`
    :host {
      display: inline-flex;
      flex: none;
      width: 1.25em;
      height: 1.25em;
      vertical-align: -0.25em;
    }
    :host([hidden]) {
      display: none;
    }
    svg {
      width: 100%;
      height: 100%;
      fill: none;
      stroke: currentcolor;
      stroke-width: 2;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `;

  @property() name = '';

  /** For screen readers; leave empty if text beside it says the same. */
  @property() label = '';

  override willUpdate(): void {
    if (this.label) {
      this.setAttribute('role', 'img');
      this.setAttribute('aria-label', this.label);
      this.removeAttribute('aria-hidden');
    } else {
      this.removeAttribute('role');
      this.removeAttribute('aria-label');
      this.setAttribute('aria-hidden', 'true');
    }
  }

  override render() {
    const nodes = iconNodes(this.name);
    if (this.name && !nodes) console.warn(`il-icon: no icon "${this.name}"; add it with registerIcons()`);
    return html`<svg viewBox="0 0 24 24">${drawNodes(nodes ?? [['circle', { cx: '12', cy: '12', r: '9' }]])}</svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-icon': IlIcon;
  }
}

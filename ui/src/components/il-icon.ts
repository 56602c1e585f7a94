import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { loadMoreIcons } from '../icons/load-more.js';
import { drawNodes, type IconNodes, iconNodes } from '../icons/registry.js';

const CIRCLE: IconNodes = [['circle', { cx: '12', cy: '12', r: '9' }]];

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

  /** A name that is not among the icons that come later either. */
  #unknown = '';

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

  async #lookFurther(name: string): Promise<void> {
    await loadMoreIcons();
    if (iconNodes(name) === undefined) {
      this.#unknown = name;
      console.warn(`il-icon: no icon "${name}"; add it with registerIcons()`);
    }
    this.requestUpdate();
  }

  override render() {
    const nodes = iconNodes(this.name);
    if (this.name !== '' && nodes === undefined && this.#unknown !== this.name) void this.#lookFurther(this.name);
    return html`<svg viewBox="0 0 24 24">${drawNodes(nodes ?? (this.#unknown === this.name ? CIRCLE : []))}</svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-icon': IlIcon;
  }
}

import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber } from '../base/format.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';

/**
 * Page navigation of a list; renders nothing for a single page. The steps are links if `href` is set, otherwise buttons.
 * @fires il-page - `{ page }`; also for a link, before it is followed
 */
@customElement('il-pager')
export class IlPager extends PortalElement {
  static override styles = [
    sharedStyles,
    css`
      nav {
        display: grid;
        grid-template-columns: 1fr auto 1fr;
        gap: var(--il-space-3);
        align-items: center;
      }
      .step {
        display: inline-flex;
        gap: var(--il-space-2);
        align-items: center;
        justify-self: start;
        min-height: var(--il-target);
        padding: 0 var(--il-space-2);
        margin: 0 calc(-1 * var(--il-space-2));
        color: var(--il-link);
        font: inherit;
        text-decoration: underline;
        text-underline-offset: 0.18em;
        background: none;
        border: 0;
        border-radius: var(--il-radius);
        cursor: pointer;
      }
      .step:hover {
        background: var(--il-hover);
      }
      .step.next {
        flex-direction: row-reverse;
        justify-self: end;
      }
      .step[aria-disabled='true'] {
        color: var(--il-ink-soft);
        text-decoration: none;
        background: none;
        cursor: default;
      }
    `,
  ];

  /** The current page, from 1. */
  @property({ type: Number }) page = 1;

  @property({ type: Number }) pages = 1;

  /** Name of the list, if the page has several lists. */
  @property() label = '';

  /** The address of a page. */
  @property({ attribute: false }) href: ((page: number) => string) | undefined;

  /** An empty element would take a gap of the page's grid. */
  override willUpdate(): void {
    this.hidden = this.pages < 2;
  }

  override render() {
    if (this.pages < 2) return '';
    const [page, pages] = [formatNumber(this.page), formatNumber(this.pages)];
    return html`<nav aria-label=${this.label || this.t('pager.label')}>
      ${this.#step(this.page - 1, 'previous', 'arrow-left')}
      <span class="muted" aria-live="polite">${this.t('pager.page', { page, pages })}</span>
      ${this.#step(this.page + 1, 'next', 'arrow-right')}
    </nav>`;
  }

  #step(to: number, name: 'previous' | 'next', icon: string) {
    const there = to >= 1 && to <= this.pages;
    const ask = () => there && this.emit('il-page', { page: to });
    const words = html`<il-icon name=${icon}></il-icon>${this.t(`pager.${name}`)}`;
    if (this.href === undefined) {
      // Keep disabled steps, so that the step that was pressed last keeps the focus.
      return html`<button type="button" class="step ${name}" aria-disabled=${!there} @click=${ask}>${words}</button>`;
    }
    return there ? html`<a class="step ${name}" href=${this.href(to)} @click=${ask}>${words}</a>` : html`<span></span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-pager': IlPager;
  }
}

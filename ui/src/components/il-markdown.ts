import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';

/** Parser and sanitiser, loaded when first needed. */
let safeMarkdown: typeof import('./markdown.js').safeMarkdown | undefined;

/** Renders untrusted Markdown, without scripts, forms, styles or pictures from other hosts. */
@customElement('il-markdown')
export class IlMarkdown extends PortalElement {
  static override styles = [
    sharedStyles,
    css`
      .text {
        display: grid;
        gap: var(--il-space-4);
        max-width: 68ch;
        line-height: 1.6;
        overflow-wrap: anywhere;
      }
      .text > * {
        min-width: 0;
      }
      ul,
      ol {
        display: grid;
        gap: var(--il-space-1);
        padding-inline-start: 1.4em;
      }
      pre {
        padding: var(--il-space-4);
        overflow-x: auto;
        background: var(--il-sunk);
        border-radius: var(--il-radius);
      }
      code {
        font-size: 0.92em;
      }
      blockquote {
        margin: 0;
        padding-inline-start: var(--il-space-4);
        color: var(--il-ink-soft);
        border-inline-start: 4px solid var(--il-rule);
      }
      img {
        max-width: 100%;
        height: auto;
        border-radius: var(--il-radius);
      }
      math {
        font-family: 'Noto Sans Math', math;
      }
      math[display='block'] {
        max-width: 100%;
        padding-block: var(--il-space-1);
        overflow: auto hidden;
      }
      hr {
        width: 100%;
        border: 0;
        border-top: 1px solid var(--il-rule);
      }
      .left-out {
        color: var(--il-ink-soft);
        font-style: italic;
      }
      table {
        display: block;
        overflow-x: auto;
      }
    `,
  ];

  @property() source = '';

  /** Level of the highest heading, below the page's own `<h1>`. */
  @property({ type: Number, attribute: 'heading-level' }) headingLevel = 2;

  override connectedCallback(): void {
    super.connectedCallback();
    if (safeMarkdown) return;
    void import('./markdown.js').then((module) => {
      safeMarkdown = module.safeMarkdown;
      this.requestUpdate();
    });
  }

  override render() {
    if (!safeMarkdown) return html`<il-skeleton lines="2"></il-skeleton>`;
    const content = safeMarkdown(this.source, {
      headingLevel: this.headingLevel,
      pictureLeftOut: (alt, why) =>
        this.t(why === 'missing' ? 'markdown.pictureMissing' : 'markdown.pictureLeftOut', { alt: alt || '–' }),
    });
    return html`<div class="text">${content}</div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-markdown': IlMarkdown;
  }
}

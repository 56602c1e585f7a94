import { css, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';

/** A link to the page above this one, such as a list. */
export interface BackLink {
  href: string;
  /** Title of that page, without "back to". */
  text: string;
  /** Language of the text, if it is not the page's. */
  lang?: string | undefined;
}

/**
 * The head of a page: back link, title and actions on one baseline, with a line of facts below. Parts that do not fit move to lines of
 * their own.
 * @slot - the facts: what a reader should know at once, such as "24 pupils, since 1 September"
 * @slot mark - before the title: a sign for the kind of thing that the page shows
 * @slot actions - buttons and links, the main one last
 */
@customElement('il-page-head')
export class IlPageHead extends PortalElement {
  static override styles = [
    sharedStyles,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: first baseline;
      }
      .back:any-link {
        display: inline-flex;
        flex: none;
        gap: var(--il-space-2);
        align-items: baseline;
        max-width: min(100%, 20rem);
        /* Large enough to be touched, without making the line higher. */
        padding-block: calc((var(--il-target) - 1.5em) / 2);
        margin-block: calc((var(--il-target) - 1.5em) / -2);
        color: var(--il-ink-soft);
        font-weight: 500;
        text-decoration: none;
      }
      .back:hover {
        color: var(--il-ink);
      }
      .back:hover span {
        text-decoration: underline;
      }
      .back il-icon {
        flex: none;
        align-self: center;
      }
      .back span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      h1 a:any-link {
        color: inherit;
        text-decoration-color: transparent;
      }
      h1 a:is(:hover, :focus-visible) {
        text-decoration-color: currentcolor;
      }
      h1 {
        flex: 1 1 16rem;
        min-width: 0;
        overflow-wrap: anywhere;
        hyphens: auto;
      }
      ::slotted([slot='mark']) {
        display: inline-flex;
        margin-inline-end: var(--il-space-3);
        vertical-align: -0.18em;
      }
      .actions {
        flex: 0 1 auto;
        gap: var(--il-space-2) var(--il-space-3);
        align-items: baseline;
        min-width: 0;
      }
      .facts {
        display: grid;
        flex: 0 0 100%;
        gap: var(--il-space-1);
        order: 1;
        min-width: 0;
        color: var(--il-ink-soft);
        overflow-wrap: anywhere;
      }
      @media (max-width: 40rem) {
        .back:any-link {
          flex-basis: 100%;
        }
        .head {
          row-gap: var(--il-space-3);
        }
        .facts {
          order: 0;
        }
      }
      @media print {
        .back:any-link,
        .actions {
          display: none;
        }
      }
    `,
  ];

  @property() heading = '';

  /** Language of the heading, if it is not the page's. */
  @property({ attribute: 'heading-lang' }) headingLang: string | undefined;

  /** Makes the heading a link, to where its subject is made. */
  @property({ attribute: 'heading-href' }) headingHref: string | undefined;

  @property({ attribute: false }) back: BackLink | undefined;

  @query('h1') private title1!: HTMLHeadingElement | null;

  /** Moves the focus to the title. */
  override focus(options?: FocusOptions): void {
    if (this.title1) this.title1.focus(options);
    else void this.updateComplete.then(() => this.title1?.focus(options));
  }

  /** Takes the slot's box out of the layout while it is empty, so that it has no gap. */
  #filled(event: Event): void {
    const slot = event.currentTarget as HTMLSlotElement;
    (slot.parentElement as HTMLElement).hidden = slot.assignedNodes({ flatten: true }).every((node) => !isSeen(node));
  }

  override render() {
    const { back } = this;
    return html`
      <div class="head">
        ${
          back
            ? html`<a class="back" href=${back.href}><il-icon name="arrow-left"></il-icon><span lang=${back.lang ?? nothing}>${back.text}</span></a>`
            : nothing
        }
        <h1 tabindex="-1"><slot name="mark"></slot><span lang=${this.headingLang ?? nothing}>${this.headingHref ? html`<a href=${this.headingHref}>${this.heading}</a>` : this.heading}</span></h1>
        <div class="facts" hidden><slot @slotchange=${this.#filled}></slot></div>
        <div class="actions" hidden><slot name="actions" @slotchange=${this.#filled}></slot></div>
      </div>
    `;
  }
}

const isSeen = (node: Node): boolean =>
  node.nodeType === Node.ELEMENT_NODE || (node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '');

declare global {
  interface HTMLElementTagNameMap {
    'il-page-head': IlPageHead;
  }
}

import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PortalElement } from '../base/portal-element.js';
import { sharedStyles } from '../styles/shared-styles.js';
import { type Entry, foldedNavigation, isBelow, navigation, navLabelOf, type Section } from './pages.js';

const SECTION_ICONS = { school: 'school', portal: 'settings', helpdesk: 'life-buoy' } as const;

/** The pages that the person may visit, as stations on a line; the current one is highlighted. */
@customElement('il-nav')
export class IlNav extends PortalElement {
  static override styles = [
    sharedStyles,
    css`
      ul {
        position: relative;
        display: grid;
        gap: var(--il-space-2);
        padding: 0;
        list-style: none;
      }
      li {
        position: relative;
      }
      /* The line between two stations. */
      :host([layout='side']) li:not(:last-child)::before {
        position: absolute;
        inset-block: 24px calc(-24px - var(--il-space-2));
        inset-inline-start: 22px;
        width: 4px;
        background: var(--il-rule);
        content: '';
      }
      /* From below the station of a section to its last one; stations are above it. */
      :host([layout='side']) details ul::before {
        position: absolute;
        inset-block: calc(-4px - var(--il-space-2)) 24px;
        inset-inline-start: 22px;
        width: 4px;
        background: var(--il-rule);
        content: '';
      }
      details ul {
        margin-block-start: var(--il-space-2);
      }
      summary {
        list-style: none;
        cursor: pointer;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      .turn {
        transition: transform 150ms;
      }
      details[open] .turn {
        transform: rotate(180deg);
      }
      a:any-link,
      summary {
        position: relative;
        display: grid;
        grid-template-columns: 48px 1fr auto;
        gap: var(--il-space-2);
        align-items: center;
        min-height: 48px;
        padding-inline-end: var(--il-space-3);
        color: var(--il-ink-soft);
        font-weight: 500;
        text-decoration: none;
        border-radius: 24px;
      }
      .station {
        display: grid;
        place-items: center;
        width: 40px;
        height: 40px;
        margin-inline-start: 4px;
        background: var(--il-paper);
        border: 2.5px solid var(--il-rule);
        border-radius: 50%;
      }
      a:any-link:hover,
      summary:hover {
        color: var(--il-ink);
      }
      a:any-link:hover .station,
      summary:hover .station {
        border-color: var(--il-ink);
      }
      a[aria-current]:any-link {
        color: var(--il-ink);
        font-weight: 700;
      }
      a[aria-current]:any-link .station {
        color: var(--il-action-ink);
        background: var(--il-action);
        border-color: var(--il-action-edge);
      }
      a:any-link:focus-visible,
      summary:focus-visible {
        outline-offset: 0;
        border-radius: 24px;
      }
      :host([layout='tabs']) ul {
        grid-auto-columns: minmax(0, 1fr);
        grid-auto-flow: column;
        gap: 0;
      }
      :host([layout='tabs']) a:any-link {
        grid-template-columns: 1fr;
        gap: 2px;
        justify-items: center;
        padding: var(--il-space-2) var(--il-space-1);
        font-size: 0.875rem;
        line-height: 1.2;
        overflow-wrap: anywhere;
        hyphens: auto;
        text-align: center;
      }
      :host([layout='tabs']) .station {
        margin: 0;
      }
      :host([layout='bar']) ul {
        display: flex;
        gap: var(--il-space-4);
        justify-content: center;
        white-space: normal;
      }
      :host([layout='bar']) li {
        min-width: 48px;
        line-height: 1.15;
      }
      @media (forced-colors: active) {
        a[aria-current]:any-link .station {
          border-color: Highlight;
          border-width: 4px;
        }
      }
    `,
  ];

  @property() path = '/';

  @property({ reflect: true }) layout: 'side' | 'tabs' | 'bar' = 'side';

  override render() {
    const entries = navigation();
    // Of nested entries, the longest matching path is current.
    const current = entries
      .filter((entry) => isBelow(this.path, entry.path))
      .sort((a, b) => b.path.length - a.path.length)
      .at(0);
    return html`
      <nav aria-label=${this.t('nav.label')}>
        <ul>
          ${foldedNavigation(entries).map((one) => ('section' in one ? this.#section(one, current) : this.#entry(one, current)))}
        </ul>
      </nav>
    `;
  }

  #entry(entry: Entry, current: Entry | undefined) {
    return html`
      <li>
        <a href=${entry.path} aria-current=${entry === current ? 'page' : nothing}>
          <span class="station"><il-icon name=${entry.nav.icon}></il-icon></span>
          <span>${navLabelOf(entry)}</span>
        </a>
      </li>
    `;
  }

  /** Open while the current page is in it, or once somebody opens it. */
  #section({ section, entries }: Section, current: Entry | undefined) {
    return html`
      <li>
        <details ?open=${current !== undefined && entries.includes(current)}>
          <summary>
            <span class="station"><il-icon name=${SECTION_ICONS[section]}></il-icon></span>
            <span>${this.t(`nav.sections.${section}`)}</span>
            <il-icon class="turn" name="chevron-down"></il-icon>
          </summary>
          <ul>${entries.map((entry) => this.#entry(entry, current))}</ul>
        </details>
      </li>
    `;
  }
}

import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ClassSummary, SchoolSummary } from '../exports.js';

/** Classes or groups as stations of a line, each with name, number of pupils and a link. */
@customElement('directory-class-list')
export class ClassList extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      a.row {
        min-height: 64px;
      }
      .stop {
        position: relative;
        display: grid;
        flex: none;
        place-items: center;
        width: 28px;
        align-self: stretch;
      }
      .stop::before {
        position: absolute;
        inset-block: calc(-1 * var(--il-space-3) - 1px);
        width: 6px;
        background: var(--il-line-1);
        content: '';
      }
      li:first-child .stop::before {
        top: 50%;
      }
      li:last-child .stop::before {
        bottom: 50%;
      }
      li:only-child .stop::before {
        display: none;
      }
      .groups .stop::before {
        background: var(--il-line-3);
      }
      .stop::after {
        position: relative;
        width: 20px;
        height: 20px;
        background: var(--il-paper);
        border: 5px solid var(--il-ink);
        border-radius: 50%;
        content: '';
      }
      .groups .stop::after {
        border-radius: 6px;
      }
      .name {
        overflow-wrap: anywhere;
        font-size: var(--il-text-l);
        font-weight: 680;
      }
      a.row:hover .name {
        text-decoration: underline;
        text-underline-offset: 0.18em;
      }
    `,
  ];

  @property({ attribute: false }) classes: readonly ClassSummary[] = [];

  /** If there are several schools, each class shows the name of its school. */
  @property({ attribute: false }) schools: readonly SchoolSummary[] = [];

  @property() label = '';

  override render() {
    const names = new Map(this.schools.map(({ id, name }) => [id, name]));
    const kind = this.classes[0]?.kind === 'group' ? 'groups' : 'classes';
    return html`
      <ul class="list ${kind}" aria-label=${this.label}>
        ${this.#bySchool().map(
          ({ id, name, school, pupils }) => html`
            <li>
              <a class="row" href="/klassen/${id}">
                <span class="stop" aria-hidden="true"></span>
                <span class="grow">
                  <span class="name">${name}</span>
                  ${this.schools.length > 1 ? html`<br /><span class="muted small">${names.get(school)}</span>` : ''}
                </span>
                <span class="muted">${this.t('classes.pupils', { count: pupils })}</span>
                <il-icon name="chevron-right"></il-icon>
              </a>
            </li>
          `,
        )}
      </ul>
    `;
  }

  /** Classes sorted by school, in the order of `schools`; within a school, the order is kept. */
  #bySchool(): ClassSummary[] {
    const place = new Map(this.schools.map(({ id }, index) => [id, index]));
    return [...this.classes].sort((a, b) => (place.get(a.school) ?? 0) - (place.get(b.school) ?? 0));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-class-list': ClassList;
  }
}

import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { SchoolSlotContext } from '../exports.js';
import type { SchoolDetails } from './school-admin.js';

/**
 * What is missing in a school, each with the way to mend it, and its last import. Its slot is `directory.school-task`, whose elements fire
 * `directory-task` when they show something.
 */
@customElement('directory-school-tasks')
export class SchoolTasks extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .parts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
        gap: var(--il-space-5);
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--il-space-1) var(--il-space-4);
      }
      dt {
        color: var(--il-ink-soft);
      }
    `,
  ];

  @property({ attribute: false }) school!: SchoolDetails;

  /** An element of another plugin has something to do. */
  @state() private others = false;

  override render() {
    const { id } = this.school;
    const context: SchoolSlotContext = { id };
    const own = this.#own();
    const free = own.length === 0 && !this.others;
    return html`
      <div class="parts">
        <section class="stack">
          <h2>${this.t('tasks.title')}</h2>
          ${free ? html`<p class="muted"><il-icon name="circle-check"></il-icon> ${this.t('tasks.none')}</p>` : nothing}
          <div class="list" ?hidden=${free} @directory-task=${this.#found}>
            ${own}<il-slot name="directory.school-task" .context=${context}></il-slot>
          </div>
        </section>
        ${this.#lastImport()}
      </div>
    `;
  }

  #found(): void {
    this.others = true;
  }

  #own() {
    const { id, missing } = this.school;
    const task = (count: number, key: string, href: string) =>
      count === 0
        ? []
        : [
            html`<a class="row" href=${href}>
              <il-icon name="users"></il-icon><span class="grow">${this.t(`tasks.${key}`, { count })}</span>
              <il-icon name="chevron-right"></il-icon>
            </a>`,
          ];
    return [
      ...task(missing.pupilsWithoutClass, 'pupilsWithoutClass', `/school?school=${id}&kind=pupil&zonder=klas`),
      ...task(missing.classesWithoutTeacher, 'classesWithoutTeacher', '/klassen?toon=school'),
      ...task(missing.classesWithoutPupils, 'classesWithoutPupils', '/klassen?toon=school'),
    ];
  }

  #lastImport() {
    const { lastImport } = this.school;
    if (lastImport === null) return nothing;
    const kinds = ['people', 'classes'] as const;
    const words = (counts: (typeof lastImport)['people']) =>
      (['added', 'changed', 'removed'] as const)
        .filter((change) => counts[change] > 0)
        .map((change) => this.t(`tasks.import.${change}`, { count: counts[change] }))
        .join(', ');
    return html`<section class="stack">
      <h2>${this.t('tasks.import.title')}</h2>
      <p>${formatDate(lastImport.at, 'time')}</p>
      <dl>
        ${kinds.map(
          (kind) =>
            html`<dt>${this.t(`tasks.import.${kind}`)}</dt><dd>${words(lastImport[kind]) || this.t('tasks.import.same')}</dd>`,
        )}
      </dl>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-school-tasks': SchoolTasks;
  }
}

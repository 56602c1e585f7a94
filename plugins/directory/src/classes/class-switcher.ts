import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { ClassSummary } from '../exports.js';

/** Up to this many classes are shown as chips; of more, only the one before and the one after. */
const MOST_CHIPS = 12;

/** Links to the reader's other classes and groups in the same school, or to those of the school for a reader who teaches none of them. */
@customElement('directory-class-switcher')
export class ClassSwitcher extends PortalElement {
  static override ns = 'directory';
  static override styles = [
    sharedStyles,
    css`
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-3);
        align-items: center;
      }
      a:any-link {
        display: inline-flex;
        gap: var(--il-space-1);
        align-items: center;
        min-height: 36px;
        padding-inline: var(--il-space-3);
        color: inherit;
        font-weight: 560;
        text-decoration: none;
        border: 1px solid var(--il-edge);
        border-radius: 999px;
        overflow-wrap: anywhere;
      }
      a.group:any-link {
        border-radius: 8px;
      }
      a:hover {
        background: var(--il-hover);
      }
      a[aria-current] {
        color: var(--il-paper);
        background: var(--il-ink);
        border-color: var(--il-ink);
      }
      @media (forced-colors: active) {
        a[aria-current] {
          color: HighlightText;
          background: Highlight;
          forced-color-adjust: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) current!: Pick<ClassSummary, 'id' | 'school'>;

  readonly #classes = new Task(this, {
    task: async ([id, school], { signal }) => {
      const inSchool = ({ school: of }: ClassSummary) => of === school;
      const own = (await directory.get('/classes', { query: { school }, signal })).classes.filter(inSchool);
      if (own.some((each) => each.id === id)) return own;
      const all = (await directory.get('/classes', { query: { of: 'school', school }, signal })).classes;
      return all.filter(({ kind }) => kind === 'class');
    },
    args: () => [this.current.id, this.current.school] as const,
  });

  override willUpdate(): void {
    // Without room of its own, so that the page has no gap for it.
    this.hidden = (this.#classes.value ?? []).length < 2;
  }

  override render() {
    // A reader can do without it, so that a failure takes no room.
    const classes = this.#classes.value ?? [];
    if (classes.length < 2) return nothing;
    return html`<nav aria-label=${this.t('class.switch')}>
      ${classes.length <= MOST_CHIPS ? classes.map((each) => this.#chip(each)) : this.#neighbours(classes)}
    </nav>`;
  }

  #chip({ id, name, kind }: ClassSummary) {
    return html`<a class=${kind} href="/klassen/${id}" aria-current=${id === this.current.id ? 'page' : nothing}>
      ${kind === 'group' ? html`<il-icon name="users"></il-icon>` : nothing}${name}
    </a>`;
  }

  #neighbours(classes: readonly ClassSummary[]) {
    const at = classes.findIndex(({ id }) => id === this.current.id);
    const link = (index: number, key: 'before' | 'after') => {
      const neighbour = classes[index];
      if (neighbour === undefined) return nothing;
      return html`<a href="/klassen/${neighbour.id}">
        ${key === 'before' ? html`<il-icon name="chevron-left"></il-icon>` : nothing}
        <span class="visually-hidden">${this.t(`class.${key}`)}</span>${neighbour.name}
        ${key === 'after' ? html`<il-icon name="chevron-right"></il-icon>` : nothing}
      </a>`;
    };
    return [link(at - 1, 'before'), link(at + 1, 'after')];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-class-switcher': ClassSwitcher;
  }
}

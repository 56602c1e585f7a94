import { navigate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { ClassSummary, SchoolSummary } from '../exports.js';
import './class-list.js';
import './group-dialog.js';

interface Lists {
  schools: SchoolSummary[];
  mine: ClassSummary[];
  groups: ClassSummary[];
  others: ClassSummary[];
  /** There are more classes than these. */
  more: boolean;
}

async function loadLists(signal: AbortSignal): Promise<Lists> {
  const [{ schools }, { classes: own, more: moreOwn }, { classes: all, more }] = await Promise.all([
    directory.get('/schools', { signal }),
    directory.get('/classes', { signal }),
    directory.get('/classes', { query: { of: 'school' }, signal }),
  ]);
  const mine = own.filter(({ kind }) => kind === 'class');
  const known = new Set(own.map(({ id }) => id));
  return {
    schools,
    mine,
    groups: own.filter(({ kind }) => kind === 'group'),
    others: all.filter(({ id, kind }) => kind === 'class' && !known.has(id)),
    more: more || moreOwn,
  };
}

/** `/klassen`: a teacher's classes and groups, and the other classes of the school. */
@customElement('directory-classes')
export class ClassesPage extends PortalElement {
  static override ns = 'directory';

  static override styles = [sharedStyles];

  /** `?toon=school`: also the classes that the person does not teach. */
  @property({ attribute: false }) query = new URLSearchParams();

  @state() private making = false;

  #lists = new Task(this, { task: (_, { signal }) => loadLists(signal), args: () => [] });

  override render() {
    const mine = this.#lists.value?.mine ?? [];
    const mayGroup = this.can('group:write') && mine.length > 0;
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('classes.title')}>
          <p>${this.t('classes.intro')}</p>
          ${
            mayGroup
              ? html`<wa-button slot="actions" variant="brand" @click=${() => this.#make(true)}>
                <il-icon slot="start" name="plus"></il-icon>${this.t('group.make')}
              </wa-button>`
              : ''
          }
        </il-page-head>
        ${this.#lists.render({
          pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#lists.run()}></il-problem>`,
          complete: (lists) => this.#sections(lists),
        })}
      </div>
      ${
        mayGroup
          ? html`<directory-group-dialog
              .open=${this.making}
              .schools=${this.#schoolsOf(mine)}
              @il-close=${() => this.#make(false)}
              @directory-group-saved=${(event: CustomEvent<{ id: string }>) => navigate(`/klassen/${event.detail.id}`)}
            ></directory-group-dialog>`
          : ''
      }
    `;
  }

  #make(open: boolean): void {
    this.making = open;
  }

  /** Schools where the person teaches. */
  #schoolsOf(mine: readonly ClassSummary[]): SchoolSummary[] {
    return (this.#lists.value?.schools ?? []).filter(({ id }) => mine.some(({ school }) => school === id));
  }

  #sections({ schools, mine, groups, others, more }: Lists) {
    if (mine.length + groups.length + others.length === 0) return this.#nothing();
    const section = (title: string, classes: readonly ClassSummary[]) =>
      classes.length === 0
        ? ''
        : html`<section class="stack">
            <h2>${title}</h2>
            <directory-class-list .classes=${classes} .schools=${schools} .label=${title}></directory-class-list>
          </section>`;
    return [
      section(this.t('classes.mine'), mine),
      section(this.t('classes.groups'), groups),
      this.#others(mine.length + groups.length > 0, others, section),
      html`<il-truncated ?more=${more} shown=${mine.length + groups.length + others.length}></il-truncated>`,
    ];
  }

  /** Who teaches seldom needs the classes of colleagues: a link leads to them. */
  #others(
    teaches: boolean,
    others: readonly ClassSummary[],
    section: (title: string, classes: readonly ClassSummary[]) => unknown,
  ) {
    if (!teaches) return section(this.t('classes.all'), others);
    if (others.length === 0) return '';
    if (this.query.get('toon') === 'school') return section(this.t('classes.others'), others);
    return html`<p><a href="/klassen?toon=school">${this.t('classes.showOthers', { count: others.length })}</a></p>`;
  }

  #nothing() {
    const importable = this.can('roster:import');
    return html`
      <il-empty icon="users" heading=${this.t('classes.none')} text=${this.t(importable ? 'classes.noneImport' : 'classes.noneText')}>
        ${importable ? html`<wa-button variant="brand" href="/school/importeren">${this.t('import.title')}</wa-button>` : ''}
      </il-empty>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-classes': ClassesPage;
  }
}

import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { PersonKind, SchoolSummary } from '../exports.js';
import type { SchoolDetails } from './school-admin.js';
import '../people/people-finder.js';
import '../keys/school-keys.js';
import './school-releases.js';
import './school-tasks.js';

/** `/school`: overview of a school, its people, and which data about them tools may get. `?school=` chooses one of several schools. */
@customElement('directory-school')
export class SchoolPage extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .numbers {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3) var(--il-space-6);
        padding: 0;
        list-style: none;
      }
      .numbers a {
        display: grid;
        min-width: 6rem;
        color: inherit;
        text-decoration: none;
      }
      .numbers a:hover .word {
        text-decoration-thickness: 0.14em;
      }
      .figure {
        font-size: var(--il-text-xl);
        font-weight: 720;
        line-height: 1.1;
        font-variant-numeric: tabular-nums;
      }
      .word {
        color: var(--il-link);
        text-decoration: underline;
        text-decoration-thickness: 0.08em;
        text-underline-offset: 0.18em;
      }
      .chips a {
        display: inline-block;
        padding: var(--il-space-1) 0;
        margin-inline-end: var(--il-space-3);
      }
      .chips a[aria-current='page'] {
        color: inherit;
        font-weight: 680;
        text-decoration: none;
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();

  #school = new Task(this, {
    task: async ([wanted], { signal }) => {
      const { schools, more } = await directory.get('/schools', { signal });
      const id = schools.find((school) => school.id === wanted)?.id ?? schools[0]?.id;
      return {
        schools,
        more,
        school: id === undefined ? null : await directory.get('/schools/:id', { params: { id }, signal }),
      };
    },
    args: () => [this.query.get('school')] as const,
  });

  override render() {
    return html`
      <div class="page">
        ${this.#school.render({
          pending: () =>
            html`<il-page-head heading=${this.t('school.title')}></il-page-head><il-skeleton lines="6"></il-skeleton>`,
          error: (problem) =>
            html`<il-page-head heading=${this.t('school.title')}></il-page-head>
              <il-problem .problem=${problem} @retry=${() => this.#school.run()}></il-problem>`,
          complete: ({ schools, more, school }) => (school === null ? this.#none() : this.#page(schools, more, school)),
        })}
      </div>
    `;
  }

  #none() {
    return html`
      <il-page-head heading=${this.t('school.title')}>${this.#importButton()}</il-page-head>
      <il-empty icon="school" heading=${this.t('school.none')} text=${this.t('school.noneText')}></il-empty>
    `;
  }

  #importButton() {
    if (!this.can('roster:import')) return '';
    return html`<wa-button slot="actions" variant="brand" href="/school/importeren">
      <il-icon slot="start" name="file-up"></il-icon>${this.t('import.title')}
    </wa-button>`;
  }

  #page(schools: readonly SchoolSummary[], more: boolean, school: SchoolDetails) {
    const about = [
      this.t('school.number', { number: school.instellingsnummer }),
      school.group,
      ...school.sites,
      school.more ? '…' : '',
      school.schoolYear,
    ];
    return html`
      <il-page-head heading=${school.name}>
        <p>${about.filter(Boolean).join(' · ')}</p>
        ${
          this.can('school-year:turn') && school.schoolYear !== null
            ? html`<wa-button slot="actions" appearance="outlined" href=${`/school/schooljaar?school=${school.id}`}>
                <il-icon slot="start" name="calendar"></il-icon>${this.t('rollover.title')}
              </wa-button>`
            : ''
        }
        ${this.#importButton()}
      </il-page-head>
      ${schools.length > 1 ? this.#choice(schools, school.id) : ''}
      <il-truncated ?more=${more} shown=${schools.length}></il-truncated>
      <ul class="numbers" aria-label=${this.t('school.numbers')}>
        ${this.#figure(school.pupils, 'pupils', this.#peopleHref('pupil'))}
        ${this.#figure(school.staff, 'staff', this.#peopleHref('staff'))}
        ${this.#figure(school.classes, 'classes', '/klassen')}
      </ul>
      <directory-school-tasks .school=${school}></directory-school-tasks>
      <section class="stack" id="people">
        <h2>${this.t(this.#classless ? 'people.classless' : 'people.title')}</h2>
        ${this.#classless ? html`<p><a href=${this.#peopleHref('pupil')}>${this.t('people.showAll')}</a></p>` : ''}
        <directory-people-finder .school=${school.id} .kind=${this.#kind()} ?classless=${this.#classless}></directory-people-finder>
      </section>
      ${this.can('roster:import') ? html`<directory-school-keys .school=${school.id}></directory-school-keys>` : ''}
      ${
        this.can('school:release')
          ? html`<directory-school-releases .school=${school.id} .releases=${school.releases}></directory-school-releases>`
          : ''
      }
    `;
  }

  #figure(count: number, what: 'pupils' | 'staff' | 'classes', href: string) {
    return html`<li>
      <a href=${href}><span class="figure">${count}</span> <span class="word">${this.t(`school.${what}`, { count })}</span></a>
    </li>`;
  }

  get #classless(): boolean {
    return this.query.get('zonder') === 'klas';
  }

  #kind(): PersonKind | '' {
    const kind = this.query.get('kind');
    return kind === 'pupil' || kind === 'staff' ? kind : '';
  }

  #peopleHref(kind: PersonKind): string {
    const query = new URLSearchParams(this.query);
    query.set('kind', kind);
    query.delete('zonder');
    return `/school?${query}`;
  }

  #choice(schools: readonly SchoolSummary[], chosen: string) {
    return html`<nav aria-label=${this.t('school.choose')}>
      <ul class="chips">
        ${schools.map(
          ({ id, name }) =>
            html`<li><a href="/school?school=${id}" aria-current=${id === chosen ? 'page' : 'false'}>${name}</a></li>`,
        )}
      </ul>
    </nav>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-school': SchoolPage;
  }
}

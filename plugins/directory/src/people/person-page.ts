import type { Answer } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { PersonSlotContext } from '../exports.js';
import type { peopleRoutes } from './routes.js';

type Details = Answer<typeof peopleRoutes, 'GET', '/people/:id'>;

/** `/personen/:id`: a pupil or a colleague. Its slots are `directory.person` and `directory.person-content`. */
@customElement('directory-person')
export class PersonPage extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .classes {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
        padding: 0;
        list-style: none;
      }
      .classes a:any-link {
        display: inline-flex;
        gap: var(--il-space-2);
        align-items: center;
        min-height: var(--il-target);
        padding-inline: var(--il-space-4);
        color: inherit;
        font-weight: 600;
        text-decoration: none;
        border: 1px solid var(--il-edge);
        border-radius: 999px;
      }
      .classes a.group:any-link {
        border-radius: 8px;
      }
      .classes a:hover {
        background: var(--il-hover);
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  readonly #person = new Task(this, {
    task: ([id], { signal }) => directory.get('/people/:id', { params: { id }, signal }),
    args: () => [this.params['id']] as const,
    onComplete: ({ givenName, familyName }) => this.emit('il-title', { title: `${givenName} ${familyName}` }),
  });

  override render() {
    return html`
      <div class="page">
        ${this.#person.render({
          pending: () =>
            html`<il-page-head heading=${this.t('person.title')}></il-page-head><il-skeleton lines="6"></il-skeleton>`,
          error: (problem) => html`
            <il-page-head heading=${this.t('person.title')} .back=${this.#back()}></il-page-head>
            <il-problem .problem=${problem} @retry=${() => this.#person.run()}></il-problem>
          `,
          complete: (person) => this.#page(person),
        })}
      </div>
    `;
  }

  #page(person: Details) {
    const { id, kind, givenName, familyName, classes, schools, active } = person;
    const context: PersonSlotContext = { id, kind, givenName, school: schools[0] ?? null };
    return html`
      <il-page-head heading="${givenName} ${familyName}" .back=${this.#back(person)}>
        <p>${this.#facts(person).join(' · ')}</p>
        ${active ? nothing : html`<p>${this.t('person.left')}</p>`}
        <il-slot slot="actions" name="directory.person" .context=${context}></il-slot>
      </il-page-head>
      ${
        classes.length === 0
          ? nothing
          : html`<section class="stack">
              <h2>${this.t(kind === 'pupil' ? 'person.classes' : 'person.teaches')}</h2>
              <ul class="classes">
                ${classes.map(
                  (one) => html`<li>
                    <a class=${one.kind} href="/klassen/${one.id}">
                      <il-icon name="users"></il-icon>${one.name}
                    </a>
                  </li>`,
                )}
              </ul>
            </section>`
      }
      ${kind === 'pupil' && classes.length === 0 && active ? html`<p>${this.t('person.noClass', { name: givenName })}</p>` : nothing}
      <il-slot name="directory.person-content" .context=${context}></il-slot>
    `;
  }

  /** Roles with their school, or the kind of person if the reader sees no role. */
  #facts({ kind, roles }: Details): string[] {
    if (roles.length === 0) return [this.t(`people.one.${kind}`)];
    const schools = new Map(roles.map(({ school, schoolName }) => [school, schoolName]));
    return [...schools].map(([school, name]) => {
      const held = roles.filter((role) => role.school === school).map(({ role }) => this.t(`person.roles.${role}`));
      return `${held.join(', ')}, ${name}`;
    });
  }

  #back(person?: Details): { href: string; text: string } {
    const one = person?.classes.find(({ kind }) => kind === 'class');
    return one === undefined || person?.kind !== 'pupil'
      ? { href: '/klassen', text: this.t('classes.title') }
      : { href: `/klassen/${one.id}`, text: one.name };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-person': PersonPage;
  }
}

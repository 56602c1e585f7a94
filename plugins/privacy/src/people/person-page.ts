import type { Answer } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { privacy } from '../client.js';
import '../consents/consent-list.js';
import '../erasures/erasure-form.js';
import '../objections/objections.js';
import '../restrictions/restriction.js';
import './audit-log.js';
import './person-export.js';
import type { peopleRoutes } from './routes.js';

type Person = Answer<typeof peopleRoutes, 'GET', '/people/:id'>;

/** `/beheer/privacy/personen/:id`: export and erasure of one person, and who saw their data. */
@customElement('privacy-person-page')
export class PersonPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  @property({ attribute: false }) params: Record<string, string> = {};

  #person = new Task(this, {
    task: async ([id], { signal }) => {
      const person = await privacy.get('/people/:id', { params: { id: id as string }, signal });
      this.emit('il-title', { title: person.name });
      return person;
    },
    args: () => [this.params['id']] as const,
  });

  override render() {
    return html`
      <div class="page">
        ${this.#person.render({
          pending: () => html`${this.#head(this.t('person.title'))}<il-skeleton lines="6"></il-skeleton>`,
          error: (problem) => html`${this.#head(this.t('person.title'))}
            <il-problem .problem=${problem} @retry=${() => this.#person.run()}></il-problem>`,
          complete: (person) => this.#complete(person),
        })}
      </div>
    `;
  }

  #head(title: string, facts = '') {
    return html`<il-page-head heading=${title} .back=${{ href: '/beheer/privacy', text: this.t('people.title') }}>
      ${facts ? html`<p>${facts}</p>` : nothing}
    </il-page-head>`;
  }

  #complete(person: Person) {
    const { id, name } = person;
    return html`
      ${this.#head(name)}
      <p>${this.#summary(person)}</p>
      <section class="stack">
        <h2>${this.t('export.title')}</h2>
        <p>${this.t(this.can('privacy:erase') ? 'export.whole' : 'export.ofSchool')} ${this.t('export.care')}</p>
        <privacy-export .person=${id}></privacy-export>
      </section>
      <privacy-objections .person=${id}></privacy-objections>
      <privacy-consents .person=${id}></privacy-consents>
      <privacy-restriction .person=${id}></privacy-restriction>
      <privacy-audit-log .person=${id}></privacy-audit-log>
      ${this.can('privacy:erase') ? html`<privacy-erasure-form .person=${person}></privacy-erasure-form>` : nothing}
    `;
  }

  /** Who it is, and what can be done here. */
  #summary({ name, kind, schools, classes }: Person): string {
    const where = [...classes, ...schools].join(', ');
    const who = this.t(`person.${where === '' ? 'nowhere' : kind}`, { name, where });
    return `${who} ${this.t(this.can('privacy:erase') ? 'person.mayErase' : 'person.may')}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-person-page': PersonPage;
  }
}

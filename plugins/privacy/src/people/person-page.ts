import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { privacy } from '../client.js';
import '../erasures/erasure-form.js';
import './audit-log.js';
import './person-export.js';
import type { Person } from './routes.js';

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
    const { id, name, kind, schools } = person;
    return html`
      ${this.#head(name, [this.t(`people.kinds.${kind}`), ...schools].join(' · '))}
      <section class="stack">
        <h2>${this.t('export.title')}</h2>
        <p>${this.t(this.can('privacy:erase') ? 'export.whole' : 'export.ofSchool')} ${this.t('export.care')}</p>
        <privacy-export .person=${id}></privacy-export>
      </section>
      ${this.can('privacy:erase') ? html`<privacy-erasure-form .person=${person}></privacy-erasure-form>` : nothing}
      <privacy-audit-log .person=${id}></privacy-audit-log>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-person-page': PersonPage;
  }
}

import type { Answer } from '@ilearn/core';
import { confirmDialog, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { ClassSlotContext, ClassSummary, PersonSummary } from '../exports.js';
import type { classRoutes } from './routes.js';
import './class-switcher.js';
import './group-dialog.js';

type ClassDetails = Answer<typeof classRoutes, 'GET', '/classes/:id'>;

/** `/klassen/:id`: a class or group. Its slots are `directory.class`, `directory.class-content` and `directory.class-pupil`. */
@customElement('directory-class')
export class ClassPage extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .teachers a:any-link {
        color: inherit;
      }
      .pupils {
        columns: 22rem 2;
        column-gap: var(--il-space-6);
        border-top: 0;
      }
      .pupils li {
        position: relative;
        break-inside: avoid;
      }
      .name {
        flex: 1 1 10rem;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .name a:any-link {
        color: inherit;
        text-decoration: none;
      }
      .name a::after {
        position: absolute;
        inset: 0;
        content: '';
      }
      .pupils li:hover {
        background: var(--il-hover);
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private editing = false;

  #details = new Task(this, {
    task: ([id], { signal }) => directory.get('/classes/:id', { params: { id }, signal }),
    args: () => [this.params['id']] as const,
    onComplete: ({ class: { name } }) => this.emit('il-title', { title: name }),
  });

  override render() {
    return html`
      <div class="page">
        ${this.#details.render({
          pending: () => html`${this.#plainHead()}<il-skeleton lines="8"></il-skeleton>`,
          error: (problem) =>
            html`${this.#plainHead()}<il-problem .problem=${problem} @retry=${() => this.#details.run()}></il-problem>`,
          complete: (details) => this.#page(details),
        })}
      </div>
    `;
  }

  get #back() {
    return { href: '/klassen', text: this.t('classes.title') };
  }

  #plainHead() {
    return html`<il-page-head heading=${this.t('class.title')} .back=${this.#back}></il-page-head>`;
  }

  #page({ class: one, teachers, pupils, more, own, removable }: ClassDetails) {
    const context: ClassSlotContext = { id: one.id, school: one.school, name: one.name };
    return html`
      <il-page-head heading=${one.name} .back=${this.#back}>
        <p class="teachers">
          ${[this.t('classes.pupils', { count: one.pupils }), one.schoolYear].join(' · ')}${teachers.map(
            (teacher, index) => html`${index === 0 ? ' · ' : ', '}<a href="/personen/${teacher.id}">${fullName(teacher)}</a>`,
          )}
        </p>
        ${own ? this.#changeAction() : ''} ${removable ? this.#removeAction(one) : ''}
        <il-slot slot="actions" name="directory.class" .context=${context}></il-slot>
      </il-page-head>
      <directory-class-switcher .current=${one}></directory-class-switcher>
      <il-slot name="directory.class-content" .context=${context}></il-slot>
      ${
        pupils.length === 0
          ? html`<il-empty icon="users" heading=${this.t('class.none')} text=${this.t('class.noneText')}></il-empty>`
          : html`
              <section class="stack">
                <h2>${this.t('class.pupils')}</h2>
                <ul class="list pupils">
                  ${pupils.map((pupil) => this.#pupil(one.id, pupil))}
                </ul>
                <il-truncated ?more=${more} shown=${pupils.length}></il-truncated>
              </section>
            `
      }
      ${
        own
          ? html`<directory-group-dialog
              .open=${this.editing}
              .group=${{ id: one.id, school: one.school, name: one.name, pupils }}
              @il-close=${() => this.#edit(false)}
              @directory-group-saved=${() => this.#details.run()}
            ></directory-group-dialog>`
          : ''
      }
    `;
  }

  #pupil(classId: string, { id, givenName, familyName }: PersonSummary) {
    return html`<li class="row">
      <span class="name"><a href="/personen/${id}">${givenName} <span class="strong">${familyName}</span></a></span>
      <il-slot name="directory.class-pupil" .context=${{ classId, personId: id }}></il-slot>
      <il-icon name="chevron-right"></il-icon>
    </li>`;
  }

  #changeAction() {
    return html`
      <wa-button slot="actions" appearance="outlined" @click=${() => this.#edit(true)}>
        <il-icon slot="start" name="pencil"></il-icon>${this.t('group.change')}
      </wa-button>
    `;
  }

  #removeAction(group: ClassSummary) {
    return html`
      <wa-button slot="actions" appearance="outlined" @click=${() => this.#remove(group)}>
        <il-icon slot="start" name="trash-2"></il-icon>${this.t('group.remove')}
      </wa-button>
    `;
  }

  #edit(open: boolean): void {
    this.editing = open;
  }

  async #remove({ id, name }: ClassSummary): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('group.removeTitle', { name }),
      text: this.t('group.removeText'),
      confirm: this.t('group.remove'),
      danger: true,
    });
    if (!sure) return;
    try {
      await directory.delete('/groups/:id', { params: { id } });
      notify({ kind: 'success', text: this.t('group.removed', { name }) });
      await navigate('/klassen');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }
}

const fullName = ({ givenName, familyName }: PersonSummary): string => `${givenName} ${familyName}`;

declare global {
  interface HTMLElementTagNameMap {
    'directory-class': ClassPage;
  }
}

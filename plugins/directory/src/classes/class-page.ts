import type { Answer } from '@ilearn/core';
import { confirmDialog, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { ClassSlotContext, ClassSummary, PersonSummary } from '../exports.js';
import type { classRoutes } from './routes.js';
import './group-dialog.js';

type ClassDetails = Answer<typeof classRoutes, 'GET', '/classes/:id'>;

/** `/klassen/:id`: the people of a class or group. Its slots are `directory.class` and `directory.class-content`. */
@customElement('directory-class')
export class ClassPage extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .back {
        display: inline-flex;
        gap: var(--il-space-2);
        align-items: center;
        min-height: 24px;
      }
      .pupils {
        columns: 18rem 2;
        column-gap: var(--il-space-6);
        border-top: 0;
      }
      .pupils li {
        break-inside: avoid;
      }
      .place {
        min-width: 2ch;
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private editing = false;

  #details = new Task(this, {
    task: ([id], { signal }) => directory.get('/classes/:id', { params: { id }, signal }),
    args: () => [this.params['id']] as const,
  });

  override render() {
    return html`
      <div class="page">
        <a class="back" href="/klassen"><il-icon name="arrow-left"></il-icon>${this.t('classes.title')}</a>
        ${this.#details.render({
          pending: () => html`<h1 tabindex="-1">${this.t('class.title')}</h1><il-skeleton lines="8"></il-skeleton>`,
          error: (problem) =>
            html`<h1 tabindex="-1">${this.t('class.title')}</h1>
              <il-problem .problem=${problem} @retry=${() => this.#details.run()}></il-problem>`,
          complete: (details) => this.#page(details),
        })}
      </div>
    `;
  }

  #page({ class: one, teachers, pupils, more, own, removable }: ClassDetails) {
    const context: ClassSlotContext = { id: one.id, school: one.school, name: one.name };
    return html`
      <div class="page-head">
        <div>
          <h1 tabindex="-1">${one.name}</h1>
          <p>${[this.t('classes.pupils', { count: one.pupils }), one.schoolYear, teachers.map(fullName).join(', ')].filter(Boolean).join(' · ')}</p>
        </div>
        <div class="actions">
          ${own ? this.#changeAction() : ''} ${removable ? this.#removeAction(one) : ''}
          <il-slot name="directory.class" .context=${context}></il-slot>
        </div>
      </div>
      ${
        pupils.length === 0
          ? html`<il-empty icon="users" heading=${this.t('class.none')} text=${this.t('class.noneText')}></il-empty>`
          : html`
              <section class="stack">
                <h2>${this.t('class.pupils')}</h2>
                <ol class="list pupils">
                  ${pupils.map(
                    (pupil, index) => html`<li class="row">
                      <span class="muted number place" aria-hidden="true">${index + 1}</span>
                      <span class="grow">${pupil.givenName} <span class="strong">${pupil.familyName}</span></span>
                    </li>`,
                  )}
                </ol>
                <il-truncated ?more=${more} shown=${pupils.length}></il-truncated>
              </section>
            `
      }
      <il-slot name="directory.class-content" .context=${context}></il-slot>
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

  #changeAction() {
    return html`
      <wa-button appearance="outlined" @click=${() => this.#edit(true)}>
        <il-icon slot="start" name="pencil"></il-icon>${this.t('group.change')}
      </wa-button>
    `;
  }

  #removeAction(group: ClassSummary) {
    return html`
      <wa-button appearance="outlined" @click=${() => this.#remove(group)}>
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

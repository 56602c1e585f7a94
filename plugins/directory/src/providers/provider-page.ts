import type { Answer } from '@ilearn/core';
import { confirmDialog, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { ProviderSlotContext } from '../exports.js';
import { fullName } from './person-dialog.js';
import type { providerRoutes } from './routes.js';
import './provider-dialog.js';

type Details = Answer<typeof providerRoutes, 'GET', '/providers/:id'>;
type Person = Details['people'][number];

/** Names in the question before a provider is removed; of more people only the number is said. */
const namesShown = 10;

/** `/aanbieders/:id`: a provider with its people. Its slot is `directory.provider-content`. */
@customElement('directory-provider')
export class ProviderPage extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .people-head {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3) var(--il-space-5);
        align-items: baseline;
        justify-content: space-between;
      }
      .email {
        overflow-wrap: anywhere;
      }
      td.actions-cell .actions {
        justify-content: end;
      }
      @media (max-width: 40rem) {
        td.actions-cell .actions {
          justify-content: start;
        }
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private changing = false;
  /** The dialog for a person: closed, to add one, or to change one's roles. */
  @state() private dialog: { person: Person | undefined } | undefined;

  #details = new Task(this, {
    task: ([id], { signal }) => directory.get('/providers/:id', { params: { id }, signal }),
    args: () => [this.params['id']] as const,
  });

  override render() {
    return html`
      <div class="page">
        ${this.#details.render({
          pending: () =>
            this.#details.value
              ? this.#page(this.#details.value)
              : html`${this.#head(this.t('provider.title'))}<il-skeleton lines="8"></il-skeleton>`,
          error: (problem) =>
            html`${this.#head(this.t('provider.title'))}
              <il-problem .problem=${problem} @retry=${() => this.#details.run()}></il-problem>`,
          complete: (details) => this.#page(details),
        })}
      </div>
    `;
  }

  #head(title: string, content: unknown = '') {
    return html`<il-page-head heading=${title} .back=${{ href: '/aanbieders', text: this.t('providers.title') }}>${content}</il-page-head>`;
  }

  #page(provider: Details) {
    const context: ProviderSlotContext = { id: provider.id, kind: provider.kind, name: provider.name };
    const manages = provider.grantable.length > 0;
    return html`
      ${this.#head(
        provider.name,
        html`<p>
            ${this.t(`providers.one.${provider.kind}`)}${
              provider.email === null ? '' : html` · <a class="email" href="mailto:${provider.email}">${provider.email}</a>`
            }
          </p>
          ${this.can('provider:write') ? this.#providerActions(provider) : ''}`,
      )}
      <section class="stack">
        <div class="people-head">
          <h2>${this.t('provider.people')}</h2>
          ${
            manages
              ? html`<wa-button variant="brand" @click=${() => this.#open({ person: undefined })}>
                  <il-icon slot="start" name="user-plus"></il-icon>${this.t('provider.add')}
                </wa-button>`
              : ''
          }
        </div>
        ${
          provider.people.length === 0
            ? html`<il-empty icon="users" heading=${this.t('provider.none')} text=${this.t('provider.noneText')}></il-empty>`
            : this.#table(provider, manages)
        }
      </section>
      <il-slot name="directory.provider-content" .context=${context}></il-slot>
      ${
        manages
          ? html`<directory-provider-person-dialog
              .open=${this.dialog !== undefined}
              .provider=${provider.id}
              .grantable=${provider.grantable}
              .person=${this.dialog?.person}
              @il-close=${() => this.#open(undefined)}
              @directory-person-saved=${() => this.#details.run()}
            ></directory-provider-person-dialog>`
          : ''
      }
      ${
        this.can('provider:write')
          ? html`<directory-provider-dialog
              .open=${this.changing}
              .provider=${provider}
              @il-close=${() => this.#change(false)}
              @directory-provider-saved=${() => this.#details.run()}
            ></directory-provider-dialog>`
          : ''
      }
    `;
  }

  #providerActions(provider: Details) {
    return html`<wa-button slot="actions" appearance="outlined" @click=${() => this.#change(true)}>
        <il-icon slot="start" name="pencil"></il-icon>${this.t('providers.change')}
      </wa-button>
      <wa-button slot="actions" appearance="outlined" @click=${() => this.#remove(provider)}>
        <il-icon slot="start" name="trash-2"></il-icon>${this.t('providers.remove')}
      </wa-button>`;
  }

  #table({ people, id }: Details, manages: boolean) {
    return html`<table class="stacked">
      <caption>
        ${this.t('provider.count', { count: people.length })}
      </caption>
      <thead>
        <tr>
          <th scope="col">${this.t('provider.name')}</th>
          <th scope="col">${this.t('provider.roles')}</th>
          ${
            manages
              ? html`<th scope="col">${this.t('provider.email')}</th>
                  <th scope="col"><span class="visually-hidden">${this.t('provider.actions')}</span></th>`
              : ''
          }
        </tr>
      </thead>
      <tbody>
        ${people.map(
          (person) => html`<tr>
            <th scope="row">${fullName(person)}</th>
            <td data-label=${this.t('provider.roles')}>${person.roles.map((role) => this.t(`provider.role.${role}`)).join(', ')}</td>
            ${
              manages
                ? html`<td class="email" data-label=${this.t('provider.email')}>${person.email ?? '–'}</td>
                    <td class="actions-cell">${person.changeable ? this.#personActions(id, person) : ''}</td>`
                : ''
            }
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #personActions(provider: string, person: Person) {
    const whom = html`<span class="visually-hidden"> – ${fullName(person)}</span>`;
    return html`<div class="actions">
      <wa-button size="s" appearance="outlined" @click=${() => this.#open({ person })}>${this.t('provider.change')}${whom}</wa-button>
      <wa-button size="s" appearance="outlined" @click=${() => this.#removePerson(provider, person)}>
        ${this.t('provider.remove')}${whom}
      </wa-button>
    </div>`;
  }

  #open(dialog: { person: Person | undefined } | undefined): void {
    this.dialog = dialog;
  }

  #change(open: boolean): void {
    this.changing = open;
  }

  async #removePerson(id: string, person: Person): Promise<void> {
    const name = fullName(person);
    const sure = await confirmDialog({
      title: this.t('provider.removeTitle', { name }),
      text: this.t('provider.removeText'),
      confirm: this.t('provider.removeConfirm'),
      danger: true,
    });
    if (!sure) return;
    try {
      await directory.delete('/providers/:id/people/:person', { params: { id, person: person.id } });
      notify({ kind: 'success', text: this.t('provider.removed', { name }) });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
    await this.#details.run();
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  /** Says who loses access before anything is removed. */
  async #remove({ id, name, people }: Details): Promise<void> {
    const names = people.slice(0, namesShown).map(fullName).join(', ');
    const rest = people.length - namesShown;
    const sure = await confirmDialog({
      title: this.t('providers.removeTitle', { name }),
      text: [
        people.length === 0
          ? this.t('providers.removeNobody')
          : this.t('providers.removePeople', { count: people.length, names }),
        rest > 0 ? this.t('providers.removeRest', { count: rest }) : '',
        this.t('providers.removeText'),
      ]
        .filter(Boolean)
        .join(' '),
      confirm: this.t('providers.remove'),
      danger: true,
    });
    if (!sure) return;
    try {
      await directory.delete('/providers/:id', { params: { id }, query: { people: people.length } });
      notify({ kind: 'success', text: this.t('providers.removed', { name }) });
      await navigate('/aanbieders');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
      await this.#details.run();
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-provider': ProviderPage;
  }
}
